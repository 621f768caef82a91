"""A quiz round that is played without a runner, for tests of the state machine."""

from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any

from bot.core.asked import AskedQuestion
from bot.core.content import Difficulty, Spoiler
from bot.core.quiz import judge, next_tick, step
from bot.core.quiz_moves import EARLY_GRACE_MS, FEWEST_PLAYERS, LEAD_IN_MS
from bot.core.round_events import (
    Accept,
    Begun,
    Click,
    Controlled,
    Decline,
    Drawn,
    Event,
    Failed,
    NotStored,
    Order,
    PodiumSent,
    Restarted,
    Sent,
    Shown,
    Tick,
    Verdict,
    Why,
    Withdrawn,
)
from bot.core.rounds import Action, Answer, CloseReason, Current, EndReason, Failure, Phase, Round
from bot.core.worth import most_points
from tests.quiz_pack import PLAN

START = 1_800_000_000_000
OFFSET = 250  # Discord's clock is ahead of ours by this much
ASKED = AskedQuestion(
    question="ramp",
    fact="ramp",
    topics=("scenes",),
    prompt="Where was it filmed?",
    options=("On a ramp", "On a roof", "On a road", "On a rope"),
    answer=0,
    aliases=(),
    other_names=(),
    fact_text="It was filmed on a ramp.",
    spoiler=Spoiler.NONE,
    difficulty=Difficulty.EASY,
    base=100,
)


