"""Carrying out a round's orders: commit, show, and report back as events."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import assert_never

from bot.core.quiz import step
from bot.core.quiz_moves import hint_after_ms, limit_ms, may_close_early
from bot.core.round_events import Drawn, Event, Failed, Order, PodiumSent, Sent, Shown
from bot.core.rounds import Answer, CloseReason, Current, EndReason, Phase, Round, RoundPlan
from bot.core.scoring import ranks
from bot.core.snowflakes import snowflake_ms
from bot.core.worth import most_points, streaks
from bot.runners.beside import Beside
from bot.runners.messenger import AnswerView, MessageFailed, Messenger, PodiumView, QuestionView, Recap
from bot.runners.patience import OutOfTime, Patience
from bot.runners.retrying import RetryingDatabase
from bot.runners.tools import Tools
from bot.storage import asking, rounds
from bot.storage.in_play import voided_questions
from bot.storage.notices import mark_told
from bot.storage.outcome import outcome
from bot.storage.rounds import Standing

log = logging.getLogger(__name__)

NONCE_KEPT_MS = 120_000
"""How long Discord is sure to remember a nonce; after that we look for our message ourselves."""
LEADERS = 3
HOST_CAN_HELP = (EndReason.NO_ACCESS, EndReason.CHANNEL_GONE, EndReason.THREAD_CLOSED)
TellHost = Callable[[EndReason], Awaitable[bool]]
"""Tells a round's host privately and at once why it ended; returns whether that worked."""


