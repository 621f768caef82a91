"""The state machine under any order of events, and each ending of a round by name."""

from dataclasses import dataclass, field, replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.quiz import due, step
from bot.core.quiz_moves import (
    AWAY_MS,
    COUNT_EVERY_MS,
    GRACE_MS,
    LEAD_IN_MS,
    LONGEST_HOLD_MS,
    PAUSE_MS,
    REPLAY_MS,
    UNTIMED_LIMIT_MS,
)
from bot.core.round_events import (
    Accept,
    Answered,
    Begun,
    Close,
    CommitOpen,
    Connection,
    Controlled,
    Decline,
    Draw,
    Drawn,
    Due,
    Effect,
    End,
    Event,
    Failed,
    Finish,
    NotStored,
    PodiumSent,
    Removed,
    Reopen,
    ReopenThread,
    Restarted,
    Send,
    Sent,
    ShowAgain,
    ShowCount,
    Shown,
    VoidDeleted,
    Why,
)
from bot.core.rounds import Action, Answer, CloseReason, Current, EndReason, Failure, Phase, Round

START = 1_800_000_000_000
OFFSET = 250  # Discord's clock is ahead of ours by this much


@dataclass
class Table:
    """Somebody who carries out a round's effects, as the runner does, and keeps what it commits."""

    round: Round
    now: int = START
    fails: list[Failure | None] = field(default_factory=list)
    pending: list[Effect] = field(default_factory=list)
    done: list[Effect] = field(default_factory=list)
    stored: dict[tuple[int, int], Answer] = field(default_factory=dict)
    closed: dict[int, CloseReason] = field(default_factory=dict)
    left: int = 99

    def phase(self) -> Phase:
        return self.round.phase

    def give(self, event: Event) -> tuple[Effect, ...]:
        self.round, effects = step(self.round, event)
        self.pending.extend(effect for effect in effects if not isinstance(effect, Accept | Decline))
        for effect in effects:
            if isinstance(effect, Accept):
                key = (self.round.position, effect.answer.user_id)
                assert key not in self.stored, "a second answer was accepted"
                assert self.round.position not in self.closed, "an answer was accepted after the end"
                self.stored[key] = effect.answer
        return effects

    def act(self) -> None:
        """Carry out what is pending, with the failures that were ordered."""
        while self.pending:
            effect = self.pending.pop(0)
            self.done.append(effect)
            if event := self._outcome(effect):
                self.give(event)

    def _outcome(self, effect: Effect) -> Event | None:
        failure = None
        if isinstance(effect, Send | Close | End) and self.fails:
            failure = self.fails.pop(0)
        current = self.round.current
        match effect:
            case Draw(position):
                self.left -= 1
                return Drawn(Current(position, 100, self.now) if self.left >= 0 else None)
            case Close():
                assert current is not None
                assert current.closed is not None
                self._commit_close(current.position, current.closed)
                return Failed(failure, self.now) if failure else Shown(self.now)
            case VoidDeleted():
                self._commit_close(self.round.position, CloseReason.DELETED)
            case Send():
                message = (self.now + OFFSET - 1_420_070_400_000) << 22
                sent = Sent(self.round.position, message, self.now + OFFSET, OFFSET)
                return Failed(failure, self.now) if failure else sent
            case End():
                if current:
                    self._commit_close(current.position, CloseReason.ENDED)
                return Failed(failure, self.now) if failure else PodiumSent()
        return None

    def _commit_close(self, position: int, reason: CloseReason) -> None:
        if reason.is_void:
            for key, answer in self.stored.items():
                if key[0] == position:
                    self.stored[key] = replace(answer, points=0, streak=0)
        elif position in self.closed:
            return
        self.closed[position] = reason

    def later(self, ms: int) -> None:
        self.now += ms
        self.give(Due(self.now))
        self.act()

    def wait(self) -> None:
        """Jump to when the round wants to be woken."""
        moment = due(self.round)
        assert moment is not None
        self.now = max(self.now, moment)
        self.later(0)

    def answer(
        self, user: int, *, correct: bool = True, after: int = 1_000, position: int | None = None
    ) -> Effect:
        current = self.round.current
        assert current is not None
        event = Answered(position or current.position, user, 0, correct, current.opened_ms + after)
        (effect,) = self.give(event)
        return effect

    def control(self, action: Action) -> None:
        self.give(Controlled(action, self.round.position, self.now))
        self.act()

    def to_end(self) -> EndReason:
        for _ in range(500):
            if self.round.phase is Phase.FINISHED:
                assert isinstance(self.done[-1], Finish)
                assert self.round.end_reason is not None
                return self.round.end_reason
            self.wait()
        raise AssertionError("the round does not end")


