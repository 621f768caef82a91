"""What answers to a round's current question are worth, and how much of that is for a streak."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.quiz_moves import hint_after_ms, limit_ms
from bot.core.rounds import Answer, Current, Round
from bot.core.scoring import speed_points

SHORTEST_STREAK = 2


@dataclass(frozen=True, slots=True)
class Streak:
    """A player's right answers in a row, including the last one, and how many of its points are for that."""

    user_id: int
    length: int
    bonus: int


def points(round_: Round, current: Current, took_ms: int, before: int) -> int:
    """Return the points of a right answer now, after this many right ones in a row `before` it."""
    if round_.plan.scoring == "plain":
        return 1
    limit = None if round_.plan.seconds is None else limit_ms(round_)
    hint = hint_after_ms(round_)
    # By the ids, like all times: whether the card had its hint by then does not matter.
    hinted = hint is not None and took_ms >= hint
    return speed_points(current.asked.base, took_ms, limit, before, reopened=current.reopened, hinted=hinted)


def most_points(round_: Round, current: Current) -> int:
    """Return the most that an answer can earn: given at once, by whoever has the longest streak."""
    soonest = (hint_after_ms(round_) or 0) if current.hinted else 0
    return points(round_, current, soonest, max(round_.streaks.values(), default=0))


def bonus(round_: Round, current: Current, took_ms: int, before: int) -> int:
    """Return how many of a right answer's points are for those in a row `before` it."""
    if not before:
        return 0
    return points(round_, current, took_ms, before) - points(round_, current, took_ms, 0)


def streaks(round_: Round, current: Current, answers: Iterable[Answer]) -> list[Streak]:
    """Return the streaks that these answers to a question start or continue, the longest first."""
    over_ms = current.opened_ms + limit_ms(round_)
    made = []
    for answer in answers:
        if answer.streak >= SHORTEST_STREAK:
            # What came before it was reopened has all of its points.
            asked = current._replace(reopened=current.reopened and answer.answered_ms > over_ms)
            worth = bonus(round_, asked, answer.took_ms, answer.streak - 1)
            made.append(Streak(answer.user_id, answer.streak, worth))
    return sorted(made, key=lambda streak: (-streak.length, streak.user_id))
