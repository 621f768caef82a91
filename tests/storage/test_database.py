import asyncio
import inspect
import logging
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from importlib.metadata import version
from pathlib import Path
from threading import Event

import aiosqlite
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.storage.database import MIGRATIONS, Database, DatabaseUnusable
from tests.storage.conftest import OpenDatabase

PROJECT = Path(__file__).parents[2]


def insert(connection: sqlite3.Connection, number: int, *, size: int = 0) -> int:
    connection.execute("INSERT INTO notes VALUES (?, ?)", (number, "x" * size))
    return number


def numbers(connection: sqlite3.Connection) -> list[int]:
    return [row[0] for row in connection.execute("SELECT number FROM notes ORDER BY number")]


def script(folder: Path, number: int, sql: str) -> Path:
    (folder / f"{number:04d}_step.sql").write_text(sql, "utf-8")
    return folder


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations"
    folder.mkdir()
    return script(
        folder,
        1,
        "CREATE TABLE notes (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;"
        "CREATE TABLE links (number INTEGER REFERENCES notes DEFERRABLE INITIALLY DEFERRED) STRICT;",
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "trivia.db"


class Gate:
    """Holds the writer, so that what is queued meanwhile becomes one group."""

    def __init__(self, database: Database) -> None:
        self._open = Event()
        self._entered = Event()
        self.held = asyncio.ensure_future(database.write(self._hold))

    def _hold(self, _: sqlite3.Connection) -> None:
        self._entered.set()
        assert self._open.wait(30)

    async def closed(self) -> None:
        await asyncio.to_thread(self._entered.wait, 30)

    async def open(self) -> None:
        self._open.set()
        await self.held


async def outcomes(database: Database, *works: Callable[[sqlite3.Connection], object]) -> list[object]:
    """Run `works` as one group and return what each caller heard, values and exceptions alike."""
    gate = Gate(database)
    await gate.closed()
    calls = [asyncio.ensure_future(database.write(work)) for work in works]
    await asyncio.sleep(0)
    await gate.open()
    return list(await asyncio.gather(*calls, return_exceptions=True))


async def test_what_is_queued_together_is_committed_together(
    path: Path, migrations: Path, open_database: OpenDatabase
) -> None:
    database = await open_database(path, migrations)
    before = database.commits
    found = await outcomes(database, *(partial(insert, number=n) for n in range(200)))
    assert found == list(range(200))
    assert await database.read(numbers) == list(range(200))
    assert database.commits == before + 2


async def test_each_caller_hears_after_the_commit(
    path: Path, migrations: Path, open_database: OpenDatabase
) -> None:
    database = await open_database(path, migrations)
    with closing(sqlite3.connect(path)) as other:
        for number in range(20):
            await database.write(partial(insert, number=number))
            assert numbers(other)[-1] == number


async def test_a_failing_function_leaves_no_trace_and_the_others_commit(
    path: Path, migrations: Path, open_database: OpenDatabase
) -> None:
    database = await open_database(path, migrations)

    def half(connection: sqlite3.Connection) -> None:
        insert(connection, 2)
        raise KeyError("half")

    found = await outcomes(
        database, partial(insert, number=1), half, partial(insert, number=1), partial(insert, number=3)
    )
    assert found[0] == 1
    assert isinstance(found[1], KeyError)
    assert isinstance(found[2], sqlite3.IntegrityError)
    assert found[3] == 3
    assert await database.read(numbers) == [1, 3]


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(st.tuples(st.booleans(), st.integers(0, 12)), max_size=40))
async def test_any_mix_of_failing_functions_commits_exactly_the_others(steps: list[tuple[bool, int]]) -> None:
    def work(connection: sqlite3.Connection, *, fails: bool, number: int) -> int:
        insert(connection, number)
        insert(connection, number + 100)
        if fails:
            raise RuntimeError
        return number

    with tempfile.TemporaryDirectory() as folder:
        scripts = Path(folder) / "migrations"
        scripts.mkdir()
        script(scripts, 1, "CREATE TABLE notes (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;")
        database = await Database.open(Path(folder) / "trivia.db", scripts)
        try:
            found = await outcomes(database, *(partial(work, fails=f, number=n) for f, n in steps))
            stored = set(await database.read(numbers))
        finally:
            await database.close()
    expected: set[int] = set()
    for (fails, number), outcome in zip(steps, found, strict=True):
        if number in expected:
            assert isinstance(outcome, sqlite3.IntegrityError)
        elif fails:
            assert isinstance(outcome, RuntimeError)
        else:
            assert outcome == number
            expected.add(number)
    assert stored == expected | {number + 100 for number in expected}


