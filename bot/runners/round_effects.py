"""Carrying out what a round wants: effects are committed and shown, and reported back as events."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

from bot.core.asked import AskedQuestion
from bot.core.quiz_moves import limit_ms
from bot.core.round_events import (
    Close,
    CommitOpen,
    Draw,
    Drawn,
    Effect,
    End,
    Event,
    Failed,
    Finish,
    PodiumSent,
    Reopen,
    ReopenThread,
    Send,
    Sent,
    ShowAgain,
    Shown,
    VoidDeleted,
)
from bot.core.rounds import CloseReason, Current, EndReason, Round
from bot.core.snowflakes import snowflake_ms
from bot.runners.messenger import AnswerView, MessageFailed, Messenger, PodiumView, QuestionView
from bot.runners.patience import OutOfTime, Patience
from bot.runners.tools import Tools
from bot.storage import rounds
from bot.storage.database import Work
from bot.storage.rounds import RoundPlan

log = logging.getLogger(__name__)

T = TypeVar("T")

NONCE_KEPT_MS = 120_000
"""For how long Discord surely remembers a nonce; after that we look for our message ourselves."""
LONGEST_COMMIT_WAIT = timedelta(seconds=30)
LEADERS = 3


class RoundEffects:
    """The hands of one round. `asked` is the question that it is at, as it was put."""

    def __init__(
        self,
        tools: Tools,
        messenger: Messenger,
        round_id: int,
        plan: RoundPlan,
        asked: AskedQuestion | None,
    ) -> None:
        self.asked = asked
        self._tools = tools
        self._messenger = messenger
        self._round_id = round_id
        self._plan = plan
        self._last_answer: AnswerView | None = None
        self._podium_message: int | None = None
        self._tidying: set[asyncio.Task[None]] = set()
        self._patience = Patience()

    async def do(self, effect: Effect, state: Round) -> Event | None:
        """Carry out the effect of a round in this state, and return what is to be reported."""
        try:
            return await self._do(effect, state)
        except MessageFailed as error:
            log.info("Round %d: %s failed: %s", self._round_id, type(effect).__name__, error)
            return Failed(error.failure, self._tools.now_ms())

    async def _do(self, effect: Effect, state: Round) -> Event | None:  # noqa: C901 (one arm an effect)
        event: Event | None = None
        match effect:
            case Draw(position):
                event = await self._draw(position)
            case Send():
                event = await self._send(state, _current(state))
            case CommitOpen():
                await self._commit(rounds.open_question, current=_current(state))
                self._tidy()
            case Reopen():
                current = _current(state)
                await self._commit(
                    rounds.reopen_question, position=current.position, deadline_ms=current.deadline_ms
                )
            case Close():
                await self._show_answer(_current(state))
                event = Shown(self._tools.now_ms())
            case ShowAgain():
                with contextlib.suppress(MessageFailed):
                    await self._show_answer(_current(state))
            case VoidDeleted():
                current = replace(_current(state), closed=CloseReason.DELETED)
                await self._close(current)
            case ReopenThread():
                with contextlib.suppress(OutOfTime):
                    await self._patience.wait_for(self._messenger.reopen_thread(self._plan.channel_id))
            case End():
                await self._end(state)
                event = PodiumSent()
            case Finish():
                await self._commit(rounds.finish_round, podium_message_id=self._podium_message)
            case _:
                raise AssertionError(f"{effect} is not for here")
        return event

    async def show_question(self, state: Round) -> Event | None:
        """Edit the open question's message, and return what went wrong."""
        current = _current(state)
        view = self._question_view(state, current)
        try:
            await Patience().wait_for(self._messenger.show_question(view))
        except MessageFailed as error:
            return Failed(error.failure, self._tools.now_ms(), current.position)
        return None

    async def give_up(self, asked_count: int) -> None:
        """Free the channel after a fault of ours, and say so where that works."""
        await self._commit(rounds.end_round, reason=EndReason.FAULT, at_ms=self._tools.now_ms())
        with contextlib.suppress(Exception):
            view = await self._podium_view(EndReason.FAULT, asked_count)
            self._podium_message = await self._patience.wait_for(
                self._messenger.show_podium(view, self._podium_nonce)
            )
        await self._commit(rounds.finish_round, podium_message_id=self._podium_message)

    def end_wait(self) -> None:
        """Give up the request that the round waits for, if there is one, as if it had run out of time."""
        self._patience.end()

    async def finish_tidying(self) -> None:
        """Wait for the edits that nothing else waits for."""
        await asyncio.gather(*self._tidying, return_exceptions=True)

    def stop_tidying(self) -> None:
        """Leave those edits undone."""
        for task in self._tidying:
            task.cancel()

    async def _draw(self, position: int) -> Event:
        pack = self._tools.catalogue.get(self._plan.pack)
        now = self._tools.now_ms()
        asked = await self._commit(
            rounds.ask, position=position, plan=self._plan, pack=pack, rng=self._tools.rng, at_ms=now
        )
        if asked is None:
            return Drawn(None)
        self.asked = asked
        return Drawn(Current(position, asked.base, now))

    async def _send(self, state: Round, current: Current) -> Event:
        messenger = self._messenger
        view = self._question_view(state, current)
        message_id = None
        if self._tools.now_ms() - current.asked_ms > NONCE_KEPT_MS:
            message_id = await self._patience.wait_for(messenger.find_question(view))
        if message_id is None:
            nonce = rounds.question_nonce(self._round_id, current.position)
            message_id = await self._patience.wait_for(messenger.ask(view, nonce))
        opened = snowflake_ms(message_id)
        return Sent(current.position, message_id, opened, opened - self._tools.now_ms())

    async def _show_answer(self, current: Current) -> None:
        await self._close(current)
        # It takes no more answers, so these may be read while the writer serves others.
        answers, leaders = await self._tools.database.read(
            lambda connection: (
                rounds.answers_to(connection, self._round_id, current.position),
                rounds.standings(connection, self._round_id),
            )
        )
        assert self.asked is not None  # noqa: S101 (there is a current question)
        view = AnswerView(self._round_id, self._plan, current, self.asked, answers, leaders[:LEADERS])
        self._last_answer = view
        try:
            await self._patience.wait_for(self._messenger.show_answer(view))
        except OutOfTime:
            # Perhaps it is shown, and the round need not wait to know: it is shown once more beside it.
            self._do_beside(partial(self._show_quietly, view))

    async def _close(self, current: Current) -> None:
        assert current.closed is not None  # noqa: S101 (it is being closed)
        await self._commit(
            rounds.close_question, position=current.position, reason=current.closed, at_ms=current.closed_ms
        )

    async def _end(self, state: Round) -> None:
        reason = state.end_reason or EndReason.COMPLETED
        first_time = await self._commit(rounds.end_round, reason=reason, at_ms=self._tools.now_ms())
        self._tidy()
        if reason is EndReason.REMOVED:
            return
        messenger = self._messenger
        view = await self._podium_view(reason, state.position)
        message_id = None if first_time else await self._patience.wait_for(messenger.find_podium(view))
        if message_id is None:
            message_id = await self._patience.wait_for(messenger.show_podium(view, self._podium_nonce))
        self._podium_message = message_id
        if state.current is not None and state.current.message_id is None:
            unheard_of = self._question_view(state, state.current)
            self._do_beside(partial(self._close_unheard_of, unheard_of))

    async def _podium_view(self, reason: EndReason, asked_count: int) -> PodiumView:
        standings, answered = await self._tools.database.read(
            lambda connection: (
                rounds.standings(connection, self._round_id),
                rounds.was_answered(connection, self._round_id),
            )
        )
        return PodiumView(self._round_id, self._plan, reason, standings, asked_count, answered)

    @property
    def _podium_nonce(self) -> str:
        return f"q{self._round_id}.end"

    def _question_view(self, state: Round, current: Current) -> QuestionView:
        assert self.asked is not None  # noqa: S101 (there is a current question)
        closes = current.deadline_ms or self._tools.now_ms() + current.offset_ms + limit_ms(state)
        return QuestionView(self._round_id, self._plan, current, self.asked, closes, bool(state.deleted))

    def _tidy(self) -> None:
        """Take the host's buttons off the last answer, beside everything else."""
        if self._last_answer is not None:
            view, self._last_answer = replace(self._last_answer, controls=False), None
            self._do_beside(partial(self._show_quietly, view))

    def _do_beside(self, edit: Callable[[], Awaitable[None]]) -> None:
        """Edit a message that the round does not wait for; such edits do not overtake each other."""
        task = asyncio.create_task(self._in_turn(tuple(self._tidying), edit), name=f"tidy-{self._round_id}")
        self._tidying.add(task)
        task.add_done_callback(self._tidying.discard)

    async def _in_turn(
        self, before: Sequence[asyncio.Task[None]], edit: Callable[[], Awaitable[None]]
    ) -> None:
        if before:
            await asyncio.wait(before)
        with contextlib.suppress(MessageFailed):
            await edit()

    async def _show_quietly(self, view: AnswerView) -> None:
        await Patience().wait_for(self._messenger.show_answer(view))

    async def _close_unheard_of(self, view: QuestionView) -> None:
        """Take the buttons off a question of which it was never heard whether it was sent, if it was."""
        message_id = await Patience().wait_for(self._messenger.find_question(view))
        if message_id is not None:
            current = replace(view.current, message_id=message_id, closed=CloseReason.SKIPPED)
            await self._show_quietly(
                AnswerView(view.round_id, view.plan, current, view.asked, (), (), controls=False)
            )

    async def _commit(self, work: Callable[..., T], **arguments: object) -> T:
        """Commit what `work` does to this round; on a full disk or the like, wait until it works."""
        wait = timedelta(seconds=1)
        call: Work[[], T] = partial(work, round_id=self._round_id, **arguments)
        while True:
            try:
                return await self._tools.database.write(call)
            except sqlite3.Error:
                log.exception("Round %d waits %s for the database", self._round_id, wait)
            await self._tools.time.sleep_until(self._tools.time.now() + wait)
            wait = min(wait * 2, LONGEST_COMMIT_WAIT)


def _current(state: Round) -> Current:
    assert state.current is not None  # noqa: S101 (the effect is about a question)
    return state.current
