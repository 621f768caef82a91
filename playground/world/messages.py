"""Messages being made, edited and deleted, with attachments, mentions and nonces."""

import io
import mimetypes
from collections import deque
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime

from PIL import Image, UnidentifiedImageError

from playground.refused import Json, Reason, Refused
from playground.schema import limits
from playground.schema.components import ATTACHMENT_SCHEME, media_of, walk
from playground.schema.defaults import complete_components
from playground.schema.forms import invalid_form
from playground.schema.message import MessageFlag, Upload, stored_name
from playground.world.events import BulkDeleteEvent, Hub, MessageEvent, PinsEvent
from playground.world.mentions import Allowed, apply_mentions
from playground.world.model import PIN_NOTICE, Attachment, Channel, Interaction, Message, User
from playground.world.permissions import Permission
from playground.world.world import World

UPLOADS_KEPT = 100


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a message comes from: its author and, for an interaction's answer, what it answers."""

    author_id: int
    may_ping: bool
    for_user: int | None = None
    answers: Interaction | None = None
    kind: int = 0
    webhook_author: User | None = None


class Messages:
    """The one place that changes messages, and tells of it."""

    def __init__(self, world: World, hub: Hub) -> None:
        self._world = world
        self._hub = hub
        self._nonces: dict[tuple[int, str | int], Message] = {}
        self._nonce_order: deque[tuple[datetime, tuple[int, str | int]]] = deque()

    def find(self, channel: Channel, message_id: int) -> Message:
        """Return a message that everybody in the channel can see; raises Refused."""
        message = channel.messages.get(message_id)
        if message is None or message.for_user is not None:
            raise Refused(Reason.UNKNOWN_MESSAGE)
        return message

    @staticmethod
    def open_thread(channel: Channel, permissions: Permission) -> None:
        """Open an archived thread, as writing does; raises Refused where it is locked for the writer."""
        thread = channel.thread
        if thread is None:
            return
        if thread.locked and not permissions & Permission.MANAGE_THREADS:
            raise Refused(Reason.THREAD_ARCHIVED if thread.archived else Reason.THREAD_LOCKED)
        thread.archived = False

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
            answers=origin.answers,
            nonce=body.get("nonce"),
            webhook_author=origin.webhook_author,
        )
        self._fill(channel, message, body, uploads, origin)
        _require_something(message)
        channel.messages[message.id] = message
        if message.nonce is not None:
            key = (origin.author_id, message.nonce)
            self._nonces.setdefault(key, message)
            self._nonce_order.append((now, key))
        self._hub.publish(MessageEvent("create", message))
        return message

    def edit(
        self, channel: Channel, message: Message, body: Json, uploads: Sequence[Upload], origin: Origin
    ) -> None:
        """Change a message by a checked body; what the body leaves out stays."""
        now = self._world.clock.now()
        if now - message.timestamp > limits.OLD_MESSAGE:
            if message.old_edits >= limits.OLD_MESSAGE_EDITS:
                raise Refused(Reason.OLD_MESSAGE_EDITS)
            message.old_edits += 1
        if body.get("flags"):
            # Whether a message is private is decided when it is sent.
            body = body | {"flags": body["flags"] & ~MessageFlag.EPHEMERAL}
        changed = replace(message, attachments=[replace(one) for one in message.attachments])
        self._fill(channel, changed, body, uploads, origin)
        _require_something(changed)
        # The object stays the same: interactions and tests hold on to it.
        for name in ("content", "embeds", "components", "attachments", "flags"):
            setattr(message, name, getattr(changed, name))
        for name in ("mentions", "mention_roles", "mention_everyone"):
            setattr(message, name, getattr(changed, name))
        message.flags &= ~MessageFlag.LOADING
        message.edited = now
        self._hub.publish(MessageEvent("update", message))

    def delete(self, message: Message) -> None:
        """Delete a message."""
        channel = self._world.channels.get(message.channel_id)
        message.deleted = True
        if channel is not None:
            channel.messages.pop(message.id, None)
            self._hub.publish(MessageEvent("delete", message))

    def delete_many(self, channel: Channel, messages: Sequence[Message]) -> None:
        """Delete several messages at once."""
        for message in messages:
            message.deleted = True
            channel.messages.pop(message.id, None)
        self._hub.publish(BulkDeleteEvent(channel, tuple(messages)))

    def pin(self, channel: Channel, message: Message, user_id: int) -> None:
        """Pin a message, and say in the channel who did.

        Raises Refused for one pin too many, and for the message that says who pinned another.
        """
        if message.kind == PIN_NOTICE:
            raise Refused(Reason.SYSTEM_MESSAGE)
        if message.pinned_at is not None:
            return
        if len(channel.pins) >= limits.PINS:
            raise Refused(Reason.TOO_MANY_PINS)
        now = message.pinned_at = self._world.clock.now()
        self._tell_pins(channel, message)
        notice = Message(
            self._world.snowflakes.next(), channel.id, channel.guild_id, user_id, now, kind=PIN_NOTICE
        )
        notice.reference = _reference(channel, message.id, 0)
        channel.messages[notice.id] = notice
        self._hub.publish(MessageEvent("create", notice))

    def unpin(self, channel: Channel, message: Message) -> None:
        """End that a message is pinned."""
        if message.pinned_at is not None:
            message.pinned_at = None
            self._tell_pins(channel, message)

    def _tell_pins(self, channel: Channel, message: Message) -> None:
        self._hub.publish(MessageEvent("update", message))
        self._hub.publish(PinsEvent(channel))

    def begin_thread(self, message: Message) -> None:
        """Mark a message as the one that a thread began with."""
        message.flags |= MessageFlag.HAS_THREAD
        self._hub.publish(MessageEvent("update", message))

    def _fill(
        self, channel: Channel, message: Message, body: Json, uploads: Sequence[Upload], origin: Origin
    ) -> None:
        flags = body.get("flags") or 0
        becomes_v2 = (
            bool(flags & MessageFlag.IS_COMPONENTS_V2) and not message.flags & MessageFlag.IS_COMPONENTS_V2
        )
        # An edit sets the flags that it names, but cannot take away V2, privacy or a thread.
        kept = message.flags & (
            MessageFlag.IS_COMPONENTS_V2
            | MessageFlag.EPHEMERAL
            | MessageFlag.LOADING
            | MessageFlag.HAS_THREAD
        )
        if "flags" in body:
            message.flags = kept | flags
        if "content" in body:
            message.content = (body["content"] or "").strip()
        if "embeds" in body:
            message.embeds = [{"type": "rich"} | embed for embed in deepcopy(body["embeds"] or [])]
        if becomes_v2 and (message.content or message.embeds):
            raise invalid_form(
                ("flags",),
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                "Content and embeds have to be emptied first",
            )
        self._attach(message, body, uploads)
        if "components" in body:
            message.components = deepcopy(body["components"] or [])
            complete_components(message.components)
            self._resolve_media(message)
        guild = self._world.guild_of(channel)
        by_interaction = origin.answers is not None
        allowed = Allowed.of(body, by_interaction=by_interaction)
        apply_mentions(self._world, guild, message, allowed, may_ping=origin.may_ping)
        reference = body.get("message_reference")
        if reference is not None:
            message.reference = _reference(channel, reference["message_id"], reference.get("type") or 0)
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
                raise invalid_form(("attachments",), "ATTACHMENT_NOT_FOUND", "Attachment data not found")
        added = [self._stored(upload, described.get(upload.index, {})) for upload in uploads]
        message.attachments = kept + added

    def take_upload(self, filename: str, content: bytes) -> Attachment:
        """Keep a file that a person gives to a command, and the newest of those before it."""
        uploads = self._world.uploads
        attachment = self._stored(Upload(0, filename, content), {})
        uploads[attachment.id] = attachment
        while len(uploads) > UPLOADS_KEPT:
            del uploads[min(uploads)]
        return attachment

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
                    url = self._world.attachment_url(message, attachment)
                    media |= {"url": url, "proxy_url": url, "attachment_id": str(attachment.id)}
                    media |= {"width": attachment.width, "height": attachment.height}
                    media["content_type"] = attachment.content_type
            if "file" in component:
                component |= {"name": component["file"]["url"].rsplit("/", 1)[-1], "size": 0}


def _reference(channel: Channel, message_id: int | str, kind: int) -> Json:
    place = {} if channel.guild_id is None else {"guild_id": str(channel.guild_id)}
    return {"type": kind, "message_id": str(message_id), "channel_id": str(channel.id)} | place


def _require_something(message: Message) -> None:
    if message.flags & MessageFlag.LOADING:
        return
    if not (message.content or message.embeds or message.components or message.attachments):
        raise Refused(Reason.EMPTY_MESSAGE)
