"""Deleted messages, lost rights, closed threads, outages and lost connections."""

import pytest

from bot.core.quiz_moves import GRACE_MS, LONGEST_HOLD_MS, REPLAY_MS
from bot.core.round_events import Accept, Connection, Failed, Order
from bot.core.rounds import Action, CloseReason, EndReason, Failure, Phase
from tests.core.quiz_table import playing, shown


def test_one_deleted_question_is_void_and_two_in_a_row_end_the_round() -> None:
    table = playing(questions=10)
    table.answer(7)
    table.give(Failed(Failure.MESSAGE_GONE, table.now, position=1))
    table.act()
    assert (table.round.position, table.round.deleted) == (2, 1)
    assert table.stored[1, 7].points == 0
    table.answer(7)
    table.fails = [Failure.MESSAGE_GONE]
    shown(table)
    assert table.round.end_reason is EndReason.DELETED
    assert set(table.closed.values()) == {CloseReason.DELETED}


def test_a_deletion_that_is_not_the_second_in_a_row_does_not_end_the_round() -> None:
    table = playing(questions=10)
    table.give(Failed(Failure.MESSAGE_GONE, table.now, position=1))
    table.act()
    shown(table).wait()
    table.give(Failed(Failure.MESSAGE_GONE, table.now, position=3))
    table.act()
    assert (table.phase(), table.round.position) == (Phase.OPEN, 4)


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (Failure.FORBIDDEN, EndReason.NO_ACCESS),
        (Failure.CHANNEL_GONE, EndReason.CHANNEL_GONE),
        (Failure.REJECTED, EndReason.FAULT),
    ],
)
@pytest.mark.parametrize("moment", ["send", "close"])
def test_a_failure_that_stays_ends_the_round(failure: Failure, reason: EndReason, moment: str) -> None:
    table = playing(questions=10)
    table.answer(7, after=0)
    if moment == "send":
        shown(table)
    table.fails = [failure]
    while table.fails:
        table.wait()
    assert (table.phase(), table.round.end_reason) == (Phase.FINISHED, reason)
    assert table.stored[1, 7].points == 100


@pytest.mark.parametrize(
    ("failure", "reason"),
    [(Failure.FORBIDDEN, EndReason.NO_ACCESS), (Failure.CHANNEL_GONE, EndReason.CHANNEL_GONE)],
)
def test_a_live_count_notices_that_nothing_can_be_shown_any_more(failure: Failure, reason: EndReason) -> None:
    table = playing(questions=10)
    table.answer(7, after=0)
    table.give(Failed(failure, table.now, position=1))
    table.act()
    assert (table.phase(), table.round.end_reason) == (Phase.FINISHED, reason)
    assert table.stored[1, 7].points == 100


@pytest.mark.parametrize("failure", [Failure.REJECTED, Failure.OUTAGE])
def test_a_live_count_that_was_not_shown_does_no_harm(failure: Failure) -> None:
    table = playing()
    before = table.round
    assert table.give(Failed(failure, table.now, position=1)) == ()
    assert table.round == before


def test_a_closed_thread_is_reopened_once() -> None:
    table = playing(questions=10)
    table.answer(7)
    table.fails = [Failure.ARCHIVED]
    shown(table)
    assert table.phase() is Phase.SHOWN
    assert sum(effect is Order.REOPEN_THREAD for effect in table.done) == 1
    table.fails = [Failure.ARCHIVED]
    table.wait()
    assert table.round.end_reason is EndReason.THREAD_CLOSED


def test_an_outage_pauses_and_the_round_goes_on() -> None:
    table = playing()
    shown(table)
    table.fails = [Failure.OUTAGE] * 3
    table.wait()
    assert table.phase() is Phase.SENDING
    before = table.now
    while table.phase() is Phase.SENDING:
        table.wait()
    assert (table.phase(), table.now - before) == (Phase.OPEN, 35_000)
    assert table.round.failing_since_ms is None


def test_an_outage_of_ten_minutes_ends_the_round() -> None:
    table = playing()
    table.answer(7)
    table.fails = [Failure.OUTAGE] * 100
    assert table.to_end() is EndReason.OUTAGE
    assert table.stored[1, 7].points > 0


def test_a_stop_does_not_wait_for_an_outage_to_end() -> None:
    table = playing()
    shown(table)
    table.fails = [Failure.OUTAGE]
    table.wait()
    table.control(Action.STOP)
    assert (table.phase(), table.round.end_reason) == (Phase.FINISHED, EndReason.STOPPED)


def test_no_question_closes_without_a_connection_for_a_minute() -> None:
    table = playing()
    table.give(Connection(connected=False, at_ms=table.now))
    table.later(20_000 + GRACE_MS + LONGEST_HOLD_MS - 1)
    assert table.phase() is Phase.OPEN
    assert isinstance(table.answer(7, after=20_000), Accept)
    table.later(1)
    assert table.phase() is Phase.SHOWN


def test_after_the_connection_is_back_its_clicks_are_waited_for() -> None:
    table = playing()
    table.give(Connection(connected=False, at_ms=table.now))
    table.later(30_000)
    table.give(Connection(connected=True, at_ms=table.now))
    table.later(REPLAY_MS - 1)
    assert table.phase() is Phase.OPEN
    assert isinstance(table.answer(7, after=19_000), Accept)
    table.later(1)
    assert table.phase() is Phase.SHOWN
