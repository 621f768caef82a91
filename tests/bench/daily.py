"""What stored schedules cost: a tick with none due, and a start."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from random import Random
from time import process_time

from bot.core.shards import EVERY
from bot.core.zones import zone_names
from bot.runners.daily_poster import DailyPoster
from bot.runners.tools import Tools
from bot.storage import daily, daily_posts
from bot.storage.catalogue import Catalogue
from bot.storage.connection import Connection
from bot.storage.daily import Wish
from bot.storage.own_packs import OwnPacks
from bot.storage.settings import Settings
from tests.bench.table import Row
from tests.runners.virtual_time import VirtualTime, WatchedDatabase

STORED = (100, 1_000, 10_000, 100_000)
A_SERVER = 5
TICKS = 101
ROUNDS = 5
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


class NobodyThere:
    """A messenger that is never asked, because nothing is due."""

    async def send(self, *_: object) -> int:
        raise AssertionError

    async def find(self, *_: object) -> int | None:
        raise AssertionError

    async def tell_paused(self, *_: object) -> None:
        raise AssertionError


def store(connection: Connection, wishes: Sequence[Wish], now: datetime) -> None:
    """Store many schedules through the function that the command uses."""
    for wish in wishes:
        daily.put_schedule(connection, wish, now, wish.channel_id)


def somewhere(stored: int) -> list[Wish]:
    """Return schedules at all hours in all time zones."""
    chance, zones = Random(1), zone_names()
    return [
        Wish(number // A_SERVER + 1, number + 1, chance.choice(zones), time(chance.randrange(24)))
        for number in range(stored)
    ]


async def ticks(database: WatchedDatabase, clock: Callable[[], float]) -> list[float]:
    """Return how many µs a tick took when none was due, by a clock that counts seconds."""
    settings, time = await Settings.load(database, EVERY), VirtualTime(NOW, database)
    poster = DailyPoster(
        Tools(database, Catalogue(()), settings, OwnPacks(database), time, Random(1)), NobodyThere()
    )
    taken = []
    for _ in range(ROUNDS):
        before = clock()
        for _ in range(TICKS):
            await poster.post_due()
            await database.read(daily_posts.next_moment, EVERY)
        taken.append((clock() - before) / TICKS * 1e6)
    return taken


async def rows(folder: Path) -> AsyncIterator[Row]:
    """Measure ticks and starts, from a hundred schedules to a hundred thousand."""
    starts = []
    for stored in STORED:
        database = await WatchedDatabase.open(folder / f"{stored}.db")
        await database.write(store, wishes=somewhere(stored), now=NOW)
        taken = await ticks(database, process_time)
        yield Row(f"a daily tick, {stored:,} stored, none due", "µs CPU", taken)
        before = process_time()
        await database.write(daily_posts.take_up_after_start, EVERY)
        await database.write(daily.refresh_due_moments)
        starts.append((stored, (process_time() - before) * 1e3))
        await database.close()
    for stored, taken_by_start in starts:
        yield Row(
            f"every daily moment worked out anew at a start, {stored:,} stored", "ms CPU", [taken_by_start]
        )
