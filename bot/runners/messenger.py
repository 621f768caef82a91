"""What a round needs from whatever shows it to people: the protocol that `bot.ui` implements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.core.rounds import Answer, Current, EndReason, Failure, RoundPlan
from bot.core.worth import Streak
from bot.storage.outcome import Outcome
from bot.storage.rounds import Standing


class MessageFailed(Exception):  # noqa: N818 (an event of a round, not a fault of the program)
    """A message could not be sent or edited; `cause` is what is known about why."""

    def __init__(self, failure: Failure, cause: object = "nothing more is known") -> None:
        super().__init__(f"{failure} ({cause})")
        self.failure = failure


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as it is asked; `closes_ms` is its deadline as known now, by Discord's clock.

    `most_points` is the most that an answer can earn. If `may_close_early`, the question ends before its
    deadline once everybody has answered. If `after_deleted`, the card says that the one before was deleted.
    `hint_ms` is the moment of its hint, by the same clock, None if it gets none.
    """

    round_id: int
    plan: RoundPlan
    current: Current
    closes_ms: int
    most_points: int
    may_close_early: bool = False
    after_deleted: bool = False
    hint_ms: int | None = None


@dataclass(frozen=True, slots=True)
class AnswerView:
    """How a question ended: every answer, the earliest first, and who leads the round.

    `streaks` are those of players who were right again. `next_ms` is when the next question or the podium
    comes, by Discord's clock, None if there is no pause before it or that is over; in it the card has the
    host's buttons. If `is_void`, the question counts for nobody.
    """

    round_id: int
    plan: RoundPlan
    current: Current
    answers: Sequence[Answer]
    leaders: Sequence[Standing]
    streaks: Sequence[Streak]
    next_ms: int | None = None
    is_void: bool = False


@dataclass(frozen=True, slots=True)
class PodiumView:
    """How a round ended: everybody with an answer that counts, best first, and what else came of it.

    `asked_count` is how many questions were asked, void ones too.
    """

    round_id: int
    plan: RoundPlan
    reason: EndReason
    standings: Sequence[Standing]
    asked_count: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Recap:
    """How a player stands after the question at `position`: their rank and all their points.

    `answer` is what they answered, None if they did not; `is_void` says that the question counts for nobody.
    """

    position: int
    rank: int
    points: int
    answer: Answer | None
    is_void: bool


class Messenger(Protocol):
    """Shows rounds in their channels. Whatever sends, edits or looks raises MessageFailed."""

    async def ask(self, view: QuestionView, nonce: str) -> int:
        """Send a question and return its message's id; within minutes, the same nonce sends nothing twice."""

    async def find_question(self, view: QuestionView) -> int | None:
        """Return the id of the question's message, None if it is not found in the channel."""

    async def show_question(self, view: QuestionView) -> None:
        """Edit an open question's message: its live count, its deadline."""

    async def show_answer(self, view: AnswerView) -> None:
        """Edit a closed question's message to show how it ended."""

    async def show_podium(self, view: PodiumView, nonce: str) -> int:
        """Send the end of a round and return its message's id."""

    async def find_podium(self, view: PodiumView) -> int | None:
        """Return the id of the podium's message, None if it is not found in the channel."""

    async def reopen_thread(self, channel_id: int) -> None:
        """Try to reopen a thread; the next message shows whether it worked."""

    def is_connected(self, guild_id: int) -> bool:
        """Return whether this server's events reach us now."""
