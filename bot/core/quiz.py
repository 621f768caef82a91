"""A quiz round as a state machine: `step(round, event) -> (round, orders)`.

Whoever runs it keeps the round that comes back, carries out the orders in turn, and reports how they went
as further events. Any event may come at any time; one that means nothing now changes nothing. Answers are
judged apart: `judge(round, click) -> (round, verdict)`.
"""

from typing import assert_never

from bot.core.asked import is_right
from bot.core.quiz_moves import (
    COUNT_EVERY_MS,
    COUNT_QUIET_MS,
    CUT_OFF_AFTER_MS,
    LEAD_IN_MS,
    Step,
    close,
    closes_ms,
    end,
    finish,
    go_on,
    grace_ends_ms,
    healthy,
    hint_after_ms,
    is_complete,
    limit_ms,
    next_question,
    repeat,
    settle,
)
from bot.core.quiz_trouble import connected, failed, restarted
from bot.core.round_events import (
    Accept,
    Begun,
    Click,
    Compared,
    Connection,
    Controlled,
    Decline,
    Drawn,
    Event,
    Failed,
    NotStored,
    Order,
    PodiumSent,
    Removed,
    Restarted,
    Sent,
    Shown,
    Tick,
    Verdict,
    Why,
    Withdrawn,
)
from bot.core.rounds import Action, Answer, CloseReason, Current, EndReason, Phase, Round
from bot.core.worth import bonus, points

_IN_TIME = {
    Action.REVEAL: (Phase.OPEN,),
    Action.NEXT: (Phase.SHOWN,),
    Action.SKIP: (Phase.OPEN, Phase.SHOWN),
}
"""The phases in which a host's button does something."""


def step(round_: Round, event: Event) -> Step:  # noqa: C901, PLR0912 (one arm per event)
    """Return the round after `event`, and what to do now, in order."""
    current = round_.current
    result: Step = (round_, ())
    match event:
        case Tick(at_ms):
            result = _tick(round_, at_ms)
        case Begun(at_ms):
            if round_.phase is Phase.DRAWING and current is None and round_.next_ms == 0:
                result = round_._replace(phase=Phase.SHOWN, next_ms=at_ms + LEAD_IN_MS), ()
        case Drawn(drawn, early):
            if round_.phase is Phase.DRAWING:
                result = _drawn(round_._replace(early=early), drawn)
        case Sent():
            if round_.phase is Phase.SENDING and current and current.position == event.position:
                result = _sent(round_, current, event)
        case Compared(offset_ms):
            if current and offset_ms > current.offset_ms:
                result = round_._replace(current=current._replace(offset_ms=offset_ms)), ()
        case Shown(at_ms, answers):
            if round_.phase is Phase.CLOSING and current:
                # A block that came while it was open may have been lifted.
                current = current._replace(answers={answer.user_id: answer for answer in answers})
                result = go_on(settle(healthy(round_)._replace(current=current), current), at_ms)
        case NotStored():
            if current and current.position == event.position:
                left = _without(current, event.user_id)._replace(complete_ms=None)
                result = round_._replace(current=left), ()
        case Failed():
            result = failed(round_, event)
        case Controlled():
            result = _controlled(round_, event)
        case Withdrawn():
            result = _withdrawn(round_, event), ()
        case Removed(at_ms):
            result = _stop(round_, EndReason.REMOVED, at_ms)
        case Connection():
            result = connected(round_, event)
        case Restarted(at_ms):
            result = restarted(round_, at_ms)
        case PodiumSent():
            if round_.phase is Phase.ENDING:
                result = finish(round_)
        case _:
            assert_never(event)
    return result


def next_tick(round_: Round) -> int | None:
    """Return when `Tick` is due, by our clock; None while an order or a person is awaited."""
    if round_.retry_ms is not None:
        return round_.retry_ms
    if round_.phase is Phase.SHOWN:
        return round_.next_ms
    if round_.phase is Phase.OPEN and round_.current:
        if round_.current.complete_ms is None and is_complete(round_, round_.current):
            return 0
        closes = closes_ms(round_, round_.current)
        edit = _next_edit_ms(round_, round_.current)
        return closes if edit is None else min(closes, edit)
    return None


