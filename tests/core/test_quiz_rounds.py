"""A round from its first question to its podium, when nothing is in its way."""

from itertools import pairwise

from bot.core.quiz_moves import (
    AWAY_MS,
    COUNT_EVERY_MS,
    COUNT_QUIET_MS,
    GRACE_MS,
    LEAD_IN_MS,
    LONGEST_HOLD_MS,
    PAUSE_MS,
    REPLAY_MS,
    UNTIMED_LIMIT_MS,
)
from bot.core.round_events import Accept, Order
from bot.core.rounds import CloseReason, EndReason, Phase
from tests.core.quiz_table import OFFSET, playing, shown


def test_the_numbers_are_those_that_people_are_told() -> None:
    assert (AWAY_MS, COUNT_EVERY_MS, GRACE_MS, LEAD_IN_MS) == (600_000, 2_500, 1_500, 3_000)
    assert (LONGEST_HOLD_MS, PAUSE_MS, REPLAY_MS, UNTIMED_LIMIT_MS) == (60_000, 10_000, 2_000, 900_000)


def test_a_round_from_start_to_podium() -> None:
    table = playing(questions=2)
    assert isinstance(table.answer(7, after=499), Accept)
    assert isinstance(table.answer(8, after=10_000, correct=False), Accept)
    shown(table)
    assert table.closed == {1: CloseReason.DEADLINE}
    table.wait()
    assert table.round.position == 2
    table.answer(7, after=20_000)
    assert table.to_end() is EndReason.COMPLETED
    assert {key: answer.points for key, answer in table.stored.items()} == {
        (1, 7): 100,
        (1, 8): 0,
        (2, 7): 60,
    }
    assert [effect for effect in table.done if effect is not Order.SHOW_COUNT] == [
        *[Order.DRAW, Order.SEND, Order.COMMIT_OPEN, Order.CLOSE] * 2,
        Order.END,
        Order.FINISH,
    ]


def test_the_count_is_edited_at_most_every_two_and_a_half_seconds_and_never_near_the_end() -> None:
    table = playing()
    current = table.round.current
    assert current is not None
    edits = []
    tick = 100
    while table.phase() is Phase.OPEN:
        table.answer(len(table.stored) + 1)
        before = len(table.done)
        table.later(tick)
        edits += [table.now for effect in table.done[before:] if effect is Order.SHOW_COUNT]
    gaps = [after - before for before, after in pairwise(edits)]
    assert min(gaps) >= COUNT_EVERY_MS
    assert max(edits) < current.deadline_ms - OFFSET - COUNT_QUIET_MS + tick


def test_three_questions_without_an_answer_end_the_round() -> None:
    table = playing(questions=10)
    assert table.to_end() is EndReason.UNANSWERED
    assert sorted(table.closed) == [1, 2, 3]


def test_a_round_ends_when_no_question_is_left() -> None:
    table = playing(questions=10)
    table.left = 1
    assert table.to_end() is EndReason.NO_QUESTIONS
    assert table.round.position == 2
