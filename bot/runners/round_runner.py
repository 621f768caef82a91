"""All rounds in progress: started, brought back after a restart, and found by their channel."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.core.refusal import Refusal
from bot.core.round_events import (
    Begun,
    Event,
    Removed,
    Restarted,
    Withdrawn,
)
from bot.core.rounds import Phase, Round, RoundPlan
from bot.runners.live_round import NOT_FROM_HERE, LiveRound
from bot.runners.messenger import Messenger
from bot.runners.patience import LONGEST_REQUEST_S
from bot.runners.round_orders import TellHost
from bot.runners.tools import Tools
from bot.storage import round_starts
from bot.storage.open_rounds import load_open_rounds

log = logging.getLogger(__name__)

OVER = "That round is over. A new one starts with `/quiz start`."
NO_ROUND = "No round is going on in this channel. One starts with `/quiz start`."


class RoundRunner:
    """Plays each round in a task of its own, and hands whatever comes in to the right round."""

    def __init__(self, tools: Tools, messenger: Messenger) -> None:
        self._tools = tools
        self._messenger = messenger
        self._rounds: dict[int, LiveRound] = {}
        self._to_resume: set[int] = set()
        self._to_play: asyncio.Queue[tuple[LiveRound, Event]] = asyncio.Queue()

    async def run(self) -> None:
        """Play the rounds that are started or resumed, until cancelled; the next start resumes them."""
        async with asyncio.TaskGroup() as group:
            while True:
                live, first = await self._to_play.get()
                group.create_task(self._play(live, first), name=f"round-{live.state.id}")

    async def start(
        self,
        plan: RoundPlan,
        announce: Callable[[RoundPlan], Awaitable[None]],
        tell_host: TellHost | None = None,
    ) -> None:
        """Commit a new round, of no more questions than there are, have its plan announced, and play it.

        Raises Refusal if one is going on in the channel, the host started one just now, or no question fits.
        """
        packs = await self._tools.packs_of(plan)
        round_id, plan = await self._tools.database.write(round_starts.start_playable, plan, packs)
        state = Round(round_id, plan)
        live = self._rounds[round_id] = LiveRound(self._tools, self._messenger, state, tell_host)
        live.set_connected(connected=self._messenger.is_connected(plan.guild_id))
        try:
            async with asyncio.timeout(LONGEST_REQUEST_S):
                await announce(plan)
        finally:
            # It is committed, so it is played even if its announcement fails or hangs.
            self._to_play.put_nowait((live, Begun(self._tools.steady_ms())))

    async def load(self) -> None:
        """Bring every open round into memory, so that its answers are taken; `resume` then plays it."""
        for state in await self._tools.database.read(load_open_rounds, self._tools.shards):
            early = self._tools.settings.get(state.plan.guild_id).early_answers
            self._rounds[state.id] = LiveRound(self._tools, self._messenger, state._replace(early=early))
            self._to_resume.add(state.id)

    def resume(self, in_guild: Callable[[int], bool]) -> None:
        """Go on with the loaded rounds of these servers, whose shards are connected now."""
        # Not simply every round that is not being played: one that is being announced is not, either.
        for live in [self._rounds[round_id] for round_id in self._to_resume]:
            if in_guild(live.state.plan.guild_id):
                log.info("Round %d goes on", live.state.id)
                self._to_resume.remove(live.state.id)
                self._to_play.put_nowait((live, Restarted(self._tools.steady_ms())))

    @property
    def open_rounds(self) -> int:
        """How many rounds are going on."""
        return len(self._rounds)

    def get(self, round_id: int, channel_id: int | None) -> LiveRound:
        """Return a round that is going on in this channel. Raises Refusal if it is over or another's."""
        live = self._rounds.get(round_id)
        if live is None:
            raise Refusal(OVER)
        if live.state.plan.channel_id != channel_id:
            raise Refusal(NOT_FROM_HERE)
        return live

    def in_channel(self, channel_id: int | None) -> Round:
        """Return the round in a channel. Raises Refusal if none is going on."""
        if found := self._find(channel_id):
            return found
        raise Refusal(NO_ROUND)

    def check_free(self, channel_id: int | None) -> None:
        """Raise Refusal if a round is going on in a channel."""
        if self._find(channel_id):
            raise Refusal(round_starts.BUSY)

    def set_connected(self, in_guild: Callable[[int], bool], *, connected: bool, anew: bool = False) -> None:
        """Note that these servers' shards were connected (`anew`: with new sessions) or cut off."""
        for live in self._rounds.values():
            if in_guild(live.state.plan.guild_id):
                live.set_connected(connected=connected, anew=anew)

    def block(self, guild_id: int, user_id: int) -> None:
        """Let no round of a server wait for a player whom its moderators have blocked."""
        for live in self._rounds.values():
            if live.state.plan.guild_id == guild_id:
                live.give(Withdrawn(user_id))

    def forget(self, user_id: int) -> None:
        """Forget somebody who deleted their data."""
        for live in self._rounds.values():
            live.forget(user_id)

    def leave_guild(self, guild_id: int) -> None:
        """End the rounds of a server that the bot was removed from."""
        for live in self._rounds.values():
            if live.state.plan.guild_id == guild_id:
                live.give(Removed(self._tools.steady_ms()))

    def _find(self, channel_id: int | None) -> Round | None:
        for live in self._rounds.values():
            if live.state.plan.channel_id == channel_id and live.state.phase is not Phase.FINISHED:
                return live.state
        return None

    async def _play(self, live: LiveRound, first: Event) -> None:
        try:
            await live.run(first)
        except Exception:
            # Uncaught, it would end all other rounds as well.
            log.exception("Round %d could not be ended; it is taken up at the next start", live.state.id)
        finally:
            del self._rounds[live.state.id]
        log.info("Round %d is over: %s", live.state.id, live.state.end_reason)
