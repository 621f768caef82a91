"""What goes wrong in a great storm, for a while each, several things at once."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from playground import Driver, Guild
from tests import postgres
from tests.storm.round_storm import EDIT, RESPOND, SEND
from tests.storm.storm_bot import StormBot

FIND = "GET /channels/{channel_id}/messages"
Trouble = Callable[[], Coroutine[Any, Any, None]]

DEADLY_SHARE = 0.08
LONGEST_LIMIT = 1.0
"""Seconds that a 429 asks to wait."""
ROUTES = (None, SEND, EDIT, RESPOND)


@dataclass
class Troubles:
    """Chooses what goes wrong next. `counts` says how often each did."""

    discord: Driver
    bot: StormBot
    guilds: Sequence[Guild]
    rng: Random
    counts: dict[str, int] = field(default_factory=dict)
    deadly: bool = True
    _going_on: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> None:
        """Make trouble until cancelled; what was begun is then ended."""
        kinds: dict[str, Trouble] = {
            "gateway lost": self._lose_gateway,
            "answers slow": self._slow_down,
            "429": self._limit,
            "429 everywhere": self._limit_everything,
            "5xx": self._break,
            "403": self._forbid,
            "404": self._lose,
            "server away": self._take_server_away,
        }
        if isinstance(self.bot.location, Path):
            kinds |= {"disk full": self._fill_disk, "database busy": self._keep_busy}
        else:
            kinds |= {"sessions ended": self._end_sessions, "database away": self._take_database_away}
        deadly: dict[str, Trouble] = {"killed": self._kill, "stopped": self._stop}
        restarting: asyncio.Task[None] | None = None
        try:
            while True:
                fatal = self.deadly and self.rng.random() < DEADLY_SHARE
                name = self.rng.choice([*deadly] if fatal else [*kinds])
                self.counts[name] = self.counts.get(name, 0) + 1
                if name in deadly:
                    restarting = asyncio.create_task(deadly[name](), name=name)
                    await asyncio.shield(restarting)
                else:
                    task = asyncio.create_task(kinds[name](), name=name)
                    self._going_on.add(task)
                    task.add_done_callback(self._going_on.discard)
                await asyncio.sleep(self.rng.uniform(0.1, 1.2))
        finally:
            for task in tuple(self._going_on):
                task.cancel()
            await asyncio.gather(*self._going_on, return_exceptions=True)
            if restarting is not None:
                # Half stopped it would look as if it were there.
                await restarting

    async def calm(self) -> None:
        """End whatever goes wrong, and have the bot there."""
        self.discord.faults.clear()
        for guild in self.guilds:
            if not guild.available:
                self.discord.controls.end_outage(guild)
        await self.bot.keep_connected(self.discord)
        # What waits for a rate limit's end does so in real seconds, while time here is about to run.
        await asyncio.sleep(LONGEST_LIMIT + 0.2)

    async def _lose_gateway(self) -> None:
        # discord.py waits ever longer after each attempt that fails, in the end for minutes; a process that
        # is not killed in between meets few of those.
        hard = self.deadly and self.rng.random() < 0.5
        self.discord.controls.drop_gateway(
            self.rng.choice((0.2, 1, 2.5)) if hard else 0,
            resumable=self.rng.random() < 0.6,
            refuse=hard and self.rng.random() < 0.5,
        )

    async def _slow_down(self) -> None:
        route, when = self.rng.choice(ROUTES), self.rng.choice(("before", "after"))
        self.discord.faults.slow(
            self.rng.uniform(0.05, 0.8), route, when="after" if when == "after" else "before"
        )
        await asyncio.sleep(self.rng.uniform(0.3, 2))
        self.discord.faults.slow(0, route, when="after" if when == "after" else "before")

    async def _limit(self) -> None:
        self.discord.faults.fail_next(
            429,
            self.rng.randint(1, 6),
            self.rng.choice(ROUTES),
            retry_after=self.rng.uniform(0.05, LONGEST_LIMIT),
        )

    async def _limit_everything(self) -> None:
        self.discord.faults.fail_next(429, retry_after=self.rng.uniform(0.05, LONGEST_LIMIT), everywhere=True)

    async def _break(self) -> None:
        route = self.rng.choice((*ROUTES, FIND))
        # discord.py waits up to 25 real seconds by itself after a 500, in which time here runs so far ahead
        # that Discord has forgotten the nonce. So what sends messages gets 503, which is left to us.
        status = self.rng.choice((500, 502, 504)) if route in (EDIT, RESPOND, FIND) else 503
        self.discord.faults.fail_next(
            status,
            self.rng.randint(1, 12),
            route,
            when="after" if self.rng.random() < 0.4 else "before",
        )

    async def _forbid(self) -> None:
        # Not the look at past messages: where that is forbidden a question may well be sent twice.
        code = self.rng.choice((50013, 50001))
        self.discord.faults.fail_next(403, self.rng.randint(1, 2), self.rng.choice((SEND, EDIT)), code=code)

    async def _lose(self) -> None:
        route, code = self.rng.choice(((SEND, 10003), (EDIT, 10008), (EDIT, 10003), (RESPOND, 10062)))
        self.discord.faults.fail_next(404, 1, route, code=code)

    async def _fill_disk(self) -> None:
        if self.bot.running:
            async with self.bot.full_disk(self.rng):
                await asyncio.sleep(self.rng.uniform(0.2, 2))

    async def _keep_busy(self) -> None:
        if any(task.get_name() == "database busy" for task in self._going_on - {asyncio.current_task()}):
            return
        async with self.bot.busy_database():
            # SQLite waits five seconds for another's lock, so the longest of these makes writes fail.
            await asyncio.sleep(self.rng.choice((0.3, 1, 6)))

    async def _end_sessions(self) -> None:
        await asyncio.to_thread(postgres.end_sessions, str(self.bot.location))

    async def _take_database_away(self) -> None:
        """Stop PostgreSQL as a crash would, and start it again after a moment, cancelled or not."""
        if any(task.get_name() == "database away" for task in self._going_on - {asyncio.current_task()}):
            return
        server, gap = postgres.shared_server(), self.rng.choice((0, 0.5, 3))

        def stop_and_start() -> None:
            server.stop()
            time.sleep(gap)
            server.start()

        working = asyncio.create_task(asyncio.to_thread(stop_and_start))
        try:
            await asyncio.shield(working)
        finally:
            await working

    async def _take_server_away(self) -> None:
        guild = self.rng.choice(self.guilds)
        self.discord.controls.outage(guild)
        await asyncio.sleep(self.rng.uniform(0.2, 1))
        self.discord.controls.end_outage(guild)

    async def _kill(self) -> None:
        await self.bot.kill()
        await asyncio.sleep(self.rng.choice((0, 0, 0.5, 2)))
        await self.bot.start_and_connect(self.discord)

    async def _stop(self) -> None:
        await self.bot.stop()
        await self.bot.start_and_connect(self.discord)