def playing(questions: int = 3, seconds: int | None = 20, *, plain: bool = False) -> Table:
    """Return a table at its first open question."""
    table = Table(Round(1, questions, seconds, plain))
    table.give(Begun(table.now))
    table.later(LEAD_IN_MS)
    assert table.phase() is Phase.OPEN
    return table


def shown(table: Table) -> Table:
    """Go on until the open question is closed and shown."""
    while table.phase() is Phase.OPEN:
        table.wait()
    return table


def test_the_numbers_are_those_that_people_are_told() -> None:
    assert (AWAY_MS, COUNT_EVERY_MS, GRACE_MS, LEAD_IN_MS) == (600_000, 2_500, 1_500, 3_000)
    assert (LONGEST_HOLD_MS, PAUSE_MS, REPLAY_MS, UNTIMED_LIMIT_MS) == (60_000, 10_000, 2_000, 900_000)


def test_a_round_from_start_to_podium() -> None:
    table = playing(questions=2)
    assert isinstance(table.answer(7, after=499), Accept)
    assert isinstance(table.answer(8, after=10_000, correct=False), Accept)
    shown(table)
    assert table.closed == {1: CloseReason.DEADLINE}
    table.wait()
    assert table.round.position == 2
    table.answer(7, after=20_000)
    assert table.to_end() is EndReason.COMPLETED
    assert {key: answer.points for key, answer in table.stored.items()} == {
        (1, 7): 100,
        (1, 8): 0,
        (2, 7): 60,
    }
    assert [type(effect) for effect in table.done if not isinstance(effect, ShowCount)] == [
        *[Draw, Send, CommitOpen, Close] * 2,
        End,
        Finish,
    ]


def test_the_first_click_counts_and_the_last_in_time_is_in_time() -> None:
    table = playing()
    assert isinstance(table.answer(7, correct=False), Accept)
    again = table.answer(7, correct=True)
    assert isinstance(again, Decline)
    assert (again.why, again.first and again.first.correct) == (Why.ALREADY, False)
    assert isinstance(table.answer(8, after=20_000), Accept)
    assert table.answer(9, after=20_001) == Decline(Why.LATE)
    assert table.answer(10, position=2) == Decline(Why.NOT_YET)
    shown(table)
    assert table.answer(11, after=3_000) == Decline(Why.OVER)


def test_a_click_made_in_time_counts_while_it_is_on_its_way() -> None:
    table = playing()
    current = table.round.current
    assert current is not None
    deadline_by_our_clock = current.deadline_ms - OFFSET
    table.later(deadline_by_our_clock + GRACE_MS - 1 - table.now)
    assert table.phase() is Phase.OPEN
    assert isinstance(table.answer(7, after=19_999), Accept)
    table.later(1)
    assert table.phase() is Phase.SHOWN


def test_streaks_break_at_a_wrong_or_missing_answer_but_not_at_a_void_question() -> None:
    table = playing(questions=5)
    for user in (1, 2, 3):
        table.answer(user)
    shown(table).wait()
    table.answer(1)
    table.answer(2, correct=False)
    shown(table).wait()
    table.answer(1)
    table.control(Action.SKIP)
    assert table.round.position == 4
    for user in (1, 2, 3):
        table.answer(user)
    last = {user: table.stored[4, user].streak for user in (1, 2, 3)}
    assert last == {1: 3, 2: 1, 3: 1}
    assert table.stored[3, 1].points == 0


def test_plain_scoring_gives_one_point() -> None:
    table = playing(plain=True)
    table.answer(1)
    shown(table).wait()
    table.answer(1)
    assert [answer.points for answer in table.stored.values()] == [1, 1]


