"""Routes of servers, users, channels and threads."""

from playground.api.errors import ApiError, missing_access, missing_permissions
from playground.api.http import Answer, Call, Route, as_object
from playground.api.messages import own_permissions
from playground.payloads.objects import (
    channel_payload,
    guild_payload,
    member_payload,
    own_user_payload,
    role_payload,
    thread_member_payload,
    user_payload,
)
from playground.people.controls import Controls
from playground.refused import Json, Reason, Refused
from playground.schema import limits
from playground.schema.forms import boolean, check, choice, invalid_form, record, snowflake, text, whole
from playground.world.messages import Messages
from playground.world.model import Channel, ChannelKind, Guild, ThreadState
from playground.world.permissions import Permission, guild_permissions
from playground.world.world import World

GUILD = "/guilds/{guild_id}"
CHANNEL = "/channels/{channel_id}"
ARCHIVE = choice(limits.AUTO_ARCHIVE_MINUTES)
THREAD_EDIT = record(
    {},
    {
        "name": text(1, limits.THREAD_NAME_LENGTH),
        "archived": boolean,
        "locked": boolean,
        "invitable": boolean,
        "auto_archive_duration": ARCHIVE,
        "rate_limit_per_user": whole(0, 21_600),
        "flags": whole(0, 2**31),
    },
)
CHANNEL_EDIT = record(
    {}, {"name": text(1, 100), "topic": text(0, 1_024), "rate_limit_per_user": whole(0, 21_600)}
)
THREAD_CREATE = record(
    {"name": text(1, limits.THREAD_NAME_LENGTH)},
    {
        "auto_archive_duration": ARCHIVE,
        "type": choice((10, 11, 12)),
        "invitable": boolean,
        "rate_limit_per_user": whole(0, 21_600),
    },
)
OPEN_DIRECT = record({"recipient_id": snowflake}, {})


