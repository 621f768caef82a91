"""Routes of webhooks, and of what is posted through them.

Source: Discord's documentation, Resources / Webhook.
"""

import secrets

from playground.api.errors import ApiError, wrong_channel
from playground.api.http import Answer, Call, Route, as_object
from playground.api.permissions import own_guild_permissions, own_permissions, require
from playground.gateway.gateway import Gateway
from playground.gateway.sessions import Intent
from playground.payloads.messages import message_payload
from playground.payloads.objects import webhook_payload
from playground.refused import Json, Reason, Refused
from playground.schema import limits
from playground.schema.forms import Check, Form, Path, anything, check, record, snowflake, text
from playground.schema.message import BY_WEBHOOK, EDIT, EDITABLE, SENDABLE, check_message
from playground.world.messages import Messages, Origin
from playground.world.model import Channel, ChannelKind, Message, User, Webhook
from playground.world.permissions import Permission
from playground.world.world import World

OF_CHANNEL = "/channels/{channel_id}/webhooks"
BY_ID = "/webhooks/{webhook_id}"
BY_TOKEN = f"{BY_ID}/{{webhook_token}}"
TAKEN = ("clyde", "discord")
"""Words that no webhook's name may hold."""


def _name(form: Form, path: Path, value: object) -> None:
    text(1, limits.WEBHOOK_NAME_LENGTH)(form, path, value)
    if isinstance(value, str) and any(word in value.lower() for word in TAKEN):
        form.fault(path, "USERNAME_INVALID_CONTAINS", f"Username cannot contain {' or '.join(TAKEN)}")


FIELDS: dict[str, Check] = {"avatar": anything}
CREATE = record({"name": _name}, FIELDS)
CHANGE = record({}, FIELDS | {"name": _name, "channel_id": snowflake})
CHANGE_BY_TOKEN = record({}, FIELDS | {"name": _name})