def test_the_count_is_edited_at_most_every_two_and_a_half_seconds_and_never_near_the_end() -> None:
    table = playing()
    current = table.round.current
    assert current is not None
    edits = []
    while table.phase() is Phase.OPEN:
        table.answer(len(table.stored) + 1)
        before = len(table.done)
        table.later(100)
        edits += [table.now for effect in table.done[before:] if isinstance(effect, ShowCount)]
    gaps = [after - before for before, after in pairwise(edits)]
    assert min(gaps) >= COUNT_EVERY_MS
    assert max(edits) < current.deadline_ms - OFFSET - 900


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
    table = Table(Round(1, 3, 20))
    table.give(Begun(table.now))
    table.now += LEAD_IN_MS
    table.give(Due(table.now))
    table.control(Action.STOP)
    assert table.phase() is Phase.FINISHED


def test_three_questions_without_an_answer_end_the_round() -> None:
    table = playing(questions=10)
    assert table.to_end() is EndReason.UNANSWERED
    assert sorted(table.closed) == [1, 2, 3]


def test_one_deleted_question_is_void_and_two_in_a_row_end_the_round() -> None:
    table = playing(questions=10)
    table.answer(7)
    table.give(Failed(Failure.MESSAGE_GONE, table.now, position=1))
    table.act()
    assert (table.round.position, table.round.deleted) == (2, 1)
    assert table.stored[1, 7].points == 0
    table.answer(7)
    table.fails = [Failure.MESSAGE_GONE]
    shown(table)
    assert table.round.end_reason is EndReason.DELETED
    assert set(table.closed.values()) == {CloseReason.DELETED}


def test_a_deletion_that_is_not_the_second_in_a_row_does_not_end_the_round() -> None:
    table = playing(questions=10)
    table.give(Failed(Failure.MESSAGE_GONE, table.now, position=1))
    table.act()
    shown(table).wait()
    table.give(Failed(Failure.MESSAGE_GONE, table.now, position=3))
    table.act()
    assert (table.phase(), table.round.position) == (Phase.OPEN, 4)


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (Failure.FORBIDDEN, EndReason.NO_ACCESS),
        (Failure.CHANNEL_GONE, EndReason.CHANNEL_GONE),
        (Failure.REJECTED, EndReason.FAULT),
    ],
)
@pytest.mark.parametrize("moment", ["send", "count", "close"])
def test_a_failure_that_stays_ends_the_round(failure: Failure, reason: EndReason, moment: str) -> None:
    table = playing(questions=10)
    table.answer(7, after=0)
    match moment:
        case "send":
            shown(table)
            table.fails = [failure]
            table.wait()
        case "count":
            table.give(Failed(failure, table.now, position=1))
            table.act()
            if failure is Failure.REJECTED:
                assert table.phase() is Phase.OPEN
                return
        case "close":
            table.fails = [failure]
            shown(table)
    assert (table.phase(), table.round.end_reason) == (Phase.FINISHED, reason)
    assert table.stored[1, 7].points == 100


def test_a_closed_thread_is_reopened_once() -> None:
    table = playing(questions=10)
    table.answer(7)
    table.fails = [Failure.ARCHIVED]
    shown(table)
    assert table.phase() is Phase.SHOWN
    assert sum(isinstance(effect, ReopenThread) for effect in table.done) == 1
    table.fails = [Failure.ARCHIVED]
    table.wait()
    assert table.round.end_reason is EndReason.THREAD_CLOSED


def test_an_outage_pauses_and_the_round_goes_on() -> None:
    table = playing()
    shown(table)
    table.fails = [Failure.OUTAGE] * 3
    table.wait()
    assert table.phase() is Phase.SENDING
    before = table.now
    while table.phase() is Phase.SENDING:
        table.wait()
    assert (table.phase(), table.now - before) == (Phase.OPEN, 35_000)
    assert table.round.failing_since_ms is None


def test_an_outage_of_ten_minutes_ends_the_round() -> None:
    table = playing()
    table.answer(7)
    table.fails = [Failure.OUTAGE] * 100
    assert table.to_end() is EndReason.OUTAGE
    assert table.stored[1, 7].points > 0


def test_a_stop_does_not_wait_for_an_outage_to_end() -> None:
    table = playing()
    shown(table)
    table.fails = [Failure.OUTAGE]
    table.wait()
    table.control(Action.STOP)
    assert (table.phase(), table.round.end_reason) == (Phase.FINISHED, EndReason.STOPPED)


