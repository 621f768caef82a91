"""A stage for rounds: virtual time, and somebody in Discord's place who shows what it must, or cannot."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from bot.core.quiz_moves import GRACE_MS, LEAD_IN_MS
from bot.core.round_events import Click
from bot.core.rounds import Failure, Phase, RoundPlan
from bot.core.snowflakes import DISCORD_EPOCH_MS, TIME_SHIFT
from bot.runners.live_round import LiveRound
from bot.runners.messenger import AnswerView, MessageFailed, PodiumView, QuestionView
from bot.runners.round_runner import RoundRunner
from bot.runners.tools import Tools
from bot.storage.catalogue import Catalogue
from bot.storage.database import StorageFailure
from bot.storage.moments import to_ms
from bot.storage.own_packs import OwnPacks
from bot.storage.settings import Settings
from tests.quiz_pack import PLAN
from tests.runners.virtual_time import VirtualTime, WatchedDatabase

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
GUILD, CHANNEL = 5, 9
AHEAD_MS = 700
"""How far Discord's clock is ahead of ours at first."""


class Wall:
    """The channel's messages.

    `fails` are raised by what is shown next of a kind, `broken` by anything. What is shown of a kind that has
    an event in `hangs` is answered once that is set; `answered` has what was.
    """

    def __init__(self) -> None:
        self.time: VirtualTime | None = None
        self.shown: list[tuple[str, Any]] = []
        self.fails: dict[str, list[Failure]] = {}
        self.broken: Exception | None = None
        self.connected = True
        self.reopened: list[int] = []
        self.found: int | None = None
        self.hangs: dict[str, asyncio.Event] = {}
        self.answered: list[str] = []
        self.ahead_ms = AHEAD_MS

    def kinds(self, kind: str) -> list[Any]:
        return [view for name, view in self.shown if name == kind]

    async def ask(self, view: QuestionView, nonce: str) -> int:
        await self._show("ask", view)
        assert nonce == f"q{view.round_id}.{view.current.position}"
        return self._snowflake()

    async def find_question(self, view: QuestionView) -> int | None:
        await self._show("find", view)
        return self.found

    async def show_question(self, view: QuestionView) -> None:
        await self._show("count", view)

    async def show_answer(self, view: AnswerView) -> None:
        await self._show("answer", view)

    async def show_podium(self, view: PodiumView, nonce: str) -> int:
        await self._show("podium", view)
        assert nonce == f"q{view.round_id}.end"
        return self._snowflake()

    async def find_podium(self, view: PodiumView) -> int | None:
        await self._show("find podium", view)
        return self.found

    async def reopen_thread(self, channel_id: int) -> None:
        self.reopened.append(channel_id)

    def is_connected(self, guild_id: int) -> bool:
        assert guild_id == GUILD
        return self.connected

    async def _show(self, kind: str, view: Any) -> None:
        self.shown.append((kind, view))
        if self.broken and kind != "podium":
            raise self.broken
        if self.fails.get(kind):
            raise MessageFailed(self.fails[kind].pop(0))
        if kind in self.hangs:
            await self.hangs[kind].wait()
        self.answered.append(kind)

    def _snowflake(self) -> int:
        assert self.time is not None
        return snowflake(to_ms(self.time.steady()) + self.ahead_ms)


async def announced(plan: RoundPlan) -> None:
    """Announce a round to nobody."""


def snowflake(ms: int) -> int:
    return (ms - DISCORD_EPOCH_MS) << TIME_SHIFT


def phase_of(live: LiveRound) -> Phase:
    return live.state.phase


class FullDisk(WatchedDatabase):
    """A database whose disk can be full, or fails when it is read."""

    full = False
    failing_reads = 0

    async def read(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        if self.failing_reads:
            self.failing_reads -= 1
            raise StorageFailure("disk I/O error")
        return await super().read(function, *arguments, **named)

    async def write(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        if self.full:
            raise StorageFailure("database or disk is full")
        return await super().write(function, *arguments, **named)


class Stage:
    """A runner and what it stands on; `restart` is what a new process would do."""

    def __init__(self, database: FullDisk, catalogue: Catalogue) -> None:
        self.database = database
        self.time = VirtualTime(START, database)
        self.wall = Wall()
        self.wall.time = self.time
        self.tools = Tools(
            database, catalogue, Settings(database, {}), OwnPacks(database), self.time, Random(1)
        )
        self.start()

    def start(self) -> None:
        """Have a runner, as a process has one from its start on."""
        self.runner = RoundRunner(self.tools, self.wall)
        self.running = asyncio.create_task(self.runner.run())

    async def stop(self) -> None:
        """End the process."""
        self.running.cancel()
        await asyncio.wait([self.running])

    def live(self) -> LiveRound:
        """Return the newest of the rounds that are going on."""
        return list(self.runner._rounds.values())[-1]

    def plan(self, **changes: Any) -> RoundPlan:
        own = {"guild_id": GUILD, "channel_id": CHANNEL, "questions": 3, "started_ms": to_ms(self.time.now())}
        return replace(PLAN, **(own | changes))

    async def play(self, **changes: Any) -> LiveRound:
        """Start a round and go on to its first question."""
        await self.runner.start(self.plan(**changes), announced)
        live = self.live()
        await self.pass_ms(LEAD_IN_MS)
        return live

    async def pass_ms(self, ms: int) -> None:
        await self.time.run_until(self.time.now() + timedelta(milliseconds=ms))
        await self.time.rest()

    async def close(self) -> None:
        """Let the open question's time run out."""
        await self.pass_ms(20_000 + GRACE_MS)

    def click(self, live: LiveRound, user: int, *, after: int = 0, right: bool = True) -> Click:
        current = live.state.current
        assert current is not None
        asked = current.asked
        choice = asked.answer if right else (asked.answer + 1) % len(asked.options)
        return Click(
            current.position,
            user,
            current.message_id,
            current.opened_ms + after,
            choice,
        )

    async def restart(self, away: timedelta = timedelta()) -> None:
        await self.stop()
        self.time.jump_to(self.time.now() + away)
        self.start()
        await self.runner.load()
        # In this order, as the cog does it when a shard is ready.
        self.runner.set_connected(lambda guild_id: guild_id == GUILD, connected=True)
        self.runner.resume(lambda guild_id: guild_id == GUILD)
        await self.time.rest()

    async def state(self) -> tuple[str, str | None]:
        query = "SELECT state, end_reason FROM rounds ORDER BY round_id DESC LIMIT 1"
        row: tuple[str, str | None] = await self.database.read(lambda c: c.execute(query).fetchone())
        return row
