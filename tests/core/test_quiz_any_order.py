"""Events in any order: the scores stay right, and the round ends."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.quiz import judge, next_tick, step
from bot.core.quiz_moves import AWAY_MS
from bot.core.round_events import (
    Begun,
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
    Sent,
    Shown,
    Tick,
)
from bot.core.rounds import Action, Failure, Phase
from tests.core.quiz_table import OFFSET, Table, click, new_round, playing
from tests.examples import examples

users = st.integers(1, 6)
positions = st.integers(0, 5)  # 0 stands for the one that the round is at
moves = st.one_of(
    st.tuples(st.just("answer"), users, positions, st.booleans(), st.integers(-2_000, 40_000)),
    st.tuples(st.just("control"), st.sampled_from(Action), positions),
    st.tuples(st.just("fail"), st.sampled_from(Failure), st.one_of(st.none(), positions)),
    st.tuples(st.just("order failure"), st.sampled_from(Failure)),
    st.tuples(st.just("connection"), st.booleans(), st.booleans()),
    st.tuples(st.just("lost write"), users),
    st.tuples(st.just("block"), users),
    st.tuples(
        st.just("stray"), st.sampled_from(["sent", "shown", "podium", "drawn", "begun", "removed"]), positions
    ),
    st.tuples(st.just("act")),
    st.tuples(st.just("restart"), st.integers(0, 2 * AWAY_MS)),
    st.tuples(st.just("time"), st.integers(0, 30_000)),
    st.tuples(st.just("wait")),
)
WAITING = (Phase.SENDING, Phase.CLOSING, Phase.ENDING)  # for how showing something went


def ignore(table: Table, event: Event) -> None:
    """Give an event that means nothing now."""
    assert step(table.round, event) == (table.round, ())


def play(table: Table, move: tuple[object, ...]) -> None:  # noqa: C901, PLR0912 (one arm a move)
    """Do one move; what a runner cannot do (a report of what was not ordered) is left out."""
    current = table.round.current
    match move:
        case ("answer", int(user), int(position), bool(correct), int(after)):
            opened = current.opened_ms if current else table.now
            table.take(click(position or table.round.position, user, opened + after, correct=correct))
        case ("control", Action() as action, int(position)):
            table.give(Controlled(action, position or table.round.position, table.now))
        case ("fail", Failure() as failure, int(position)):
            table.give(Failed(failure, table.now, position or table.round.position))
        case ("fail", Failure() as failure, None) if table.phase() not in WAITING:
            ignore(table, Failed(failure, table.now))
        case ("order failure", Failure() as failure):
            table.fails.append(failure)
        case ("connection", bool(connected), bool(anew)):
            table.give(Connection(connected, table.now, anew and connected))
        case ("lost write", int(user)) if current and not current.closed:
            table.stored.pop((current.position, user), None)
            table.give(NotStored(current.position, user))
        case ("block", int(user)):
            table.block(user)
        case ("stray", "removed", _):
            table.give(Removed(table.now))
        case ("stray", "sent", int(position)) if table.phase() is not Phase.SENDING:
            ignore(table, Sent(position, 1, table.now, OFFSET))
        case ("stray", "shown", _) if table.phase() is not Phase.CLOSING:
            ignore(table, Shown(table.now, ()))
        case ("stray", "podium", _) if table.phase() is not Phase.ENDING:
            ignore(table, PodiumSent())
        case ("stray", "drawn", _) if table.phase() is not Phase.DRAWING:
            ignore(table, Drawn(None))
        case ("stray", "begun", _):
            ignore(table, Begun(table.now))
        case ("act",):
            table.act()
        case ("restart", int(away)) if not table.pending and table.phase() is not Phase.FINISHED:
            table.restart(away)
        case ("time", int(ms)):
            table.now += ms
            table.give(Tick(table.now))
        case ("wait",):
            table.act()
            if table.phase() is not Phase.FINISHED and next_tick(table.round) is not None:
                table.wait()


@settings(max_examples=examples(2_000), deadline=None)
@given(
    st.lists(moves, max_size=60),
    st.integers(1, 4),
    st.sampled_from([None, 10, 20]),
    st.booleans(),
    st.booleans(),
)
@example([("wait",), ("answer", 1, 0, True, 100), ("block", 1)], 1, None, False, False)
def test_any_order_of_events_keeps_the_scores_right_and_ends(
    order: list[tuple[object, ...]],
    questions: int,
    seconds: int | None,
    plain: bool,
    early: bool,
) -> None:
    table = Table(
        new_round(questions=questions, seconds=seconds, scoring="plain" if plain else "speed"), early=early
    )
    table.give(Begun(table.now))
    for move in order:
        play(table, move)
        if current := table.round.current:
            kept = {
                user: answer
                for (position, user), answer in table.stored.items()
                if position == current.position
            }
            if current.position not in table.closed or not table.closed[current.position].is_void:
                assert current.answers == kept, "the answers in memory are those that were stored"
        assert table.round.position <= questions
    table.act()
    table.fails.clear()
    table.to_end()
    assert sum(order is Order.FINISH for order in table.done) == 1
    for (position, _), answer in table.stored.items():
        reason = table.closed[position]
        if reason.is_void:
            assert answer.points == 0
        else:
            assert (answer.points > 0) == answer.correct
            assert (answer.streak > 0) == answer.correct


@settings(max_examples=examples(1_000), deadline=None)
@given(st.lists(moves, max_size=40), users, st.integers(0, 25_000))
def test_a_late_or_second_click_changes_nothing(
    order: list[tuple[object, ...]], user: int, after: int
) -> None:
    table = playing()
    table.answer(user)
    for move in order:
        play(table, move)
    before = table.round
    current = before.current
    assert current is not None
    answered = user in current.answers
    same, verdict = judge(before, click(current.position, user, current.deadline_ms + 1 + after))
    assert isinstance(verdict, Decline)
    assert same == before
    if answered:
        same, verdict = judge(before, click(current.position, user, current.opened_ms + after))
        assert isinstance(verdict, Decline)
        assert same == before
