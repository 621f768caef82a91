"""How a database file is opened and set up, and which files are refused."""

import inspect
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import aiosqlite
import pytest

from bot.storage.backup import back_up
from bot.storage.connection import Connection
from bot.storage.database import Database, DatabaseUnusable
from bot.storage.sqlite import what_to_do
from bot.storage.sqlite_scripts import APPLICATION_ID
from tests.storage.conftest import OpenDatabase
from tests.storage.notes import why_unusable

PROJECT = Path(__file__).parents[2]


async def test_the_connections_are_set_up(notes: Database) -> None:
    def pragmas(connection: Connection) -> dict[str, object]:
        names = (
            "journal_mode",
            "synchronous",
            "foreign_keys",
            "query_only",
            "busy_timeout",
            "secure_delete",
            "application_id",
        )
        return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names}

    assert await notes.write(pragmas) == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "query_only": 0,
        "busy_timeout": 1_200,
        "secure_delete": 1,
        "application_id": 0x41_44_6F_54,
    }
    assert (await notes.read(pragmas))["query_only"] == 1


def test_the_one_private_call_into_aiosqlite_is_still_there() -> None:
    assert version("aiosqlite").startswith("0.22.")
    parameters = inspect.signature(aiosqlite.Connection._execute).parameters
    assert list(parameters)[:2] == ["self", "fn"]
    assert isinstance(vars(aiosqlite.Connection)["_conn"], property)
    source = (PROJECT / "bot" / "storage" / "sqlite.py").read_text("utf-8")
    lines = [line for line in source.splitlines() if "._execute" in line or "._conn" in line]
    assert len(lines) == 1


SHUT_DOWN = """
import asyncio, sys
from pathlib import Path
from bot.storage.database import Database, DatabaseUnusable

async def main():
    try:
        database = await Database.open(Path(sys.argv[1]))
    except DatabaseUnusable:
        return
    await database.close()

asyncio.run(main())
"""


@pytest.mark.parametrize("file", ["new.db", "nonsense.db", "no-folder/new.db"])
def test_the_process_ends_in_silence(tmp_path: Path, file: str) -> None:
    (tmp_path / "nonsense.db").write_bytes(b"This is no database at all. " * 50)
    command = [sys.executable, "-c", SHUT_DOWN, str(tmp_path / file)]
    done = subprocess.run(command, cwd=PROJECT, timeout=30, check=False, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize("content", [b"x" * 5_000, b"id,text\n1,hello\n"])
async def test_what_is_not_a_database_is_refused_and_not_touched(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    sentence = f"The file {path} is not a database. Move it away, or use another file."
    assert await why_unusable(path) == sentence
    assert path.read_bytes() == content


async def test_the_database_of_another_program_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (address TEXT)")
        other.commit()
    assert "belongs to another program" in await why_unusable(path)
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM sqlite_schema").fetchall() == [("bookmarks",)]


@pytest.mark.parametrize("version", [1, 2, 5, -1, -7, 9_000])
@pytest.mark.parametrize("application_id", [0, 0x0F055111, -3])
async def test_a_number_of_a_version_makes_no_database_ours(
    path: Path, version: int, application_id: int
) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE facts (address TEXT)")
        other.execute(f"PRAGMA user_version = {version}")
        other.execute(f"PRAGMA application_id = {application_id}")
        other.commit()
    before = path.read_bytes()
    assert "belongs to another program" in await why_unusable(path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


async def test_an_empty_database_of_another_program_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA application_id = 252006673")
    assert "belongs to another program" in await why_unusable(path)


async def test_a_database_of_ours_from_before_there_was_an_id_gets_it(
    path: Path, open_database: OpenDatabase
) -> None:
    database = await open_database(path)
    await database.close()
    with closing(sqlite3.connect(path)) as before:
        before.execute("PRAGMA application_id = 0")
    database = await open_database(path)
    await database.close()
    with closing(sqlite3.connect(path)) as after:
        assert after.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)


async def test_a_file_of_two_names_is_refused(path: Path, open_database: OpenDatabase) -> None:
    database = await open_database(path)
    await database.close()
    other = path.with_name("other.db")
    other.hardlink_to(path)
    assert "2 names (hard links)" in await why_unusable(other)
    with pytest.raises(DatabaseUnusable, match="hard links"):
        back_up(other, path.with_name("copy.db"))


async def test_links_that_lead_nowhere_are_refused(path: Path) -> None:
    path.symlink_to(path)
    assert "cannot be opened" in await why_unusable(path)


async def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "cannot be opened" in await why_unusable(tmp_path / "nowhere" / "trivia.db")
    assert "cannot be opened" in await why_unusable(tmp_path)


async def test_a_locked_file_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.storage.sqlite.OPENING_TIMEOUT_MS", 1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN IMMEDIATE")
        assert "in use by another program" in await why_unusable(path)
        other.execute("ROLLBACK")


def test_a_disk_without_room_even_to_open_the_file_is_not_taken_for_damage(path: Path) -> None:
    sentence = what_to_do(path, sqlite3.OperationalError("disk I/O error"))
    assert "is full" in sentence
    assert "backup" not in sentence, "what was answered since would be lost"


@pytest.fixture
def folder_without_rights() -> Iterator[Path]:
    """A folder whose files this process may read and not write, even where the tests run as root."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield folder
        folder.chmod(0o755)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions of this kind are POSIX")
async def test_a_file_that_may_not_be_written_is_refused(
    folder_without_rights: Path, migrations: Path, open_database: OpenDatabase
) -> None:
    path = folder_without_rights / "trivia.db"
    database = await open_database(path, migrations)
    await database.close()
    path.chmod(0o444)
    folder_without_rights.chmod(0o555)
    nobody, before = 65_534, os.geteuid()
    if before == 0:
        os.seteuid(nobody)
    try:
        sentence = await why_unusable(path, migrations)
    finally:
        os.seteuid(before)
    assert "may not be written to" in sentence or "cannot be opened" in sentence
