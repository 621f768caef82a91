"""The two engines of storage for tests: where a database is made, a bot's process on it, what it holds."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.playground import bot_process
from bot.storage.connection import Transactions
from bot.storage.database import Location
from bot.storage.sqlite import SqliteConnection
from playground import BotProcess, LocalDiscord
from tests import postgres
from tests.fork_server import CAN_FORK, ForkedBot
from tests.prepared import write_tables

ENGINES = ("sqlite", "postgres")


@pytest.fixture(name="engine", params=ENGINES)
def each_engine(request: pytest.FixtureRequest) -> str:
    """Each engine in turn, in folders where whatever has a database is tested on both."""
    name: str = request.param
    return name


@contextmanager
def location_in(folder: Path, engine: str) -> Iterator[Location]:
    """Yield where a test has a database with the bot's own tables: a file, or PostgreSQL's address."""
    if engine == "sqlite":
        write_tables(folder / "trivia.db")
        yield folder / "trivia.db"
    else:
        with postgres.database(with_tables=True) as address:
            yield address


def settings_of(location: Location) -> dict[str, str]:
    """Return the environment variable that tells a bot where its database is."""
    return {"DATABASE_PATH": str(location)} if isinstance(location, Path) else {"DATABASE_URL": location}


def bot_on(
    location: Location, discord: LocalDiscord, environment: Mapping[str, str] | None = None
) -> BotProcess:
    """Return a bot as a process on a database. Several on one are told apart by their `environment`."""
    told = {**settings_of(location), **(environment or {})}
    return ForkedBot(discord, (), told) if CAN_FORK else bot_process(discord, Path("trivia.db"), told)


@contextmanager
def connection_to(location: Location) -> Iterator[Transactions]:
    """Open a connection beside whoever has the database open.

    Every statement is a transaction of its own unless one is begun.
    """
    if isinstance(location, Path):
        with closing(
            sqlite3.connect(location, timeout=10, isolation_level=None, factory=SqliteConnection)
        ) as file:
            yield file
    else:
        with closing(postgres.session(location)) as session:
            yield session


def query(location: Location, statement: str, values: Sequence[Any] = ()) -> list[Any]:
    """Return the rows of a query, made beside whoever has the database open."""
    with connection_to(location) as connection:
        return connection.execute(statement, values).fetchall()