class RoundOrders:
    """The hands of one round. `report` is told what goes wrong in the background.

    `recaps` say how each player stands since the last question was closed.
    """

    def __init__(
        self,
        tools: Tools,
        messenger: Messenger,
        round_id: int,
        plan: RoundPlan,
        report: Callable[[Event], None],
        tell_host: TellHost | None = None,
    ) -> None:
        self._tools = tools
        self._messenger = messenger
        self._database = RetryingDatabase(tools)
        self._round_id = round_id
        self._plan = plan
        self._report = report
        self.recaps: dict[int, Recap] = {}
        self._tell_host = tell_host
        self._last_answer: AnswerView | None = None
        self._count_to_show: QuestionView | None = None
        self._podium_message: int | None = None
        self._patience = Patience()
        self._count = Beside()
        self._edits = Beside()
        self._turn = asyncio.Lock()

    async def carry_out(self, order: Order, state: Round) -> Event | None:
        """Carry out what a round in this state has ordered, and return what to report."""
        if state.phase is not Phase.OPEN:
            # A live count on its way must neither hold up what comes next nor be seen after it.
            self._count.cancel()
        try:
            return await self._carry_out(order, state)
        except MessageFailed as error:
            log.info("Round %d: %s failed: %s", self._round_id, order, error)
            return Failed(error.failure, self._tools.steady_ms())

    async def give_up(self, asked_count: int) -> None:
        """Free the channel after a fault of ours, and say so if that works."""
        await self._commit_end(EndReason.FAULT)
        with contextlib.suppress(Exception):
            view = await self._podium_view(EndReason.FAULT, asked_count)
            self._podium_message = await self._show_podium(view)
        await self._finish(EndReason.FAULT)

    def end_wait(self) -> None:
        """Give up the request that the round waits for, if any, as if its time had run out."""
        self._patience.end()

    async def finish_edits(self) -> None:
        """Wait for the edits that nothing else waits for."""
        await self._edits.finish()

    def drop_edits(self) -> None:
        """Cancel those edits."""
        self._count.cancel()
        self._edits.cancel()

    async def _carry_out(self, order: Order, state: Round) -> Event | None:  # noqa: C901, PLR0912 (one arm per order)
        event: Event | None = None
        match order:
            case Order.DRAW:
                event = await self._draw(state.position + 1)
            case Order.SEND:
                event = await self._send(state, _current(state))
            case Order.COMMIT_OPEN:
                current = _current(state)
                # Storage has the wall clock's moments, as the steady clock starts anew with the program.
                stored = current._replace(offset_ms=current.offset_ms - self._tools.ahead_ms())
                await self._database.write(rounds.open_question, self._round_id, stored)
                self._take_controls_away()
            case Order.REOPEN:
                current = _current(state)
                await self._database.write(
                    rounds.reopen_question, self._round_id, current.position, current.deadline_ms
                )
            case Order.SHOW_COUNT:
                self._count_to_show = self._question_view(state, _current(state))
                if not self._count:
                    self._count.start(self._show_counts(), f"count-{self._round_id}")
            case Order.CLOSE:
                answers = await self._show_answer(state, _current(state))
                event = Shown(self._tools.steady_ms(), answers)
            case Order.SHOW_AGAIN:
                with contextlib.suppress(MessageFailed):
                    await self._show_answer(state, _current(state))
            case Order.VOID_DELETED:
                await self._commit_close(_current(state))
            case Order.REOPEN_THREAD:
                with contextlib.suppress(OutOfTime):
                    await self._patience.wait_for(self._messenger.reopen_thread(self._plan.channel_id))
            case Order.END:
                await self._end(state)
                event = PodiumSent()
            case Order.FINISH:
                await self._finish(state.end_reason or EndReason.COMPLETED)
            case _:
                assert_never(order)
        return event

    async def _draw(self, position: int) -> Event:
        packs = await self._tools.packs_of(self._plan, self._database.read)
        # What was allowed when the round began may no longer be.
        settings = self._tools.settings.get(self._plan.guild_id)
        plan = replace(self._plan, spoilers=settings.spoilers)
        now, ahead = self._tools.steady_ms(), self._tools.ahead_ms()
        asked = await self._database.write(
            asking.ask, self._round_id, position, plan, packs, self._tools.rng, now + ahead
        )
        # Until it is sent, the wall clock is our best guess at Discord's.
        current = Current(position, asked, now, offset_ms=ahead) if asked else None
        return Drawn(current, settings.early_answers)

    async def _send(self, state: Round, current: Current) -> Event:
        view = self._question_view(state, current)
        message_id = None
        if self._tools.steady_ms() - current.asked_ms > NONCE_KEPT_MS:
            message_id = await self._patience.wait_for(self._messenger.find_question(view))
        if message_id is None:
            nonce = asking.question_nonce(self._round_id, current.position)
            message_id = await self._patience.wait_for(self._messenger.ask(view, nonce))
        opened = snowflake_ms(message_id)
        return Sent(current.position, message_id, opened, opened - self._tools.steady_ms())

    async def _show_counts(self) -> None:
        """Show the open question's newest state until its card is up to date."""
        while (view := self._count_to_show) is not None:
            self._count_to_show = None
            try:
                await Patience().wait_for(self._messenger.show_question(view))
            except MessageFailed as error:
                self._report(Failed(error.failure, self._tools.steady_ms(), view.current.position))

    async def _show_answer(self, state: Round, current: Current) -> Sequence[Answer]:
        """Commit that a question is closed, show how it ended, and return the answers that count."""
        await self._commit_close(current)
        # No more answers are taken, so they can be read outside the writer.
        answers = await self._database.read(rounds.answers_to, self._round_id, current.position)
        standings = await self._database.read(rounds.standings, self._round_id)
        out = await self._database.read(voided_questions, self._plan.guild_id, current.asked.pack)
        is_void = current.asked.question in out or (current.closed is not None and current.closed.is_void)
        self.recaps = _recaps(current, answers, standings, is_void=is_void)
        # What the round will do when this is shown; it is already done if this is shown again.
        after, _ = step(state, Shown(self._tools.steady_ms(), answers))
        view = self._last_answer = AnswerView(
            self._round_id,
            self._plan,
            current,
            answers,
            standings[:LEADERS],
            streaks(state, current, answers),
            after.next_ms + current.offset_ms if after.phase is Phase.SHOWN else None,
            is_void,
        )
        try:
            await self._patience.wait_for(self._messenger.show_answer(view))
        except OutOfTime:
            # It may have been shown. The round goes on meanwhile: it is shown again in the background.
            self._edit_beside(partial(self._show_quietly, view))
        return answers

    async def _end(self, state: Round) -> None:
        reason = state.end_reason or EndReason.COMPLETED
        first_time = await self._commit_end(reason)
        self._take_controls_away()
        if reason is EndReason.REMOVED:
            return
        view = await self._podium_view(reason, state.position)
        message_id = None
        if not first_time:
            message_id = await self._patience.wait_for(self._messenger.find_podium(view))
        self._podium_message = message_id or await self._show_podium(view)
        if state.current is not None and state.current.message_id is None:
            unheard_of = self._question_view(state, state.current)
            self._edit_beside(partial(self._close_unheard_of, unheard_of))

    async def _finish(self, reason: EndReason) -> None:
        """Free the channel, and tell the host why the round ended if the channel cannot, or if they can help.

        They are told at once if Discord still takes an answer to the command that began the round, else with
        their next command.
        """
        host_id, unseen = self._plan.host_user_id, self._podium_message is None
        tells = (
            host_id is not None and reason is not EndReason.REMOVED and (unseen or reason in HOST_CAN_HELP)
        )
        await self._database.write(rounds.finish_round, self._round_id, self._podium_message, tell_host=tells)
        if host_id is None or not tells:
            return
        told = False
        if self._tell_host is not None:
            with contextlib.suppress(MessageFailed):
                told = await Patience().wait_for(self._tell_host(reason))
        if told:
            await self._database.write(mark_told, (), (self._round_id,))
        else:
            self._tools.to_tell.add((self._plan.guild_id, host_id))

    async def _commit_close(self, current: Current) -> None:
        assert current.closed is not None  # noqa: S101 (it is being closed)
        closed_ms = current.closed_ms + self._tools.ahead_ms()
        await self._database.write(
            rounds.close_question, self._round_id, current.position, current.closed, closed_ms
        )

    async def _commit_end(self, reason: EndReason) -> bool:
        return await self._database.write(rounds.end_round, self._round_id, reason, self._tools.now_ms())

    async def _podium_view(self, reason: EndReason, asked_count: int) -> PodiumView:
        standings = await self._database.read(rounds.standings, self._round_id)
        came_of_it = await self._database.read(outcome, self._round_id)
        return PodiumView(self._round_id, self._plan, reason, standings, asked_count, came_of_it)

    async def _show_podium(self, view: PodiumView) -> int:
        nonce = f"q{self._round_id}.end"
        return await self._patience.wait_for(self._messenger.show_podium(view, nonce))

    def _question_view(self, state: Round, current: Current) -> QuestionView:
        opened = current.opened_ms or self._tools.steady_ms() + current.offset_ms
        hint_after = hint_after_ms(state)
        return QuestionView(
            self._round_id,
            self._plan,
            current,
            current.deadline_ms or opened + limit_ms(state),
            most_points(state, current),
            may_close_early(state),
            bool(state.deleted),
            None if hint_after is None else opened + hint_after,
        )

    def _take_controls_away(self) -> None:
        """Take the host's buttons off the last answer, in the background."""
        if self._last_answer is not None:
            view, self._last_answer = replace(self._last_answer, next_ms=None), None
            self._edit_beside(partial(self._show_quietly, view))

    def _edit_beside(self, edit: Callable[[], Awaitable[None]]) -> None:
        """Edit a message without the round waiting for it; such edits do not overtake each other."""
        self._edits.start(self._in_turn(edit), f"edit-{self._round_id}")

    async def _in_turn(self, edit: Callable[[], Awaitable[None]]) -> None:
        async with self._turn:
            with contextlib.suppress(MessageFailed):
                await edit()

    async def _show_quietly(self, view: AnswerView) -> None:
        await Patience().wait_for(self._messenger.show_answer(view))

    async def _close_unheard_of(self, view: QuestionView) -> None:
        """Take the buttons off a question if it was sent after all, although Discord never said so."""
        message_id = await Patience().wait_for(self._messenger.find_question(view))
        if message_id is not None:
            current = view.current._replace(message_id=message_id, closed=CloseReason.SKIPPED)
            unanswered = AnswerView(view.round_id, view.plan, current, (), (), (), is_void=True)
            await self._show_quietly(unanswered)


def _recaps(
    current: Current, answers: Sequence[Answer], standings: Sequence[Standing], *, is_void: bool
) -> dict[int, Recap]:
    given = {answer.user_id: answer for answer in answers}
    all_ranks = ranks([standing.points for standing in standings])
    return {
        one.user_id: Recap(current.position, rank, one.points, given.get(one.user_id), is_void)
        for rank, one in zip(all_ranks, standings, strict=True)
    }


def _current(state: Round) -> Current:
    assert state.current is not None  # noqa: S101 (the order is about a question)
    return state.current
