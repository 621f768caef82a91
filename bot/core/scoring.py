"""What an answer is worth, and how players rank. Whole numbers only: no player meets a rounded float."""

from collections.abc import Sequence

from bot.core.content import Difficulty

BASE_POINTS = {Difficulty.EASY: 100, Difficulty.MEDIUM: 150, Difficulty.HARD: 200}
FULL_MARKS_MS = 500
"""An answer faster than this earns its whole base: below it, only people's networks differ."""
LONGEST_BONUS = 5
"""A right answer earns a tenth of its base more for each one in a row before it, up to this many."""


def speed_points(
    base: int, took_ms: int, limit_ms: int | None, streak: int, *, reopened: bool, hinted: bool = False
) -> int:
    """Return the points of a right answer, rounded half up.

    `base × (1 − took / (2 × limit))`, and a tenth of the base for each of the `streak` right answers before
    it, up to five. An untimed question (`limit_ms` is None) earns its whole base at any speed. One that was
    reopened after a restart earns half its base at any speed, as it could be looked up in the meantime. One
    answered after its hint, `hinted`, earns half of all that; a question is never halved twice.
    """
    tenths = 10 + min(streak, LONGEST_BONUS)
    if reopened:
        return _half_up(base * tenths, 20)
    share = 2 if hinted else 1
    if limit_ms is None or took_ms < FULL_MARKS_MS:
        return _half_up(base * tenths, 10 * share)
    lost = 10 * min(took_ms, limit_ms)
    return _half_up(base * (2 * limit_ms * tenths - lost), 20 * limit_ms * share)


def ranks(points: Sequence[object]) -> list[int]:
    """Return the competition rank of each of the descending `points`: equal points share one (1, 2, 2, 4)."""
    found: list[int] = []
    for index, value in enumerate(points):
        found.append(found[-1] if index and value == points[index - 1] else index + 1)
    return found


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
