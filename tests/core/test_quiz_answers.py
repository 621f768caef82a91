"""Which answers count, and what they are worth."""

from dataclasses import replace

from bot.core.quiz_moves import GRACE_MS
from bot.core.round_events import Accept, CommitOpen, Decline, NotStored, Sent, Why
from bot.core.rounds import Action, Current, Phase, Round
from tests.core.quiz_table import ASKED, OFFSET, START, Table, click, playing, shown


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
    table = Table(replace(Round(1, 3, 20), phase=Phase.SENDING, current=Current(1, ASKED, START)))
    assert table.take(click(1, 7, START)) == Decline(Why.NOT_YET)
    assert table.give(Sent(1, 5, START, OFFSET)) == (CommitOpen(),)
    assert isinstance(table.answer(7), Accept)
    assert table.give(Sent(1, 5, START, 9_999)) == ()


def test_an_answer_that_could_not_be_stored_may_be_given_again() -> None:
    table = playing()
    table.answer(7)
    del table.stored[1, 7]
    table.give(NotStored(1, 7))
    assert isinstance(table.answer(7), Accept)
