"""What is said of an answer's points is what it brings."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.quiz_moves import GRACE_MS
from bot.core.round_events import Accept
from bot.core.rounds import Action, Answer
from bot.core.worth import Streak, bonus, most_points, points, streaks
from tests.core.quiz_table import Table, playing, shown


def most(table: Table) -> int:
    assert table.round.current is not None
    return most_points(table.round, table.round.current)


def streaks_now(table: Table) -> list[Streak]:
    assert table.round.current is not None
    return streaks(table.round, table.round.current, table.round.current.answers.values())


def test_the_most_grows_with_the_longest_streak() -> None:
    table = playing(questions=8)
    said = [most(table)]
    for _ in range(7):
        table.answer(7, after=0)
        table.answer(8, after=0, correct=table.round.position != 2)
        shown(table).wait()
        said.append(most(table))
    assert said == [100, 110, 120, 130, 140, 150, 150, 150]
    assert [table.stored[position, 7].points for position in range(1, 8)] == said[:7]


def test_a_skipped_question_adds_nothing_to_a_streak_and_ends_none() -> None:
    table = playing(questions=4)
    table.answer(7)
    shown(table).wait()
    table.answer(7)
    table.control(Action.SKIP)
    assert (table.round.position, most(table)) == (3, 110)


def test_where_nobody_was_right_the_most_is_the_base() -> None:
    table = playing()
    table.answer(7)
    shown(table).wait()
    table.answer(7, correct=False)
    shown(table).wait()
    assert most(table) == 100


def test_a_streak_is_told_from_two_on_with_what_it_brought() -> None:
    table = playing(questions=4)
    verdicts = []
    for _ in range(3):
        verdicts.append(table.answer(7, after=0))
        table.answer(8, after=9_000, correct=table.round.position != 1)
        told = streaks_now(table)
        last = {user: table.stored[table.round.position, user].points for user in (7, 8)}
        shown(table).wait()
    assert [(said.before, said.bonus) for said in verdicts if isinstance(said, Accept)] == [
        (0, 0),
        (1, 10),
        (2, 20),
    ]
    assert told == [Streak(7, 3, 20), Streak(8, 2, 10)]
    assert last == {7: 120, 8: 78 + 10}


def test_a_streak_in_a_reopened_question_brings_half_to_whoever_answered_then() -> None:
    table = playing(questions=3)
    table.answer(7)
    table.answer(8)
    shown(table).wait()
    table.answer(7, after=0)
    table.restart(60_000)
    assert most(table) == 55
    table.answer(8, after=65_000)
    assert streaks_now(table) == [Streak(7, 2, 10), Streak(8, 2, 5)]
    assert [table.stored[2, user].points for user in (7, 8)] == [110, 55]
    table.later(20_000 + GRACE_MS)


def test_the_most_is_halved_once_the_card_has_its_hint() -> None:
    table = playing(seconds=20, typed=True)
    assert table.round.current is not None
    assert most(table) == 100
    hinted = table.round.current._replace(hinted=True)
    assert most_points(table.round, hinted) == 38, "half of what ten seconds leave"


def test_what_was_answered_in_the_last_moment_before_a_reopening_has_its_whole_bonus() -> None:
    table = playing()
    assert table.round.current is not None
    current = table.round.current._replace(reopened=True)
    last_ms = current.opened_ms + 20_000
    told = [
        streaks(table.round, current, [Answer(7, 0, at_ms, 20_000, correct=True, points=1, streak=2)])
        for at_ms in (last_ms, last_ms + 1)
    ]
    assert [one.bonus for [one] in told] == [10, 5]


def test_plain_points_have_no_bonus() -> None:
    table = playing(plain=True)
    table.answer(7)
    shown(table).wait()
    assert table.answer(7) == Accept(table.stored[2, 7], 1, 0)
    assert (streaks_now(table), most(table)) == ([Streak(7, 2, 0)], 1)


@pytest.mark.parametrize("seconds", [20, None])
@given(st.sampled_from([100, 150, 200]), st.integers(0, 20_000), st.integers(0, 30), st.booleans())
def test_without_its_bonus_an_answer_brings_what_it_would_have_brought_alone(
    seconds: int | None, base: int, took: int, before: int, reopened: bool
) -> None:
    table = playing(seconds=seconds)
    assert table.round.current is not None
    asked = replace(table.round.current.asked, base=base)
    current = table.round.current._replace(asked=asked, reopened=reopened)
    alone = points(table.round, current, took, 0)
    assert points(table.round, current, took, before) == alone + bonus(table.round, current, took, before)
