"""What happens in the world, told to whoever listens."""

from collections.abc import Callable
from dataclasses import dataclass

from playground.refused import Json
from playground.world.model import Channel, Interaction, Message


@dataclass(frozen=True, slots=True)
class MessageEvent:
    """A message came, changed or went; `what` is create, update or delete."""

    what: str
    message: Message


@dataclass(frozen=True, slots=True)
class BulkDeleteEvent:
    """Several messages of a channel went at once."""

    channel: Channel
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class PinsEvent:
    """A message was pinned in a channel, or is so no longer."""

    channel: Channel


@dataclass(frozen=True, slots=True)
class ReactionEvent:
    """Reactions came or went; `what` is add, remove, remove_emoji or remove_all.

    `emoji` and `user_id` say which, where it is one.
    """

    what: str
    message: Message
    emoji: Json | None = None
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class InteractionEvent:
    """An interaction began, or its state changed: waiting, thinking, done or failed."""

    interaction: Interaction
    state: str


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """Something beside messages and interactions changed.

    `what` is commands_update, bot_status, clock, faults, world, reset or request.
    """

    what: str


Event = MessageEvent | BulkDeleteEvent | PinsEvent | ReactionEvent | InteractionEvent | StatusEvent
Listener = Callable[[Event], None]


class Hub:
    """Tells every listener of every event, at once and in order."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear of every event from now on; the function returned ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def publish(self, event: Event) -> None:
        """Tell everybody."""
        for listener in tuple(self._listeners):
            listener(event)
