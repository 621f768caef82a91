"""What exists in a world: users, servers, channels, messages, interactions."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from playground.refused import Json
from playground.schema.callbacks import Callback, Kind
from playground.schema.message import Before, MessageFlag


class ChannelKind(IntEnum):
    """Discord's channel types."""

    TEXT = 0
    DIRECT = 1
    VOICE = 2
    CATEGORY = 4
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    STAGE = 13
    FORUM = 15


PIN_NOTICE = 6
"""The type of the message by which a channel hears that somebody pinned another one."""
NO_TEXT = (ChannelKind.FORUM, ChannelKind.CATEGORY)


@dataclass(slots=True)
class User:
    """An account. `description` says to the person at the page who this is."""

    id: int
    username: str
    display_name: str | None = None
    bot: bool = False
    color: int = 0x5865F2
    description: str = ""
    accepts_messages: bool = True
    locale: str = "en-US"

    @property
    def shown_name(self) -> str:
        """What people read."""
        return self.display_name or self.username


@dataclass(slots=True)
class Member:
    """A user in a server; `timed_out_until` is aware UTC."""

    user_id: int
    joined_at: datetime
    roles: list[int] = field(default_factory=list)
    nickname: str | None = None
    timed_out_until: datetime | None = None

    def is_timed_out(self, now: datetime) -> bool:
        """Whether a timeout keeps the member from speaking at an aware moment."""
        return self.timed_out_until is not None and self.timed_out_until > now


@dataclass(slots=True)
class Role:
    """A role; the one whose id is the server's is @everyone."""

    id: int
    name: str
    permissions: int = 0
    position: int = 0
    color: int = 0
    mentionable: bool = False
    hoist: bool = False
    bot_id: int | None = None


@dataclass(slots=True)
class Overwrite:
    """A channel's exception for a role (kind 0) or a member (kind 1)."""

    id: int
    kind: int
    allow: int = 0
    deny: int = 0


@dataclass(slots=True)
class Emoji:
    """A server's own emoji; where `roles` has any, only they may use it."""

    id: int
    name: str
    user_id: int
    picture: bytes
    content_type: str
    animated: bool = False
    roles: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Webhook:
    """A way to post in a channel under a name of its own, for whoever knows its token."""

    id: int
    channel_id: int
    guild_id: int
    name: str
    token: str


@dataclass(slots=True)
class ThreadState:
    """What a thread has beside a channel."""

    owner_id: int
    changed_at: datetime
    archived: bool = False
    locked: bool = False
    auto_archive_minutes: int = 1_440
    member_ids: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Attachment:
    """A file of a message."""

    id: int
    filename: str
    content: bytes
    content_type: str
    description: str | None = None
    width: int | None = None
    height: int | None = None


@dataclass(slots=True)
class Reaction:
    """An emoji under a message, and who put it there, in order."""

    emoji: Json
    user_ids: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Message:
    """A message, in the words of Discord's message object.

    `for_user` marks an ephemeral one's only reader, `answers` is the interaction that it is an answer to.
    """

    id: int
    channel_id: int
    guild_id: int | None
    author_id: int
    timestamp: datetime
    kind: int = 0
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    edited: datetime | None = None
    mentions: list[int] = field(default_factory=list)
    mention_roles: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    nonce: str | int | None = None
    answers: "Interaction | None" = None
    reference: Json | None = None
    for_user: int | None = None
    deleted: bool = False
    webhook_author: User | None = None
    pinned_at: datetime | None = None
    reactions: dict[str, Reaction] = field(default_factory=dict)
    old_edits: int = 0

    @property
    def before(self) -> Before:
        """What an edit has to take into account."""
        files = [attachment.filename for attachment in self.attachments]
        return Before(bool(self.flags & MessageFlag.IS_COMPONENTS_V2), files)


@dataclass(slots=True, eq=False)
class Interaction:
    """One interaction. `settled` is set once it has its final answer, or once it has failed without one."""

    id: int
    token: str
    kind: Kind
    user_id: int
    channel_id: int
    guild_id: int | None
    owners: dict[str, str]
    data: Json
    created: datetime
    command: str | None = None
    source: Message | None = None
    opened_by: "Interaction | None" = None
    response: Callback | None = None
    message: Message | None = None
    choices: list[Json] | None = None
    modal: Json | None = None
    submitted: bool = False
    follow_ups: list[Message] = field(default_factory=list)
    failed: bool = False
    settled: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def loading(self) -> bool:
        """Whether the person sees "thinking"."""
        return (
            self.response is Callback.DEFERRED_MESSAGE
            and self.message is not None
            and not self.message.deleted
            and bool(self.message.flags & MessageFlag.LOADING)
        )

    @property
    def state(self) -> str:
        """What the person sees: waiting, thinking, done or failed."""
        if self.failed:
            return "failed"
        if self.response is None:
            return "waiting"
        return "thinking" if self.loading else "done"


@dataclass(slots=True)
class Channel:
    """A channel, thread or direct conversation, with its messages by id, oldest first."""

    id: int
    kind: ChannelKind
    name: str
    guild_id: int | None = None
    position: int = 0
    topic: str | None = None
    parent_id: int | None = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    thread: ThreadState | None = None
    recipient_id: int | None = None
    messages: dict[int, Message] = field(default_factory=dict)

    def messages_for(self, user_id: int | None) -> list[Message]:
        """Return what somebody can read here, oldest first; None reads only what everybody can."""
        return [one for one in self.messages.values() if one.for_user in (None, user_id)]

    @property
    def pins(self) -> list[Message]:
        """The pinned messages, the newest pin first."""
        pinned = [(message.pinned_at, message) for message in self.messages.values() if message.pinned_at]
        return [message for _, message in sorted(pinned, key=lambda pair: pair[0], reverse=True)]

    @property
    def last_pin(self) -> datetime | None:
        """When a message was last pinned here that still is."""
        return self.pins[0].pinned_at if self.pins else None


@dataclass(slots=True)
class Guild:
    """A server. Threads are among its channels; `bans` has a reason for each user, where one was given."""

    id: int
    name: str
    owner_id: int
    roles: dict[int, Role] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    bans: dict[int, str | None] = field(default_factory=dict)
    emojis: dict[int, Emoji] = field(default_factory=dict)
    available: bool = True
    locale: str = "en-US"
