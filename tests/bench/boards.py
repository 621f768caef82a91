"""How long a page of a board with 100,000 players takes, and what keeping that board costs.

Printed, not asserted. Run it with `python -m tests.bench.boards`.
"""

import sqlite3
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from bot.core.periods import Period
from bot.storage import moderation, scores
from bot.storage.boards import board_page
from tests.storage.played import MODERATOR, Asked, Given, add_questions, database_file, play

PLAYERS = 100_000
RUNS = 41
NOW = datetime(2026, 8, 5, 12, tzinfo=UTC)
FIRST_USER = 2**58
GUILDS = {
    "few with many points": (1, lambda chance: int(chance.paretovariate(1.1) * 400)),
    "plain scoring, 0 to 300": (2, lambda chance: chance.randrange(300)),
    "everybody has 1,000": (3, lambda _: 1_000),
    "all within one bucket": (4, lambda chance: 1_000_000 + chance.randrange(100_000)),
}


def fill(connection: sqlite3.Connection, guild_id: int, points: Callable[[Random], int]) -> None:
    chance = Random(guild_id)
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO totals (guild_id, period, starts, user_id, points, correct, answered, rounds)"
        " VALUES (?, 'all', '', ?, ?, 3, 5, 1)",
        ((guild_id, FIRST_USER + number, points(chance)) for number in range(PLAYERS)),
    )
    connection.execute("COMMIT")


def milliseconds(work: Callable[[], object], runs: int = RUNS) -> str:
    """Return the median and the longest time of some runs."""
    taken = []
    for _ in range(runs):
        began = perf_counter()
        work()
        taken.append((perf_counter() - began) * 1_000)
    return f"{median(taken):8.2f} ms median  {max(taken):8.2f} ms longest of {runs}"


def measure_pages(connection: sqlite3.Connection) -> None:
    for name, (guild_id, points) in GUILDS.items():
        fill(connection, guild_id, points)
        show = partial(board_page, connection, guild_id, Period.ALL, NOW)
        last = show(reader_id=0, page=PLAYERS).places[-1].user_id
        middle = show(reader_id=0, page=PLAYERS // 20).places[0].user_id
        print(f"{PLAYERS:,} players, {name}")
        print("  first page, reader in last place ", milliseconds(partial(show, reader_id=last)))
        print(
            "  last page, reader in last place  ", milliseconds(partial(show, reader_id=last, page=PLAYERS))
        )
        print("  the reader's own page, last      ", milliseconds(partial(show, reader_id=last, page=None)))
        print("  the reader's own page, middle    ", milliseconds(partial(show, reader_id=middle, page=None)))


def in_transaction(connection: sqlite3.Connection, work: Callable[[], object]) -> None:
    """Run work, commit, and wait for the disk as the bot does."""
    connection.execute("BEGIN IMMEDIATE")
    work()
    connection.execute("COMMIT")


def measure_keeping(connection: sqlite3.Connection) -> None:
    numbers = add_questions(connection, *(f"q{index}" for index in range(300)))
    chance = Random(5)

    def one_round(players: int) -> None:
        users = chance.sample(range(FIRST_USER, FIRST_USER + PLAYERS), players)
        asked = [
            Asked(f"q{index}", {user: Given(chance.randrange(200)) for user in users})
            for index in chance.sample(range(300), 10)
        ]
        play(connection, 1, NOW, asked)

    for players in (8, 500):
        count = partial(in_transaction, connection, partial(one_round, players))
        print(f"a round of 10 questions and {players} players, stored and counted", milliseconds(count, 11))
    ended = connection.execute("SELECT MAX(round_id) FROM rounds").fetchone()[0]

    def count_again() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE rounds SET ranked = NULL WHERE round_id = ?", (ended,))
        began = perf_counter()
        scores.count_round(connection, ended)
        counted.append((perf_counter() - began) * 1_000)
        connection.execute("ROLLBACK")

    counted: list[float] = []
    for _ in range(11):
        count_again()
    print(f"  counting alone, 500 players {median(counted):8.2f} ms median  {max(counted):8.2f} ms longest")

    connection.execute("BEGIN")
    for _ in range(1_000):
        one_round(20)
    connection.execute("COMMIT")
    answers = connection.execute("SELECT COUNT(*) FROM answers").fetchone()[0]
    number = numbers["q1"]
    print(f"a server with {answers:,} answers")
    void = partial(moderation.void_question, connection, 1, number, MODERATOR, NOW)
    undo = partial(moderation.undo_void, connection, 1, number)
    print("  Void                             ", milliseconds(partial(in_transaction, connection, void), 1))
    print("  undo                             ", milliseconds(partial(in_transaction, connection, undo), 1))
    rebuild = partial(scores.rebuild, connection, 1)
    print(
        "  rebuild (drops the made-up totals)", milliseconds(partial(in_transaction, connection, rebuild), 1)
    )
    print(
        "  rebuild again                    ", milliseconds(partial(in_transaction, connection, rebuild), 3)
    )


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, database_file(Path(folder) / "trivia.db") as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        measure_pages(connection)
        measure_keeping(connection)


if __name__ == "__main__":
    main()
