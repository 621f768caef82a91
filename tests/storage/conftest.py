from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing, nullcontext
from pathlib import Path

import pytest

from bot.storage.connection import Transactions
from bot.storage.database import MIGRATIONS, Database, Location
from bot.storage.sqlite import SqliteConnection
from tests import postgres
from tests.engines import each_engine
from tests.storage.notes import note_migrations
from tests.storage.played import database_file

__all__ = ["each_engine"]

OpenDatabase = Callable[..., Awaitable[Database]]


@pytest.fixture(autouse=True)
def no_host_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a start that meets a taken shard end at once: no host of these tests was cut off."""
    if not postgres.why_not():
        monkeypatch.setattr("bot.storage.postgres.LOST_HOST_S", 0)


@pytest.fixture
async def open_database() -> AsyncIterator[OpenDatabase]:
    """Open databases that are closed after the test, failed or not: an open one would hold the process."""
    opened: list[Database] = []

    async def open_one(location: Location, migrations: Path = MIGRATIONS) -> Database:
        opened.append(await Database.open(location, migrations))
        return opened[-1]

    yield open_one
    for database in opened:
        await database.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a database file may be made."""
    return tmp_path / "trivia.db"


@pytest.fixture
async def database(open_database: OpenDatabase, location: Location) -> Database:
    """A database with the bot's own tables, of each engine in turn."""
    return await open_database(location)


@pytest.fixture
def sqlite_connection(path: Path) -> Iterator[SqliteConnection]:
    """A connection to a file with the bot's own tables."""
    with database_file(path) as opened:
        yield opened


@pytest.fixture
def connection(location: Location) -> Iterator[Transactions]:
    """A connection to a database with the bot's own tables, of each engine in turn.

    Every statement is a transaction of its own unless one is begun.
    """
    if isinstance(location, Path):
        with database_file(location) as opened:
            yield opened
    else:
        with closing(postgres.session(location)) as session:
            yield session


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """Migrations that make a database of notes."""
    return note_migrations(tmp_path)


@pytest.fixture
async def notes(open_database: OpenDatabase, path: Path, migrations: Path) -> Database:
    """A file of notes."""
    return await open_database(path, migrations)


@pytest.fixture
def empty_place(engine: str, path: Path) -> Iterator[Location]:
    """Where a database may be made and nothing is yet, of each engine in turn."""
    with nullcontext(path) if engine == "sqlite" else postgres.database() as empty:
        yield empty


@pytest.fixture
async def shared_notes(empty_place: Location, migrations: Path) -> AsyncIterator[Database]:
    """A database of notes, of each engine in turn."""
    database = await Database.open(empty_place, migrations)
    yield database
    await database.close()
