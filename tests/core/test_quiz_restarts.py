"""How a round goes on when the bot comes back."""

from bot.core.quiz import next_tick
from bot.core.quiz_moves import AWAY_MS, GRACE_MS, PAUSE_MS
from bot.core.round_events import Accept, Controlled, Decline, Order, Tick
from bot.core.rounds import Action, EndReason, Phase
from tests.core.quiz_table import playing


def test_a_restart_within_the_time_changes_nothing() -> None:
    table = playing()
    table.answer(7)
    before = table.round.current
    assert before is not None
    assert table.restart(3_000) == ()
    after = table.round.current
    assert after is not None
    assert (after.deadline_ms, after.answers, after.reopened) == (before.deadline_ms, before.answers, False)
    table.later(0)
    assert table.done[-1] is Order.SHOW_COUNT


def test_a_question_whose_time_ran_out_meanwhile_is_reopened_for_the_others() -> None:
    table = playing()
    table.answer(7, after=0)
    assert table.restart(60_000) == (Order.REOPEN,)
    assert isinstance(table.answer(7, after=61_000), Decline)
    assert isinstance(table.answer(8, after=61_000), Accept)
    assert (table.stored[1, 7].points, table.stored[1, 8].points) == (100, 50)
    table.later(20_000 + GRACE_MS)
    assert table.phase() is Phase.SHOWN


def test_ten_minutes_away_end_a_round_with_the_scores_it_has() -> None:
    table = playing()
    table.answer(7, after=0)
    assert table.restart(AWAY_MS + 60_000) == (Order.END,)
    table.act()
    assert table.round.end_reason is EndReason.AWAY
    assert table.stored[1, 7].points == 100


def test_a_restart_after_the_answer_shows_it_again_and_goes_on() -> None:
    table = playing(questions=2)
    table.answer(7)
    while table.phase() is Phase.OPEN:
        table.now = max(table.now, next_tick(table.round) or 0)
        table.give(Tick(table.now))
    assert table.phase() is Phase.CLOSING
    assert table.restart(5_000) == (Order.SHOW_AGAIN,)
    assert table.round.streaks == {7: 1}
    table.later(PAUSE_MS)
    assert (table.phase(), table.round.position) == (Phase.OPEN, 2)


def test_a_round_that_was_stopped_before_a_restart_ends_after_it() -> None:
    table = playing()
    table.answer(7)
    table.give(Controlled(Action.STOP, 1, table.now))
    assert table.phase() is Phase.CLOSING
    assert table.restart(5_000) == (Order.SHOW_AGAIN, Order.END)
    table.act()
    assert table.phase() is Phase.FINISHED
    assert table.round.end_reason is EndReason.STOPPED