def test_no_question_closes_without_a_connection_for_a_minute() -> None:
    table = playing()
    table.give(Connection(connected=False, at_ms=table.now))
    table.later(20_000 + GRACE_MS + LONGEST_HOLD_MS - 1)
    assert table.phase() is Phase.OPEN
    assert isinstance(table.answer(7, after=20_000), Accept)
    table.later(1)
    assert table.phase() is Phase.SHOWN


def test_after_the_connection_is_back_its_clicks_are_waited_for() -> None:
    table = playing()
    table.give(Connection(connected=False, at_ms=table.now))
    table.later(30_000)
    table.give(Connection(connected=True, at_ms=table.now))
    table.later(REPLAY_MS - 1)
    assert table.phase() is Phase.OPEN
    assert isinstance(table.answer(7, after=19_000), Accept)
    table.later(1)
    assert table.phase() is Phase.SHOWN


def test_a_click_can_tell_of_the_message() -> None:
    table = Table(replace(Round(1, 3, 20), phase=Phase.SENDING, current=Current(1, 100, START)))
    assert table.give(Answered(1, 7, 0, True, START)) == (Decline(Why.NOT_YET),)
    assert table.give(Sent(1, 5, START, OFFSET)) == (CommitOpen(),)
    assert isinstance(table.answer(7), Accept)
    assert table.give(Sent(1, 5, START, 9_999)) == ()


def test_an_answer_that_could_not_be_stored_may_be_given_again() -> None:
    table = playing()
    table.answer(7)
    del table.stored[1, 7]
    table.give(NotStored(1, 7))
    assert isinstance(table.answer(7), Accept)


def restarted(table: Table, away: int) -> tuple[Effect, ...]:
    """Come back after `away` milliseconds, as what storage would load."""
    state = table.round
    loaded = replace(state, connected=True, connected_ms=0, next_ms=0, retry_ms=None, failing_since_ms=None)
    if state.phase is Phase.CLOSING:
        loaded = replace(loaded, phase=Phase.SHOWN)
    table.now += away
    table.pending.clear()
    table.round = loaded
    return table.give(Restarted(table.now))


def test_a_restart_within_the_time_changes_nothing() -> None:
    table = playing()
    table.answer(7)
    before = table.round.current
    assert before is not None
    assert restarted(table, 3_000) == ()
    after = table.round.current
    assert after is not None
    assert (after.deadline_ms, after.answers, after.reopened) == (before.deadline_ms, before.answers, False)
    table.later(0)
    assert isinstance(table.done[-1], ShowCount)


def test_a_question_whose_time_ran_out_meanwhile_is_reopened_for_the_others() -> None:
    table = playing()
    table.answer(7, after=0)
    assert restarted(table, 60_000) == (Reopen(),)
    assert isinstance(table.answer(7, after=61_000), Decline)
    assert isinstance(table.answer(8, after=61_000), Accept)
    assert (table.stored[1, 7].points, table.stored[1, 8].points) == (100, 50)
    table.later(20_000 + GRACE_MS)
    assert table.phase() is Phase.SHOWN


def test_ten_minutes_away_end_a_round_with_the_scores_it_has() -> None:
    table = playing()
    table.answer(7, after=0)
    assert restarted(table, AWAY_MS + 60_000) == (End(),)
    table.act()
    assert table.round.end_reason is EndReason.AWAY
    assert table.stored[1, 7].points == 100


def test_a_restart_after_the_answer_shows_it_again_and_goes_on() -> None:
    table = playing(questions=2)
    table.answer(7)
    while table.phase() is Phase.OPEN:
        table.now = max(table.now, due(table.round) or 0)
        table.give(Due(table.now))
    assert table.phase() is Phase.CLOSING
    assert restarted(table, 5_000) == (ShowAgain(),)
    assert table.round.streaks == {7: 1}
    table.later(PAUSE_MS)
    assert (table.phase(), table.round.position) == (Phase.OPEN, 2)


def test_being_removed_ends_the_round_at_once() -> None:
    table = playing()
    table.answer(7, after=0)
    table.give(Removed(table.now))
    table.act()
    assert table.round.end_reason is EndReason.REMOVED
    assert table.stored[1, 7].points == 100


