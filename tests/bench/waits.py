"""How long a click's write waits while a large server changes its zone, or has its board rebuilt or reset."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from random import Random
from time import perf_counter

from bot.cli import PAUSE_S
from bot.core.shards import EVERY
from bot.storage import app_state, moderation, privacy, scores
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.moments import to_ms
from bot.storage.settings import Settings
from tests.bench.boards import FIRST_USER, NOW
from tests.bench.table import Row
from tests.storage.played import MODERATOR, Asked, Given, play

GUILD = 1
ROUNDS, PLAYERS, PLAYERS_A_ROUND = 2_000, 2_000, 20
BETWEEN_WRITES_S = 0.002
REPEATS = 3


def fill(connection: Connection) -> None:
    """Store 400,000 answers: a year of rounds of ten questions."""
    chance = Random(5)
    for number in range(ROUNDS):
        users = chance.sample(range(FIRST_USER, FIRST_USER + PLAYERS), PLAYERS_A_ROUND)
        asked = [
            Asked(f"q{index}", {user: Given(chance.randrange(200)) for user in users})
            for index in chance.sample(range(300), 10)
        ]
        play(connection, GUILD, NOW - timedelta(hours=4 * (ROUNDS - number)), asked)


async def longest_wait(database: Database, work: Awaitable[object]) -> float:
    """Return the longest of many small writes, in milliseconds, from before the work to its end."""
    waits = []
    working = asyncio.ensure_future(work)
    while not working.done():
        began = perf_counter()
        await database.write(app_state.set_state, name="waiting", value=str(began))
        waits.append((perf_counter() - began) * 1e3)
        await asyncio.sleep(BETWEEN_WRITES_S)
    await working
    return max(waits)


async def rows(folder: Path) -> AsyncIterator[Row]:
    """Measure what everybody else waits for."""
    database = await Database.open(folder / "waits.db")
    try:
        await database.write(fill)
        settings = await Settings.load(database, EVERY)
        zones = cycle(("Europe/Berlin", "Asia/Tokyo", "UTC"))
        days = iter(range(1, REPEATS + 1))

        async def change_zone() -> None:
            await settings.change(GUILD, time_zone=next(zones))

        async def rebuild() -> None:
            beside = await Database.open(database.location)
            try:
                after: int | None = 0
                while after is not None:
                    after = await beside.write(scores.rebuild, GUILD, after)
                    await asyncio.sleep(PAUSE_S)
            finally:
                await beside.close()

        async def reset() -> None:
            moment = NOW + timedelta(days=next(days))
            await database.write(moderation.reset_board, GUILD, MODERATOR, to_ms(moment), moment)

        async def purge() -> None:
            while await database.write(privacy.purge_guild, guild_id=GUILD):
                pass

        works: tuple[tuple[str, Callable[[], Awaitable[None]], int], ...] = (
            ("another time zone", change_zone, REPEATS),
            ("rebuilt by another process", rebuild, REPEATS),
            ("the board reset", reset, REPEATS),
            ("all its data deleted", purge, 1),
        )
        for what, work, repeats in works:
            waited = [await longest_wait(database, work()) for _ in range(repeats)]
            yield Row(f"a server of 400,000 answers, {what}: longest wait of a click elsewhere", "ms", waited)
    finally:
        await database.close()
