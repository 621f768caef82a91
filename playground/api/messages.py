"""Routes of messages in channels. Source: Discord's documentation, Resources / Message."""

from playground.api.errors import ApiError, missing_permissions, wrong_channel
from playground.api.http import Answer, Call, Route, as_object
from playground.api.permissions import own_permissions, require
from playground.payloads.messages import kept_back, message_payload
from playground.refused import Json, Reason, Refused
from playground.schema import limits
from playground.schema.forms import check, invalid_form, listing, record, snowflake
from playground.schema.message import CREATE, EDIT, EDITABLE, SENDABLE, check_message
from playground.world.messages import Messages, Origin
from playground.world.model import NO_TEXT, Channel, ChannelKind, Message
from playground.world.permissions import ALL, Permission, may_send
from playground.world.snowflakes import moment_of
from playground.world.world import World

BULK_DELETE = record({"messages": listing(snowflake, *limits.BULK_DELETE)}, {})


class MessageRoutes:
    """Send, read, edit and delete messages, and show that the bot is typing."""

    def __init__(self, world: World, messages: Messages) -> None:
        self._world = world
        self._messages = messages

    def routes(self) -> list[Route]:
        """Return the routes of this resource."""
        all_of_them = "/channels/{channel_id}/messages"
        one = "/channels/{channel_id}/messages/{message_id}"
        return [
            Route("POST", all_of_them, self._create),
            Route("GET", all_of_them, self._list),
            Route("GET", one, self._get),
            Route("PATCH", one, self._edit),
            Route("DELETE", one, self._delete),
            Route("POST", f"{all_of_them}/bulk-delete", self._bulk_delete),
            Route("POST", f"{one}/crosspost", self._crosspost),
            Route("POST", "/channels/{channel_id}/typing", self._typing),
        ]

    async def _create(self, call: Call) -> Answer:
        channel = self._world.channel(call.id("channel_id"))
        permissions = own_permissions(self._world, channel)
        body = as_object(call.body)
        if channel.kind in NO_TEXT:
            raise ApiError(400, 50008, "Cannot send messages in a non-text channel")
        self._check_may_send(channel, permissions, body, files=bool(call.uploads))
        check_message(CREATE, body, call.uploads, SENDABLE)
        before = self._messages.sent_before(self._world.bot.id, body)
        if before is not None:
            return 200, message_payload(self._world, before)
        self._check_reference(channel, body)
        self._messages.open_thread(channel, permissions)
        origin = Origin(self._world.bot.id, may_ping=bool(permissions & Permission.MENTION_EVERYONE))
        return 200, message_payload(self._world, self._messages.create(channel, body, call.uploads, origin))

    def _check_may_send(self, channel: Channel, permissions: Permission, body: Json, *, files: bool) -> None:
        if channel.recipient_id is not None:
            if not self._world.users[channel.recipient_id].accepts_messages:
                raise ApiError(403, 50007, "Cannot send messages to this user")
            return
        if not may_send(permissions, channel):
            raise missing_permissions()
        if files:
            require(permissions, Permission.ATTACH_FILES)
        if body.get("embeds"):
            require(permissions, Permission.EMBED_LINKS)
        if body.get("tts"):
            require(permissions, Permission.SEND_TTS_MESSAGES)

    def _check_reference(self, channel: Channel, body: Json) -> None:
        reference = body.get("message_reference")
        if reference and reference.get("fail_if_not_exists", True):
            self._messages.find(channel, int(reference["message_id"]))

    def _shown(self, message: Message) -> Json:
        payload = message_payload(self._world, message)
        if not self._world.privileged_intents:
            payload |= kept_back(self._world, message, payload)
        return payload

    async def _list(self, call: Call) -> Answer:
        channel = self._world.channel(call.id("channel_id"))
        permissions = own_permissions(self._world, channel)
        if not permissions & Permission.READ_MESSAGE_HISTORY:
            return 200, []
        limit = call.limit(50, limits.MESSAGES_A_PAGE)
        before, after, around = (call.query_id(name) for name in ("before", "after", "around"))
        visible = channel.messages_for(None)
        if before is not None:
            visible = [message for message in visible if message.id < before]
        if after is not None:
            visible = [message for message in visible if message.id > after][:limit]
        if around is not None:
            visible.sort(key=lambda message: abs(message.id - around))
            visible = sorted(visible[:limit], key=lambda message: message.id)
        return 200, [self._shown(message) for message in reversed(visible[-limit:])]

    async def _get(self, call: Call) -> Answer:
        channel = self._world.channel(call.id("channel_id"))
        require(own_permissions(self._world, channel), Permission.READ_MESSAGE_HISTORY)
        return 200, self._shown(self._messages.find(channel, call.id("message_id")))

    async def _edit(self, call: Call) -> Answer:
        channel = self._world.channel(call.id("channel_id"))
        permissions = own_permissions(self._world, channel)
        message = self._messages.find(channel, call.id("message_id"))
        body = as_object(call.body)
        if message.author_id != self._world.bot.id:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        if channel.thread is not None and channel.thread.archived:
            raise Refused(Reason.THREAD_ARCHIVED)
        self._check_may_send(channel, permissions, body, files=bool(call.uploads))
        check_message(
            EDIT,
            body,
            call.uploads,
            EDITABLE,
            before=message.before,
        )
        origin = Origin(self._world.bot.id, may_ping=bool(permissions & Permission.MENTION_EVERYONE))
        self._messages.edit(channel, message, body, call.uploads, origin)
        return 200, message_payload(self._world, message)

    async def _delete(self, call: Call) -> Answer:
        channel = self._world.channel(call.id("channel_id"))
        permissions = own_permissions(self._world, channel)
        message = self._messages.find(channel, call.id("message_id"))
        self._check_may_delete(message, permissions)
        self._messages.delete(message)
        return 204, None

    async def _bulk_delete(self, call: Call) -> Answer:
        channel = self._world.channel(call.id("channel_id"))
        permissions = own_permissions(self._world, channel)
        if channel.guild_id is None:
            raise ApiError(400, 50003, "Cannot execute action on a DM channel")
        require(permissions, Permission.MANAGE_MESSAGES)
        check(BULK_DELETE, call.body)
        wanted = [int(one) for one in call.body["messages"]]
        if len(set(wanted)) < len(wanted):
            raise invalid_form(("messages",), "SET_TYPE_ALREADY_CONTAINS_VALUE", "An id comes twice")
        if any(self._world.clock.now() - moment_of(one) > limits.BULK_DELETE_AGE for one in wanted):
            raise ApiError(400, 50034, "You can only bulk delete messages that are under 14 days old.")
        # Like Discord, this ignores ids of messages that are not there.
        found = [channel.messages[one] for one in wanted if one in channel.messages]
        self._messages.delete_many(channel, [one for one in found if one.for_user is None])
        return 204, None

    def _check_may_delete(self, message: Message, permissions: Permission) -> None:
        if message.author_id == self._world.bot.id or permissions == ALL:
            return
        if message.guild_id is None or not permissions & Permission.MANAGE_MESSAGES:
            raise missing_permissions()

    async def _crosspost(self, call: Call) -> Answer:
        channel = self._world.channel(call.id("channel_id"))
        permissions = own_permissions(self._world, channel)
        message = self._messages.find(channel, call.id("message_id"))
        if channel.kind is not ChannelKind.ANNOUNCEMENT:
            raise wrong_channel()
        if not may_send(permissions, channel):
            raise missing_permissions()
        return 200, message_payload(self._world, message)

    async def _typing(self, call: Call) -> Answer:
        channel = self._world.channel(call.id("channel_id"))
        if channel.guild_id is not None and not may_send(own_permissions(self._world, channel), channel):
            raise missing_permissions()
        return 204, None