class GuildRoutes:
    """Everything that is not a message, a command or an interaction."""

    def __init__(self, world: World, messages: Messages, controls: Controls) -> None:
        self._world = world
        self._messages = messages
        self._controls = controls

    def routes(self) -> list[Route]:
        """Return the routes of these resources."""
        return [
            Route("GET", "/users/@me", self._me),
            Route("GET", "/users/@me/guilds", self._my_guilds),
            Route("DELETE", "/users/@me/guilds/{guild_id}", self._leave),
            Route("POST", "/users/@me/channels", self._open_direct),
            Route("GET", "/users/{user_id}", self._user),
            Route("GET", GUILD, self._guild),
            Route("GET", f"{GUILD}/channels", self._channels),
            Route("GET", f"{GUILD}/roles", self._roles),
            Route("GET", f"{GUILD}/members/search", self._search_members),
            Route("GET", f"{GUILD}/members/{{user_id}}", self._member),
            Route("GET", f"{GUILD}/threads/active", self._threads),
            Route("GET", CHANNEL, self._channel),
            Route("PATCH", CHANNEL, self._edit_channel),
            Route("DELETE", CHANNEL, self._delete_channel),
            Route("POST", f"{CHANNEL}/threads", self._create_thread),
            Route("GET", f"{CHANNEL}/thread-members", self._thread_members),
            Route("PUT", f"{CHANNEL}/thread-members/@me", self._join_thread),
            Route("DELETE", f"{CHANNEL}/thread-members/@me", self._leave_thread),
        ]

    async def _me(self, _call: Call) -> Answer:
        return 200, own_user_payload(self._world.bot)

    async def _my_guilds(self, call: Call) -> Answer:
        guilds = sorted(self._world.bot_guilds(), key=lambda guild: guild.id)
        after = int(call.query.get("after", 0))
        limit = int(call.query.get("limit", 200))
        return 200, [self._short(guild) for guild in guilds if guild.id > after][:limit]

    def _short(self, guild: Guild) -> Json:
        own = guild_permissions(guild, guild.members[self._world.bot.id])
        return {
            "id": str(guild.id),
            "name": guild.name,
            "icon": None,
            "banner": None,
            "owner": guild.owner_id == self._world.bot.id,
            "permissions": str(int(own)),
            "features": [],
        }

    async def _leave(self, call: Call) -> Answer:
        self._controls.kick(self._world.guild(call.id("guild_id")))
        return 204, None

    async def _open_direct(self, call: Call) -> Answer:
        check(OPEN_DIRECT, call.body)
        user_id = int(call.body["recipient_id"])
        if user_id not in self._world.users or user_id == self._world.bot.id:
            raise ApiError(400, 50033, "Invalid Recipient(s)")
        return 200, channel_payload(self._world, self._world.direct_channel(user_id))

    async def _user(self, call: Call) -> Answer:
        user = self._world.users.get(call.id("user_id"))
        if user is None:
            raise ApiError(404, 10013, "Unknown User")
        return 200, user_payload(user)

    async def _guild(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        body = guild_payload(guild)
        if call.query.get("with_counts", "").lower() in ("1", "true"):
            body |= {"approximate_member_count": len(guild.members), "approximate_presence_count": 1}
        return 200, body

    async def _channels(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        return 200, [
            channel_payload(self._world, one) for one in guild.channels.values() if one.thread is None
        ]

    async def _roles(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        return 200, [role_payload(role) for role in guild.roles.values()]

    async def _member(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        member = guild.members.get(call.id("user_id"))
        if member is None:
            raise ApiError(404, 10007, "Unknown Member")
        return 200, member_payload(member, self._world.users[member.user_id])

    async def _search_members(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        limit = call.query.get("limit", "1")
        if not limit.isdecimal() or not 1 <= int(limit) <= limits.MEMBERS_A_PAGE:
            raise invalid_form(
                ("limit",), "NUMBER_TYPE_MAX", f"Must be between 1 and {limits.MEMBERS_A_PAGE}."
            )
        if not call.query.get("query"):
            raise invalid_form(("query",), "BASE_TYPE_REQUIRED", "This field is required")
        found = self._world.members_named(guild, call.query["query"], int(limit))
        return 200, [member_payload(member, self._world.users[member.user_id]) for member in found]

    async def _threads(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        threads = [one for one in guild.channels.values() if one.thread and not one.thread.archived]
        joined = [one for one in threads if one.thread and self._world.bot.id in one.thread.member_ids]
        return 200, {
            "threads": [channel_payload(self._world, thread) for thread in threads],
            "members": [thread_member_payload(thread, self._world.bot.id) for thread in joined],
            "has_more": False,
        }

    async def _channel(self, call: Call) -> Answer:
        channel = self._world.channel(call.id("channel_id"))
        own_permissions(self._world, channel)
        return 200, channel_payload(self._world, channel)

    async def _edit_channel(self, call: Call) -> Answer:
        channel = self._world.channel(call.id("channel_id"))
        permissions = own_permissions(self._world, channel)
        body = as_object(call.body)
        if channel.thread is None:
            check(CHANNEL_EDIT, body)
            if not permissions & Permission.MANAGE_CHANNELS:
                raise missing_permissions()
            channel.name, channel.topic = body.get("name", channel.name), body.get("topic", channel.topic)
            self._controls.channel_changed(channel)
        else:
            check(THREAD_EDIT, body)
            self._edit_thread(channel, channel.thread, permissions, body)
        return 200, channel_payload(self._world, channel)

    def _edit_thread(
        self, channel: Channel, thread: ThreadState, permissions: Permission, body: Json
    ) -> None:
        manager = bool(permissions & Permission.MANAGE_THREADS)
        reopening = (
            body.get("archived") is False
            and not thread.locked
            and permissions & Permission.SEND_MESSAGES_IN_THREADS
        )
        if (
            not manager
            and thread.owner_id != self._world.bot.id
            and not (reopening and body.keys() == {"archived"})
        ):
            raise missing_permissions()
        if not manager and (thread.locked or "locked" in body):
            raise missing_permissions()
        if thread.archived and body.get("archived") is not False:
            raise Refused(Reason.THREAD_ARCHIVED)
        channel.name = body.get("name", channel.name)
        self._controls.change_thread(
            channel, archived=body.get("archived", thread.archived), locked=body.get("locked", thread.locked)
        )

    async def _delete_channel(self, call: Call) -> Answer:
        channel = self._world.channel(call.id("channel_id"))
        needed = Permission.MANAGE_THREADS if channel.thread else Permission.MANAGE_CHANNELS
        if channel.guild_id is None or not own_permissions(self._world, channel) & needed:
            raise missing_permissions()
        body = channel_payload(self._world, channel)
        self._controls.delete_channel(channel)
        return 200, body

    async def _create_thread(self, call: Call) -> Answer:
        parent = self._world.channel(call.id("channel_id"))
        permissions = own_permissions(self._world, parent)
        body = as_object(call.body)
        check(THREAD_CREATE, body)
        if parent.guild_id is None or parent.kind not in (ChannelKind.TEXT, ChannelKind.ANNOUNCEMENT):
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        kind = ChannelKind(body.get("type", ChannelKind.PRIVATE_THREAD))
        private = kind is ChannelKind.PRIVATE_THREAD
        if not permissions & (
            Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS
        ):
            raise missing_permissions()
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
