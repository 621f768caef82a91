"""What somebody missed in games comes again, spaced by FSRS, until they get it right twice in a row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from fsrs import Card, Rating, Scheduler, State

LATELY = timedelta(days=30)
"""Anything longer ago is forgotten."""
ENOUGH = 2
"""How often in a row it has to be right."""
AFTER_A_SLIP = timedelta(minutes=10)
SCHEDULER = Scheduler(learning_steps=(AFTER_A_SLIP,), relearning_steps=(AFTER_A_SLIP,), enable_fuzzing=False)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer in a game, at `moment`."""

    question: str
    correct: bool
    moment: datetime


@dataclass(frozen=True, slots=True)
class Memory:
    """How well somebody remembers a question that they missed; `times_right` is in a row since then.

    `state`, `stability` and `difficulty` are FSRS's. It was last answered at `reviewed`, and comes again at
    `due`.
    """

    times_right: int
    state: State
    stability: float
    difficulty: float
    reviewed: datetime
    due: datetime

    @property
    def is_learned(self) -> bool:
        """Whether it has been right often enough not to come again."""
        return self.times_right >= ENOUGH


def missed(before: Memory | None, moment: datetime) -> Memory:
    """Return what is remembered after a wrong answer in a game; it can be practised at once."""
    card = _review(before, Rating.Again, moment)
    return _memory(card, 0, moment, due=moment)


def practised(before: Memory | None, moment: datetime, *, right: bool) -> Memory | None:
    """Return what is remembered after an answer, or None for what was never missed.

    A right answer counts only once the question is due: just before that, its fact had been read.
    """
    if not right:
        card = _review(before, Rating.Again, moment)
        return _memory(card, 0, moment, due=card.due)
    if before is None or moment < before.due:
        return before
    card = _review(before, Rating.Good, moment)
    return _memory(card, before.times_right + 1, moment, due=card.due)


def recall(given: Iterable[Given], stored: Mapping[str, Memory]) -> dict[str, Memory]:
    """Return every missed question by its id, from what was stored and the games since then.

    `given` is in chronological order.
    """
    memories = dict(stored)
    for one in given:
        before = memories.get(one.question)
        if before is not None and one.moment <= before.reviewed:
            continue
        if not one.correct:
            memories[one.question] = missed(before, one.moment)
        elif (after := practised(before, one.moment, right=True)) is not None:
            memories[one.question] = after
    return memories


def due_at(memories: Mapping[str, Memory], moment: datetime) -> list[str]:
    """Return the questions that are due now, the one that has waited longest first."""
    waiting = [(one.due, id_) for id_, one in memories.items() if not one.is_learned and one.due <= moment]
    return [id_ for _, id_ in sorted(waiting)]


def _review(before: Memory | None, rating: Rating, moment: datetime) -> Card:
    # Every field is given: fsrs would take a clock's time for those that are left out, and sleep for the id.
    if before is None:
        card = Card(card_id=0, due=moment)
    else:
        card = Card(
            card_id=0,
            state=before.state,
            step=None if before.state is State.Review else 0,
            stability=before.stability,
            difficulty=before.difficulty,
            due=before.due,
            last_review=before.reviewed,
        )
    reviewed, _ = SCHEDULER.review_card(card, rating, moment)
    return reviewed


def _memory(card: Card, times_right: int, moment: datetime, *, due: datetime) -> Memory:
    assert card.stability is not None  # noqa: S101 (it was reviewed)
    assert card.difficulty is not None  # noqa: S101
    return Memory(times_right, card.state, card.stability, card.difficulty, moment, due)
