"""Database files as a first start leaves them, made once a process and copied for each test.

What a first start does has tests of its own; all the others need only what comes of it.
"""

import functools
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.storage.database import Database, Location
from bot.storage.packs import load_packs
from bot.storage.sqlite_scripts import migrate

_with_packs: dict[Path, bytes] = {}


def write_tables(path: Path) -> None:
    """Write a file with the bot's own tables, and nothing in them."""
    path.write_bytes(_tables())


async def write_packs(location: Location, packs: Path) -> None:
    """Write a file with the packs of a folder, which stay as they are while tests run.

    On PostgreSQL a bot has to load them itself.
    """
    if not isinstance(location, Path):
        return
    if packs not in _with_packs:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "trivia.db"
            write_tables(file)
            async with Database.opened(file) as database:
                await load_packs(database, packs)
            _with_packs[packs] = file.read_bytes()
    location.write_bytes(_with_packs[packs])


@functools.cache
def _tables() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "trivia.db"
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            migrate(connection, file)
        return file.read_bytes()
