"""All rounds that are going on: started, brought back after a restart, and found by their channel."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import replace

from bot.core.refusal import Refusal
from bot.core.round_events import Accept, Begun, Controlled, Decline, Event, Removed, Restarted
from bot.core.rounds import Action, Phase, Round
from bot.runners.live_round import Click, LiveRound
from bot.runners.messenger import Messenger
from bot.runners.tools import Tools
from bot.storage import rounds
from bot.storage.open_rounds import StoredRound, load_open_rounds
from bot.storage.rounds import RoundPlan

log = logging.getLogger(__name__)

OVER = "That round is over. A new one starts with /quiz start."
NO_ROUND = "No round is going on in this channel. One starts with /quiz start."
NONE_FIT = "I have no questions of that kind. Try another topic or difficulty."


class RoundRunner:
    """Runs one task for each round, and hands everything that comes in to the round that it is for."""

    def __init__(self, tools: Tools, messenger: Messenger) -> None:
        self._tools = tools
        self._messenger = messenger
        self._rounds: dict[int, LiveRound] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._to_resume: set[int] = set()

    async def start(self, plan: RoundPlan) -> LiveRound:
        """Commit a new round; `begin` then plays it. It has no more questions than there are.

        Raises Refusal if one is going on in the channel, the host started one just now, or no question fits.
        """
        pack = self._tools.catalogue.get(plan.pack)

        def work(connection: sqlite3.Connection) -> tuple[int, RoundPlan]:
            available = len(rounds.playable(connection, plan, pack))
            if not available:
                raise Refusal(NONE_FIT)
            fitting = replace(plan, questions=min(plan.questions, available))
            return rounds.start_round(connection, fitting), fitting

        round_id, fitting = await self._tools.database.write(work)
        state = Round(round_id, fitting.questions, fitting.seconds, fitting.scoring == "plain")
        live = self._rounds[round_id] = LiveRound(
            self._tools, self._messenger, StoredRound(fitting, state, None)
        )
        live.set_connected(connected=self._messenger.is_connected(plan.guild_id))
        return live

    def begin(self, live: LiveRound) -> None:
        """Play a round that was just committed and announced."""
        self._play(live, Begun(self._tools.now_ms()))

    async def load(self) -> None:
        """Bring every open round into memory, so that its answers are taken; `resume` then plays it."""
        for stored in await self._tools.database.read(load_open_rounds):
            self._rounds[stored.state.id] = LiveRound(self._tools, self._messenger, stored)
            self._to_resume.add(stored.state.id)

    def resume(self, in_guild: Callable[[int], bool]) -> None:
        """Go on with the loaded rounds of these servers, whose shards are connected now."""
        # Not every round without a task: one that is being announced just now has none yet.
        for live in [self._rounds[round_id] for round_id in self._to_resume]:
            if in_guild(live.plan.guild_id):
                log.info("Round %d goes on", live.state.id)
                self._to_resume.remove(live.state.id)
                self._play(live, Restarted(self._tools.now_ms()))

    def get(self, round_id: int) -> LiveRound:
        """Return the round with this number. Raises Refusal if it is over."""
        live = self._rounds.get(round_id)
        if live is None:
            raise Refusal(OVER)
        return live

    def in_channel(self, channel_id: int) -> LiveRound:
        """Return the round that is going on in a channel. Raises Refusal if there is none."""
        for live in self._rounds.values():
            if live.plan.channel_id == channel_id and live.state.phase is not Phase.FINISHED:
                return live
        raise Refusal(NO_ROUND)

    async def answer(self, click: Click) -> Accept | Decline:
        """Judge an answer and store it; return what its player is to be told. Raises Refusal."""
        return await self.get(click.round_id).answer(click)

    def control(self, live: LiveRound, action: Action, position: int) -> None:
        """Have somebody act who may, which is checked before. Raises Refusal if it is too late."""
        phases = {
            Action.REVEAL: (Phase.OPEN,),
            Action.NEXT: (Phase.SHOWN,),
            Action.SKIP: (Phase.OPEN, Phase.SHOWN),
            Action.STOP: tuple(set(Phase) - {Phase.ENDING, Phase.FINISHED}),
        }
        state = live.state
        if state.phase not in phases[action] or (action is not Action.STOP and state.position != position):
            raise Refusal(TOO_LATE[action])
        live.give(Controlled(action, position, self._tools.now_ms()))

    def set_connected(self, in_guild: Callable[[int], bool], *, connected: bool) -> None:
        """Note that the shards of these servers were connected, or lost their connection."""
        for live in self._rounds.values():
            if in_guild(live.plan.guild_id):
                live.set_connected(connected=connected)

    def leave_guild(self, guild_id: int) -> None:
        """End the rounds of a server that the bot was removed from."""
        for live in self._rounds.values():
            if live.plan.guild_id == guild_id:
                live.give(Removed(self._tools.now_ms()))

    async def close(self) -> None:
        """Stop every task where it is; the rounds go on after the next start."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _play(self, live: LiveRound, first: Event) -> None:
        round_id = live.state.id
        task = asyncio.create_task(self._run(live, first), name=f"round-{round_id}")
        self._tasks[round_id] = task

    async def _run(self, live: LiveRound, first: Event) -> None:
        try:
            await live.run(first)
        finally:
            with contextlib.suppress(KeyError):
                del self._rounds[live.state.id]
                del self._tasks[live.state.id]
        log.info("Round %d is over: %s", live.state.id, live.state.end_reason)


TOO_LATE = {
    Action.REVEAL: "That question is over already.",
    Action.NEXT: "The next question is on its way already.",
    Action.SKIP: "There is nothing to skip just now. Try it again when the next question is there.",
    Action.STOP: "That round is over already.",
}
