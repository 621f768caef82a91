"""What keeping a board costs: counting a round when it ends, and what moderators do to it."""

from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from random import Random
from time import perf_counter

from bot.storage import moderation
from bot.storage.connection import Connection
from tests.bench.boards import FIRST_USER, NOW, few_have_many, fill, milliseconds
from tests.bench.table import Row
from tests.storage.played import MODERATOR, Asked, Given, add_questions, database_file, play, rebuild

PLAYERS = 100_000
QUESTIONS = 300
ROUNDS_BEFORE = 1_000
PLAYERS_A_ROUND = 20


class Board:
    """A server with a board of many players, on which further rounds are counted."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._chance = Random(5)

    def play_round(self, players: int) -> None:
        """Store a round of ten questions as it ends, and count it."""
        users = self._chance.sample(range(FIRST_USER, FIRST_USER + PLAYERS), players)
        asked = [
            Asked(f"q{index}", {user: Given(self._chance.randrange(200)) for user in users})
            for index in self._chance.sample(range(QUESTIONS), 10)
        ]
        play(self._connection, 1, NOW, asked)

    def committed(self, work: Callable[[], object]) -> None:
        """Run work, commit, and wait for the disk as the bot does."""
        self._connection.execute("BEGIN IMMEDIATE")
        work()
        self._connection.execute("COMMIT")

    def measured(self, work: Callable[[], object], repeats: int) -> list[float]:
        """Return how many milliseconds each of some committed repeats took."""
        return milliseconds(partial(self.committed, work), repeats, perf_counter)


async def rows(folder: Path) -> AsyncIterator[Row]:
    """Measure what a board of 100,000 players costs to keep."""
    with database_file(folder / "keeping.db") as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        numbers = add_questions(connection, *(f"q{index}" for index in range(QUESTIONS)))
        fill(connection, 1, PLAYERS, few_have_many)
        board = Board(connection)
        for players in (8, 500):
            taken = board.measured(partial(board.play_round, players), 11)
            name = f"a round of 10 questions and {players} players stored and counted, board of {PLAYERS:,}"
            yield Row(name, "ms", taken)

        def play_before() -> None:
            for _ in range(ROUNDS_BEFORE):
                board.play_round(PLAYERS_A_ROUND)

        board.committed(play_before)
        (answers,) = connection.execute("SELECT COUNT(*) FROM answers").fetchone()
        number = numbers["q1"]
        void = partial(moderation.void_question, connection, 1, number, MODERATOR, NOW)
        undo = partial(moderation.undo_void, connection, 1, number)
        among = f"among {answers:,} answers"
        yield Row(f"taking a question out, {among}", "ms", board.measured(void, 1))
        yield Row(f"putting it back, {among}", "ms", board.measured(undo, 1))
        anew = partial(rebuild, connection, 1)
        # The first one drops the made-up totals.
        board.committed(anew)
        yield Row(f"a board rebuilt, {among}", "ms", board.measured(anew, 3))
