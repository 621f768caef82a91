"""What a page of a board takes, from a thousand players to a million."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from time import process_time

from bot.core.periods import Period
from bot.storage.boards import board_page
from tests.bench.table import Row
from tests.storage.played import board_id, database_file

NOW = datetime(2026, 8, 5, 12, tzinfo=UTC)
FIRST_USER = 2**58
REPEATS = 41
GOAL_PLAYERS = 100_000

Points = Callable[[Random], int]


def few_have_many(chance: Random) -> int:
    """Return points as real boards have them."""
    return int(chance.paretovariate(1.1) * 400)


def all_in_one_bucket(chance: Random) -> int:
    """Return points that the board's buckets cannot tell apart: their worst case."""
    return 1_000_000 + chance.randrange(100_000)


BOARDS: tuple[tuple[int, str, Points], ...] = (
    (1_000, "", few_have_many),
    (10_000, "", few_have_many),
    (100_000, "", few_have_many),
    (1_000_000, "", few_have_many),
    (100_000, ", everybody has 1,000", lambda _: 1_000),
    (100_000, ", all in one bucket", all_in_one_bucket),
)


def fill(connection: sqlite3.Connection, guild_id: int, players: int, points: Points) -> None:
    """Store a board of so many players."""
    chance = Random(guild_id)
    connection.execute("BEGIN")
    board = board_id(connection, guild_id)
    connection.executemany(
        "INSERT INTO totals (board_id, period, starts, user_id, points, correct, answered, rounds)"
        " VALUES (?, 'all', '', ?, ?, 3, 5, 1)",
        ((board, FIRST_USER + number, points(chance)) for number in range(players)),
    )
    connection.execute("COMMIT")


def milliseconds(
    work: Callable[[], object], repeats: int = REPEATS, clock: Callable[[], float] = process_time
) -> list[float]:
    """Return how long each of some repeats took, by a clock that counts seconds."""
    taken = []
    for _ in range(repeats):
        began = clock()
        work()
        taken.append((clock() - began) * 1e3)
    return taken


async def rows(folder: Path) -> AsyncIterator[Row]:
    """Measure the dearest pages: the last one, and the reader's own in last place."""
    with database_file(folder / "boards.db") as connection:
        for guild_id, (players, kind, points) in enumerate(BOARDS, start=1):
            fill(connection, guild_id, players, points)
            show = partial(board_page, connection, guild_id, Period.ALL, NOW)
            last = show(reader_id=0, page=players).places[-1].user_id
            goal = "10 ms" if players == GOAL_PLAYERS else ""
            name = f"a board of {players:,} players{kind}"
            page = partial(show, reader_id=last, page=players)
            yield Row(f"{name}: last page, reader in last place", "ms CPU", milliseconds(page), goal=goal)
            own = partial(show, reader_id=last, page=None)
            yield Row(f"{name}: the page of the reader in last place", "ms CPU", milliseconds(own), goal=goal)
