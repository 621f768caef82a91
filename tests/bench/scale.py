"""A quarter of 100,000 servers: one of four processes, with ten of forty shards."""

import asyncio
from collections.abc import AsyncIterator
from datetime import time
from pathlib import Path
from time import perf_counter

from bot.core.shards import Shards
from bot.storage.daily import Wish
from bot.storage.database import Database
from tests.bench.daily import store
from tests.bench.memory import MIB, add_guilds, store_settings
from tests.bench.subject import DATABASE, OURS, Subject, started
from tests.bench.table import Row
from tests.local_discord import local_discord
from tests.wire.daily.acts import SEND, Daily

SERVERS = 100_000
SHARDS = Shards(40, tuple(range(10)))
DUE = 2_400
"""Daily facts due in one minute, a quarter of them this process's."""
NAME = f"{len(SHARDS.ids)} of {SHARDS.count} shards, of {SERVERS:,} servers"


async def rows(folder: Path) -> AsyncIterator[Row]:
    """Start such a process, let it come to rest, and have a minute's daily facts fall due."""
    async with local_discord(folder) as driver:
        add_guilds(driver, SERVERS)
        await store_settings(folder / DATABASE, driver)
        channels = [
            next(iter(guild.channels.values())) for guild in list(driver.world.guilds.values())[1 : DUE + 1]
        ]
        mine = sum(SHARDS.has(channel.guild_id or 0) for channel in channels)
        database = await Database.open(folder / DATABASE)
        wishes = [Wish(channel.guild_id or 0, channel.id, "Europe/London", time(9)) for channel in channels]
        await database.write(store, wishes, driver.clock.now())
        await database.close()
        began = perf_counter()
        settings = {"SHARD_COUNT": str(SHARDS.count), "SHARD_IDS": "0-9"}
        async with started(OURS, driver, folder, [], **settings) as bot:
            await driver.until(lambda: len(driver.server.gateway.sessions) == len(SHARDS.ids), patience=300)
            yield Row(f"{NAME}: until all are connected", "s", [perf_counter() - began])
            await bot.settle()
            yield Row(f"{NAME}: idle memory", "MiB", [bot.memory_bytes() / MIB])
            yield Row(f"{NAME}: daily facts sent", "a second", [mine / await _post(bot, mine)])


async def _post(bot: Subject, expected: int) -> float:
    """Return how long it takes to send what falls due in one minute, in seconds."""
    post = Daily(bot.driver)
    bot.driver.log.clear()
    began = perf_counter()
    post.jump(post.next_moment())
    async with asyncio.timeout(60 + expected / 5):
        while sum(record.status == 200 for record in bot.driver.log.to("POST", SEND)) < expected:  # noqa: ASYNC110 (a log sets no event)
            await asyncio.sleep(0.1)
    return perf_counter() - began
