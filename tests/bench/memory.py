"""Idle memory by the number of servers, each with settings of its own."""

import asyncio
from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path

from bot.core.shards import EVERY
from bot.storage.database import Database
from bot.storage.settings import Settings
from playground import Driver
from tests.bench.subject import DATABASE, NULL, OURS, started
from tests.bench.table import Row
from tests.local_discord import local_discord

SERVERS = (1, 1_000, 10_000)
ROUNDS = 2
MIB = 2**20


def add_guilds(driver: Driver, servers: int) -> None:
    """Let the bot be in so many servers."""
    permissions = driver.guild.roles[driver.guild.id + 1].permissions
    assert permissions is not None
    owner, everyone = driver.member("Ada").user, driver.guild.roles[driver.guild.id].permissions
    driver.world.add_guilds(servers - 1, owner, everyone=everyone, bot_permissions=permissions)


async def store_settings(database_path: Path, driver: Driver) -> None:
    """Store settings of its own for every server."""
    database = await Database.open(database_path)
    settings = await Settings.load(database, EVERY)
    await asyncio.gather(*(settings.change(guild_id, round_questions=5) for guild_id in driver.world.guilds))
    await database.close()


async def memory(module: str, folder: Path, servers: int) -> float:
    """Return the idle memory of a bot in so many servers, in bytes."""
    folder.mkdir()
    async with local_discord(folder) as driver:
        add_guilds(driver, servers)
        if module == OURS:
            await store_settings(folder / DATABASE, driver)
        async with started(module, driver, folder, []) as bot:
            gateway = driver.server.gateway
            # discord.py lets five seconds pass between two shards.
            await driver.until(lambda: len(gateway.sessions) >= gateway.recommended_shards(), patience=120)
            await bot.settle()
            return bot.memory_bytes()


async def rows(folder: Path) -> AsyncIterator[Row]:
    """Measure ours and the null bot."""
    figures: dict[tuple[str, int], list[float]] = {}
    cases = list(product((OURS, NULL), SERVERS))
    for turn in range(ROUNDS):
        # Beside each other: that changes nothing in what they hold, and most of the time is waiting.
        measured = await asyncio.gather(
            *(memory(module, folder / f"{turn}-{module}-{servers}", servers) for module, servers in cases)
        )
        for case, figure in zip(cases, measured, strict=True):
            figures.setdefault(case, []).append(figure)
    for servers in SERVERS:
        ours, null = ([figure / MIB for figure in figures[module, servers]] for module in (OURS, NULL))
        yield Row(f"idle memory, servers: {servers:,}", "MiB", ours, null)
    few, many = SERVERS[0], SERVERS[-1]
    ours, null = (
        [
            (large - small) / (many - few) / 1024
            for small, large in zip(figures[module, few], figures[module, many], strict=True)
        ]
        for module in (OURS, NULL)
    )
    yield Row("idle memory, a further server", "KiB", ours, null, "1.1 ×")
