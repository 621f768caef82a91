"""What a page of a board takes, from a thousand players to a million, at both ends."""

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from time import process_time

from bot.core.periods import Period
from bot.storage.boards import MINE, TOP, Cursor, Way, board_page
from bot.storage.connection import Connection
from bot.storage.hall_of_fame import hall_page
from bot.storage.moments import to_ms
from tests.bench.table import Row
from tests.storage.played import database_file

NOW = datetime(2026, 8, 5, 12, tzinfo=UTC)
FIRST_USER = 2**58
REPEATS = 41
GOAL_PLAYERS = 100_000
END = Cursor(Way.AFTER, 0, 2**63 - 1)
"""Where a board's last page begins."""

Points = Callable[[Random], int]


def few_have_many(chance: Random) -> int:
    """Return points as real boards have them."""
    return int(chance.paretovariate(1.1) * 400)


BOARDS: tuple[tuple[int, str, Points], ...] = (
    (1_000, "", few_have_many),
    (10_000, "", few_have_many),
    (100_000, "", few_have_many),
    (1_000_000, "", few_have_many),
    (100_000, ", everybody has 1,000", lambda _: 1_000),
)
MONTH_ROUNDS, PLAYERS_A_ROUND, MONTHS = 1_500, 10, 6


def fill(connection: Connection, guild_id: int, players: int, points: Points) -> None:
    """Store a board of so many players, in a transaction of its own."""
    connection.execute("BEGIN")
    add_players(connection, guild_id, players, points)
    connection.execute("COMMIT")


def add_players(connection: Connection, guild_id: int, players: int, points: Points) -> None:
    """Store a board of so many players."""
    chance = Random(guild_id)
    connection.executemany(
        "INSERT INTO totals (guild_id, board, user_id, points, correct, answered, games)"
        " VALUES (?, 'rounds', ?, ?, 3, 5, 1)",
        ((guild_id, FIRST_USER + number, points(chance)) for number in range(players)),
    )


def fill_months(connection: Connection, guild_id: int, players: int) -> None:
    """Store what the rounds of some months gave so many players."""
    chance = Random(guild_id)
    connection.execute("BEGIN")
    for number in range(MONTH_ROUNDS * MONTHS):
        ended_ms = to_ms(NOW - timedelta(days=30) * number / MONTH_ROUNDS)
        users = chance.sample(range(FIRST_USER, FIRST_USER + players), PLAYERS_A_ROUND)
        connection.executemany(
            "INSERT INTO scores (guild_id, board, game, user_id, ended_ms, points, correct, answered)"
            " VALUES (?, 'rounds', ?, ?, ?, ?, 5, 10)",
            ((guild_id, number, user_id, ended_ms, chance.randrange(1_500)) for user_id in users),
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
    """Measure pages at both ends of a board, then a month and the hall of fame."""
    with database_file(folder / "boards.db") as connection:
        for guild_id, (players, kind, points) in enumerate(BOARDS, start=1):
            fill(connection, guild_id, players, points)
            for row in _pages(connection, guild_id, f"a board of {players:,} players{kind}", players):
                yield row
        for guild_id, players in enumerate((500, 50_000), start=len(BOARDS) + 1):
            fill_months(connection, guild_id, players)
            show = partial(board_page, connection, guild_id, Period.LAST_MONTH, NOW, reader_id=0)
            name = f"a month of {MONTH_ROUNDS:,} rounds of {PLAYERS_A_ROUND} among {players:,} players"
            yield Row(name, "ms CPU", milliseconds(show), goal="20 ms")
            hall = partial(hall_page, connection, guild_id, NOW)
            yield Row(
                f"the hall of fame, six such months among {players:,} players", "ms CPU", milliseconds(hall)
            )


def _pages(connection: Connection, guild_id: int, name: str, players: int) -> Iterator[Row]:
    show = partial(board_page, connection, guild_id, Period.ALL, NOW)
    goal = "10 ms" if players == GOAL_PLAYERS else ""
    last = show(reader_id=0, cursor=END).places[-1].user_id
    for cursor, page in ((TOP, "first page"), (END, "last page"), (MINE, "own page")):
        taken = milliseconds(partial(show, reader_id=last, cursor=cursor))
        yield Row(f"{name}, reader in last place: {page}", "ms CPU", taken, goal=goal)
