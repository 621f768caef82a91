"""A question, and rounds at any point of it, for tests of one event at a time."""

from typing import Any

from bot.core.quiz_moves import (
    GRACE_MS,
)
from bot.core.rounds import Answer, CloseReason, Current, Phase, Round
from tests.core.quiz_table import ASKED, OFFSET, START, new_round

OPENED = START + OFFSET
QUESTION = Current(
    1,
    ASKED,
    START,
    message_id=5,
    opened_ms=OPENED,
    deadline_ms=OPENED + 20_000,
    offset_ms=OFFSET,
    counted_ms=START,
)
RIGHT = Answer(7, 0, OPENED + 10_000, 10_000, correct=True, points=75, streak=1)
CLOSES = START + 20_000 + GRACE_MS  # when nothing goes wrong, by our clock


def at(phase: Phase, question: Current | None = QUESTION, **changes: Any) -> Round:
    return new_round()._replace(phase=phase, current=question, **changes)


def changed(**changes: Any) -> Current:
    return QUESTION._replace(**changes)


def closed(reason: CloseReason = CloseReason.DEADLINE, **changes: Any) -> Current:
    return changed(closed=reason, closed_ms=CLOSES, **changes)


def answered(**changes: Any) -> Current:
    return changed(answers={7: RIGHT}, **changes)
