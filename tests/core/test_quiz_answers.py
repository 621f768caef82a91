"""Which answers count, and what they are worth."""

import pytest

from bot.core.quiz import next_tick
from bot.core.quiz_moves import GRACE_MS
from bot.core.round_events import Accept, Click, Decline, NotStored, Order, Sent, Verdict, Why
from bot.core.rounds import Action, Current, Phase
from tests.core.quiz_table import ASKED, OFFSET, START, Table, click, new_round, playing, shown


def test_the_first_click_counts_and_the_last_in_time_is_in_time() -> None:
    table = playing()
    assert isinstance(table.answer(7, correct=False), Accept)
    again = table.answer(7, correct=True)
    assert isinstance(again, Decline)
    assert (again.why, again.first and again.first.correct) == (Why.ALREADY, False)
    assert isinstance(table.answer(8, after=20_000), Accept)
    assert table.answer(9, after=20_001) == Decline(Why.LATE)
    assert table.answer(10, position=2) == Decline(Why.NOT_YET)
    shown(table)
    assert table.answer(11, after=3_000) == Decline(Why.OVER)


def test_a_click_made_in_time_counts_while_it_is_on_its_way() -> None:
    table = playing()
    current = table.round.current
    assert current is not None
    deadline_by_our_clock = current.deadline_ms - OFFSET
    table.later(deadline_by_our_clock + GRACE_MS - 1 - table.now)
    assert table.phase() is Phase.OPEN
    assert isinstance(table.answer(7, after=19_999), Accept)
    table.later(1)
    assert table.phase() is Phase.SHOWN


def test_streaks_break_at_a_wrong_or_missing_answer_but_not_at_a_void_question() -> None:
    table = playing(questions=5)
    for user in (1, 2, 3):
        table.answer(user)
    shown(table).wait()
    table.answer(1)
    table.answer(2, correct=False)
    shown(table).wait()
    table.answer(1)
    table.control(Action.SKIP)
    assert table.round.position == 4
    for user in (1, 2, 3):
        table.answer(user)
    last = {user: table.stored[4, user].streak for user in (1, 2, 3)}
    assert last == {1: 3, 2: 1, 3: 1}
    assert table.stored[3, 1].points == 0


def test_plain_scoring_gives_one_point() -> None:
    table = playing(plain=True)
    table.answer(1)
    shown(table).wait()
    table.answer(1)
    assert [answer.points for answer in table.stored.values()] == [1, 1]


def test_a_click_can_tell_of_the_message() -> None:
    table = Table(new_round()._replace(phase=Phase.SENDING, current=Current(1, ASKED, START)))
    assert table.take(click(1, 7, START)) == Decline(Why.NOT_YET)
    assert table.give(Sent(1, 5, START, OFFSET)) == (Order.COMMIT_OPEN,)
    assert isinstance(table.answer(7), Accept)
    assert table.give(Sent(1, 5, START, 9_999)) == ()


def test_an_answer_that_could_not_be_stored_may_be_given_again() -> None:
    table = playing()
    table.answer(7)
    del table.stored[1, 7]
    table.give(NotStored(1, 7))
    assert isinstance(table.answer(7), Accept)


def typed_click(table: Table, user: int, text: str, after: int) -> Click:
    current = table.current
    return Click(1, user, message_id=5, at_ms=current.opened_ms + after, text=text)


def is_hinted(table: Table) -> bool:
    """Return whether the card has its hint; as an attribute, mypy would take it for the same after a call."""
    return table.current.hinted


def points_of(verdict: Verdict) -> int:
    assert isinstance(verdict, Accept)
    return verdict.answer.points


def test_a_typed_question_has_its_hint_at_half_its_time_and_costs_half_from_then_on() -> None:
    table = playing(typed=True)
    half = table.current.opened_ms - OFFSET + 10_000
    assert next_tick(table.round) == half
    table.later(half - 1 - table.now)
    assert not is_hinted(table)
    # By the ids alone: the one was made before the hint, the other at its moment, whatever the card shows.
    assert points_of(table.take(typed_click(table, 7, "On a ramp", 9_999))) == 75
    assert points_of(table.take(typed_click(table, 8, "On a ramp", 10_000))) == 38
    table.later(1)
    assert is_hinted(table)
    assert table.done[-1] is Order.SHOW_COUNT
    assert points_of(table.take(typed_click(table, 9, "On a ramp", 20_000))) == 25


@pytest.mark.parametrize(("typed", "seconds"), [(False, 20), (True, None)])
def test_other_questions_have_no_hint(typed: bool, seconds: int | None) -> None:
    table = playing(typed=typed, seconds=seconds)
    current = table.current
    table.later(15_000)
    assert not is_hinted(table)
    assert table.phase() is Phase.OPEN
    late = Click(1, 7, message_id=5, at_ms=current.opened_ms + 15_000, choice=0)
    assert points_of(table.take(late)) == (100 if table.round.plan.seconds is None else 63)


def test_a_hint_costs_nothing_where_a_right_answer_is_one_point() -> None:
    table = playing(typed=True, plain=True)
    assert points_of(table.take(typed_click(table, 7, "On a ramp", 15_000))) == 1


def test_a_reopened_typed_question_shows_its_hint_and_is_worth_half_not_a_quarter() -> None:
    table = playing(typed=True)
    table.restart(60_000)
    assert table.current.reopened
    table.wait()
    assert is_hinted(table)
    after = table.now + OFFSET - table.current.opened_ms
    assert points_of(table.take(typed_click(table, 7, "On a ramp", after))) == 50


def test_wrong_guesses_are_kept_until_the_next_question_and_no_longer() -> None:
    table = playing(typed=True)
    for user, text in ((7, "On a roof"), (8, "On a ramp"), (9, "Nowhere")):
        table.take(typed_click(table, user, text, 1_000))
    assert table.current.guesses == {7: "On a roof", 9: "Nowhere"}
    del table.stored[1, 9]
    table.give(NotStored(1, 9))
    assert table.current.guesses == {7: "On a roof"}
    shown(table)
    assert table.current.guesses == {7: "On a roof"}
    table.wait()
    assert table.current.guesses == {}


def test_no_button_is_a_guess() -> None:
    table = playing()
    table.answer(7, correct=False)
    assert table.current.guesses == {}
