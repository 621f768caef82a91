"""One event at a time: the whole round and the effects that come of it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from bot.core.quiz import judge, next_tick, step, why_not
from bot.core.quiz_moves import (
    AWAY_MS,
    COUNT_EVERY_MS,
    COUNT_QUIET_MS,
    CUT_OFF_AFTER_MS,
    FIRST_RETRY_MS,
    GRACE_MS,
    LAST_PAUSE_MS,
    LEAD_IN_MS,
    LONGEST_HOLD_MS,
    PAUSE_MS,
    REPLAY_MS,
)
from bot.core.round_events import (
    Accept,
    Begun,
    Click,
    Close,
    CommitOpen,
    Compared,
    Connection,
    Controlled,
    Decline,
    Draw,
    Drawn,
    End,
    Event,
    Failed,
    Finish,
    NotStored,
    Removed,
    Reopen,
    ReopenThread,
    Restarted,
    Send,
    Sent,
    ShowAgain,
    ShowCount,
    Shown,
    Tick,
    VoidDeleted,
    Why,
)
from bot.core.rounds import Action, Answer, CloseReason, Current, EndReason, Failure, Phase, Round
from tests.core.quiz_table import ASKED, OFFSET, START, click

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
    return replace(Round(1, 3, 20), phase=phase, current=question, **changes)


def changed(**changes: Any) -> Current:
    return replace(QUESTION, **changes)


def closed(reason: CloseReason = CloseReason.DEADLINE, **changes: Any) -> Current:
    return changed(closed=reason, closed_ms=CLOSES, **changes)


def answered(**changes: Any) -> Current:
    return changed(answers={7: RIGHT}, **changes)


@pytest.mark.parametrize(
    ("before", "event"),
    [
        (at(Phase.OPEN), Begun(START)),
        (at(Phase.DRAWING), Begun(START)),
        (at(Phase.DRAWING, None, next_ms=START), Begun(START)),
        (at(Phase.OPEN, answered()), NotStored(2, 7)),
        (at(Phase.OPEN), Compared(OFFSET)),
        (at(Phase.OPEN), Compared(OFFSET - 1)),
        (at(Phase.DRAWING, None), Compared(OFFSET)),
        (at(Phase.SHOWN, None), NotStored(1, 7)),
        (at(Phase.OPEN), Failed(Failure.FORBIDDEN, START)),
        (at(Phase.SHOWN, closed()), Failed(Failure.CHANNEL_GONE, START)),
        (at(Phase.SENDING, retry_ms=START), Failed(Failure.FORBIDDEN, START)),
        (at(Phase.ENDING), Controlled(Action.STOP, 1, START)),
        (at(Phase.FINISHED), Removed(START)),
        (at(Phase.FINISHED), Restarted(START)),
    ],
)
def test_an_event_that_means_nothing_now_changes_nothing(before: Round, event: Event) -> None:
    assert step(before, event) == (before, ())


def test_the_first_question_comes_after_the_lead_in() -> None:
    begun, effects = step(Round(1, 3, 20), Begun(START))
    assert (begun, effects) == (at(Phase.SHOWN, None, next_ms=START + LEAD_IN_MS), ())
    assert next_tick(begun) == START + LEAD_IN_MS


def test_a_drawn_question_is_sent() -> None:
    drawn = Current(1, ASKED, START)
    assert step(at(Phase.DRAWING, None), Drawn(drawn)) == (at(Phase.SENDING, drawn), (Send(),))


@pytest.mark.parametrize(
    ("drawn", "kept"),
    [
        (Current(2, ASKED, CLOSES), Current(2, ASKED, CLOSES, closed=CloseReason.ENDED)),
        (None, closed()),
    ],
)
def test_a_question_drawn_for_a_round_that_was_stopped_is_kept_as_ended(
    drawn: Current | None, kept: Current
) -> None:
    stopped = at(Phase.DRAWING, closed(), end_reason=EndReason.STOPPED)
    assert step(stopped, Drawn(drawn)) == (replace(stopped, phase=Phase.ENDING, current=kept), (End(),))


def test_what_is_known_of_discords_clock_goes_on_to_the_next_question() -> None:
    drawn = Current(2, ASKED, CLOSES, offset_ms=99)
    sending = at(Phase.SENDING, replace(drawn, offset_ms=OFFSET))
    assert step(at(Phase.DRAWING, closed()), Drawn(drawn)) == (sending, (Send(),))


def test_a_question_closes_by_the_id_that_came_fastest() -> None:
    compared, orders = step(at(Phase.OPEN), Compared(OFFSET + 40))
    assert (compared, orders) == (at(Phase.OPEN, changed(offset_ms=OFFSET + 40)), ())
    assert next_tick(compared) == CLOSES - 40


def test_a_sent_question_is_open_from_when_discord_says() -> None:
    asked = at(Phase.SENDING, Current(1, ASKED, START), failures=2, failing_since_ms=START)
    assert step(asked, Sent(1, 5, OPENED, OFFSET)) == (at(Phase.OPEN), (CommitOpen(),))


def test_a_question_sent_after_the_stop_is_skipped_at_once() -> None:
    stopped = at(Phase.SENDING, Current(1, ASKED, START), end_reason=EndReason.STOPPED)
    skipped = changed(closed=CloseReason.SKIPPED, closed_ms=START)
    assert step(stopped, Sent(1, 5, OPENED, OFFSET)) == (
        replace(stopped, phase=Phase.CLOSING, current=skipped),
        (CommitOpen(), Close()),
    )


@pytest.mark.parametrize(
    ("after", "took", "points"), [(10_000, 10_000, 75), (-40, 0, 100), (0, 0, 100), (20_000, 20_000, 50)]
)
def test_an_answer_is_kept_whole(after: int, took: int, points: int) -> None:
    answer = Answer(7, 0, OPENED + after, took, correct=True, points=points, streak=1)
    assert judge(at(Phase.OPEN), click(1, 7, OPENED + after)) == (
        at(Phase.OPEN, changed(answers={7: answer})),
        Accept(answer),
    )


def test_an_answer_is_right_by_its_button_or_by_its_words() -> None:
    for choice, text, correct in (
        (0, None, True),
        (1, None, False),
        (None, "the ramp", True),
        (None, "the roof", False),
        (None, "on a RAMP", True),
        (None, "On a roof", False),
    ):
        _, verdict = judge(at(Phase.OPEN), Click(1, 1, 7, 9, 5, OPENED, choice, text))
        assert isinstance(verdict, Accept)
        assert (verdict.answer.choice, verdict.answer.correct) == (choice, correct)
        assert (verdict.answer.points > 0, verdict.answer.streak) == (correct, int(correct))


def test_an_answer_to_a_reopened_question_took_its_whole_time_at_most() -> None:
    again = changed(reopened=True, deadline_ms=OPENED + 90_000)
    for after, took in ((5_000, 5_000), (80_000, 20_000)):
        _, verdict = judge(at(Phase.OPEN, again), click(1, 7, OPENED + after))
        assert verdict == Accept(Answer(7, 0, OPENED + after, took, correct=True, points=50, streak=1))


def test_an_untimed_answer_is_worth_the_whole_base_however_long_it_took() -> None:
    untimed = at(Phase.OPEN, changed(deadline_ms=OPENED + 900_000), seconds=None)
    _, verdict = judge(untimed, click(1, 7, OPENED + 800_000))
    assert verdict == Accept(Answer(7, 0, OPENED + 800_000, 800_000, correct=True, points=100, streak=1))


@pytest.mark.parametrize(
    ("round_", "position", "declined"),
    [
        (at(Phase.SHOWN, None), 1, Decline(Why.NOT_YET)),
        (at(Phase.OPEN), 2, Decline(Why.NOT_YET)),
        (at(Phase.OPEN), 0, Decline(Why.OVER)),
        (at(Phase.SENDING), 1, Decline(Why.NOT_YET)),
        (at(Phase.SHOWN, closed()), 1, Decline(Why.OVER)),
        (at(Phase.SHOWN, closed(answers={7: RIGHT})), 1, Decline(Why.OVER, RIGHT)),
        (at(Phase.FINISHED, answered()), 1, Decline(Why.OVER, RIGHT)),
        (at(Phase.OPEN, answered()), 1, Decline(Why.ALREADY, RIGHT)),
        (at(Phase.OPEN, changed(deadline_ms=OPENED - 1)), 1, Decline(Why.LATE)),
        (at(Phase.OPEN), 1, None),
    ],
)
def test_why_an_answer_does_not_count(round_: Round, position: int, declined: Decline | None) -> None:
    assert why_not(round_, click(position, 7, OPENED)) == declined


@pytest.mark.parametrize(
    ("round_", "moment"),
    [
        (at(Phase.OPEN), CLOSES),
        (at(Phase.OPEN, answered()), START + COUNT_EVERY_MS),
        (at(Phase.OPEN, answered(counted_ms=START + 900)), START + 900 + COUNT_EVERY_MS),
        (at(Phase.OPEN, answered(shown_count=1)), CLOSES),
        (at(Phase.OPEN, answered(counted_ms=START + 20_000 - COUNT_QUIET_MS - COUNT_EVERY_MS)), CLOSES),
        (
            at(Phase.OPEN, answered(counted_ms=START + 20_000 - COUNT_QUIET_MS - COUNT_EVERY_MS - 1)),
            START + 20_000 - COUNT_QUIET_MS - 1,
        ),
        (at(Phase.CLOSING, closed()), None),
        (at(Phase.SENDING), None),
        (at(Phase.SENDING, retry_ms=START + 5_000), START + 5_000),
    ],
)
def test_when_a_round_wants_to_be_woken(round_: Round, moment: int | None) -> None:
    assert next_tick(round_) == moment


def test_a_card_to_be_shown_anew_is_due_at_once() -> None:
    at_once = next_tick(at(Phase.OPEN, changed(shown_count=-1)))
    assert at_once is not None
    assert at_once < START


def test_a_card_tells_of_a_lost_connection_once_and_for_as_long_as_it_is_lost() -> None:
    lost_ms = START + 4_000
    lost, orders = step(at(Phase.OPEN), Connection(connected=False, at_ms=lost_ms))
    assert (lost, orders) == (at(Phase.OPEN, connected=False, connected_ms=lost_ms), ())
    moment = lost_ms + CUT_OFF_AFTER_MS
    assert next_tick(lost) == moment
    assert step(lost, Tick(moment - 1)) == (lost, ())
    told = replace(lost, current=changed(cut_off=True, counted_ms=moment))
    assert step(lost, Tick(moment)) == (told, (ShowCount(1),))
    assert next_tick(told) == CLOSES + LONGEST_HOLD_MS
    back, orders = step(told, Connection(connected=True, at_ms=moment + 500))
    assert (back.current, orders, next_tick(back)) == (told.current, (), moment + 500)
    shown = replace(back, current=changed(counted_ms=moment + 500))
    assert step(back, Tick(moment + 500)) == (shown, (ShowCount(1),))
    assert next_tick(shown) == CLOSES


def test_a_connection_lost_near_the_end_is_told_after_it_and_one_back_then_is_not() -> None:
    lost_ms = START + 20_000 - COUNT_QUIET_MS
    lost, _ = step(at(Phase.OPEN), Connection(connected=False, at_ms=lost_ms))
    assert next_tick(lost) == lost_ms + CUT_OFF_AFTER_MS
    told, orders = step(lost, Tick(lost_ms + CUT_OFF_AFTER_MS))
    assert orders == (ShowCount(1),)
    back_ms = lost_ms + CUT_OFF_AFTER_MS + 1
    back, _ = step(told, Connection(connected=True, at_ms=back_ms))
    assert next_tick(back) == back_ms + REPLAY_MS, "the answer comes in its place"


def test_each_further_loss_is_the_same_one() -> None:
    lost = at(Phase.OPEN, connected=False, connected_ms=START)
    assert step(lost, Connection(connected=False, at_ms=START + 2_000)) == (lost, ())


def test_a_shown_count_is_remembered() -> None:
    waiting, moment = at(Phase.OPEN, answered()), START + COUNT_EVERY_MS
    assert step(waiting, Tick(moment - 1)) == (waiting, ())
    shown = answered(shown_count=1, counted_ms=moment)
    assert step(waiting, Tick(moment)) == (at(Phase.OPEN, shown), (ShowCount(1),))


@pytest.mark.parametrize(
    ("action", "reason", "end_reason"),
    [
        (Action.REVEAL, CloseReason.HOST, None),
        (Action.SKIP, CloseReason.SKIPPED, None),
        (Action.STOP, CloseReason.STOPPED, EndReason.STOPPED),
    ],
)
def test_a_question_closed_by_hand_is_closed_then(
    action: Action, reason: CloseReason, end_reason: EndReason | None
) -> None:
    shut = changed(closed=reason, closed_ms=START + 4_000)
    assert step(at(Phase.OPEN), Controlled(action, 1, START + 4_000)) == (
        at(Phase.CLOSING, shut, end_reason=end_reason),
        (Close(),),
    )


@pytest.mark.parametrize(
    ("before", "after", "effects"),
    [
        (at(Phase.SENDING), at(Phase.SENDING, end_reason=EndReason.REMOVED), ()),
        (at(Phase.CLOSING, closed()), at(Phase.CLOSING, closed(), end_reason=EndReason.REMOVED), ()),
        (at(Phase.SHOWN, closed()), at(Phase.ENDING, closed(), end_reason=EndReason.REMOVED), (End(),)),
        (
            at(Phase.OPEN),
            at(Phase.ENDING, changed(closed=CloseReason.ENDED), end_reason=EndReason.REMOVED),
            (End(),),
        ),
        (
            at(Phase.CLOSING, closed(), retry_ms=START, failures=1, failing_since_ms=START),
            at(Phase.ENDING, closed(), end_reason=EndReason.REMOVED),
            (End(),),
        ),
    ],
)
def test_a_removal_ends_at_once_unless_something_is_under_way(
    before: Round, after: Round, effects: tuple[object, ...]
) -> None:
    assert step(before, Removed(CLOSES)) == (after, effects)


@pytest.mark.parametrize(("questions", "pause"), [(2, PAUSE_MS), (1, LAST_PAUSE_MS)])
def test_the_pause_is_shorter_after_the_last_question(questions: int, pause: int) -> None:
    closing = at(Phase.CLOSING, closed(), questions=questions)
    after = at(Phase.SHOWN, closed(), questions=questions, unanswered=1, next_ms=CLOSES + 300 + pause)
    assert step(closing, Shown(CLOSES + 300)) == (after, ())
    assert next_tick(after) == CLOSES + 300 + pause


@pytest.mark.parametrize("answer", [RIGHT, replace(RIGHT, correct=False, points=0, streak=0)])
def test_an_answer_ends_the_row_of_unanswered_questions(answer: Answer) -> None:
    closing = at(Phase.CLOSING, closed(answers={7: answer}), unanswered=2, deleted=1, streaks={7: 4, 8: 2})
    after, _ = step(closing, Shown(CLOSES))
    assert (after.phase, after.unanswered, after.deleted) == (Phase.SHOWN, 0, 0)
    assert after.streaks == ({7: 1} if answer.correct else {})


def test_a_skipped_question_leaves_streaks_and_ends_the_row_of_deleted_ones() -> None:
    closing = at(Phase.CLOSING, closed(CloseReason.SKIPPED), unanswered=1, deleted=1, streaks={7: 4})
    assert step(closing, Shown(CLOSES)) == (replace(closing, phase=Phase.DRAWING, deleted=0), (Draw(2),))


@pytest.mark.parametrize("failure", [failure for failure in Failure if failure is not Failure.OUTAGE])
def test_a_podium_that_cannot_be_shown_finishes_the_round(failure: Failure) -> None:
    ending = at(Phase.ENDING, closed(), end_reason=EndReason.COMPLETED)
    assert step(ending, Failed(failure, CLOSES)) == (replace(ending, phase=Phase.FINISHED), (Finish(),))


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
    assert paused == replace(sending, failures=failures + 1, failing_since_ms=since, retry_ms=retry)
    assert effects == ()
    assert step(paused, Tick(retry - 1)) == (paused, ())
    assert step(paused, Tick(retry)) == (replace(paused, retry_ms=None), (Send(),))


@pytest.mark.parametrize(
    ("phase", "later", "effects"),
    [
        (Phase.SENDING, Phase.ENDING, (End(),)),
        (Phase.CLOSING, Phase.ENDING, (End(),)),
        (Phase.ENDING, Phase.FINISHED, (Finish(),)),
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
    over = replace(stopped, phase=Phase.ENDING)
    assert step(stopped, Failed(Failure.OUTAGE, CLOSES)) == (over, (End(),))
    paused, effects = step(over, Failed(Failure.OUTAGE, CLOSES))
    assert (paused.phase, paused.retry_ms, effects) == (Phase.ENDING, CLOSES + FIRST_RETRY_MS, ())


def test_a_closed_thread_is_reopened_and_the_message_sent_again() -> None:
    assert step(at(Phase.SENDING), Failed(Failure.ARCHIVED, START)) == (
        at(Phase.SENDING, thread_reopened=True),
        (ReopenThread(), Send()),
    )


VOID = changed(closed=CloseReason.DELETED, closed_ms=START + 4_000)


@pytest.mark.parametrize(
    ("before", "after", "effect"),
    [
        ({}, {"phase": Phase.DRAWING, "deleted": 1}, Draw(2)),
        ({"deleted": 1}, {"phase": Phase.ENDING, "deleted": 2, "end_reason": EndReason.DELETED}, End()),
        (
            {"end_reason": EndReason.STOPPED},
            {"phase": Phase.ENDING, "deleted": 1, "end_reason": EndReason.STOPPED},
            End(),
        ),
    ],
)
@pytest.mark.parametrize("phase", [Phase.OPEN, Phase.CLOSING])
def test_a_deleted_question_is_void_from_then_on(
    before: dict[str, Any], after: dict[str, Any], effect: Draw | End, phase: Phase
) -> None:
    question = QUESTION if phase is Phase.OPEN else closed()
    gone = Failed(Failure.MESSAGE_GONE, START + 4_000, position=1 if phase is Phase.OPEN else None)
    result, effects = step(at(phase, question, **before), gone)
    assert result == replace(at(phase, VOID), **after)
    assert effects == (VoidDeleted(), effect)


def test_a_skipped_question_that_is_deleted_stays_skipped() -> None:
    skipped = at(Phase.CLOSING, closed(CloseReason.SKIPPED), failures=1, failing_since_ms=START)
    assert step(skipped, Failed(Failure.MESSAGE_GONE, CLOSES)) == (
        at(Phase.DRAWING, closed(CloseReason.SKIPPED)),
        (Draw(2),),
    )


@pytest.mark.parametrize(
    ("stored", "since", "effects"),
    [
        (at(Phase.SHOWN, None, next_ms=START), START, (Draw(1),)),
        (at(Phase.SENDING), START, (Send(),)),
        (at(Phase.OPEN), CLOSES, (Reopen(),)),
        (at(Phase.SHOWN, closed()), CLOSES + PAUSE_MS, (ShowAgain(),)),
        (at(Phase.SHOWN, closed(CloseReason.DELETED)), CLOSES + PAUSE_MS, (Draw(2),)),
    ],
)
def test_a_round_goes_on_after_ten_minutes_away_and_not_after_more(
    stored: Round, since: int, effects: tuple[object, ...]
) -> None:
    assert step(stored, Restarted(since + AWAY_MS))[1] == effects
    ended, done = step(stored, Restarted(since + AWAY_MS + 1))
    assert (ended.phase, ended.end_reason, done) == (Phase.ENDING, EndReason.AWAY, (End(),))


def test_a_restart_while_a_question_is_sent_changes_nothing_but_sends_it_again() -> None:
    asked = at(Phase.SENDING, Current(1, ASKED, START))
    assert step(asked, Restarted(START + 1_000)) == (asked, (Send(),))


def test_a_restart_during_the_end_sends_the_podium_again() -> None:
    ending = at(Phase.ENDING, closed(), end_reason=EndReason.COMPLETED)
    assert step(ending, Restarted(CLOSES)) == (ending, (End(),))


def test_a_restart_after_a_deleted_question_counts_it_once() -> None:
    void = closed(CloseReason.DELETED)
    assert step(at(Phase.SHOWN, void, deleted=1), Restarted(CLOSES)) == (
        at(Phase.DRAWING, void, deleted=2),
        (Draw(2),),
    )


@pytest.mark.parametrize("event", [Restarted, partial(Connection, connected=True, anew=True)])
def test_an_open_question_is_reopened_once_its_time_is_over(event: Callable[..., Event]) -> None:
    def lost(at_ms: int, question: Current = QUESTION) -> Round:
        if event is Restarted:
            return at(Phase.OPEN, question)
        return at(Phase.OPEN, question, connected=False, connected_ms=at_ms)

    over = START + 20_000
    seen = changed(shown_count=-1)
    assert step(lost(over - 1), event(at_ms=over - 1)) == (replace(lost(over - 1, seen), connected=True), ())
    again = replace(seen, deadline_ms=over + OFFSET + 20_000, reopened=True)
    assert step(lost(over), event(at_ms=over)) == (replace(lost(over, again), connected=True), (Reopen(),))


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
    after = replace(before, connected=connection.connected, connected_ms=CLOSES)
    assert step(before, connection) == (after, ())


def test_a_question_that_closes_without_a_connection_says_that_answers_may_be_missing() -> None:
    before = at(Phase.OPEN, connected=False)
    closes = CLOSES + LONGEST_HOLD_MS
    after, orders = step(before, Tick(closes))
    unheard = changed(closed=CloseReason.DEADLINE, closed_ms=closes, unheard=True)
    assert (after, orders) == (replace(before, phase=Phase.CLOSING, current=unheard), (Close(),))
