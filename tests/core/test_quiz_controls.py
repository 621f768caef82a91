"""What a host can do to a round, and what the bot's removal from the server does."""

import pytest

from bot.core.quiz import is_too_late
from bot.core.quiz_moves import GRACE_MS, LEAD_IN_MS, UNTIMED_LIMIT_MS
from bot.core.round_events import Accept, Begun, Controlled, Removed, Tick
from bot.core.rounds import Action, CloseReason, EndReason, Phase
from tests.core.quiz_table import Table, new_round, playing, shown


def test_an_untimed_question_waits_for_the_host_but_not_for_ever() -> None:
    table = playing(seconds=None)
    table.later(14 * 60_000)
    assert isinstance(table.answer(7, after=14 * 60_000), Accept)
    table.control(Action.REVEAL)
    assert table.closed == {1: CloseReason.HOST}
    table.control(Action.NEXT)
    assert table.round.position == 2
    table.later(UNTIMED_LIMIT_MS + GRACE_MS)
    assert table.closed[2] is CloseReason.DEADLINE


def test_skip_moves_on_and_a_late_skip_never_skips_the_next() -> None:
    table = playing()
    table.answer(7)
    table.give(Controlled(Action.SKIP, 1, table.now))
    table.give(Controlled(Action.SKIP, 1, table.now))
    table.act()
    assert (table.round.position, table.closed) == (2, {1: CloseReason.SKIPPED})
    table.give(Controlled(Action.SKIP, 1, table.now))
    table.act()
    assert (table.phase(), table.round.position) == (Phase.OPEN, 2)


@pytest.mark.parametrize("action", [Action.SKIP, Action.NEXT, Action.REVEAL])
def test_before_the_first_question_there_is_nothing_to_skip(action: Action) -> None:
    table = Table(new_round())
    table.give(Begun(table.now))
    before = table.round
    assert is_too_late(before, action, 0)
    table.control(action)
    assert (table.round, table.done) == (before, [])


def test_stop_counts_the_open_question() -> None:
    table = playing()
    table.answer(7, after=0)
    table.control(Action.STOP)
    assert table.phase() is Phase.FINISHED
    assert table.round.end_reason is EndReason.STOPPED
    assert table.closed == {1: CloseReason.STOPPED}
    assert table.stored[1, 7].points == 100


def test_stop_between_questions_and_while_one_is_being_sent() -> None:
    table = playing()
    shown(table).control(Action.STOP)
    assert table.round.end_reason is EndReason.STOPPED
    for carried_out, reason in ((0, CloseReason.ENDED), (1, CloseReason.SKIPPED)):
        table = Table(new_round())
        table.give(Begun(table.now))
        table.now += LEAD_IN_MS
        table.give(Tick(table.now))
        for _ in range(carried_out):
            table.act_once()
        assert table.phase() is (Phase.SENDING if carried_out else Phase.DRAWING)
        table.control(Action.STOP)
        assert (table.phase(), table.round.end_reason) == (Phase.FINISHED, EndReason.STOPPED)
        assert table.closed == {1: reason}


def test_being_removed_ends_the_round_at_once() -> None:
    table = playing()
    table.answer(7, after=0)
    table.give(Removed(table.now))
    table.act()
    assert table.round.end_reason is EndReason.REMOVED
    assert table.stored[1, 7].points == 100
