"""What PostgreSQL costs beside SQLite, in one run: a click of the whole bot, a board's last page, a tick.

The server is one of its own in a temporary folder, with the settings that PostgreSQL has by itself. CPU is
the bot's alone, as the server may be on another machine; pages and ticks are what somebody waits.
"""

import contextlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from bot.core.periods import Period
from bot.core.schedule import next_due
from bot.storage.boards import board_page
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.moments import to_ms
from tests import postgres
from tests.bench import boards, daily
from tests.bench.clicks import PLAYERS, Table
from tests.bench.subject import NULL, OURS, ROUNDS, in_turn, subject
from tests.bench.table import Row
from tests.runners.virtual_time import WatchedDatabase

STORED = 100_000
GUILD = 1


@contextlib.contextmanager
def server() -> Iterator[postgres.Server]:
    """Run a server that keeps what it has committed."""
    with tempfile.TemporaryDirectory(prefix="trivia-postgres-", ignore_cleanup_errors=True) as folder:
        running = postgres.Server(Path(folder), settings="")
        running.start()
        try:
            yield running
        finally:
            running.stop()


async def rows(folder: Path) -> AsyncIterator[Row]:
    """Measure both engines."""
    if reason := postgres.why_not():
        print(f"engines are not compared: {reason}")
        return
    with server() as running:
        for name in ("clicks", "large"):
            running.run_sql(f"CREATE DATABASE {name}")
        async for row in _clicks(folder, running.address("clicks")):
            yield row
        for engine, place in (("SQLite", folder / "large.db"), ("PostgreSQL", running.address("large"))):
            database = await WatchedDatabase.open(place)
            try:
                await database.write(_fill)
                if engine == "PostgreSQL":
                    # A server does that by itself within a minute.
                    running.run_sql("VACUUM ANALYZE", "large")
                taken = await _last_pages(database)
                page = f"a board of {STORED:,} players, reader in last place: last page, {engine}"
                yield Row(page, "ms", taken, goal="10 ms")
                taken = [us / 1e3 for us in await daily.ticks(database, perf_counter)]
                yield Row(f"a daily tick, {STORED:,} stored, none due, {engine}", "ms", taken, goal="5 ms")
            finally:
                await database.close()


def _fill(connection: Connection) -> None:
    """Store a large board, and as many schedules."""
    boards.add_players(connection, GUILD, STORED, boards.few_have_many)
    connection.executemany(
        "INSERT INTO daily_schedules (guild_id, channel_id, time_zone, wall_time, seed, next_date, next_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (
                wish.guild_id,
                wish.channel_id,
                wish.zone,
                f"{wish.wall:%H:%M}",
                wish.channel_id,
                due.date.isoformat(),
                to_ms(due.moment),
            )
            for wish in daily.somewhere(STORED)
            for due in (next_due(ZoneInfo(wish.zone), wish.wall, daily.NOW),)
        ),
    )


async def _clicks(folder: Path, address: str) -> AsyncIterator[Row]:
    """Have both bots and the null bot take clicks in turn."""
    table = Table()
    async with (
        subject(OURS, folder / "postgres", players=PLAYERS, DATABASE_URL=address) as on_postgres,
        subject(OURS, folder / "sqlite", players=PLAYERS) as on_sqlite,
        subject(NULL, folder / "null", players=PLAYERS) as null,
    ):
        bots = (on_postgres, on_sqlite, null)
        for name, work, goal, rounds in (
            ("a committed click, alone", table.alone, "1.35 ×", ROUNDS),
            (f"a committed click, {PLAYERS} at once", table.together, "1.25 ×", 21),
        ):
            figures = await in_turn(work, bots, table.ask, rounds)
            yield Row(f"{name}: PostgreSQL (null: SQLite)", "µs CPU", figures[0], figures[1], goal)
            yield Row(f"{name}: PostgreSQL", "µs CPU", figures[0], figures[2])
            yield Row(f"{name}: SQLite", "µs CPU", figures[1], figures[2])


async def _last_pages(database: Database) -> list[float]:
    async def show(reader_id: int) -> int:
        page = await database.read(
            board_page, GUILD, Period.ALL, boards.NOW, reader_id=reader_id, cursor=boards.END
        )
        return page.places[-1].user_id

    last = await show(0)
    taken = []
    for _ in range(boards.REPEATS):
        began = perf_counter()
        await show(last)
        taken.append((perf_counter() - began) * 1e3)
    return taken