def judge(round_: Round, click: Click) -> tuple[Round, Verdict]:
    """Return the round after an answer, and whether that counts.

    The caller has made sure that the current question's card offers such an answer.
    """
    current = round_.current
    if declined := why_not(round_, click):
        return round_, declined
    assert current is not None  # noqa: S101 (before the first question every answer is declined)
    took = max(0, click.at_ms - current.opened_ms)
    if current.reopened:
        took = min(took, limit_ms(round_))
    correct = is_right(current.asked, click.choice, click.text)
    before = round_.streaks.get(click.user_id, 0)
    answer = Answer(
        user_id=click.user_id,
        choice=click.choice,
        answered_ms=click.at_ms,
        took_ms=took,
        correct=correct,
        points=points(round_, current, took, before) if correct else 0,
        streak=before + 1 if correct else 0,
    )
    after = current._replace(answers={**current.answers, click.user_id: answer})
    if click.text is not None and not correct:
        after = after._replace(guesses={**current.guesses, click.user_id: click.text})
    return round_._replace(current=after), Accept(answer, before, bonus(round_, current, took, before))


def why_not(round_: Round, click: Click) -> Decline | None:
    """Return why no answer would count now, or None if one would."""
    current = round_.current
    if current is None or click.position > current.position:
        return Decline(Why.NOT_YET)
    if click.position < current.position:
        return Decline(Why.OVER)
    first = current.answers.get(click.user_id)
    if current.closed or round_.phase in (Phase.ENDING, Phase.FINISHED):
        return Decline(Why.OVER, first)
    if first:
        return Decline(Why.ALREADY, first)
    if round_.phase is not Phase.OPEN:
        return Decline(Why.NOT_YET)
    return Decline(Why.LATE) if click.at_ms > current.deadline_ms else None


def is_too_late(round_: Round, action: Action, position: int) -> bool:
    """Return whether a host's button under the question at `position` does nothing, or no longer does.

    Before the first question, a round can only be stopped.
    """
    if action is Action.STOP:
        return round_.phase in (Phase.ENDING, Phase.FINISHED)
    return position == 0 or round_.phase not in _IN_TIME[action] or round_.position != position


def _withdrawn(round_: Round, event: Withdrawn) -> Round:
    gone, current = event.user_id, round_.current
    if event.for_good:
        streaks = {user: length for user, length in round_.streaks.items() if user != gone}
        round_ = round_._replace(streaks=streaks)
    return round_._replace(players=round_.players - {gone}, current=current and _without(current, gone))


def _without(current: Current, user_id: int) -> Current:
    """Return the question without a player's answer."""
    return current._replace(
        answers={user: given for user, given in current.answers.items() if user != user_id},
        guesses={user: text for user, text in current.guesses.items() if user != user_id},
    )


def _next_edit_ms(round_: Round, current: Current) -> int | None:
    """Return when to update the open question's card: its live count, its hint, its connection."""
    wanted = _hint_ms(round_, current), _connection_told_ms(round_, current), _count_ms(current)
    moments = [moment for moment in wanted if moment is not None]
    quiet = current.deadline_ms - current.offset_ms - COUNT_QUIET_MS
    return min(moments) if moments and (min(moments) < quiet or not round_.connected) else None


def _count_ms(current: Current) -> int | None:
    """Return when the card gets its next live count; None if it shows how many answers there are."""
    if len(current.answers) == current.shown_count:
        return None
    return current.counted_ms + COUNT_EVERY_MS if current.shown_count >= 0 else 0


def _connection_told_ms(round_: Round, current: Current) -> int | None:
    """Return when the card must begin or stop showing a lost connection; None if it is right as it is."""
    if round_.connected:
        return round_.connected_ms if current.cut_off else None
    return None if current.cut_off else round_.connected_ms + CUT_OFF_AFTER_MS


