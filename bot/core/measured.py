"""What people's answers say about a question: how hard it is, and whether something is wrong with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import StatisticsError, correlation

from bot.core.content import Difficulty

FEWEST_ANSWERS = 50
"""From this many answers on, they say more than the author's label."""
EASY_FROM, HARD_BELOW = 0.6, 0.3
"""By the share of those who do not guess: a question is easy from the one on, and hard below the other."""
SURE = 1.64
"""In standard errors: by chance alone a good question would be marked in one case in twenty."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known about a question; typed answers are kept apart, as they are also about spelling.

    `tells` is how well it tells good players from others: how being right correlates with a player's share of
    right answers to other questions, from -1 to 1. It and `median_ms` are None if there are too few answers.
    """

    question: str
    label: Difficulty
    is_statement: bool
    asked: int = 0
    answered: int = 0
    correct: int = 0
    typed: int = 0
    typed_correct: int = 0
    median_ms: int | None = None
    tells: float | None = None
    reports: int = 0


def measured_difficulty(answered: int, correct: int, *, is_statement: bool) -> Difficulty | None:
    """Return how hard a question has proved to be, or None if it has too few answers."""
    if answered < FEWEST_ANSWERS:
        return None
    return _level(correct / answered, _chance(is_statement=is_statement))


def tells_apart(right: Sequence[bool], skill: Sequence[float]) -> float | None:
    """Return how being right correlates with the players' skill, from -1 to 1; None if nothing varies."""
    try:
        return correlation([float(one) for one in right], skill)
    except StatisticsError:
        return None


def remarks(record: Record) -> Iterator[str]:
    """Say what contradicts a question's label or its answer, if there are enough answers to tell."""
    if record.answered < FEWEST_ANSWERS:
        return
    share, chance = record.correct / record.answered, _chance(is_statement=record.is_statement)
    error = sqrt(share * (1 - share) / record.answered)
    if share < chance:
        yield "right less often than by guessing: is the answer wrong, or another option right as well?"
    if record.tells is not None and record.tells * sqrt(record.answered) < -SURE:
        yield "better players are wrong more often: is the answer disputed?"
    level = _level(share, chance)
    if record.label not in {level, _level(share - error, chance), _level(share + error, chance)}:
        yield f"labelled {record.label}, but it is {level}"


def _chance(*, is_statement: bool) -> float:
    """Return the share that would be right if everybody guessed."""
    return 1 / 2 if is_statement else 1 / 4


def _level(share: float, chance: float) -> Difficulty:
    known = (share - chance) / (1 - chance)
    if known >= EASY_FROM:
        return Difficulty.EASY
    return Difficulty.HARD if known < HARD_BELOW else Difficulty.MEDIUM