async def test_a_full_disk_fails_only_what_does_not_fit(
    path: Path, migrations: Path, caplog: pytest.LogCaptureFixture, open_database: OpenDatabase
) -> None:
    database = await open_database(path, migrations)

    def limit(connection: sqlite3.Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")

    await database.write(limit)
    with caplog.at_level(logging.WARNING, "bot.storage.database"):
        found = await outcomes(
            database,
            partial(insert, number=1),
            partial(insert, number=2, size=1_000_000),
            partial(insert, number=3),
        )
    assert found[0] == 1
    assert isinstance(found[1], sqlite3.OperationalError)
    assert str(found[1]) == "database or disk is full"
    assert found[2] == 3
    assert "running each alone" in caplog.text
    assert await database.read(numbers) == [1, 3]

    assert await database.write(partial(insert, number=4)) == 4


async def test_a_failing_commit_fails_only_the_one_that_caused_it(
    path: Path, migrations: Path, open_database: OpenDatabase
) -> None:
    database = await open_database(path, migrations)

    def dangle(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO links VALUES (99)")

    found = await outcomes(database, partial(insert, number=1), dangle, partial(insert, number=2))
    assert found[0] == 1
    assert isinstance(found[1], sqlite3.IntegrityError)
    assert found[2] == 2
    assert await database.read(numbers) == [1, 2]


async def test_a_locked_database_fails_the_group_and_not_the_bot(
    path: Path, migrations: Path, open_database: OpenDatabase
) -> None:
    database = await open_database(path, migrations)
    await database.write(lambda connection: connection.execute("PRAGMA busy_timeout = 1").close())
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            await database.write(partial(insert, number=1))
        other.execute("ROLLBACK")
    assert await database.write(partial(insert, number=2)) == 2
    assert await database.read(numbers) == [2]


async def test_a_cancelled_caller_stops_nobody(
    path: Path, migrations: Path, open_database: OpenDatabase
) -> None:
    database = await open_database(path, migrations)
    gate = Gate(database)
    await gate.closed()
    calls = [asyncio.ensure_future(database.write(partial(insert, number=n))) for n in range(3)]
    await asyncio.sleep(0)
    calls[1].cancel()
    await gate.open()
    found = await asyncio.gather(*calls, return_exceptions=True)
    assert found[0] == 0
    assert isinstance(found[1], asyncio.CancelledError)
    assert found[2] == 2
    assert await database.read(numbers) == [0, 1, 2]


async def test_a_read_sees_what_is_committed_and_nothing_else(
    path: Path, migrations: Path, open_database: OpenDatabase
) -> None:
    database = await open_database(path, migrations)
    await database.write(partial(insert, number=1))
    written, go_on = Event(), Event()

    def slow(connection: sqlite3.Connection) -> None:
        insert(connection, 2)
        written.set()
        assert go_on.wait(30)

    call = asyncio.ensure_future(database.write(slow))
    await asyncio.to_thread(written.wait, 30)
    assert await database.read(numbers) == [1]
    go_on.set()
    await call
    assert await database.read(numbers) == [1, 2]


async def test_a_read_sees_one_state_however_long_it_takes(
    path: Path, migrations: Path, open_database: OpenDatabase
) -> None:
    database = await open_database(path, migrations)
    begun, go_on = Event(), Event()

    def twice(connection: sqlite3.Connection) -> tuple[list[int], list[int]]:
        first = numbers(connection)
        begun.set()
        assert go_on.wait(30)
        return first, numbers(connection)

    call = asyncio.ensure_future(database.read(twice))
    await asyncio.to_thread(begun.wait, 30)
    await database.write(partial(insert, number=1))
    go_on.set()
    assert await call == ([], [])
    assert await database.read(numbers) == [1]


async def test_a_read_cannot_write_and_a_failed_one_stops_nobody(
    path: Path, migrations: Path, open_database: OpenDatabase
) -> None:
    database = await open_database(path, migrations)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await database.read(partial(insert, number=1))
    assert await database.read(numbers) == []


async def test_close_commits_what_is_queued(
    path: Path, migrations: Path, open_database: OpenDatabase
) -> None:
    database = await open_database(path, migrations)
    gate = Gate(database)
    await gate.closed()
    calls = [asyncio.ensure_future(database.write(partial(insert, number=n))) for n in range(50)]
    await asyncio.sleep(0)
    closed = asyncio.ensure_future(database.close())
    for _ in range(20):  # as far as it gets while the writer is held
        await asyncio.to_thread(int)
    assert not closed.done()
    await gate.open()
    assert await asyncio.gather(*calls) == list(range(50))
    await closed
    with closing(sqlite3.connect(path)) as other:
        assert numbers(other) == list(range(50))
    with pytest.raises(ValueError, match="no active connection"):
        await database.write(partial(insert, number=51))


async def test_the_connections_are_set_up(path: Path, migrations: Path, open_database: OpenDatabase) -> None:
    database = await open_database(path, migrations)

    def pragmas(connection: sqlite3.Connection) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "foreign_keys", "query_only", "busy_timeout")
        return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names}

    assert await database.write(pragmas) == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "query_only": 0,
        "busy_timeout": 5_000,
    }
    assert (await database.read(pragmas))["query_only"] == 1


