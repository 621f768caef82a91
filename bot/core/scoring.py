"""What an answer is worth, and who stands where. Whole numbers only: no player meets a rounding of floats."""

from collections.abc import Sequence

from bot.core.content import Difficulty

BASE_POINTS = {Difficulty.EASY: 100, Difficulty.MEDIUM: 150, Difficulty.HARD: 200}
FULL_MARKS_MS = 500
"""An answer faster than this has all of its base: nobody can be told apart there but by their network."""
LONGEST_BONUS = 5
"""A right answer has a tenth of its base more for each one in a row before it, up to this many."""


def speed_points(
    base: int, took_ms: int, limit_ms: int | None, streak: int, *, reopened: bool, hinted: bool = False
) -> int:
    """Return the points of a right answer, rounded half up.

    `base × (1 − took / (2 × limit))`, and a tenth of the base for each of the `streak` right answers before
    it, up to five. `limit_ms` is None for an untimed question, which has its whole base at any speed. One
    that was reopened after a restart has half its base, at any speed: it could be looked up in the
    meantime. One that is answered after its hint, `hinted`, has half of all that; of the two, one alone.
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
    """Return the competition rank of each of `points`, which fall: equal points share a rank (1, 2, 2, 4)."""
    places: list[int] = []
    for index, value in enumerate(points):
        places.append(places[-1] if index and value == points[index - 1] else index + 1)
    return places


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