def _hint_ms(round_: Round, current: Current) -> int | None:
    """Return when the card gets its hint, by our clock; None if it has one or will have none."""
    after = hint_after_ms(round_)
    if after is None or current.hinted:
        return None
    return current.opened_ms - current.offset_ms + after


def _drawn(round_: Round, drawn: Current | None) -> Step:
    if round_.end_reason:
        return end(round_._replace(current=drawn or round_.current), round_.end_reason)
    if drawn is None:
        return end(round_, EndReason.NO_QUESTIONS)
    if round_.current:
        drawn = drawn._replace(offset_ms=round_.current.offset_ms)
    return round_._replace(phase=Phase.SENDING, current=drawn), (Order.SEND,)


def _sent(round_: Round, current: Current, event: Sent) -> Step:
    opened = current._replace(
        message_id=event.message_id,
        opened_ms=event.opened_ms,
        deadline_ms=event.opened_ms + limit_ms(round_),
        offset_ms=event.offset_ms,
        counted_ms=event.opened_ms - event.offset_ms,
    )
    round_ = healthy(round_)._replace(phase=Phase.OPEN, current=opened)
    if round_.end_reason:
        # Nobody has had the time to answer it.
        round_, orders = close(round_, CloseReason.SKIPPED, event.opened_ms - event.offset_ms)
        return round_, (Order.COMMIT_OPEN, *orders)
    return round_, (Order.COMMIT_OPEN,)


def _tick(round_: Round, at_ms: int) -> Step:
    current = round_.current
    if round_.retry_ms is not None:
        if at_ms >= round_.retry_ms:
            return round_._replace(retry_ms=None), repeat(round_)
    elif round_.phase is Phase.SHOWN and at_ms >= round_.next_ms:
        return next_question(round_)
    elif round_.phase is Phase.OPEN and current:
        if at_ms >= closes_ms(round_, current):
            in_time = at_ms < grace_ends_ms(current)
            unheard = current._replace(unheard=not (in_time or round_.connected))
            reason = CloseReason.COMPLETE if in_time else CloseReason.DEADLINE
            return close(round_._replace(current=unheard), reason, at_ms)
        if current.complete_ms is None and is_complete(round_, current):
            # From now on, not from the last answer: others may have been held up on their way with it.
            current = current._replace(complete_ms=at_ms)
            round_ = round_._replace(current=current)
        edit = _next_edit_ms(round_, current)
        if edit is not None and at_ms >= edit:
            hint = _hint_ms(round_, current)
            shown = current._replace(
                shown_count=len(current.answers),
                counted_ms=at_ms,
                hinted=current.hinted or (hint is not None and at_ms >= hint),
                cut_off=not round_.connected and at_ms >= round_.connected_ms + CUT_OFF_AFTER_MS,
            )
            return round_._replace(current=shown), (Order.SHOW_COUNT,)
    return round_, ()


def _controlled(round_: Round, event: Controlled) -> Step:
    if is_too_late(round_, event.action, event.position):
        return round_, ()
    match event.action:
        case Action.STOP:
            return _stop(round_, EndReason.STOPPED, event.at_ms)
        case Action.REVEAL:
            return close(round_, CloseReason.HOST, event.at_ms)
        case Action.SKIP if round_.phase is Phase.OPEN:
            return close(round_, CloseReason.SKIPPED, event.at_ms)
        case Action.SKIP | Action.NEXT:
            return next_question(round_)


def _stop(round_: Round, reason: EndReason, at_ms: int) -> Step:
    if round_.phase in (Phase.ENDING, Phase.FINISHED):
        return round_, ()
    if round_.phase is Phase.OPEN and reason is EndReason.STOPPED:
        return close(round_._replace(end_reason=reason), CloseReason.STOPPED, at_ms)
    if round_.phase in (Phase.OPEN, Phase.SHOWN) or round_.retry_ms is not None:
        return end(round_, reason)
    return round_._replace(end_reason=reason), ()
