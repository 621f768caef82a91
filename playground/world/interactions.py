"""The life of an interaction: created, answered in three seconds or failed, followed up for fifteen minutes.

Source: Discord's documentation, Interactions / Receiving and Responding.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Sequence
from typing import Any

from playground.clock import SharedTime
from playground.refused import Json, Reason, Refused
from playground.schema import limits
from playground.schema.callbacks import UPDATES, Callback, Kind, check_callback, check_edit, read_callback
from playground.schema.commands import CommandKind
from playground.schema.defaults import number_components
from playground.schema.message import RESPONDABLE, RESPONSE, MessageFlag, Upload, check_message
from playground.world.events import Hub, InteractionEvent
from playground.world.messages import Messages, Origin
from playground.world.model import Channel, Interaction, Message
from playground.world.permissions import Permission, channel_permissions
from playground.world.world import World

CHAT_INPUT_REPLY, CONTEXT_MENU_REPLY = 20, 23


class Interactions:
    """All interactions by id and by token."""

    def __init__(self, world: World, hub: Hub, messages: Messages) -> None:
        self._world = world
        self._hub = hub
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
        command: str | None = None,
        source: Message | None = None,
        opened_by: Interaction | None = None,
    ) -> Interaction:
        """Begin an interaction."""
        interaction = Interaction(
            id=self._world.snowflakes.next(),
            token=secrets.token_urlsafe(48),
            kind=kind,
            user_id=user_id,
            channel_id=channel.id,
            guild_id=channel.guild_id,
            owners=owners,
            data=data,
            created=self._world.clock.now(),
            command=command,
            source=source,
            opened_by=opened_by,
        )
        self._forget_old()
        self._by_id[interaction.id] = interaction
        self._by_token[interaction.token] = interaction
        self._ages.append(interaction)
        self._open.append(interaction)
        if self._reaper is None or self._reaper.done():
            self._reaper = asyncio.create_task(self._fail_unanswered(), name="interaction deadlines")
        self._publish(interaction)
        return interaction

    @property
    def waiting(self) -> list[Interaction]:
        """The interactions that have had no first response and have not failed yet."""
        return [one for one in self._open if one.response is None]

    def find(self, interaction_id: int) -> Interaction:
        """Return an interaction by id; raises Refused."""
        try:
            return self._by_id[interaction_id]
        except KeyError:
            raise Refused(Reason.UNKNOWN_INTERACTION) from None

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

        Raises Refused when it is late or unknown, when there was one, and for a bad form.
        """
        interaction = self._by_id.get(interaction_id)
        if interaction is None or interaction.token != token:
            raise Refused(Reason.UNKNOWN_INTERACTION)
        if interaction.response is not None:
            raise Refused(Reason.ANSWERED_ALREADY)
        if interaction.failed or self._world.clock.now() - interaction.created > limits.FIRST_RESPONSE:
            raise Refused(Reason.UNKNOWN_INTERACTION)
        callback = read_callback(interaction.kind, body, from_message=interaction.source is not None)
        data = body.get("data") or {}
        source = None if interaction.source is None else interaction.source.before
        check_callback(callback, data, uploads, interaction.data, source)
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
        origin = self._origin(interaction, flags, kind=_kind_of_answer(interaction))
        return self._messages.create(channel, data | {"flags": flags}, uploads, origin)

    def _update(
        self, interaction: Interaction, message: Message, data: Json, uploads: Sequence[Upload]
    ) -> None:
        if message.deleted:
            raise Refused(Reason.UNKNOWN_MESSAGE)
        channel = self._world.channel(message.channel_id)
        self._messages.edit(channel, message, data, uploads, self._origin(interaction, message.flags))

    def _origin(self, interaction: Interaction, flags: int, *, kind: int = 0) -> Origin:
        return Origin(
            self._world.bot.id,
            may_ping=True,
            for_user=interaction.user_id if flags & MessageFlag.EPHEMERAL else None,
            answers=interaction,
            kind=kind,
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
            raise Refused(Reason.TOKEN_EXPIRED)
        if interaction.response is None:
            raise Refused(Reason.UNKNOWN_WEBHOOK)
        return interaction

    def follow_up(self, token: str, body: Json, uploads: Sequence[Upload]) -> Message:
        """Take a follow-up; the first one after a deferral becomes the deferred message."""
        interaction = self._alive(token)
        check_message(RESPONSE, body, uploads, RESPONDABLE)
        if interaction.loading and interaction.message is not None:
            self._fill(interaction, interaction.message, body, uploads)
            return interaction.message
        if "0" not in interaction.owners and len(interaction.follow_ups) >= limits.USER_INSTALL_FOLLOW_UPS:
            raise Refused(Reason.FOLLOW_UPS)
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

        `@original` or a follow-up's id. Raises Refused.
        """
        interaction = self._alive(token)
        original = interaction.source if interaction.response in UPDATES else interaction.message
        everything = (original, *interaction.follow_ups)
        named = (one for one in everything if one is not None and str(one.id) == which)
        found = original if which == "@original" else next(named, None)
        if found is None or found.deleted:
            raise Refused(Reason.UNKNOWN_MESSAGE)
        return interaction, found

    def edit(self, token: str, which: str, body: Any, uploads: Sequence[Upload]) -> Message:
        """Edit the original answer or a follow-up."""
        interaction, message = self.owned(token, which)
        check_edit(message.before, body, uploads)
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
        message.flags &= ~MessageFlag.LOADING
        try:
            self._update(interaction, message, body, uploads)
        except Refused:
            message.flags |= MessageFlag.LOADING
            raise
        self._settle(interaction)


def _kind_of_answer(interaction: Interaction) -> int:
    """Return the message type of a first answer."""
    if interaction.kind is not Kind.COMMAND:
        return 0
    menu = interaction.data.get("type", CommandKind.CHAT_INPUT) != CommandKind.CHAT_INPUT
    return CONTEXT_MENU_REPLY if menu else CHAT_INPUT_REPLY
