"""Routes of threads. Source: Discord's documentation, Resources / Channel."""

import sys
from collections.abc import Container
from datetime import UTC, datetime

from playground.api.errors import ApiError, missing_access, wrong_channel
from playground.api.http import Answer, Call, Route, as_object
from playground.api.permissions import own_permissions, require
from playground.payloads.objects import channel_payload, thread_member_payload
from playground.people.controls import Controls
from playground.refused import Json
from playground.schema import limits
from playground.schema.forms import (
    boolean,
    check,
    choice,
    record,
    text,
    whole,
)
from playground.world.messages import Messages
from playground.world.model import Channel, ChannelKind, ThreadState
from playground.world.permissions import Permission
from playground.world.world import World

CHANNEL = "/channels/{channel_id}"
FOREVER = datetime.max.replace(tzinfo=UTC)
PUBLIC = (ChannelKind.PUBLIC_THREAD, ChannelKind.ANNOUNCEMENT_THREAD)
THREAD_CREATE = record(
    {"name": text(1, limits.THREAD_NAME_LENGTH)},
    {
        "auto_archive_duration": choice(limits.AUTO_ARCHIVE_MINUTES),
        "type": choice((10, 11, 12)),
        "invitable": boolean,
        "rate_limit_per_user": whole(0, 21_600),
    },
)
FROM_MESSAGE = record(
    {"name": text(1, limits.THREAD_NAME_LENGTH)},
    {
        "auto_archive_duration": choice(limits.AUTO_ARCHIVE_MINUTES),
        "rate_limit_per_user": whole(0, 21_600),
    },
)


class ThreadRoutes:
    """Open threads, and see and change who is in them."""

    def __init__(self, world: World, messages: Messages, controls: Controls) -> None:
        self._world = world
        self._messages = messages
        self._controls = controls

    def routes(self) -> list[Route]:
        """Return the routes of this resource."""
        return [
            Route("GET", "/guilds/{guild_id}/threads/active", self._threads),
            Route("POST", f"{CHANNEL}/threads", self._create_thread),
            Route("POST", f"{CHANNEL}/messages/{{message_id}}/threads", self._begin_with_message),
            Route("GET", f"{CHANNEL}/thread-members", self._thread_members),
            Route("GET", f"{CHANNEL}/threads/archived/public", self._archived_public),
            Route("GET", f"{CHANNEL}/threads/archived/private", self._archived_private),
            Route("GET", f"{CHANNEL}/users/@me/threads/archived/private", self._archived_joined),
            Route("PUT", f"{CHANNEL}/thread-members/@me", self._join_thread),
            Route("DELETE", f"{CHANNEL}/thread-members/@me", self._leave_thread),
        ]

    async def _threads(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        threads = [one for one in guild.channels.values() if one.thread and not one.thread.archived]
        joined = [one for one in threads if one.thread and self._world.bot.id in one.thread.member_ids]
        return 200, {
            "threads": [channel_payload(self._world, thread) for thread in threads],
            "members": [thread_member_payload(thread, self._world.bot.id) for thread in joined],
            "has_more": False,
        }

    async def _archived_public(self, call: Call) -> Answer:
        return 200, self._archived(call, PUBLIC, Permission.READ_MESSAGE_HISTORY)

    async def _archived_private(self, call: Call) -> Answer:
        needed = Permission.READ_MESSAGE_HISTORY | Permission.MANAGE_THREADS
        return 200, self._archived(call, (ChannelKind.PRIVATE_THREAD,), needed)

    async def _archived_joined(self, call: Call) -> Answer:
        kinds = (ChannelKind.PRIVATE_THREAD,)
        return 200, self._archived(call, kinds, Permission.READ_MESSAGE_HISTORY, joined=True)

    def _archived(
        self, call: Call, kinds: Container[ChannelKind], needed: Permission, *, joined: bool = False
    ) -> Json:
        """Return a page of a channel's archived threads, those first that were archived last.

        Of those that the bot `joined` the youngest are first, and `before` is a thread's id.
        """
        parent = self._world.channel(call.id("channel_id"))
        require(own_permissions(self._world, parent), needed)
        low, high = limits.ARCHIVED_A_PAGE
        limit = call.limit(high, high, least=low)
        archived = [
            (one, one.thread)
            for one in self._world.channels.values()
            if one.parent_id == parent.id and one.kind in kinds and one.thread and one.thread.archived
        ]
        if joined:
            before = call.query_id("before")
            youngest = sys.maxsize if before is None else before
            ours = [(one, thread) for one, thread in archived if self._world.bot.id in thread.member_ids]
            found = [pair for pair in ours if pair[0].id < youngest]
            found.sort(key=lambda pair: pair[0].id, reverse=True)
        else:
            latest = call.query_moment("before") or FOREVER
            found = [pair for pair in archived if pair[1].changed_at < latest]
            found.sort(key=lambda pair: pair[1].changed_at, reverse=True)
        page = found[:limit]
        return {
            "threads": [channel_payload(self._world, one) for one, _ in page],
            "members": [
                thread_member_payload(one, self._world.bot.id)
                for one, thread in page
                if self._world.bot.id in thread.member_ids
            ],
            "has_more": len(found) > len(page),
        }

    def _parent(self, call: Call) -> tuple[Channel, Permission]:
        parent = self._world.channel(call.id("channel_id"))
        permissions = own_permissions(self._world, parent)
        if parent.guild_id is None or parent.kind not in (ChannelKind.TEXT, ChannelKind.ANNOUNCEMENT):
            raise wrong_channel()
        return parent, permissions

    async def _begin_with_message(self, call: Call) -> Answer:
        parent, permissions = self._parent(call)
        message = self._messages.find(parent, call.id("message_id"))
        body = as_object(call.body)
        check(FROM_MESSAGE, body)
        require(permissions, Permission.CREATE_PUBLIC_THREADS)
        if message.id in self._world.channels:
            raise ApiError(400, 160004, "A thread has already been created for this message")
        announces = parent.kind is ChannelKind.ANNOUNCEMENT
        kind = ChannelKind.ANNOUNCEMENT_THREAD if announces else ChannelKind.PUBLIC_THREAD
        thread = self._controls.create_thread(
            parent, body["name"], self._world.bot.id, kind, channel_id=message.id
        )
        self._messages.begin_thread(message)
        return 201, channel_payload(self._world, thread)

    async def _create_thread(self, call: Call) -> Answer:
        parent, permissions = self._parent(call)
        body = as_object(call.body)
        check(THREAD_CREATE, body)
        kind = ChannelKind(body.get("type", ChannelKind.PRIVATE_THREAD))
        private = kind is ChannelKind.PRIVATE_THREAD
        require(
            permissions, Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS
        )
        thread = self._controls.create_thread(parent, body["name"], self._world.bot.id, kind)
        return 201, channel_payload(self._world, thread)

    def _thread(self, call: Call) -> tuple[Channel, ThreadState]:
        channel = self._world.channel(call.id("channel_id"))
        own_permissions(self._world, channel)
        if channel.thread is None:
            raise missing_access()
        return channel, channel.thread

    async def _thread_members(self, call: Call) -> Answer:
        channel, thread = self._thread(call)
        return 200, [thread_member_payload(channel, user) for user in sorted(thread.member_ids)]

    async def _join_thread(self, call: Call) -> Answer:
        _, thread = self._thread(call)
        thread.member_ids.add(self._world.bot.id)
        return 204, None

    async def _leave_thread(self, call: Call) -> Answer:
        _, thread = self._thread(call)
        thread.member_ids.discard(self._world.bot.id)
        return 204, None
