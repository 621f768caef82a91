"""One round as it is played: a task that carries out what the round wants, and a way in for answers."""

import asyncio
import logging
from collections import deque
from dataclasses import dataclass

from bot.core.asked import AskedQuestion, is_right_text
from bot.core.quiz import due, step
from bot.core.refusal import Refusal
from bot.core.round_events import (
    Accept,
    Answered,
    CommitOpen,
    Connection,
    Controlled,
    Decline,
    Due,
    Effect,
    Event,
    NotStored,
    Removed,
    Sent,
    ShowCount,
    Why,
)
from bot.core.rounds import Phase, Round
from bot.core.snowflakes import snowflake_ms
from bot.runners.messenger import Messenger
from bot.runners.round_effects import RoundEffects
from bot.runners.time import sleep_or_wake
from bot.runners.tools import Tools
from bot.storage import rounds
from bot.storage.moments import from_ms
from bot.storage.open_rounds import StoredRound

log = logging.getLogger(__name__)

NOT_FROM_HERE = "That button does not belong to the question that is asked here."


@dataclass(frozen=True, slots=True)
class Click:
    """An answer on its way in: a button's `choice`, or a typed `text`; `at_ms` is by the interaction's id."""

    round_id: int
    position: int
    user_id: int
    channel_id: int
    message_id: int | None
    at_ms: int
    choice: int | None = None
    text: str | None = None


class LiveRound:
    """A round in memory. Its state changes only here, and only through `step`.

    Everything but answers goes through one task, in order; answers change the state at once and are committed
    beside it.
    """

    def __init__(self, tools: Tools, messenger: Messenger, stored: StoredRound) -> None:
        self.plan = stored.plan
        self.state: Round = stored.state
        self._tools = tools
        self._effects = RoundEffects(tools, messenger, stored.state.id, stored.plan, stored.asked)
        self._orders: deque[Effect] = deque()
        self._events: deque[Event] = deque()
        self._wake = asyncio.Event()
        self._waiting_for: int | None = None
        self._counting: asyncio.Task[None] | None = None

    @property
    def asked(self) -> AskedQuestion | None:
        """The question that the round is at, as it was put."""
        return self._effects.asked

    async def run(self, first: Event) -> None:
        """Play from `first`, which began the round or brought it back, to the end."""
        self._events.appendleft(first)
        try:
            while self._orders or self.state.phase is not Phase.FINISHED:
                if self._orders:
                    await self._carry_out(self._orders.popleft())
                elif self._events:
                    self._orders.extend(self._step(self._events.popleft()))
                else:
                    await self._wait()
            await self._effects.finish_tidying()
        except Exception:
            log.exception("Round %d failed", self.state.id)
            await self._effects.give_up(self.state.position)
        finally:
            self._stop_counting()
            self._effects.stop_tidying()

    def give(self, event: Event) -> None:
        """Have an event happen once the task has done what it is at; nobody who acts waits for Discord."""
        if isinstance(event, Controlled | Removed):
            self._effects.end_wait()
        self._events.append(event)
        self._wake.set()

    def set_connected(self, *, connected: bool) -> None:
        """Note that the server's shard was connected, or lost its connection."""
        self._step(Connection(connected, self._tools.now_ms()))
        self._wake.set()

    async def answer(self, click: Click) -> Accept | Decline:
        """Judge an answer and store it; return what its player is to be told. Raises Refusal."""
        if click.channel_id != self.plan.channel_id:
            raise Refusal(NOT_FROM_HERE)
        await self.learn_message(click)
        # From here to the write there is no await: answers are committed in the order in which they came.
        current = self.state.current
        is_current = current is not None and current.position == click.position
        correct = is_current and self._is_right(click)
        event = Answered(click.position, click.user_id, click.choice, correct, click.at_ms)
        (effect,) = self._step(event)
        if isinstance(effect, Accept):
            return await self._store(effect, click.position)
        assert isinstance(effect, Decline)  # noqa: S101 (an answer is accepted or declined)
        return effect

    def _is_right(self, click: Click) -> bool:
        asked, current = self.asked, self.state.current
        assert asked is not None  # noqa: S101 (there is a current question)
        assert current is not None  # noqa: S101
        known = click.message_id is None or current.message_id in (None, click.message_id)
        if known and self.plan.typed and click.text is not None:
            return is_right_text(asked, click.text)
        if known and not self.plan.typed and click.choice is not None and click.choice < len(asked.options):
            return click.choice == asked.answer
        raise Refusal(NOT_FROM_HERE)

    async def learn_message(self, click: Click) -> None:
        """Take a click on a question whose send is not yet answered as the news that it was sent.

        The click is one in the round's channel.
        """
        current = self.state.current
        if self.state.phase is not Phase.SENDING or current is None or click.message_id is None:
            return
        if click.position != current.position:
            return
        opened = snowflake_ms(click.message_id)
        offset = click.at_ms - self._tools.now_ms()
        first, *others = self._step(Sent(current.position, click.message_id, opened, offset))
        assert isinstance(first, CommitOpen)  # noqa: S101 (the question is open now)
        self._orders.extend(others)
        self._effects.end_wait()
        self._wake.set()
        await self._effects.do(first, self.state)

    async def _store(self, accept: Accept, position: int) -> Accept | Decline:
        moment = due(self.state)
        if moment is not None and self._waiting_for is not None and moment < self._waiting_for:
            self._wake.set()
        try:
            stored = await self._tools.database.write(
                rounds.record_answer, self.state.id, position, accept.answer
            )
        except BaseException:
            self._step(NotStored(position, accept.answer.user_id))
            raise
        if not stored:
            self._step(NotStored(position, accept.answer.user_id))
            return Decline(Why.OVER)
        return accept

    def _step(self, event: Event) -> tuple[Effect, ...]:
        self.state, effects = step(self.state, event)
        return effects

    async def _wait(self) -> None:
        """Wait until something happened, or until the round is due."""
        self._wake.clear()
        self._waiting_for = due(self.state)
        moment = None if self._waiting_for is None else from_ms(self._waiting_for)
        await sleep_or_wake(self._tools.time, moment, self._wake)
        self._waiting_for = None
        self._orders.extend(self._step(Due(self._tools.now_ms())))

    async def _carry_out(self, effect: Effect) -> None:
        if isinstance(effect, ShowCount):
            if self._counting is None:
                self._counting = asyncio.create_task(self._show_count(), name=f"count-{self.state.id}")
            return
        if self.state.phase is not Phase.OPEN:
            # An edit under way must neither hold up what comes next nor be seen after it.
            self._stop_counting()
        event = await self._effects.do(effect, self.state)
        if event is not None:
            self._orders.extend(self._step(event))

    async def _show_count(self) -> None:
        event = await self._effects.show_question(self.state)
        self._counting = None
        if event is not None:
            self.give(event)

    def _stop_counting(self) -> None:
        if self._counting is not None:
            self._counting.cancel()
            self._counting = None
