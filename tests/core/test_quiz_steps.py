"""One event at a time: the whole round and the orders that come of it."""

import pytest

from bot.core.quiz import judge, next_tick, step, why_not
from bot.core.quiz_moves import (
    COUNT_EVERY_MS,
    COUNT_QUIET_MS,
    LAST_PAUSE_MS,
    LEAD_IN_MS,
    PAUSE_MS,
)
from bot.core.round_events import (
    Accept,
    Begun,
    Click,
    Compared,
    Controlled,
    Decline,
    Drawn,
    Event,
    Failed,
    NotStored,
    Order,
    Removed,
    Restarted,
    Sent,
    Shown,
    Tick,
    Why,
)
from bot.core.rounds import Action, Answer, CloseReason, Current, EndReason, Failure, Phase, Round
from tests.core.quiz_steps import CLOSES, OPENED, RIGHT, answered, at, changed, closed
from tests.core.quiz_table import ASKED, OFFSET, START, click, new_round


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
    begun, effects = step(new_round(), Begun(START))
    assert (begun, effects) == (at(Phase.SHOWN, None, next_ms=START + LEAD_IN_MS), ())
    assert next_tick(begun) == START + LEAD_IN_MS


def test_a_drawn_question_is_sent() -> None:
    drawn = Current(1, ASKED, START)
    assert step(at(Phase.DRAWING, None), Drawn(drawn)) == (at(Phase.SENDING, drawn), (Order.SEND,))


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
    assert step(stopped, Drawn(drawn)) == (stopped._replace(phase=Phase.ENDING, current=kept), (Order.END,))


def test_what_is_known_of_discords_clock_goes_on_to_the_next_question() -> None:
    drawn = Current(2, ASKED, CLOSES, offset_ms=99)
    sending = at(Phase.SENDING, drawn._replace(offset_ms=OFFSET))
    assert step(at(Phase.DRAWING, closed()), Drawn(drawn)) == (sending, (Order.SEND,))


def test_a_question_closes_by_the_id_that_came_fastest() -> None:
    compared, orders = step(at(Phase.OPEN), Compared(OFFSET + 40))
    assert (compared, orders) == (at(Phase.OPEN, changed(offset_ms=OFFSET + 40)), ())
    assert next_tick(compared) == CLOSES - 40


def test_a_sent_question_is_open_from_when_discord_says() -> None:
    asked = at(Phase.SENDING, Current(1, ASKED, START), failures=2, failing_since_ms=START)
    assert step(asked, Sent(1, 5, OPENED, OFFSET)) == (at(Phase.OPEN), (Order.COMMIT_OPEN,))


def test_a_question_sent_after_the_stop_is_skipped_at_once() -> None:
    stopped = at(Phase.SENDING, Current(1, ASKED, START), end_reason=EndReason.STOPPED)
    skipped = changed(closed=CloseReason.SKIPPED, closed_ms=START)
    assert step(stopped, Sent(1, 5, OPENED, OFFSET)) == (
        stopped._replace(phase=Phase.CLOSING, current=skipped),
        (Order.COMMIT_OPEN, Order.CLOSE),
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
        _, verdict = judge(at(Phase.OPEN), Click(1, 7, 5, OPENED, choice, text))
        assert isinstance(verdict, Accept)
        assert (verdict.answer.choice, verdict.answer.correct) == (choice, correct)
        assert (verdict.answer.points > 0, verdict.answer.streak) == (correct, int(correct))


def test_an_answer_to_a_reopened_question_took_its_whole_time_at_most() -> None:
    again = changed(reopened=True, deadline_ms=OPENED + 90_000)
    for after, took in ((5_000, 5_000), (80_000, 20_000)):
        _, verdict = judge(at(Phase.OPEN, again), click(1, 7, OPENED + after))
        assert verdict == Accept(Answer(7, 0, OPENED + after, took, correct=True, points=50, streak=1))


def test_an_untimed_answer_is_worth_the_whole_base_however_long_it_took() -> None:
    untimed = at(Phase.OPEN, changed(deadline_ms=OPENED + 900_000), plan=new_round(seconds=None).plan)
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


def test_a_shown_count_is_remembered() -> None:
    waiting, moment = at(Phase.OPEN, answered()), START + COUNT_EVERY_MS
    assert step(waiting, Tick(moment - 1)) == (waiting, ())
    shown = answered(shown_count=1, counted_ms=moment)
    assert step(waiting, Tick(moment)) == (at(Phase.OPEN, shown), (Order.SHOW_COUNT,))


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
        (Order.CLOSE,),
    )


@pytest.mark.parametrize(("questions", "pause"), [(2, PAUSE_MS), (1, LAST_PAUSE_MS)])
def test_the_pause_is_shorter_after_the_last_question(questions: int, pause: int) -> None:
    plan = new_round(questions=questions).plan
    closing = at(Phase.CLOSING, closed(), plan=plan)
    after = at(Phase.SHOWN, closed(), plan=plan, unanswered=1, next_ms=CLOSES + 300 + pause)
    assert step(closing, Shown(CLOSES + 300, ())) == (after, ())
    assert next_tick(after) == CLOSES + 300 + pause


@pytest.mark.parametrize("answer", [RIGHT, RIGHT._replace(correct=False, points=0, streak=0)])
def test_an_answer_ends_the_row_of_unanswered_questions(answer: Answer) -> None:
    closing = at(Phase.CLOSING, closed(answers={7: answer}), unanswered=2, deleted=1, streaks={7: 4, 8: 2})
    after, _ = step(closing, Shown(CLOSES, [answer]))
    assert (after.phase, after.unanswered, after.deleted) == (Phase.SHOWN, 0, 0)
    assert after.streaks == ({7: 1} if answer.correct else {})


def test_a_skipped_question_leaves_streaks_and_ends_the_row_of_deleted_ones() -> None:
    closing = at(Phase.CLOSING, closed(CloseReason.SKIPPED), unanswered=1, deleted=1, streaks={7: 4})
    assert step(closing, Shown(CLOSES, ())) == (
        closing._replace(phase=Phase.DRAWING, deleted=0),
        (Order.DRAW,),
    )