@dataclass
class Table:
    """Carries out a round's orders, as the runner does, and keeps what that would commit.

    `now` is by our clock. `fails` says how the next orders that show something go: None for well. `pending`
    are the orders that are still to be carried out, `done` those that were. `stored` holds the answers by
    position and player, `closed` the reasons by position. `left` is how many questions can still be drawn,
    `early` the server's setting. `arrived` is when the stored answers came, and `blocked` who may give none.
    """

    round: Round
    now: int = START
    fails: list[Failure | None] = field(default_factory=list)
    pending: list[Order] = field(default_factory=list)
    done: list[Order] = field(default_factory=list)
    stored: dict[tuple[int, int], Answer] = field(default_factory=dict)
    closed: dict[int, CloseReason] = field(default_factory=dict)
    left: int = 99
    early: bool = False
    arrived: dict[tuple[int, int], int] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)

    def phase(self) -> Phase:
        """Return the phase; as an attribute, mypy would take it for the same after a call."""
        return self.round.phase

    @property
    def current(self) -> Current:
        """The question that the round is at."""
        assert self.round.current is not None
        return self.round.current

    def give(self, event: Event) -> tuple[Order, ...]:
        """Give the round an event, and return its orders, which are pending then."""
        self.round, orders = step(self.round, event)
        self.pending.extend(orders)
        if Order.CLOSE in orders and self.round.current and self.round.current.closed is CloseReason.COMPLETE:
            self._check_early()
        return orders

    def _check_early(self) -> None:
        """Fail if the question was closed before its time while somebody was waited for, or with no grace."""
        awaited, position = self.players(), self.round.position
        here = {user: self.arrived[place, user] for place, user in self.stored if place == position}
        assert self.early
        assert len(awaited) >= FEWEST_PLAYERS or self.blocked
        assert awaited <= here.keys(), "it was closed while somebody was waited for"
        last = max((here[user] for user in awaited), default=0)
        assert self.now - last >= EARLY_GRACE_MS, "others had no grace"

    def players(self) -> set[int]:
        """Return who is waited for, by what is stored."""
        players: set[int] = set()
        for position in range(self.round.position - 1, 0, -1):
            players.update(user for place, user in self.stored if place == position)
            if not self.closed[position].is_void:
                break
        return players - self.blocked

    def block(self, user: int) -> None:
        """Have the moderators block a player."""
        self.blocked.add(user)
        # What they answered stays in the database, but not in sight.
        self.stored.pop((self.round.position, user), None)
        self.give(Withdrawn(user))

    def take(self, click: Click) -> Verdict:
        """Have an answer judged, and store it if it counts."""
        before = self.round
        self.round, verdict = judge(before, click)
        if isinstance(verdict, Accept):
            key = (self.round.position, click.user_id)
            assert self.round.position not in self.closed, "an answer was accepted after the end"
            if click.user_id in self.blocked:
                self.give(NotStored(self.round.position, click.user_id))
                return Decline(Why.OVER)
            assert key not in self.stored, "a second answer was accepted"
            self.stored[key] = verdict.answer
            self.arrived[key] = self.now
            assert before.current is not None
            # A click from before the hint may come after it.
            asked = before.current._replace(hinted=False)
            assert verdict.answer.points <= most_points(before, asked), "it said less"
        return verdict

    def act(self) -> None:
        """Carry out what is pending and what comes of it, with the failures that were ordered."""
        while self.pending:
            self.act_once()

    def act_once(self) -> None:
        """Carry out the first order that is pending."""
        order = self.pending.pop(0)
        self.done.append(order)
        if event := self._outcome(order):
            self.give(event)

    def _outcome(self, order: Order) -> Event | None:
        failure = None
        if order in (Order.SEND, Order.CLOSE, Order.END) and self.fails:
            failure = self.fails.pop(0)
        current = self.round.current
        match order:
            case Order.DRAW:
                self.left -= 1
                drawn = Current(self.round.position + 1, ASKED, self.now)
                return Drawn(drawn if self.left >= 0 else None, self.early)
            case Order.CLOSE:
                assert current is not None
                assert current.closed is not None
                self._commit_close(current.position, current.closed)
                counting = [one for place, one in self.stored.items() if place[0] == current.position]
                return Failed(failure, self.now) if failure else Shown(self.now, counting)
            case Order.VOID_DELETED:
                self._commit_close(self.round.position, CloseReason.DELETED)
            case Order.SEND:
                sent = Sent(self.round.position, 5, self.now + OFFSET, OFFSET)
                return Failed(failure, self.now) if failure else sent
            case Order.END:
                if current:
                    self._commit_close(current.position, CloseReason.ENDED)
                return Failed(failure, self.now) if failure else PodiumSent()
        return None

    def _commit_close(self, position: int, reason: CloseReason) -> None:
        if reason.is_void:
            for key, answer in self.stored.items():
                if key[0] == position:
                    self.stored[key] = answer._replace(points=0, streak=0)
        elif position in self.closed:
            return
        self.closed[position] = reason

    def later(self, ms: int) -> None:
        """Let `ms` milliseconds pass, and act."""
        self.now += ms
        self.give(Tick(self.now))
        self.act()

    def wait(self) -> None:
        """Jump to when the round wants to be woken."""
        moment = next_tick(self.round)
        assert moment is not None
        self.now = max(self.now, moment)
        self.later(0)

    def answer(
        self, user: int, *, correct: bool = True, after: int = 1_000, position: int | None = None
    ) -> Verdict:
        """Answer the open question (or the one at `position`) `after` milliseconds, by Discord's clock."""
        current = self.round.current
        assert current is not None
        return self.take(
            click(position or current.position, user, current.opened_ms + after, correct=correct)
        )

    def control(self, action: Action) -> None:
        """Have the host do something about the question that the round is at."""
        self.give(Controlled(action, self.round.position, self.now))
        self.act()

    def to_end(self) -> EndReason:
        """Wait until the round is over, and return why it ended."""
        for _ in range(500):
            if self.round.phase is Phase.FINISHED:
                assert self.done[-1] is Order.FINISH
                assert self.round.end_reason is not None
                return self.round.end_reason
            self.wait()
        raise AssertionError("the round does not end")

    def restart(self, away: int) -> tuple[Order, ...]:
        """Come back after `away` milliseconds with what is stored, and return the orders.

        A question that was being closed is committed as closed; it may not have been shown.
        """
        self.pending.clear()
        if self.round.phase is Phase.CLOSING and self.round.current and self.round.current.closed:
            self._commit_close(self.round.position, self.round.current.closed)
        self.round = self._loaded()
        self.now += away
        return self.give(Restarted(self.now))

    def _loaded(self) -> Round:
        """Return the round as storage would load it, whose rows are counted without the current question."""
        was = self.round
        before = [position for position in sorted(self.closed) if position < was.position]
        counted = [position for position in before if not self.closed[position].is_void]
        answered = {position for position, _ in self.stored}
        streaks = {
            user: answer.streak
            for (position, user), answer in self.stored.items()
            if position in counted[-1:] and answer.streak
        }
        silent = takewhile(lambda position: position not in answered, reversed(counted))
        deleted = takewhile(lambda position: self.closed[position] is CloseReason.DELETED, reversed(before))
        return Round(
            id=was.id,
            plan=was.plan,
            phase=Phase.SHOWN if was.phase is Phase.CLOSING else was.phase,
            current=was.current
            and was.current._replace(
                shown_count=0,
                counted_ms=0,
                hinted=False,
                guesses={},
                complete_ms=None,
                cut_off=False,
            ),
            streaks=streaks,
            players=frozenset(self.players()),
            early=self.early,
            unanswered=len(list(silent)),
            deleted=len(list(deleted)),
            next_ms=0 if was.current else START,
            end_reason=was.end_reason if was.phase is Phase.ENDING else None,
        )


def click(position: int, user: int, at_ms: int, *, correct: bool = True) -> Click:
    """Return a click on the button of the right answer, or of a wrong one."""
    choice = ASKED.answer if correct else ASKED.answer + 1
    return Click(position, user, message_id=5, at_ms=at_ms, choice=choice)


def new_round(**rules: Any) -> Round:
    """Return a round of three questions before its first, or one with other rules."""
    return Round(1, replace(PLAN, **({"questions": 3} | rules)))


def playing(
    questions: int = 3,
    seconds: int | None = 20,
    *,
    plain: bool = False,
    typed: bool = False,
    early: bool = False,
) -> Table:
    """Return a table at its first open question."""
    round_ = new_round(
        questions=questions,
        seconds=seconds,
        scoring="plain" if plain else "speed",
        answer_form="typed" if typed else "buttons",
    )
    table = Table(round_, early=early)
    table.give(Begun(table.now))
    table.later(LEAD_IN_MS)
    assert table.phase() is Phase.OPEN
    return table


def shown(table: Table) -> Table:
    """Go on until the open question is closed and shown."""
    while table.phase() is Phase.OPEN:
        table.wait()
    return table
