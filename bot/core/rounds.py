"""What a quiz round is made of: its state, its current question, the answers, and why either ended.

All times are unix milliseconds, on one of two clocks: *ours*, which runs the timers and is never set, and
*Discord's*, which judges the answers; `offset_ms` is Discord's minus ours.

The states are named tuples: each click replaces a field in two of them, and a frozen dataclass takes five
times as long for that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from bot.core.asked import AskedQuestion
from bot.core.content import Difficulty, Origin, Spoiler

MOST_QUESTIONS = 25
FEWEST_SECONDS = 10
MOST_SECONDS = 120
NOBODYS: Mapping[int, Any] = MappingProxyType({})
"""What there is by player before there is any."""


class Phase(StrEnum):
    """The phase of a round; all but OPEN, SHOWN and FINISHED wait for an order to be reported back."""

    DRAWING = "drawing"
    SENDING = "sending"
    OPEN = "open"
    CLOSING = "closing"
    SHOWN = "shown"
    ENDING = "ending"
    FINISHED = "finished"


class CloseReason(StrEnum):
    """Why a question was closed."""

    DEADLINE = "deadline"
    COMPLETE = "complete"
    HOST = "host"
    STOPPED = "stopped"
    ENDED = "ended"
    SKIPPED = "skipped"
    DELETED = "deleted"

    @property
    def is_void(self) -> bool:
        """Whether the question then has no points for anybody."""
        return self in (CloseReason.SKIPPED, CloseReason.DELETED)


class EndReason(StrEnum):
    """Why a round ended."""

    COMPLETED = "completed"
    STOPPED = "stopped"
    UNANSWERED = "unanswered"
    DELETED = "deleted"
    NO_QUESTIONS = "no questions"
    NO_ACCESS = "no access"
    CHANNEL_GONE = "channel gone"
    THREAD_CLOSED = "thread closed"
    OUTAGE = "outage"
    AWAY = "away"
    REMOVED = "removed"
    FAULT = "fault"


class Failure(StrEnum):
    """Why a message could not be sent or edited."""

    CANNOT_VIEW = "cannot view"
    FORBIDDEN = "forbidden"
    CHANNEL_GONE = "channel gone"
    MESSAGE_GONE = "message gone"
    ARCHIVED = "archived"
    OUTAGE = "outage"
    REJECTED = "rejected"


class Action(StrEnum):
    """What a host or a moderator can do."""

    REVEAL = "reveal"
    NEXT = "next"
    SKIP = "skip"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """What was started, and where: at most so many `questions`, each open for so many `seconds`.

    `seconds` is None for no limit, `topic` and `difficulty` for any. With plain scoring a right answer is one
    point at any speed. `pack` is the server's own if the round asks only its own questions, else the film's.
    `host_user_id` is None once the host deleted their data.
    """

    guild_id: int
    channel_id: int
    host_user_id: int | None
    pack: str
    topic: str | None
    difficulty: Difficulty | None
    answer_form: Literal["buttons", "typed"]
    scoring: Literal["speed", "plain"]
    spoilers: Spoiler
    questions: int
    seconds: int | None
    started_ms: int
    source: Origin = Origin.FILM

    @property
    def typed(self) -> bool:
        """Whether answers are typed."""
        return self.answer_form == "typed"

    def in_other_form(self) -> "RoundPlan":
        """Return the plan with typed answers in place of buttons, or the reverse."""
        return replace(self, answer_form="buttons" if self.typed else "typed")


class Answer(NamedTuple):
    """A player's first answer to a question; `choice` is None for a typed one.

    `answered_ms` is by Discord's clock, `took_ms` since the question was opened, `streak` includes this one.
    """

    user_id: int
    choice: int | None
    answered_ms: int
    took_ms: int
    correct: bool
    points: int
    streak: int


class Current(NamedTuple):
    """The current question of a round, with its `position` from 1; `answers` are by player.

    `opened_ms` and `deadline_ms` are by Discord's clock, all other times by ours. `counted_ms` is when the
    last live count was shown, and `shown_count` its number; -1 updates the card at once. `hinted` says that
    the card has the hint of a typed question, and `guesses` are the wrong answers that were typed, by player,
    kept only here and only until the next question. `complete_ms` is when nobody was awaited any more.
    `cut_off` says that the card shows a lost connection, `unheard` that the question was closed without one,
    so that answers may be missing.
    """

    position: int
    asked: AskedQuestion
    asked_ms: int
    message_id: int | None = None
    opened_ms: int = 0
    deadline_ms: int = 0
    offset_ms: int = 0
    reopened: bool = False
    closed: CloseReason | None = None
    closed_ms: int = 0
    answers: Mapping[int, Answer] = NOBODYS
    shown_count: int = 0
    counted_ms: int = 0
    hinted: bool = False
    guesses: Mapping[int, str] = NOBODYS
    complete_ms: int | None = None
    cut_off: bool = False
    unheard: bool = False


class Round(NamedTuple):
    """A round at one moment; `step` in `bot.core.quiz` gives the next.

    `streaks` are each player's right answers in a row up to the question before this one; `unanswered` and
    `deleted` count questions in a row. `players` are those who answered the last question before this one
    that counts, or a void one since; if `early`, the answer comes once they have answered. `end_reason` is
    set as soon as it is known that the round must end.

    By our clock, `next_ms` is when the next question comes, and `connected_ms` when the connection last
    came or went. What failed `failures` times in a row, first at `failing_since_ms`, is done again at
    `retry_ms`.
    """

    id: int
    plan: RoundPlan
    phase: Phase = Phase.DRAWING
    current: Current | None = None
    streaks: Mapping[int, int] = NOBODYS
    players: frozenset[int] = frozenset()
    early: bool = False
    unanswered: int = 0
    deleted: int = 0
    next_ms: int = 0
    end_reason: EndReason | None = None
    thread_reopened: bool = False
    failing_since_ms: int | None = None
    failures: int = 0
    retry_ms: int | None = None
    connected: bool = True
    connected_ms: int = 0

    @property
    def position(self) -> int:
        """The position of the current question, from 1; 0 before the first."""
        return self.current.position if self.current else 0
