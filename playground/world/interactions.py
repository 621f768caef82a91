"""The life of an interaction: created, answered in three seconds or failed, followed up for fifteen minutes.

Source: Discord's documentation, Interactions / Receiving and Responding.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from playground.api.errors import (
    ApiError,
    Json,
    already_acknowledged,
    dead_token,
    unknown_interaction,
    unknown_message,
    unknown_webhook,
)
from playground.clock import SharedTime
from playground.gateway.gateway import Gateway
from playground.payloads.interactions import interaction_payload, metadata
from playground.schema import limits
from playground.schema.callbacks import UPDATES, Callback, Kind, check_callback, check_edit, read_callback
from playground.schema.defaults import number_components
from playground.schema.message import RESPONDABLE, RESPONSE, MessageFlag, Upload, check_message
from playground.world.events import Hub, InteractionEvent
from playground.world.messages import Messages, Origin
from playground.world.model import Channel, Message, World
from playground.world.permissions import Permission, channel_permissions

CHAT_INPUT_REPLY = 20


@dataclass(slots=True, eq=False)
class Interaction:
    """One interaction. `settled` is set when its final answer stands, or when it failed for want of one."""

    id: int
    token: str
    kind: Kind
    user_id: int
    channel_id: int
    guild_id: int | None
    context: int
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


class Interactions:
    """All interactions by id and by token."""

    def __init__(self, world: World, hub: Hub, gateway: Gateway, messages: Messages) -> None:
        self._world = world
        self._hub = hub
        self._gateway = gateway
        self._messages = messages
        self._time = SharedTime(world.clock)
        self._by_id: dict[int, Interaction] = {}
        self._by_token: dict[str, Interaction] = {}
        self._open: deque[Interaction] = deque()
        self._ages: deque[Interaction] = deque()
        self._reaper: asyncio.Task[None] | None = None

    def create(
        self,
        kind: Kind,
        user_id: int,
        channel: Channel,
        data: Json,
        *,
        owners: dict[str, str],
        context: int,
        command: str | None = None,
        source: Message | None = None,
        opened_by: Interaction | None = None,
    ) -> Interaction:
        """Begin an interaction and tell the bot."""
        interaction = Interaction(
            self._world.snowflakes.next(),
            secrets.token_urlsafe(48),
            kind,
            user_id,
            channel.id,
            channel.guild_id,
            context,
            owners,
            data,
            self._world.clock.now(),
            command,
            source,
            opened_by,
        )
        self._forget_old()
        self._by_id[interaction.id] = interaction
        self._by_token[interaction.token] = interaction
        self._ages.append(interaction)
        self._open.append(interaction)
        if self._reaper is None or self._reaper.done():
            self._reaper = asyncio.create_task(self._fail_unanswered(), name="interaction deadlines")
        self._publish(interaction)
        payload = interaction_payload(self._world, self._messages, interaction, channel)
        self._gateway.dispatch("INTERACTION_CREATE", payload, channel.guild_id)
        return interaction

    @property
    def waiting(self) -> list[Interaction]:
        """The interactions that have had no first response and have not failed yet."""
        return [one for one in self._open if one.response is None]

    def find(self, interaction_id: int) -> Interaction:
        """Return an interaction by id; raises error 10062."""
        try:
            return self._by_id[interaction_id]
        except KeyError:
            raise unknown_interaction() from None

    async def close(self) -> None:
        """Stop watching deadlines."""
        if self._reaper is not None:
            self._reaper.cancel()
            await asyncio.gather(self._reaper, return_exceptions=True)

    async def _fail_unanswered(self) -> None:
        while self._open:
            first = self._open[0]
            if first.response is None:
                await self._time.sleep_until(first.created + limits.FIRST_RESPONSE)
            self._open.popleft()
            if first.response is None:
                first.failed = True
                self._settle(first)

    def _forget_old(self) -> None:
        horizon = self._world.clock.now() - 2 * limits.TOKEN_LIFE
        while self._ages and self._ages[0].created < horizon:
            old = self._ages.popleft()
            del self._by_id[old.id], self._by_token[old.token]

    def _settle(self, interaction: Interaction) -> None:
        interaction.settled.set()
        self._publish(interaction)

    def _publish(self, interaction: Interaction) -> None:
        self._hub.publish(InteractionEvent(interaction, interaction.state))

    # The first response

    def respond(self, interaction_id: int, token: str, body: Any, uploads: Sequence[Upload]) -> Interaction:
        """Take the first response.

        Raises 10062 when late or unknown, 40060 when there was one, 50035 for a bad form.
        """
        interaction = self._by_id.get(interaction_id)
        if interaction is None or interaction.token != token:
            raise unknown_interaction()
        if interaction.response is not None:
            raise already_acknowledged()
        if interaction.failed or self._world.clock.now() - interaction.created > limits.FIRST_RESPONSE:
            raise unknown_interaction()
        callback = read_callback(interaction.kind, body, from_message=interaction.source is not None)
        data = body.get("data") or {}
        check_callback(callback, data, uploads, interaction.data, interaction.source)
        match callback:
            case Callback.MESSAGE | Callback.DEFERRED_MESSAGE:
                interaction.message = self._answer(interaction, callback, data, uploads)
            case Callback.UPDATE if interaction.source is not None:
                self._update(interaction, interaction.source, data, uploads)
            case Callback.AUTOCOMPLETE:
                interaction.choices = data.get("choices") or []
            case Callback.MODAL:
                number_components(data["components"])
                interaction.modal = data
        interaction.response = callback
        if interaction.opened_by is not None:
            interaction.opened_by.submitted = True
        if callback is Callback.DEFERRED_MESSAGE:
            self._publish(interaction)
        else:
            self._settle(interaction)
        return interaction

    def _answer(
        self, interaction: Interaction, callback: Callback, data: Json, uploads: Sequence[Upload]
    ) -> Message:
        flags = data.get("flags") or 0
        if self._forced_private(interaction):
            flags |= MessageFlag.EPHEMERAL
        if callback is Callback.DEFERRED_MESSAGE:
            flags |= MessageFlag.LOADING
        channel = self._world.channel(interaction.channel_id)
        origin = self._origin(interaction, flags, reply=interaction.kind is Kind.COMMAND)
        return self._messages.create(channel, data | {"flags": flags}, uploads, origin)

    def _update(
        self, interaction: Interaction, message: Message, data: Json, uploads: Sequence[Upload]
    ) -> None:
        if message.deleted:
            raise unknown_message()
        channel = self._world.channel(message.channel_id)
        self._messages.edit(channel, message, data, uploads, self._origin(interaction, message.flags))

    def _origin(self, interaction: Interaction, flags: int, *, reply: bool = False) -> Origin:
        return Origin(
            self._world.bot.id,
            may_ping=True,
            for_user=interaction.user_id if flags & MessageFlag.EPHEMERAL else None,
            interaction_metadata=metadata(self._world, interaction),
            command=interaction.command,
            kind=CHAT_INPUT_REPLY if reply else 0,
        )

    def _forced_private(self, interaction: Interaction) -> bool:
        """Tell whether a user-installed app has to answer privately: its user lacks Use External Apps."""
        if interaction.guild_id is None or "0" in interaction.owners:
            return False
        guild = self._world.guilds[interaction.guild_id]
        member = guild.members[interaction.user_id]
        channel = self._world.channel(interaction.channel_id)
        permissions = channel_permissions(guild, member, channel, self._world.clock.now())
        return not permissions & Permission.USE_EXTERNAL_APPS

    # After the first response

    def _alive(self, token: str) -> Interaction:
        interaction = self._by_token.get(token)
        if interaction is None or self._world.clock.now() - interaction.created > limits.TOKEN_LIFE:
            raise dead_token()
        if interaction.response is None:
            raise unknown_webhook()
        return interaction

    def follow_up(self, token: str, body: Json, uploads: Sequence[Upload]) -> Message:
        """Take a follow-up; the first one after a deferral becomes the deferred message."""
        interaction = self._alive(token)
        check_message(RESPONSE, body, uploads, RESPONDABLE)
        if interaction.loading and interaction.message is not None:
            self._fill(interaction, interaction.message, body, uploads)
            return interaction.message
        if "0" not in interaction.owners and len(interaction.follow_ups) >= limits.USER_INSTALL_FOLLOW_UPS:
            raise ApiError(
                400, 40094, "The maximum number of follow-up messages for this interaction has been reached"
            )
        flags = body.get("flags") or 0
        if self._forced_private(interaction):
            flags |= MessageFlag.EPHEMERAL
        channel = self._world.channel(interaction.channel_id)
        message = self._messages.create(
            channel, body | {"flags": flags}, uploads, self._origin(interaction, flags)
        )
        interaction.follow_ups.append(message)
        return message

    def owned(self, token: str, which: str) -> tuple[Interaction, Message]:
        """Return the message that a token may read, edit and delete.

        `@original` or a follow-up's id. Raises 10008.
        """
        interaction = self._alive(token)
        original = interaction.source if interaction.response in UPDATES else interaction.message
        candidates = [original, *interaction.follow_ups]
        for message in candidates:
            wanted = original if which == "@original" else message
            fits = message is wanted and which in ("@original", str(message.id if message else ""))
            if message is not None and fits and not message.deleted:
                return interaction, message
        raise unknown_message()

    def edit(self, token: str, which: str, body: Any, uploads: Sequence[Upload]) -> Message:
        """Edit the original answer or a follow-up."""
        interaction, message = self.owned(token, which)
        check_edit(message, body, uploads)
        if message is interaction.message and interaction.loading:
            self._fill(interaction, message, body, uploads)
        else:
            self._update(interaction, message, body, uploads)
        return message

    def delete(self, token: str, which: str) -> None:
        """Delete the original answer or a follow-up."""
        interaction, message = self.owned(token, which)
        self._messages.delete(message)
        if message is interaction.message and not interaction.settled.is_set():
            self._settle(interaction)

    def _fill(
        self, interaction: Interaction, message: Message, body: Json, uploads: Sequence[Upload]
    ) -> None:
        if message.deleted:
            raise unknown_message()
        message.flags &= ~MessageFlag.LOADING
        try:
            self._update(interaction, message, body, uploads)
        except ApiError:
            message.flags |= MessageFlag.LOADING
            raise
        self._settle(interaction)
