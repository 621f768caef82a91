"""What can happen to a round (events), what it then wants done (orders), answers, and their verdicts.

`at_ms` is unix milliseconds by our clock, unless it says otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.core.rounds import Action, Answer, Current, Failure


@dataclass(frozen=True, slots=True)
class Begun:
    """The round was committed and announced."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Restarted:
    """The round was loaded from storage after the program came back."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed: the moment that `bot.core.quiz.next_tick` named has come, or may have."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question was drawn and committed as asking; None if none is left to ask.

    If `early`, its answer comes as soon as nobody is awaited.
    """

    current: Current | None
    early: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """The question's message exists: sending it was confirmed, or a click showed it.

    `opened_ms` is by Discord's clock, `offset_ms` that clock minus ours.
    """

    position: int
    message_id: int
    opened_ms: int
    offset_ms: int


@dataclass(frozen=True, slots=True)
class Compared:
    """A click's id showed that Discord's clock is ahead of ours by at least `offset_ms`."""

    offset_ms: int


@dataclass(frozen=True, slots=True)
class NotStored:
    """An accepted answer could not be committed, and its player was told."""

    position: int
    user_id: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The closed question's card shows how it ended, with these answers, which are those that count."""

    at_ms: int
    answers: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class PodiumSent:
    """The end of the round was announced."""


@dataclass(frozen=True, slots=True)
class Failed:
    """An order could not show something.

    `position` is the question's whose live count it was; None for SEND, CLOSE and END, which are awaited.
    """

    failure: Failure
    at_ms: int
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Controlled:
    """A host or a moderator, whose rights were checked, acted on the question at `position`."""

    action: Action
    position: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A player was blocked, or deleted their data: their answer is gone, and nobody waits for them.

    Their streak is gone as well if it is `for_good`, as no block is.
    """

    user_id: int
    for_good: bool = False


@dataclass(frozen=True, slots=True)
class Removed:
    """The bot is no longer in the server."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Connection:
    """The server's shard was connected to Discord, or lost its connection.

    `anew` says that the session is new: what people clicked in between will never come.
    """

    connected: bool
    at_ms: int
    anew: bool = False


Event = (
    Begun
    | Restarted
    | Tick
    | Drawn
    | Sent
    | Compared
    | NotStored
    | Shown
    | PodiumSent
    | Failed
    | Controlled
    | Withdrawn
    | Removed
    | Connection
)


class Order(StrEnum):
    """What a round wants done. Where nothing is said of a report, there is nothing to report."""

    DRAW = "draw"
    """Draw the next question and commit it as asking. Report Drawn."""
    SEND = "send"
    """Send the current question with its nonce. Report Sent or Failed."""
    COMMIT_OPEN = "commit open"
    """Commit the current question as open, with its message and times."""
    REOPEN = "reopen"
    """Commit the current question as opened again; the next live count shows it."""
    SHOW_COUNT = "show count"
    """Edit the live count of answers, in the background. Report Failed with the position if it fails."""
    CLOSE = "close"
    """Commit that the current question is closed, and show how it ended. Report Shown or Failed."""
    SHOW_AGAIN = "show again"
    """Show again how the current question ended, after a restart."""
    VOID_DELETED = "void deleted"
    """Commit that the current question is void, as its message was deleted."""
    REOPEN_THREAD = "reopen thread"
    """Try to reopen the thread; what follows shows whether it worked."""
    END = "end"
    """Commit the scores and the end of the round, and send the podium. Report PodiumSent or Failed."""
    FINISH = "finish"
    """Commit that the round is finished for good."""


class Click(NamedTuple):
    """An incoming answer: a button's `choice`, or a typed `text`; `at_ms` is by Discord's clock."""

    position: int
    user_id: int
    message_id: int | None
    at_ms: int
    choice: int | None = None
    text: str | None = None


class Why(StrEnum):
    """Why an answer does not count."""

    ALREADY = "already"
    LATE = "late"
    OVER = "over"
    NOT_YET = "not yet"


@dataclass(frozen=True, slots=True)
class Accept:
    """The answer counts: commit it, then tell its player. Report NotStored if that fails.

    Its player had `before` right answers in a row before it; if it is right too, they bring `bonus` points.
    """

    answer: Answer
    before: int = 0
    bonus: int = 0


@dataclass(frozen=True, slots=True)
class Decline:
    """Tell the player why the answer does not count; `first` is the answer that does."""

    why: Why
    first: Answer | None = None


Verdict = Accept | Decline