def test_a_round_ends_when_no_question_is_left() -> None:
    table = playing(questions=10)
    table.left = 1
    assert table.to_end() in (EndReason.NO_QUESTIONS, EndReason.UNANSWERED)
    assert table.round.position == 2


# Arbitrary orders of events.

users = st.integers(1, 6)
positions = st.integers(0, 5)
moves = st.one_of(
    st.tuples(st.just("answer"), users, positions, st.booleans(), st.integers(-2_000, 40_000)),
    st.tuples(st.just("control"), st.sampled_from(Action), positions),
    st.tuples(st.just("fail"), st.sampled_from(Failure), st.one_of(st.none(), positions)),
    st.tuples(st.just("order failure"), st.sampled_from(Failure)),
    st.tuples(st.just("connection"), st.booleans()),
    st.tuples(st.just("lost write"), users),
    st.tuples(
        st.just("stray"), st.sampled_from(["sent", "shown", "podium", "drawn", "begun", "removed"]), positions
    ),
    st.tuples(st.just("act")),
    st.tuples(st.just("restart"), st.integers(0, 2 * AWAY_MS)),
    st.tuples(st.just("time"), st.integers(0, 30_000)),
    st.tuples(st.just("wait")),
)


def play(table: Table, move: tuple[object, ...]) -> None:  # noqa: C901, PLR0912 (one arm a move)
    """Do one move; what a runner cannot do (a report of what was not ordered) is left out."""
    current = table.round.current
    match move:
        case ("answer", int(user), int(position), bool(correct), int(after)):
            opened = current.opened_ms if current else table.now
            table.give(Answered(position or table.round.position, user, 0, correct, opened + after))
        case ("control", Action() as action, int(position)):
            table.give(Controlled(action, position or table.round.position, table.now))
        case ("fail", Failure() as failure, int(position)):
            table.give(Failed(failure, table.now, position or table.round.position))
        case ("order failure", Failure() as failure):
            table.fails.append(failure)
        case ("connection", bool(connected)):
            table.give(Connection(connected, table.now))
        case ("lost write", int(user)) if current and not current.closed:
            table.stored.pop((current.position, user), None)
            table.give(NotStored(current.position, user))
        case ("stray", "removed", _):
            table.give(Removed(table.now))
        case ("stray", "sent", int(position)) if table.phase() is not Phase.SENDING:
            table.give(Sent(position, 1, table.now, OFFSET))
        case ("stray", "shown", _) if table.phase() is not Phase.CLOSING:
            table.give(Shown(table.now))
        case ("stray", "podium", _) if table.phase() is not Phase.ENDING:
            table.give(PodiumSent())
        case ("stray", "drawn", _) if table.phase() is not Phase.DRAWING:
            table.give(Drawn(None))
        case ("stray", "begun", _):
            table.give(Begun(table.now))
        case ("act",):
            table.act()
        case ("restart", int(away)) if not table.pending and table.phase() is not Phase.FINISHED:
            restarted(table, away)
        case ("time", int(ms)):
            table.now += ms
            table.give(Due(table.now))
        case ("wait",):
            table.act()
            if table.phase() is not Phase.FINISHED and due(table.round) is not None:
                table.wait()


@settings(max_examples=2_000, deadline=None)
@given(st.lists(moves, max_size=60), st.integers(1, 4), st.sampled_from([None, 10, 20]), st.booleans())
def test_any_order_of_events_keeps_the_scores_right_and_ends(
    order: list[tuple[object, ...]],
    questions: int,
    seconds: int | None,
    plain: bool,
) -> None:
    table = Table(Round(1, questions, seconds, plain))
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
    assert sum(isinstance(effect, Finish) for effect in table.done) == 1
    for (position, _), answer in table.stored.items():
        reason = table.closed[position]
        if reason.is_void:
            assert answer.points == 0
        else:
            assert (answer.points > 0) == answer.correct
            assert (answer.streak > 0) == answer.correct


@settings(max_examples=1_000, deadline=None)
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
    late = Answered(current.position, user, 1, True, current.deadline_ms + 1 + after)
    (effect,) = step(before, late)[1]
    assert isinstance(effect, Decline)
    assert step(before, late)[0] == before
    if answered:
        again = Answered(current.position, user, 1, True, current.opened_ms + after)
        after_state, (effect,) = step(before, again)
        assert isinstance(effect, Decline)
        assert after_state == before