class WebhookRoutes:
    """Make, change and delete webhooks; post, read, edit and delete messages by their tokens."""

    def __init__(self, world: World, gateway: Gateway, messages: Messages) -> None:
        self._world = world
        self._gateway = gateway
        self._messages = messages

    def routes(self) -> list[Route]:
        """Return the routes of webhooks. Interactions have those of messages too, and choose by the id."""
        return [
            Route("POST", OF_CHANNEL, self._create),
            Route("GET", OF_CHANNEL, self._in_channel),
            Route("GET", "/guilds/{guild_id}/webhooks", self._in_guild),
            Route("GET", BY_ID, self._get),
            Route("PATCH", BY_ID, self._edit),
            Route("DELETE", BY_ID, self._delete),
            Route("GET", BY_TOKEN, self._get_by_token, open=True),
            Route("PATCH", BY_TOKEN, self._edit_by_token, open=True),
            Route("DELETE", BY_TOKEN, self._delete_by_token, open=True),
        ]

    def knows(self, call: Call) -> bool:
        """Tell whether a request is about a webhook, and not about an interaction."""
        return call.id("webhook_id") != self._world.application_id

    # Webhooks themselves

    def _require(self, channel: Channel) -> None:
        require(own_permissions(self._world, channel), Permission.MANAGE_WEBHOOKS)

    def _managed(self, call: Call) -> Webhook:
        webhook = self._find(call)
        self._require(self._world.channel(webhook.channel_id))
        return webhook

    def _find(self, call: Call) -> Webhook:
        webhook = self._world.webhooks.get(call.id("webhook_id"))
        if webhook is None or webhook.channel_id not in self._world.channels:
            raise Refused(Reason.UNKNOWN_WEBHOOK)
        return webhook

    def _by_token(self, call: Call) -> Webhook:
        webhook = self._find(call)
        if not secrets.compare_digest(webhook.token.encode(), call.path["webhook_token"].encode()):
            raise Refused(Reason.TOKEN_EXPIRED)
        return webhook

    def _tell(self, webhook: Webhook) -> None:
        data = {"guild_id": str(webhook.guild_id), "channel_id": str(webhook.channel_id)}
        self._gateway.dispatch("WEBHOOKS_UPDATE", data, webhook.guild_id, Intent.GUILD_WEBHOOKS)

    def _shown(self, webhook: Webhook) -> Json:
        return webhook_payload(self._world, webhook)

    async def _create(self, call: Call) -> Answer:
        channel = self._world.channel(call.id("channel_id"))
        self._require(channel)
        if channel.guild_id is None or channel.thread is not None or channel.kind is ChannelKind.CATEGORY:
            raise wrong_channel()
        check(CREATE, call.body)
        if len(self._of(channel.id)) >= limits.WEBHOOKS:
            raise ApiError(400, 30007, f"Maximum number of webhooks reached ({limits.WEBHOOKS})")
        webhook = Webhook(
            self._world.snowflakes.next(),
            channel.id,
            channel.guild_id,
            call.body["name"],
            secrets.token_urlsafe(51),
        )
        self._world.webhooks[webhook.id] = webhook
        self._tell(webhook)
        return 200, self._shown(webhook)

    def _of(self, channel_id: int) -> list[Webhook]:
        return [one for one in self._world.webhooks.values() if one.channel_id == channel_id]

    async def _in_channel(self, call: Call) -> Answer:
        channel = self._world.channel(call.id("channel_id"))
        self._require(channel)
        return 200, [self._shown(webhook) for webhook in self._of(channel.id)]

    async def _in_guild(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        require(own_guild_permissions(self._world, guild), Permission.MANAGE_WEBHOOKS)
        return 200, [self._shown(webhook) for one in guild.channels for webhook in self._of(one)]

    async def _get(self, call: Call) -> Answer:
        return 200, self._shown(self._managed(call))

    async def _get_by_token(self, call: Call) -> Answer:
        return 200, self._shown(self._by_token(call))

    async def _edit(self, call: Call) -> Answer:
        webhook = self._managed(call)
        check(CHANGE, as_object(call.body))
        if call.body.get("channel_id") is not None:
            channel = self._world.channel(int(call.body["channel_id"]))
            self._require(channel)
            if channel.guild_id != webhook.guild_id:
                raise Refused(Reason.UNKNOWN_CHANNEL)
            webhook.channel_id = channel.id
        return self._rename(webhook, call.body)

    async def _edit_by_token(self, call: Call) -> Answer:
        webhook = self._by_token(call)
        check(CHANGE_BY_TOKEN, as_object(call.body))
        return self._rename(webhook, call.body)

    def _rename(self, webhook: Webhook, body: Json) -> Answer:
        webhook.name = body.get("name") or webhook.name
        self._tell(webhook)
        return 200, self._shown(webhook)

    async def _delete(self, call: Call) -> Answer:
        return self._forget(self._managed(call))

    async def _delete_by_token(self, call: Call) -> Answer:
        return self._forget(self._by_token(call))

    def _forget(self, webhook: Webhook) -> Answer:
        del self._world.webhooks[webhook.id]
        self._tell(webhook)
        return 204, None

    # Messages through them

    def _place(self, webhook: Webhook, call: Call) -> Channel:
        thread_id = call.query_id("thread_id")
        place = self._world.channel(thread_id or webhook.channel_id)
        if thread_id is not None and place.parent_id != webhook.channel_id:
            raise Refused(Reason.UNKNOWN_CHANNEL)
        return place

    async def post(self, call: Call) -> Answer:
        """Post a message as the webhook, or under a name that the request gives."""
        webhook = self._by_token(call)
        channel, body = self._place(webhook, call), as_object(call.body)
        check_message(BY_WEBHOOK, body, call.uploads, SENDABLE)
        author = User(webhook.id, body.get("username") or webhook.name, bot=True)
        origin = Origin(webhook.id, may_ping=True, webhook_author=author)
        message = self._messages.create(channel, body, call.uploads, origin)
        if not call.flag("wait"):
            return 204, None
        return 200, message_payload(self._world, message)

    def _own(self, call: Call) -> tuple[Channel, Message]:
        webhook = self._by_token(call)
        channel = self._place(webhook, call)
        message = self._messages.find(channel, call.id("message_id"))
        if message.author_id != webhook.id:
            raise Refused(Reason.UNKNOWN_MESSAGE)
        return channel, message

    async def read(self, call: Call) -> Answer:
        """Return a message that was posted through the webhook."""
        return 200, message_payload(self._world, self._own(call)[1])

    async def edit(self, call: Call) -> Answer:
        """Edit a message that was posted through the webhook."""
        channel, message = self._own(call)
        body = as_object(call.body)
        check_message(EDIT, body, call.uploads, EDITABLE, before=message.before)
        origin = Origin(message.author_id, may_ping=True)
        self._messages.edit(channel, message, body, call.uploads, origin)
        return 200, message_payload(self._world, message)

    async def delete(self, call: Call) -> Answer:
        """Delete a message that was posted through the webhook."""
        self._messages.delete(self._own(call)[1])
        return 204, None
