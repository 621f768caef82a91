from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.storage.database import MIGRATIONS, Database

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
async def database(open_database: OpenDatabase, tmp_path: Path) -> Database:
    return await open_database(tmp_path / "trivia.db")
