"""Messages being made, edited and deleted, with attachments, mentions and nonces."""

import io
import mimetypes
from collections import deque
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime

from PIL import Image, UnidentifiedImageError

from playground.api.errors import ApiError, Json, invalid_form, unknown_message
from playground.gateway.gateway import Gateway
from playground.gateway.sessions import Intent
from playground.payloads.objects import attachment_url, message_payload
from playground.schema import limits
from playground.schema.components import ATTACHMENT_SCHEME, media_of, walk
from playground.schema.defaults import complete_components
from playground.schema.message import MessageFlag, Upload, stored_name
from playground.world.events import Hub, MessageEvent
from playground.world.mentions import Allowed, apply_mentions
from playground.world.model import Attachment, Channel, Message, World


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a message comes from: its author and, for an interaction's answer, what it answers."""

    author_id: int
    may_ping: bool
    for_user: int | None = None
    interaction_metadata: Json | None = None
    command: str | None = None
    kind: int = 0


class Messages:
    """The one place that changes messages; it tells the gateway and the hub."""

    def __init__(self, world: World, hub: Hub, gateway: Gateway) -> None:
        self._world = world
        self._hub = hub
        self._gateway = gateway
        self.base_url = ""
        self._nonces: dict[tuple[int, str | int], Message] = {}
        self._nonce_order: deque[tuple[datetime, tuple[int, str | int]]] = deque()

    def payload(self, message: Message) -> Json:
        """Return the message object for the API."""
        return message_payload(self._world, message, self.base_url)

    def find(self, channel: Channel, message_id: int) -> Message:
        """Return a message that everybody in the channel can see; raises error 10008."""
        message = channel.messages.get(message_id)
        if message is None or message.for_user is not None:
            raise unknown_message()
        return message

    def sent_before(self, author_id: int, body: Json) -> Message | None:
        """Return the message that the author sent with this enforced nonce in the last three minutes."""
        horizon = self._world.clock.now() - limits.NONCE_LIFE
        while self._nonce_order and self._nonce_order[0][0] < horizon:
            self._nonces.pop(self._nonce_order.popleft()[1], None)
        nonce = body.get("nonce")
        if nonce is None or not body.get("enforce_nonce"):
            return None
        return self._nonces.get((author_id, nonce))

    def create(self, channel: Channel, body: Json, uploads: Sequence[Upload], origin: Origin) -> Message:
        """Make a message of a checked body."""
        now = self._world.clock.now()
        message = Message(
            self._world.snowflakes.next(),
            channel.id,
            channel.guild_id,
            origin.author_id,
            now,
            kind=origin.kind,
            for_user=origin.for_user,
            interaction_metadata=origin.interaction_metadata,
            command=origin.command,
            nonce=body.get("nonce"),
        )
        self._fill(channel, message, body, uploads, origin)
        _require_something(message)
        channel.messages[message.id] = message
        if message.nonce is not None:
            key = (origin.author_id, message.nonce)
            self._nonces.setdefault(key, message)
            self._nonce_order.append((now, key))
        self._tell("create", channel, message)
        return message

    def edit(
        self, channel: Channel, message: Message, body: Json, uploads: Sequence[Upload], origin: Origin
    ) -> None:
        """Change a message by a checked body; what the body leaves out stays."""
        now = self._world.clock.now()
        if now - message.timestamp > limits.OLD_MESSAGE:
            if message.old_edits >= limits.OLD_MESSAGE_EDITS:
                raise ApiError(429, 30046, "Maximum number of edits to messages older than 1 hour reached")
            message.old_edits += 1
        if body.get("flags"):
            # Whether a message is private is settled when it is made.
            body = body | {"flags": body["flags"] & ~MessageFlag.EPHEMERAL}
        changed = deepcopy(message)
        self._fill(channel, changed, body, uploads, origin)
        _require_something(changed)
        # The object stays the same one: interactions and tests hold on to it.
        for name in ("content", "embeds", "components", "attachments", "flags"):
            setattr(message, name, getattr(changed, name))
        for name in ("mentions", "mention_roles", "mention_everyone"):
            setattr(message, name, getattr(changed, name))
        message.flags &= ~MessageFlag.LOADING
        message.edited = now
        self._tell("update", channel, message)

    def delete(self, message: Message) -> None:
        """Take a message away."""
        channel = self._world.channels.get(message.channel_id)
        message.deleted = True
        if channel is not None:
            channel.messages.pop(message.id, None)
            self._tell("delete", channel, message)

    def _fill(
        self, channel: Channel, message: Message, body: Json, uploads: Sequence[Upload], origin: Origin
    ) -> None:
        flags = body.get("flags") or 0
        becomes_v2 = (
            bool(flags & MessageFlag.IS_COMPONENTS_V2) and not message.flags & MessageFlag.IS_COMPONENTS_V2
        )
        # An edit that names its flags sets them, but nothing takes V2 or a message's privacy away.
        kept = message.flags & (MessageFlag.IS_COMPONENTS_V2 | MessageFlag.EPHEMERAL | MessageFlag.LOADING)
        if "flags" in body:
            message.flags = kept | flags
        if "content" in body:
            message.content = (body["content"] or "").strip()
        if "embeds" in body:
            message.embeds = [{"type": "rich"} | embed for embed in deepcopy(body["embeds"] or [])]
        if becomes_v2 and (message.content or message.embeds):
            raise invalid_form(
                {
                    "flags": {
                        "_errors": [
                            {
                                "code": "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                                "message": "Content and embeds have to be emptied first",
                            }
                        ]
                    }
                }
            )
        self._attach(message, body, uploads)
        if "components" in body:
            message.components = deepcopy(body["components"] or [])
            complete_components(message.components)
            self._resolve_media(message)
        guild = self._world.guild_of(channel)
        by_interaction = origin.interaction_metadata is not None
        allowed = Allowed.of(body, by_interaction=by_interaction)
        apply_mentions(self._world, guild, message, allowed, may_ping=origin.may_ping)
        reference = body.get("message_reference")
        if reference is not None:
            message.reference = {"type": 0, "channel_id": str(channel.id)} | {
                name: value for name, value in reference.items() if name != "fail_if_not_exists"
            }
            message.kind = 19

    def _attach(self, message: Message, body: Json, uploads: Sequence[Upload]) -> None:
        described = {int(entry["id"]): entry for entry in body.get("attachments") or ()}
        kept = list(message.attachments)
        if "attachments" in body:
            kept = [attachment for attachment in kept if attachment.id in described]
            for attachment in kept:
                attachment.description = described[attachment.id].get("description", attachment.description)
        known = {attachment.id for attachment in kept} | {upload.index for upload in uploads}
        for identifier in described:
            if identifier not in known:
                raise invalid_form(
                    {
                        "attachments": {
                            "_errors": [
                                {"code": "ATTACHMENT_NOT_FOUND", "message": "Attachment data not found"}
                            ]
                        }
                    }
                )
        added = [self._stored(upload, described.get(upload.index, {})) for upload in uploads]
        message.attachments = kept + added

    def _stored(self, upload: Upload, described: Json) -> Attachment:
        filename = stored_name(described.get("filename") or upload.filename)
        content_type = mimetypes.guess_type(filename)[0] or "application/octet-stream"
        attachment = Attachment(
            self._world.snowflakes.next(),
            filename,
            upload.content,
            content_type,
            described.get("description"),
        )
        if content_type.startswith("image/"):
            try:
                with Image.open(io.BytesIO(upload.content)) as image:
                    attachment.width, attachment.height = image.size
            except UnidentifiedImageError:
                attachment.content_type = "application/octet-stream"
        return attachment

    def _resolve_media(self, message: Message) -> None:
        by_name = {attachment.filename: attachment for attachment in message.attachments}
        for _, component in walk(message.components):
            for _, media in media_of(component):
                media["id"] = str(self._world.snowflakes.next())
                media["proxy_url"] = media["url"]
                media |= {"width": None, "height": None, "content_type": None}
                if media["url"].startswith(ATTACHMENT_SCHEME):
                    attachment = by_name[media["url"].removeprefix(ATTACHMENT_SCHEME)]
                    url = attachment_url(attachment, message, self.base_url)
                    media |= {"url": url, "proxy_url": url, "attachment_id": str(attachment.id)}
                    media |= {"width": attachment.width, "height": attachment.height}
                    media["content_type"] = attachment.content_type
            if "file" in component:
                component |= {"name": component["file"]["url"].rsplit("/", 1)[-1], "size": 0}

    def _tell(self, what: str, channel: Channel, message: Message) -> None:
        self._hub.publish(MessageEvent(what, message))
        if message.for_user is not None:
            return
        if what == "delete":
            data: Json = {"id": str(message.id), "channel_id": str(message.channel_id)}
        else:
            data = self.payload(message)
        intent = Intent.DIRECT_MESSAGES
        if message.guild_id is not None:
            data["guild_id"] = str(message.guild_id)
            intent = Intent.GUILD_MESSAGES
        bot_id = self._world.bot.id
        foreign = message.author_id != bot_id and bot_id not in message.mentions
        if what != "delete" and foreign and channel.guild_id is not None:
            # Without the privileged Message Content intent, which this playground does not grant.
            data |= {"content": "", "embeds": [], "components": [], "attachments": []}
        self._gateway.dispatch(f"MESSAGE_{what.upper()}", data, message.guild_id, intent)


def _require_something(message: Message) -> None:
    if message.flags & MessageFlag.LOADING:
        return
    if not (message.content or message.embeds or message.components or message.attachments):
        raise ApiError(400, 50006, "Cannot send an empty message")
