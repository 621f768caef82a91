from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.storage.database import MIGRATIONS, Database
from tests.storage.notes import note_migrations

OpenDatabase = Callable[..., Awaitable[Database]]


@pytest.fixture
async def open_database() -> AsyncIterator[OpenDatabase]:
    """Open databases that are closed after the test, failed or not: an open one would hold the process."""
    opened: list[Database] = []

    async def open_one(path: Path, migrations: Path = MIGRATIONS) -> Database:
        opened.append(await Database.open(path, migrations))
        return opened[-1]

    yield open_one
    for database in opened:
        await database.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a database may be made."""
    return tmp_path / "trivia.db"


@pytest.fixture
async def database(open_database: OpenDatabase, path: Path) -> Database:
    """A database with the bot's own tables."""
    return await open_database(path)


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """Migrations that make a database of notes."""
    return note_migrations(tmp_path)


@pytest.fixture
async def notes(open_database: OpenDatabase, path: Path, migrations: Path) -> Database:
    """A database of notes."""
    return await open_database(path, migrations)
