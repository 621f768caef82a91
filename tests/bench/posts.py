"""A minute in which very many daily facts are due: how fast they go out, at what cost."""

import asyncio
from collections.abc import AsyncIterator
from datetime import time
from pathlib import Path
from time import perf_counter

from bot.storage.daily import Wish
from bot.storage.database import Database
from playground import Channel, Driver
from tests.bench.daily import A_SERVER, store
from tests.bench.subject import DATABASE, OURS, Subject, started
from tests.bench.table import Row
from tests.local_discord import local_discord
from tests.wire.daily.acts import SEND, Daily

POSTS = 1_000
SLOW = 0.35
"""Seconds that the local Discord takes for a message: long enough for many to be under way at once."""


def add_channels(driver: Driver) -> list[Channel]:
    """Return new channels, five in each of many servers."""
    channels: list[Channel] = []
    for number in range(POSTS // A_SERVER):
        guild = driver.add_guild(f"Server {number}", channels=[f"daily-{index}" for index in range(A_SERVER)])
        channels += guild.channels.values()
    return channels


async def watch(bot: Subject) -> tuple[int, float]:
    """Return how many posts were under way at once at most, and the most memory in bytes."""
    most, peak, sent = 0, bot.memory_bytes(), 0
    while sent < POSTS:
        await asyncio.sleep(0.05)
        records = bot.driver.log.to("POST", SEND)
        sent = sum(record.status == 200 for record in records)
        most = max(most, sum(record.status == 0 for record in records))
        peak = max(peak, bot.memory_bytes())
    return most, peak


async def rows(folder: Path) -> AsyncIterator[Row]:
    """Measure one such minute."""
    async with local_discord(folder) as driver:
        channels = add_channels(driver)
        database = await Database.open(folder / DATABASE)
        wishes = [Wish(channel.guild_id or 0, channel.id, "Europe/London", time(9)) for channel in channels]
        await database.write(store, wishes, driver.clock.now())
        await database.close()
        async with started(OURS, driver, folder, []) as bot:
            await bot.settle()
            driver.log.clear()
            driver.faults.slow(SLOW, f"POST {SEND}")
            post = Daily(driver)
            memory, cpu, began = bot.memory_bytes(), bot.cpu_seconds(), perf_counter()
            post.jump(post.next_moment())
            async with asyncio.timeout(30 + POSTS / 10):
                most, peak = await watch(bot)
            seconds, cpu = perf_counter() - began, bot.cpu_seconds() - cpu
            assert all(len(post.posts(channel)) == 1 for channel in channels)
    name = f"{POSTS:,} daily posts due in one minute"
    yield Row(name, "µs CPU a post", [cpu / POSTS * 1e6])
    yield Row(f"{name}: sent", "a second", [POSTS / seconds])
    yield Row(f"{name}: under way at once at most", "", [most])
    yield Row(f"{name}: memory grows by at most", "MiB", [(peak - memory) / 2**20])
