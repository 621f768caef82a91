"""One event at a time where Discord, the connection or the bot itself fails."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from bot.core.quiz import next_tick, step
from bot.core.quiz_moves import (
    AWAY_MS,
    COUNT_QUIET_MS,
    CUT_OFF_AFTER_MS,
    FIRST_RETRY_MS,
    LONGEST_HOLD_MS,
    MOST_DELETED,
    PAUSE_MS,
    REPLAY_MS,
)
from bot.core.round_events import Connection, Event, Failed, Order, Removed, Restarted, Tick
from bot.core.rounds import CloseReason, Current, EndReason, Failure, Phase, Round
from tests.core.quiz_steps import CLOSES, QUESTION, at, changed, closed
from tests.core.quiz_table import ASKED, OFFSET, START

VOID = changed(closed=CloseReason.DELETED, closed_ms=START + 4_000)


def test_a_card_tells_of_a_lost_connection_once_and_for_as_long_as_it_is_lost() -> None:
    lost_ms = START + 4_000
    lost, orders = step(at(Phase.OPEN), Connection(connected=False, at_ms=lost_ms))
    assert (lost, orders) == (at(Phase.OPEN, connected=False, connected_ms=lost_ms), ())
    moment = lost_ms + CUT_OFF_AFTER_MS
    assert next_tick(lost) == moment
    assert step(lost, Tick(moment - 1)) == (lost, ())
    told = lost._replace(current=changed(cut_off=True, counted_ms=moment))
    assert step(lost, Tick(moment)) == (told, (Order.SHOW_COUNT,))
    assert next_tick(told) == CLOSES + LONGEST_HOLD_MS
    back, orders = step(told, Connection(connected=True, at_ms=moment + 500))
    assert (back.current, orders, next_tick(back)) == (told.current, (), moment + 500)
    shown = back._replace(current=changed(counted_ms=moment + 500))
    assert step(back, Tick(moment + 500)) == (shown, (Order.SHOW_COUNT,))
    assert next_tick(shown) == CLOSES


def test_a_connection_lost_near_the_end_is_told_after_it_and_one_back_then_is_not() -> None:
    lost_ms = START + 20_000 - COUNT_QUIET_MS
    lost, _ = step(at(Phase.OPEN), Connection(connected=False, at_ms=lost_ms))
    assert next_tick(lost) == lost_ms + CUT_OFF_AFTER_MS
    told, orders = step(lost, Tick(lost_ms + CUT_OFF_AFTER_MS))
    assert orders == (Order.SHOW_COUNT,)
    back_ms = lost_ms + CUT_OFF_AFTER_MS + 1
    back, _ = step(told, Connection(connected=True, at_ms=back_ms))
    assert next_tick(back) == back_ms + REPLAY_MS, "the answer comes in its place"


def test_each_further_loss_is_the_same_one() -> None:
    lost = at(Phase.OPEN, connected=False, connected_ms=START)
    assert step(lost, Connection(connected=False, at_ms=START + 2_000)) == (lost, ())


@pytest.mark.parametrize(
    ("before", "after", "effects"),
    [
        (at(Phase.SENDING), at(Phase.SENDING, end_reason=EndReason.REMOVED), ()),
        (at(Phase.CLOSING, closed()), at(Phase.CLOSING, closed(), end_reason=EndReason.REMOVED), ()),
        (at(Phase.SHOWN, closed()), at(Phase.ENDING, closed(), end_reason=EndReason.REMOVED), (Order.END,)),
        (
            at(Phase.OPEN),
            at(Phase.ENDING, changed(closed=CloseReason.ENDED), end_reason=EndReason.REMOVED),
            (Order.END,),
        ),
        (
            at(Phase.CLOSING, closed(), retry_ms=START, failures=1, failing_since_ms=START),
            at(Phase.ENDING, closed(), end_reason=EndReason.REMOVED),
            (Order.END,),
        ),
    ],
)
def test_a_removal_ends_at_once_unless_something_is_under_way(
    before: Round, after: Round, effects: tuple[object, ...]
) -> None:
    assert step(before, Removed(CLOSES)) == (after, effects)


@pytest.mark.parametrize("failure", [failure for failure in Failure if failure is not Failure.OUTAGE])
def test_a_podium_that_cannot_be_shown_finishes_the_round(failure: Failure) -> None:
    ending = at(Phase.ENDING, closed(), end_reason=EndReason.COMPLETED)
    assert step(ending, Failed(failure, CLOSES)) == (ending._replace(phase=Phase.FINISHED), (Order.FINISH,))


@pytest.mark.parametrize(
    ("failures", "wait"),
    [
        (0, 5_000),
        (1, 10_000),
        (3, 40_000),
        (4, 60_000),
        (90, 60_000),
    ],
)
def test_each_wait_in_an_outage_is_twice_as_long_up_to_a_minute(failures: int, wait: int) -> None:
    sending = at(Phase.SENDING, failures=failures, failing_since_ms=START if failures else None)
    paused, effects = step(sending, Failed(Failure.OUTAGE, START + 1_000))
    since = START if failures else START + 1_000
    retry = START + 1_000 + wait
    assert paused == sending._replace(failures=failures + 1, failing_since_ms=since, retry_ms=retry)
    assert effects == ()
    assert step(paused, Tick(retry - 1)) == (paused, ())
    assert step(paused, Tick(retry)) == (paused._replace(retry_ms=None), (Order.SEND,))


@pytest.mark.parametrize(
    ("phase", "later", "effects"),
    [
        (Phase.SENDING, Phase.ENDING, (Order.END,)),
        (Phase.CLOSING, Phase.ENDING, (Order.END,)),
        (Phase.ENDING, Phase.FINISHED, (Order.FINISH,)),
    ],
)
def test_an_outage_ends_the_round_after_ten_minutes_to_the_millisecond(
    phase: Phase, later: Phase, effects: tuple[object, ...]
) -> None:
    failing = at(phase, closed(), failing_since_ms=START, failures=9)
    assert step(failing, Failed(Failure.OUTAGE, START + AWAY_MS - 1))[0].phase is phase
    over, done = step(failing, Failed(Failure.OUTAGE, START + AWAY_MS))
    assert (over.phase, done) == (later, effects)


def test_a_stopped_round_does_not_wait_for_an_outage_but_its_podium_does() -> None:
    stopped = at(Phase.CLOSING, closed(), end_reason=EndReason.STOPPED)
    over = stopped._replace(phase=Phase.ENDING)
    assert step(stopped, Failed(Failure.OUTAGE, CLOSES)) == (over, (Order.END,))
    paused, effects = step(over, Failed(Failure.OUTAGE, CLOSES))
    assert (paused.phase, paused.retry_ms, effects) == (Phase.ENDING, CLOSES + FIRST_RETRY_MS, ())


def test_a_closed_thread_is_reopened_and_the_message_sent_again() -> None:
    assert step(at(Phase.SENDING), Failed(Failure.ARCHIVED, START)) == (
        at(Phase.SENDING, thread_reopened=True),
        (Order.REOPEN_THREAD, Order.SEND),
    )


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        ({}, {"phase": Phase.DRAWING, "deleted": 1}, Order.DRAW),
        ({"deleted": 1}, {"phase": Phase.ENDING, "deleted": 2, "end_reason": EndReason.DELETED}, Order.END),
        (
            {"end_reason": EndReason.STOPPED},
            {"phase": Phase.ENDING, "deleted": 1, "end_reason": EndReason.STOPPED},
            Order.END,
        ),
    ],
)
@pytest.mark.parametrize("phase", [Phase.OPEN, Phase.CLOSING])
def test_a_deleted_question_is_void_from_then_on(
    before: dict[str, Any], after: dict[str, Any], effect: Order, phase: Phase
) -> None:
    question = QUESTION if phase is Phase.OPEN else closed()
    gone = Failed(Failure.MESSAGE_GONE, START + 4_000, position=1 if phase is Phase.OPEN else None)
    result, effects = step(at(phase, question, **before), gone)
    assert result == at(phase, VOID)._replace(**after)
    assert effects == (Order.VOID_DELETED, effect)


def test_a_skipped_question_that_is_deleted_stays_skipped() -> None:
    skipped = at(Phase.CLOSING, closed(CloseReason.SKIPPED), failures=1, failing_since_ms=START)
    assert step(skipped, Failed(Failure.MESSAGE_GONE, CLOSES)) == (
        at(Phase.DRAWING, closed(CloseReason.SKIPPED)),
        (Order.DRAW,),
    )


@pytest.mark.parametrize(
    ("stored", "since", "effects"),
    [
        (at(Phase.SHOWN, None, next_ms=START), START, (Order.DRAW,)),
        (at(Phase.SENDING), START, (Order.SEND,)),
        (at(Phase.OPEN), CLOSES, (Order.REOPEN,)),
        (at(Phase.SHOWN, closed()), CLOSES + PAUSE_MS, (Order.SHOW_AGAIN,)),
        (at(Phase.SHOWN, closed(CloseReason.DELETED)), CLOSES + PAUSE_MS, (Order.DRAW,)),
    ],
)
def test_a_round_goes_on_after_ten_minutes_away_and_not_after_more(
    stored: Round, since: int, effects: tuple[object, ...]
) -> None:
    assert step(stored, Restarted(since + AWAY_MS))[1] == effects
    ended, done = step(stored, Restarted(since + AWAY_MS + 1))
    assert (ended.phase, ended.end_reason, done) == (Phase.ENDING, EndReason.AWAY, (Order.END,))


def test_a_restart_while_a_question_is_sent_changes_nothing_but_sends_it_again() -> None:
    asked = at(Phase.SENDING, Current(1, ASKED, START))
    assert step(asked, Restarted(START + 1_000)) == (asked, (Order.SEND,))


def test_a_restart_during_the_end_sends_the_podium_again() -> None:
    ending = at(Phase.ENDING, closed(), end_reason=EndReason.COMPLETED)
    assert step(ending, Restarted(CLOSES)) == (ending, (Order.END,))


def test_a_restart_after_a_deleted_question_counts_it_once() -> None:
    void = closed(CloseReason.DELETED)
    assert step(at(Phase.SHOWN, void), Restarted(CLOSES)) == (
        at(Phase.DRAWING, void, deleted=1),
        (Order.DRAW,),
    )
    ended = at(Phase.ENDING, void, deleted=MOST_DELETED, end_reason=EndReason.DELETED)
    assert step(at(Phase.SHOWN, void, deleted=MOST_DELETED - 1), Restarted(CLOSES)) == (ended, (Order.END,))


@pytest.mark.parametrize("event", [Restarted, partial(Connection, connected=True, anew=True)])
def test_an_open_question_is_reopened_once_its_time_is_over(event: Callable[..., Event]) -> None:
    def lost(at_ms: int, question: Current = QUESTION) -> Round:
        if event is Restarted:
            return at(Phase.OPEN, question)
        return at(Phase.OPEN, question, connected=False, connected_ms=at_ms)

    over = START + 20_000
    seen = changed(shown_count=-1)
    assert step(lost(over - 1), event(at_ms=over - 1)) == (lost(over - 1, seen)._replace(connected=True), ())
    again = seen._replace(deadline_ms=over + OFFSET + 20_000, reopened=True)
    assert step(lost(over), event(at_ms=over)) == (
        lost(over, again)._replace(connected=True),
        (Order.REOPEN,),
    )


@pytest.mark.parametrize(
    ("before", "connection"),
    [
        (at(Phase.OPEN, connected=True), Connection(connected=True, at_ms=CLOSES, anew=True)),
        (at(Phase.OPEN, connected=False), Connection(connected=True, at_ms=CLOSES)),
        (
            at(Phase.OPEN, changed(reopened=True), connected=False),
            Connection(connected=True, at_ms=CLOSES, anew=True),
        ),
        (at(Phase.SHOWN, closed(), connected=False), Connection(connected=True, at_ms=CLOSES, anew=True)),
        (at(Phase.DRAWING, None, connected=False), Connection(connected=True, at_ms=CLOSES, anew=True)),
    ],
)
def test_what_lost_no_clicks_or_was_open_twice_is_not_reopened(before: Round, connection: Connection) -> None:
    after = before._replace(connected=connection.connected, connected_ms=CLOSES)
    assert step(before, connection) == (after, ())


def test_a_question_that_closes_without_a_connection_says_that_answers_may_be_missing() -> None:
    before = at(Phase.OPEN, connected=False)
    closes = CLOSES + LONGEST_HOLD_MS
    after, orders = step(before, Tick(closes))
    unheard = changed(closed=CloseReason.DEADLINE, closed_ms=closes, unheard=True)
    assert (after, orders) == (before._replace(phase=Phase.CLOSING, current=unheard), (Order.CLOSE,))
