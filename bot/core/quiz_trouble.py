"""What a round does when something goes wrong: a message not shown, a lost connection, a restart."""

from bot.core.quiz_moves import (
    AWAY_MS,
    FIRST_RETRY_MS,
    LONGEST_RETRY_MS,
    PAUSE_MS,
    SHOWING,
    Step,
    end,
    finish,
    go_on,
    grace_ends_ms,
    healthy,
    limit_ms,
    next_question,
    repeat,
    settle,
)
from bot.core.round_events import Connection, Failed, Order
from bot.core.rounds import CloseReason, Current, EndReason, Failure, Phase, Round

_END_OF = {
    Failure.CANNOT_VIEW: EndReason.NO_ACCESS,
    Failure.FORBIDDEN: EndReason.NO_ACCESS,
    Failure.CHANNEL_GONE: EndReason.CHANNEL_GONE,
    Failure.ARCHIVED: EndReason.THREAD_CLOSED,
    Failure.MESSAGE_GONE: EndReason.FAULT,
    Failure.REJECTED: EndReason.FAULT,
    Failure.OUTAGE: EndReason.OUTAGE,
}


def failed(round_: Round, event: Failed) -> Step:
    """Pause, void the question, reopen the thread or end the round, as the failure demands."""
    if not _is_news(round_, event):
        return round_, ()
    match event.failure:
        case Failure.OUTAGE:
            return _pause(round_, event.at_ms)
        case _ if round_.phase is Phase.ENDING:
            return finish(round_)
        case Failure.MESSAGE_GONE if round_.phase is not Phase.SENDING:
            return _deleted(round_, event.at_ms)
        case Failure.ARCHIVED if not round_.thread_reopened:
            return round_._replace(thread_reopened=True), (Order.REOPEN_THREAD, *repeat(round_))
        case _:
            return end(round_, round_.end_reason or _END_OF[event.failure])


def _is_news(round_: Round, event: Failed) -> bool:
    if event.position is None:
        return round_.phase in SHOWING and round_.retry_ms is None
    # A live count that was not shown does no harm: the next one, or the answer, edits the same message.
    harmless = event.failure in (Failure.OUTAGE, Failure.REJECTED)
    return round_.phase is Phase.OPEN and event.position == round_.position and not harmless


def _pause(round_: Round, at_ms: int) -> Step:
    since = at_ms if round_.failing_since_ms is None else round_.failing_since_ms
    if at_ms - since >= AWAY_MS:
        return finish(round_) if round_.phase is Phase.ENDING else end(round_, EndReason.OUTAGE)
    if round_.end_reason and round_.phase is not Phase.ENDING:
        return end(round_, round_.end_reason)
    wait = min(FIRST_RETRY_MS * 2**round_.failures, LONGEST_RETRY_MS)
    return round_._replace(failing_since_ms=since, failures=round_.failures + 1, retry_ms=at_ms + wait), ()


def _deleted(round_: Round, at_ms: int) -> Step:
    assert round_.current is not None  # noqa: S101 (a message that is gone was a question's)
    if round_.current.closed is CloseReason.SKIPPED:
        return go_on(settle(healthy(round_), round_.current), at_ms)
    void = round_.current._replace(closed=CloseReason.DELETED, closed_ms=at_ms)
    round_, orders = go_on(settle(healthy(round_)._replace(current=void), void), at_ms)
    return round_, (Order.VOID_DELETED, *orders)


def connected(round_: Round, event: Connection) -> Step:
    """Note the connection; a question that ran out before a new session began is opened again, once."""
    was_away, current = not round_.connected, round_.current
    if not was_away or event.connected:
        # Each failed attempt is reported as one more loss.
        round_ = round_._replace(connected=event.connected, connected_ms=event.at_ms)
    if event.anew and was_away and round_.phase is Phase.OPEN and current and not current.reopened:
        return _reopened(round_, current, event.at_ms)
    return round_, ()


def restarted(round_: Round, at_ms: int) -> Step:
    """Go on from where the round was stored, or end it if it was away for too long."""
    current = round_.current
    if round_.phase in (Phase.ENDING, Phase.FINISHED):
        return round_, repeat(round_)
    if at_ms - _should_have_gone_on_ms(round_) > AWAY_MS:
        return end(round_, EndReason.AWAY)
    match round_.phase:
        case _ if current is None:
            return next_question(round_)
        case Phase.SENDING:
            return round_, repeat(round_)
        case Phase.OPEN:
            return _reopened(round_, current, at_ms)
        case _:
            if current.closed is CloseReason.STOPPED:
                round_ = round_._replace(end_reason=EndReason.STOPPED)
            round_, orders = go_on(settle(round_, current), at_ms)
            is_there = current.closed is not CloseReason.DELETED
            return round_, (Order.SHOW_AGAIN, *orders) if is_there else orders


def _reopened(round_: Round, current: Current, at_ms: int) -> Step:
    seen = current._replace(shown_count=-1)
    if at_ms + current.offset_ms < current.deadline_ms:
        return round_._replace(current=seen), ()
    deadline = at_ms + current.offset_ms + limit_ms(round_)
    return round_._replace(current=seen._replace(deadline_ms=deadline, reopened=True)), (Order.REOPEN,)


def _should_have_gone_on_ms(round_: Round) -> int:
    current = round_.current
    if current is None:
        return round_.next_ms
    match round_.phase:
        case Phase.SENDING:
            return current.asked_ms
        case Phase.OPEN:
            return grace_ends_ms(current)
        case _:
            return current.closed_ms + PAUSE_MS
