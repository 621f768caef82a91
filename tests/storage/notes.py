"""A small database of notes, for tests of how databases are opened, written and read."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from threading import Event

from bot.storage.connection import Connection
from bot.storage.database import MIGRATIONS, Database, DatabaseUnusable, Location


def add_script(folder: Path, number: int, sql: str) -> None:
    """Add a script for SQLite, and what it comes to for PostgreSQL."""
    portable = sql.replace(" STRICT", "").replace("INTEGER", "BIGINT")
    for engine, script in (("sqlite", sql), ("postgres", portable)):
        (folder / engine / f"{number:04d}_step.sql").write_text(script, "utf-8")


def note_migrations(folder: Path) -> Path:
    """Make a folder of migrations in `folder`, with the one that makes the tables, and return it."""
    migrations = folder / "migrations"
    for engine in ("sqlite", "postgres"):
        (migrations / engine).mkdir(parents=True)
    add_script(
        migrations,
        1,
        "CREATE TABLE notes (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;"
        "CREATE TABLE links (number INTEGER REFERENCES notes DEFERRABLE INITIALLY DEFERRED) STRICT;",
    )
    return migrations


def insert(connection: Connection, number: int, *, size: int = 0) -> int:
    connection.execute("INSERT INTO notes VALUES (?, ?)", (number, "x" * size))
    return number


def numbers(connection: Connection) -> list[int]:
    return [row[0] for row in connection.execute("SELECT number FROM notes ORDER BY number")]


class Gate:
    """Holds the writer, so that what is queued meanwhile becomes one group."""

    def __init__(self, database: Database) -> None:
        self._open = Event()
        self._entered = Event()
        self.held = asyncio.ensure_future(database.write(self._hold))

    def _hold(self, _: Connection) -> None:
        self._entered.set()
        assert self._open.wait(30)

    async def closed(self) -> None:
        """Wait until the writer is held."""
        assert await asyncio.to_thread(self._entered.wait, 30)

    async def open(self) -> None:
        self._open.set()
        await self.held


async def outcomes(database: Database, *works: Callable[[Connection], object]) -> list[object]:
    """Run `works` as one group and return what each caller heard, values and exceptions alike."""
    gate = Gate(database)
    await gate.closed()
    calls = [asyncio.ensure_future(database.write(work)) for work in works]
    await asyncio.sleep(0)
    await gate.open()
    return list(await asyncio.gather(*calls, return_exceptions=True))


async def why_unusable(path: Location, migrations: Path = MIGRATIONS) -> str:
    """Return the sentence with which a file is refused."""
    try:
        database = await Database.open(path, migrations)
    except DatabaseUnusable as error:
        return str(error)
    await database.close()
    return "it was opened"
