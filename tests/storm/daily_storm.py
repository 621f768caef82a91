"""One daily post through a `kill -9` at a named moment: there must be one post a date, and none left out.

A storm is decided by its moment, its seed and how long the bot stays away: what the seed decides is when
exactly the bot dies, and whether a request that was under way still arrives.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from bot.config import PROJECT
from bot.storage.database import Location
from playground import PATIENCE, BotProcess, Driver, Hold
from tests.engines import bot_on
from tests.local_discord import local_discord
from tests.prepared import write_packs
from tests.wire.daily.acts import SEND, Daily, eventually

POST_MESSAGE = f"POST {SEND}"
START_PATIENCE = 30.0
AWAY = (0, 600)
"""Seconds: a start at once, and one after Discord has forgotten the nonce."""


@dataclass
class DailyStorm:
    """A local Discord, a bot as a process, and chance."""

    discord: Driver
    daily: Daily
    process: BotProcess
    rng: Random
    away: float

    async def start(self) -> None:
        before = set(self.discord.server.gateway.sessions)
        await self.process.start()
        await self.discord.until(
            lambda: bool(set(self.discord.server.gateway.sessions) - before), patience=START_PATIENCE
        )

    async def restart(self) -> None:
        """Start again after having been away; the bot is dead already."""
        self.discord.advance(self.away)
        await self.start()


async def ride_daily(moment: str, away: float, seed: int, folder: Path, location: Location) -> None:
    """Set daily facts, see the first day, kill the bot around the second post, see the third day through."""
    async with _raised(away, seed, folder, location) as storm:
        await storm.daily.set()
        first = storm.daily.next_moment()
        await storm.daily.next_post(first)
        await DEATHS[moment](storm)
        await storm.restart()
        await storm.discord.until(lambda: len(storm.daily.posts()) > 1, patience=START_PATIENCE)
        await storm.daily.next_post(storm.daily.next_moment())
        dates = storm.daily.dates()
        assert dates == [first.date() + timedelta(days=number) for number in range(3)], f"posted: {dates}"
        assert len({shown.text for shown in storm.daily.posts()}) == 3


async def _die_before_the_claim(storm: DailyStorm) -> None:
    """Around the due moment: before the bot has noticed it, or as it begins."""
    storm.daily.jump(storm.daily.next_moment())
    await asyncio.sleep(storm.rng.uniform(0, 0.08))
    await storm.process.kill()


async def _die_before_the_send(storm: DailyStorm) -> None:
    with storm.discord.faults.hold(POST_MESSAGE) as held:
        await _die_at(storm, held)
        if storm.rng.random() < 0.75:
            # The request never arrives; else it does, when its sender is dead.
            storm.discord.faults.fail_next(503, 1, POST_MESSAGE)
            held.release()
            await eventually(lambda: not storm.discord.faults.summary()["fail_next"])


async def _die_before_the_confirmation(storm: DailyStorm) -> None:
    with storm.discord.faults.hold(POST_MESSAGE, when="after") as held:
        await _die_at(storm, held)
        assert len(storm.daily.posts()) == 2


async def _die_at(storm: DailyStorm, held: Hold) -> None:
    storm.daily.jump(storm.daily.next_moment())
    await asyncio.wait_for(held.arrived.wait(), PATIENCE)
    await storm.process.kill()


DEATHS: dict[str, Callable[[DailyStorm], Awaitable[None]]] = {
    "before the claim": _die_before_the_claim,
    "between claim and send": _die_before_the_send,
    "between send and confirmation": _die_before_the_confirmation,
}


@asynccontextmanager
async def _raised(away: float, seed: int, folder: Path, location: Location) -> AsyncIterator[DailyStorm]:
    await write_packs(location, PROJECT / "data")
    async with local_discord(folder) as driver:
        process = bot_on(location, driver.server)
        storm = DailyStorm(driver, Daily(driver), process, Random(seed), away)
        try:
            await storm.start()
            yield storm
        finally:
            await process.kill()
