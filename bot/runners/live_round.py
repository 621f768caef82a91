"""One round as it is played: a task that carries out its orders, and a way in for answers."""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping
from datetime import timedelta

from bot.core.quiz import is_too_late, judge, next_tick, step, why_not
from bot.core.quiz_moves import closes_ms
from bot.core.refusal import Refusal
from bot.core.round_events import (
    Accept,
    Click,
    Compared,
    Connection,
    Controlled,
    Decline,
    Event,
    NotStored,
    Order,
    Removed,
    Sent,
    Tick,
    Verdict,
    Why,
    Withdrawn,
)
from bot.core.rounds import Action, Current, Phase, Round
from bot.core.snowflakes import snowflake_ms
from bot.runners.messenger import Messenger, Recap
from bot.runners.round_orders import RoundOrders, TellHost
from bot.runners.time import Alarm
from bot.runners.tools import Tools
from bot.storage import rounds

log = logging.getLogger(__name__)

NOTICED_S = 0.1
"""A timer that is later than this shows that the process was busy or had stopped."""
NOTICED_MS = 500
"""If Discord's clock turns out to be further ahead than this, the machine has slept."""
LONGEST_EXTRA_S = 3.0
"""How long a question stays open beyond its grace: by then Discord takes no more answers to its clicks."""
QUIET_MS = 300
"""An answer that comes this shortly before the end shows that more of them wait to be read."""
NOT_FROM_HERE = "That button does not belong here."
TOO_LATE = {
    Action.REVEAL: "That question is over already.",
    Action.NEXT: "That is on its way already.",
    Action.SKIP: "There is nothing to skip just now. Try again when the next question is there.",
    Action.STOP: "That round is over already.",
}


