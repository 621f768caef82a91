"""The ways a round goes on: a question is closed, the next one drawn, the round ended."""

from bot.core.round_events import Order
from bot.core.rounds import CloseReason, Current, EndReason, Phase, Round

LEAD_IN_MS = 3_000
"""From the announcement of a round to its first question."""
PAUSE_MS = 10_000
"""From the answer to the next question: time to read the fact."""
LAST_PAUSE_MS = 4_000
"""From the last answer to the podium."""
GRACE_MS = 1_500
"""How late a click that was made in time may arrive."""
EARLY_GRACE_MS = 2_000
"""How long others can still answer once nobody is awaited."""
FEWEST_PLAYERS = 2
"""Fewer are not waited for, as somebody playing alone must not close a question on those who join."""
REPLAY_MS = 2_000
"""How long Discord may take to replay the clicks of an outage after the connection is back."""
LONGEST_HOLD_MS = 60_000
"""How long a question is held open past its time while there is no connection."""
CUT_OFF_AFTER_MS = 3_000
"""How long the connection is lost before an open question says so; it is usually back much sooner."""
COUNT_EVERY_MS = 2_500
"""From one live count of answers to the next."""
COUNT_QUIET_MS = 1_000
"""No live count is shown this close to the end, as it would delay the answer."""
UNTIMED_LIMIT_MS = 15 * 60_000
"""An untimed question is closed after this, so that no round stays open for ever."""
AWAY_MS = 10 * 60_000
"""A round that could not go on for this long ends."""
FIRST_RETRY_MS = 5_000
"""From a failure in an outage to the next try; each later wait is twice as long."""
LONGEST_RETRY_MS = 60_000
MOST_UNANSWERED = 3
"""This many questions in a row without an answer end a round: everybody has left."""
MOST_DELETED = 2
"""This many deleted questions in a row end a round: somebody does not want it here."""

SHOWING = {Phase.SENDING: Order.SEND, Phase.CLOSING: Order.CLOSE, Phase.ENDING: Order.END}
"""The phases that wait until something is shown, each with the order for that."""

Step = tuple[Round, tuple[Order, ...]]


def grace_ends_ms(current: Current) -> int:
    """Return when an open question closes if all goes well, by our clock."""
    return current.deadline_ms - current.offset_ms + GRACE_MS


def closes_ms(round_: Round, current: Current) -> int:
    """Return when to close an open question, by our clock.

    That is earlier if nobody is awaited, and later if its players could not reach us.
    """
    closes = grace_ends_ms(current)
    if not round_.connected:
        return closes + LONGEST_HOLD_MS
    replayed = min(round_.connected_ms + REPLAY_MS, closes + LONGEST_HOLD_MS)
    if current.complete_ms is not None:
        closes = min(closes, current.complete_ms + EARLY_GRACE_MS)
    return max(closes, replayed)


def may_close_early(round_: Round) -> bool:
    """Return whether the current question closes once its players have answered."""
    return round_.early and len(round_.players) >= FEWEST_PLAYERS


def is_complete(round_: Round, current: Current) -> bool:
    """Return whether nobody is awaited: everybody who answered the last question has answered this one."""
    return may_close_early(round_) and round_.players <= current.answers.keys()


def limit_ms(round_: Round) -> int:
    """Return how long a question is open, in milliseconds."""
    return UNTIMED_LIMIT_MS if round_.plan.seconds is None else round_.plan.seconds * 1_000


def hint_after_ms(round_: Round) -> int | None:
    """Return how long after it opened a question gets its hint; None if it gets none, as if untimed."""
    return limit_ms(round_) // 2 if round_.plan.typed and round_.plan.seconds is not None else None


def close(round_: Round, reason: CloseReason, at_ms: int) -> Step:
    """Close the open question for answers; committing and showing it follow."""
    assert round_.current is not None  # noqa: S101 (only an open question is closed)
    closed = round_.current._replace(closed=reason, closed_ms=at_ms)
    return round_._replace(phase=Phase.CLOSING, current=closed), (Order.CLOSE,)


def settle(round_: Round, current: Current) -> Round:
    """Count a closed question in the streaks, and in what happened several times in a row."""
    if current.closed and current.closed.is_void:
        deleted = round_.deleted + 1 if current.closed is CloseReason.DELETED else 0
        # Those who did not answer may just have had no time.
        return round_._replace(players=round_.players | current.answers.keys(), deleted=deleted)
    streaks = {user: answer.streak for user, answer in current.answers.items() if answer.streak}
    unanswered = 0 if current.answers else round_.unanswered + 1
    players = frozenset(current.answers)
    return round_._replace(streaks=streaks, players=players, unanswered=unanswered, deleted=0)


def go_on(round_: Round, at_ms: int) -> Step:
    """Go on from a question that is closed, and shown unless it was deleted."""
    if round_.end_reason:
        return end(round_, round_.end_reason)
    if round_.unanswered >= MOST_UNANSWERED:
        return end(round_, EndReason.UNANSWERED)
    if round_.deleted >= MOST_DELETED:
        return end(round_, EndReason.DELETED)
    if round_.current and round_.current.closed and round_.current.closed.is_void:
        return next_question(round_)
    pause = PAUSE_MS if round_.position < round_.plan.questions else LAST_PAUSE_MS
    return round_._replace(phase=Phase.SHOWN, next_ms=at_ms + pause), ()


def next_question(round_: Round) -> Step:
    """Go on to the next question, or to the end after the last."""
    if round_.position >= round_.plan.questions:
        return end(round_, EndReason.COMPLETED)
    return round_._replace(phase=Phase.DRAWING), (Order.DRAW,)


def end(round_: Round, reason: EndReason) -> Step:
    """End the round with the scores so far."""
    current = round_.current
    if current and current.closed is None:
        current = current._replace(closed=CloseReason.ENDED)
    ending = healthy(round_)._replace(phase=Phase.ENDING, current=current, end_reason=reason)
    return ending, (Order.END,)


def finish(round_: Round) -> Step:
    """Finish the round for good, with its podium or without."""
    return healthy(round_)._replace(phase=Phase.FINISHED), (Order.FINISH,)


def healthy(round_: Round) -> Round:
    """Forget the failures that were waited out."""
    return round_._replace(failing_since_ms=None, failures=0, retry_ms=None)


def repeat(round_: Round) -> tuple[Order, ...]:
    """Return the order that the phase waits for, to be carried out again."""
    return (SHOWING[round_.phase],) if round_.phase in SHOWING else ()