def test_the_one_private_call_into_aiosqlite_is_still_there() -> None:
    assert version("aiosqlite").startswith("0.22.")
    parameters = inspect.signature(aiosqlite.Connection._execute).parameters
    assert list(parameters)[:2] == ["self", "fn"]
    assert isinstance(vars(aiosqlite.Connection)["_conn"], property)
    source = (PROJECT / "bot" / "storage" / "database.py").read_text("utf-8")
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


async def unusable(path: Path, migrations: Path = MIGRATIONS) -> str:
    try:
        database = await Database.open(path, migrations)
    except DatabaseUnusable as error:
        return str(error)
    await database.close()
    return "it was opened"


async def test_a_newer_database_is_refused_and_not_touched(
    path: Path, migrations: Path, open_database: OpenDatabase
) -> None:
    database = await open_database(path, migrations)
    await database.close()
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 7")
    before = path.read_bytes()
    sentence = await unusable(path, migrations)
    assert sentence.startswith(f"The database {path} comes from a newer version of this bot")
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"x" * 5_000, b"id,text\n1,hello\n"])
async def test_what_is_not_a_database_is_refused_and_not_touched(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert await unusable(path) == f"The file {path} is not a database. Set DATABASE_PATH to another file."
    assert path.read_bytes() == content


async def test_the_database_of_another_program_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (address TEXT)")
        other.commit()
    assert "belongs to another program" in await unusable(path)
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM sqlite_schema").fetchall() == [("bookmarks",)]


async def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "cannot be opened" in await unusable(tmp_path / "nowhere" / "trivia.db")
    assert "cannot be opened" in await unusable(tmp_path)


async def test_a_locked_file_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.storage.database.BUSY_TIMEOUT_MS", 1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN IMMEDIATE")
        assert "in use by another program" in await unusable(path)
        other.execute("ROLLBACK")


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
        sentence = await unusable(path)
    finally:
        os.seteuid(before)
    assert "may not be written to" in sentence or "cannot be opened" in sentence


async def test_migrations_run_in_order_and_once(
    path: Path, migrations: Path, open_database: OpenDatabase
) -> None:
    script(migrations, 3, "INSERT INTO notes VALUES (3, 'three');")
    script(migrations, 2, "INSERT INTO notes VALUES (2, 'two');")
    (migrations / "readme.sql").write_text("nonsense", "utf-8")
    for _ in range(2):
        database = await open_database(path, migrations)
        assert await database.read(numbers) == [2, 3]
        await database.close()
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("PRAGMA user_version").fetchone() == (3,)


async def test_the_file_is_copied_before_a_migration(
    path: Path, migrations: Path, open_database: OpenDatabase
) -> None:
    database = await open_database(path, migrations)
    await database.write(partial(insert, number=1))
    await database.close()
    assert [file.name for file in path.parent.glob("trivia.db*")] == ["trivia.db"]
    script(migrations, 2, "DELETE FROM notes;")
    database = await open_database(path, migrations)
    assert await database.read(numbers) == []
    await database.close()
    with closing(sqlite3.connect(path.with_name("trivia.db.before-0002"))) as copy:
        assert numbers(copy) == [1]
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)


async def test_a_failing_migration_changes_nothing(
    path: Path, migrations: Path, open_database: OpenDatabase
) -> None:
    database = await open_database(path, migrations)
    await database.write(partial(insert, number=1))
    await database.close()
    script(
        migrations, 2, "INSERT INTO notes VALUES (2, 'two'); CREATE TABLE more (x INTEGER); INSERT INTO no;"
    )
    assert "cannot be used" in await unusable(path, migrations)
    with closing(sqlite3.connect(path)) as other:
        assert numbers(other) == [1]
        assert other.execute("PRAGMA user_version").fetchone() == (1,)
        assert other.execute("SELECT name FROM sqlite_schema WHERE name = 'more'").fetchall() == []
    script(migrations, 2, "INSERT INTO notes VALUES (2, 'two');")
    database = await open_database(path, migrations)
    assert await database.read(numbers) == [1, 2]


async def test_the_bots_own_migrations_make_a_sound_database(path: Path, open_database: OpenDatabase) -> None:
    database = await open_database(path)

    def look(connection: sqlite3.Connection) -> tuple[str, int, list[str]]:
        check = connection.execute("PRAGMA integrity_check").fetchone()[0]
        user_version = connection.execute("PRAGMA user_version").fetchone()[0]
        lax = connection.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict"
            " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'fact\\_%' ESCAPE '\\'"
        ).fetchall()
        return check, user_version, [row[0] for row in lax]

    newest = max(int(step.name[:4]) for step in MIGRATIONS.glob("*.sql"))
    assert await database.read(look) == ("ok", newest, [])
