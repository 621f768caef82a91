"""A question ends once those have answered who answered the one before, and never sooner."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.quiz import next_tick
from bot.core.quiz_moves import EARLY_GRACE_MS, GRACE_MS, PAUSE_MS, REPLAY_MS
from bot.core.round_events import Accept, Connection, Failed, NotStored, Tick
from bot.core.rounds import Action, CloseReason, Failure, Phase
from tests.core.quiz_table import Table, click, playing, shown
from tests.examples import examples

ADA, BEN, CARMEN = 1, 2, 3


def at_second(*players: int, questions: int = 5, seconds: int | None = 20) -> Table:
    """Return a table at its second question, the first of which these players have answered."""
    table = playing(questions, seconds, early=True)
    for player in players:
        table.answer(player)
    if seconds is None:
        table.control(Action.REVEAL)
    shown(table).wait()
    assert (table.phase(), table.round.position) == (Phase.OPEN, 2)
    return table


@pytest.mark.parametrize("seconds", [20, None])
def test_two_players_lose_no_time(seconds: int | None) -> None:
    table = at_second(ADA, BEN, seconds=seconds)
    table.now += 3_000
    table.answer(ADA)
    table.later(0)
    assert table.round.current is not None
    assert table.round.current.complete_ms is None
    table.now += 500
    table.answer(BEN, correct=False)
    assert next_tick(table.round) == 0
    began = table.now
    table.later(0)
    assert next_tick(table.round) == began + EARLY_GRACE_MS
    table.later(EARLY_GRACE_MS - 1)
    assert table.phase() is Phase.OPEN
    table.later(1)
    assert table.closed[2] is CloseReason.COMPLETE
    assert next_tick(table.round) == table.now + PAUSE_MS


def test_the_first_question_has_its_whole_time() -> None:
    table = playing(early=True)
    table.answer(ADA)
    table.answer(BEN)
    shown(table)
    assert table.closed == {1: CloseReason.DEADLINE}


def test_who_plays_alone_closes_nothing_on_others() -> None:
    table = at_second(ADA)
    table.answer(ADA)
    shown(table)
    assert table.closed[2] is CloseReason.DEADLINE


def test_one_who_is_missing_has_the_whole_time_and_is_not_waited_for_again() -> None:
    table = at_second(ADA, BEN, CARMEN)
    table.answer(ADA)
    table.answer(BEN)
    shown(table).wait()
    assert table.closed[2] is CloseReason.DEADLINE
    table.answer(ADA)
    table.answer(BEN)
    shown(table)
    assert table.closed[3] is CloseReason.COMPLETE


def test_somebody_new_may_come_in_and_a_click_inside_the_grace_counts() -> None:
    table = at_second(ADA, BEN)
    table.answer(ADA)
    table.answer(BEN)
    table.later(0)
    table.later(EARLY_GRACE_MS - 1)
    assert isinstance(table.answer(CARMEN), Accept)
    table.later(1)
    assert table.closed[2] is CloseReason.COMPLETE
    assert table.round.players == {ADA, BEN, CARMEN}


def test_a_slow_process_gives_the_grace_from_when_it_saw_the_last_answer() -> None:
    table = at_second(ADA, BEN)
    table.now += 9_000
    table.answer(ADA)
    table.answer(BEN)
    table.later(0)
    assert table.phase() is Phase.OPEN
    table.later(EARLY_GRACE_MS - 1)
    assert table.phase() is Phase.OPEN


def test_the_grace_ends_with_the_time_of_the_question() -> None:
    table = at_second(ADA, BEN)
    current = table.round.current
    assert current is not None
    table.now = current.deadline_ms - current.offset_ms + GRACE_MS - 100
    table.answer(ADA)
    table.answer(BEN)
    table.later(0)
    table.later(100)
    assert table.closed[2] is CloseReason.DEADLINE


@pytest.mark.parametrize("how", ["skipped", "deleted"])
def test_after_a_void_question_all_of_before_are_waited_for(how: str) -> None:
    table = at_second(ADA, BEN)
    table.answer(CARMEN)
    if how == "skipped":
        table.control(Action.SKIP)
    else:
        table.give(Failed(Failure.MESSAGE_GONE, table.now, 2))
        table.act()
    assert (table.phase(), table.round.position) == (Phase.OPEN, 3)
    table.answer(ADA)
    table.answer(BEN)
    table.later(0)
    table.later(EARLY_GRACE_MS)
    assert table.phase() is Phase.OPEN
    table.answer(CARMEN)
    shown(table)
    assert table.closed[3] is CloseReason.COMPLETE


def test_nobody_waits_for_a_blocked_player() -> None:
    table = at_second(ADA, BEN, CARMEN)
    table.answer(ADA)
    table.answer(BEN)
    table.block(CARMEN)
    shown(table)
    assert table.closed[2] is CloseReason.COMPLETE


def test_an_answer_that_was_not_stored_is_waited_for_again() -> None:
    table = at_second(ADA, BEN)
    table.answer(ADA)
    table.answer(BEN)
    table.later(0)
    table.later(1_500)
    del table.stored[2, BEN]
    table.give(NotStored(2, BEN))
    table.later(EARLY_GRACE_MS)
    assert table.phase() is Phase.OPEN
    table.answer(BEN)
    table.later(0)
    table.later(EARLY_GRACE_MS - 1)
    assert table.phase() is Phase.OPEN
    table.later(1)
    assert table.closed[2] is CloseReason.COMPLETE


@pytest.mark.parametrize("away", [0, 1_000, 60_000])
def test_a_restart_in_the_grace_loses_nothing(away: int) -> None:
    table = at_second(ADA, BEN)
    table.answer(ADA)
    table.answer(BEN)
    table.later(0)
    kept = dict(table.stored)
    table.restart(away)
    table.later(0)
    assert table.phase() is Phase.OPEN
    assert isinstance(table.answer(CARMEN), Accept)
    table.later(EARLY_GRACE_MS)
    assert table.closed[2] is CloseReason.COMPLETE
    assert kept.items() <= table.stored.items()


def test_a_lost_connection_holds_the_question_open_for_those_who_cannot_reach_us() -> None:
    table = at_second(ADA, BEN)
    table.answer(ADA)
    table.answer(BEN)
    table.later(0)
    table.give(Connection(connected=False, at_ms=table.now))
    table.later(EARLY_GRACE_MS + 5_000)
    assert table.phase() is Phase.OPEN
    table.give(Connection(connected=True, at_ms=table.now))
    table.later(REPLAY_MS - 1)
    assert table.phase() is Phase.OPEN
    table.later(1)
    assert table.closed[2] is CloseReason.COMPLETE


def test_a_server_that_wants_the_whole_time_has_it() -> None:
    table = playing()
    for _ in range(2):
        table.answer(ADA)
        table.answer(BEN)
        shown(table).wait()
    assert table.closed == {1: CloseReason.DEADLINE, 2: CloseReason.DEADLINE}


@settings(max_examples=examples(500), deadline=None)
@given(
    st.sets(st.integers(1, 5), min_size=1),
    st.lists(st.tuples(st.integers(1, 6), st.integers(0, 4_000)), max_size=12),
)
def test_it_ends_two_seconds_after_the_last_who_was_waited_for(
    players: set[int], clicks: list[tuple[int, int]]
) -> None:
    table = at_second(*players)
    current = table.round.current
    assert current is not None
    last = current.deadline_ms - current.offset_ms + GRACE_MS
    missing = set(players)
    ends = last
    for user, after in clicks:
        for _ in range(after // 100):
            table.now += 100
            table.give(Tick(table.now))
        if table.phase() is not Phase.OPEN:
            break
        table.take(
            click(2, user, current.opened_ms + min(20_000, table.now - current.opened_ms + current.offset_ms))
        )
        if missing and not missing - {user} and len(players) > 1:
            ends = min(last, table.now + EARLY_GRACE_MS)
        missing.discard(user)
        table.give(Tick(table.now))
    while table.phase() is Phase.OPEN:
        table.now = max(table.now, next_tick(table.round) or 0)
        table.give(Tick(table.now))
    closed = table.round.current
    assert closed is not None
    assert ends <= closed.closed_ms < ends + 100
    assert closed.closed is (CloseReason.COMPLETE if ends < last else CloseReason.DEADLINE)