class LiveRound:
    """A round in memory. Its state changes only here, and only as the core says.

    Everything but answers goes through one task, in order. Answers change the state at once, and are
    committed alongside.
    """

    def __init__(
        self, tools: Tools, messenger: Messenger, state: Round, tell_host: TellHost | None = None
    ) -> None:
        self.state = state
        self._tools = tools
        self._hands = RoundOrders(tools, messenger, state.id, state.plan, self.give, tell_host)
        self._orders: deque[Order] = deque()
        self._events: deque[Event] = deque()
        self._alarm = Alarm(tools.time)
        self._waiting_for: int | None = None
        self._accepted_ms = 0

    async def run(self, first: Event) -> None:
        """Play to the end, beginning with `first`, which began the round or brought it back."""
        self._events.appendleft(first)
        try:
            while self._orders or self.state.phase is not Phase.FINISHED:
                if self._orders:
                    event = await self._hands.carry_out(self._orders.popleft(), self.state)
                    self._orders.extend(self._step(event) if event else ())
                elif self._events:
                    self._orders.extend(self._step(self._events.popleft()))
                else:
                    await self._wait()
            await self._hands.finish_edits()
        except Exception:
            log.exception("Round %d failed", self.state.id)
            await self._hands.give_up(self.state.position)
        finally:
            self._hands.drop_edits()

    def give(self, event: Event) -> None:
        """Hand the task an event for when it is free; whoever acted does not wait for Discord."""
        if isinstance(event, Controlled | Removed):
            self._hands.end_wait()
        self._events.append(event)
        self._alarm.ring()

    def forget(self, user_id: int) -> None:
        """Forget somebody who deleted their data."""
        self._hands.recaps.pop(user_id, None)
        self.give(Withdrawn(user_id, for_good=True))

    def control(self, action: Action, position: int) -> None:
        """Do what somebody with the right to it asks for. Raises Refusal if it is too late."""
        self.check_in_time(action, position)
        self.give(Controlled(action, position, self._tools.steady_ms()))

    def check_in_time(self, action: Action, position: int) -> None:
        """Raise Refusal if it is too late for that."""
        if is_too_late(self.state, action, position):
            raise Refusal(TOO_LATE[action])

    def set_connected(self, *, connected: bool, anew: bool = False) -> None:
        """Note that the server's shard was connected (`anew`: with a new session), or lost its connection."""
        self._orders.extend(self._step(Connection(connected, self._tools.steady_ms(), anew)))
        self._alarm.ring()

    async def answer(self, click: Click) -> Verdict:
        """Judge an answer and store it; return what to tell its player. Raises Refusal."""
        await self._learn_from(click)
        # There is no await between here and the write: answers are committed in the order they came in.
        if not self._can_be_given(click):
            raise Refusal(NOT_FROM_HERE)
        self.state, verdict = judge(self.state, click)
        if not isinstance(verdict, Accept):
            return verdict
        self._accepted_ms = self._tools.steady_ms()
        return await self._store(click, verdict)

    @property
    def recaps(self) -> Mapping[int, Recap]:
        """How each player stands since the last question was closed; empty before."""
        return self._hands.recaps

    async def to_type(self, click: Click) -> Current | Decline:
        """Return the question to answer in a form, or why such an answer would not count.

        Raises Refusal.
        """
        if not self.state.plan.typed:
            raise Refusal(NOT_FROM_HERE)
        await self._learn_from(click)
        if declined := why_not(self.state, click):
            return declined
        assert self.state.current is not None  # noqa: S101 (before the first question it is declined)
        return self.state.current

    async def _learn_from(self, click: Click) -> None:
        """Take the time from a click, and the question as sent if Discord has not answered its send yet."""
        self._compare_clocks(click)
        is_sending = self.state.phase is Phase.SENDING and self.state.position == click.position
        if not is_sending or click.message_id is None:
            return
        opened = snowflake_ms(click.message_id)
        offset = click.at_ms - self._tools.steady_ms()
        commit, *others = self._step(Sent(click.position, click.message_id, opened, offset))
        self._orders.extend(others)
        self._hands.end_wait()
        self._alarm.ring()
        # A question must be stored as open before any answer to it.
        await self._hands.carry_out(commit, self.state)

    def _compare_clocks(self, click: Click) -> None:
        """Take the offset between the clocks from a click that arrived faster than those before it."""
        known, offset_ms = self.state.current, click.at_ms - self._tools.steady_ms()
        self._step(Compared(offset_ms))
        if known is not None and offset_ms > known.offset_ms + NOTICED_MS:
            self._alarm.ring()

    def _can_be_given(self, click: Click) -> bool:
        """Return whether the card offers such an answer; one to another question is judged anyway."""
        current = self.state.current
        if current is None or current.position != click.position:
            return True
        if click.message_id is not None and current.message_id not in (None, click.message_id):
            return False
        if self.state.plan.typed:
            return click.text is not None
        return click.choice is not None and click.choice < len(current.asked.options)

    async def _store(self, click: Click, accept: Accept) -> Verdict:
        moment = next_tick(self.state)
        if moment is not None and self._waiting_for is not None and moment < self._waiting_for:
            self._alarm.ring()
        counts = None
        try:
            counts = await self._tools.database.write(
                rounds.record_answer, self.state.id, click.position, accept.answer
            )
        finally:
            if counts != accept.answer:
                self._step(NotStored(click.position, click.user_id))
        if counts != accept.answer:
            # The round knows nothing of an earlier one whose player was blocked for a while.
            return Decline(Why.ALREADY if counts else Why.OVER, counts)
        self._tools.tally.answers += 1
        return accept

    def _step(self, event: Event) -> tuple[Order, ...]:
        self.state, orders = step(self.state, event)
        return orders

    async def _wait(self) -> None:
        """Wait until something has happened, or until the round wants to be woken."""
        self._waiting_for = next_tick(self.state)
        left = None
        if self._waiting_for is not None:
            left = timedelta(milliseconds=max(0, self._waiting_for - self._tools.steady_ms()))
        loop = asyncio.get_running_loop()
        began = loop.time()
        await self._alarm.wait(left)
        self._waiting_for = None
        if left is not None and self._is_closing_time():
            await self._let_clicks_in(loop.time() - began - left.total_seconds())
        self._orders.extend(self._step(Tick(self._tools.steady_ms())))

    def _is_closing_time(self) -> bool:
        current = self.state.current
        if self.state.phase is not Phase.OPEN or current is None:
            return False
        return self._tools.steady_ms() >= closes_ms(self.state, current)

    async def _let_clicks_in(self, late_s: float) -> None:
        """Wait again for as long as the timer was late, and while answers given in time keep coming in."""
        ends_ms = self._tools.steady_ms() + LONGEST_EXTRA_S * 1_000
        if late_s > NOTICED_S:
            # By the event loop's clock: a jump of the playground's clock did not hold them up.
            await asyncio.sleep(min(late_s, LONGEST_EXTRA_S))
        while self._accepted_ms + QUIET_MS > (now_ms := self._tools.steady_ms()) and now_ms < ends_ms:
            await self._tools.time.sleep(timedelta(milliseconds=QUIET_MS))
