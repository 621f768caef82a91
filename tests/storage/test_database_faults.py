"""A write that fails, for whatever reason, takes no other with it."""

import asyncio
import logging
import sqlite3
import tempfile
import time
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.storage.connection import Connection
from bot.storage.database import Database, StorageFailure
from bot.storage.sqlite import SqliteConnection
from tests.storage.notes import insert, note_migrations, numbers, outcomes

DISCORD_WAITS_S = 3


async def test_a_failing_function_leaves_no_trace_and_the_others_commit(notes: Database) -> None:
    def half(connection: Connection) -> None:
        insert(connection, 2)
        raise KeyError("half")

    found = await outcomes(
        notes, partial(insert, number=1), half, partial(insert, number=1), partial(insert, number=3)
    )
    assert found[0] == 1
    assert isinstance(found[1], KeyError)
    assert isinstance(found[2], sqlite3.IntegrityError)
    assert found[3] == 3
    assert await notes.read(numbers) == [1, 3]


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(st.tuples(st.booleans(), st.integers(0, 12)), max_size=40))
async def test_any_mix_of_failing_functions_commits_exactly_the_others(steps: list[tuple[bool, int]]) -> None:
    def work(connection: Connection, *, fails: bool, number: int) -> int:
        insert(connection, number)
        insert(connection, number + 100)
        if fails:
            raise RuntimeError
        return number

    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "trivia.db", note_migrations(Path(folder)))
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
    caplog: pytest.LogCaptureFixture, notes: Database
) -> None:
    def limit(connection: Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")

    await notes.write(limit)
    with caplog.at_level(logging.WARNING, "bot.storage.database"):
        found = await outcomes(
            notes,
            partial(insert, number=1),
            partial(insert, number=2, size=1_000_000),
            partial(insert, number=3),
        )
    assert found[0] == 1
    assert isinstance(found[1], StorageFailure)
    assert str(found[1]) == "database or disk is full"
    assert found[2] == 3
    assert "running each alone" in caplog.text
    assert await notes.read(numbers) == [1, 3]

    assert await notes.write(insert, number=4) == 4


async def test_a_failing_commit_fails_only_the_one_that_caused_it(notes: Database) -> None:
    def dangle(connection: Connection) -> None:
        connection.execute("INSERT INTO links VALUES (99)")

    found = await outcomes(notes, partial(insert, number=1), dangle, partial(insert, number=2))
    assert found[0] == 1
    assert isinstance(found[1], sqlite3.IntegrityError)
    assert found[2] == 2
    assert await notes.read(numbers) == [1, 2]


async def test_what_comes_to_a_locked_database_hears_of_it_in_time_to_answer(
    path: Path, notes: Database
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        first = asyncio.ensure_future(notes.write(insert, number=1))
        await asyncio.sleep(0.1)
        # It waits for the end of the first one's wait, and then its own.
        results = await asyncio.gather(first, notes.write(insert, number=2), return_exceptions=True)
        assert time.monotonic() - began < DISCORD_WAITS_S
        assert [type(result) for result in results] == [StorageFailure] * 2
        other.execute("ROLLBACK")
    assert await notes.write(insert, number=3) == 3


async def test_what_is_deleted_is_in_no_file_any_more(path: Path, notes: Database) -> None:
    secret = b"a name that was to be forgotten"

    def keep(connection: Connection) -> None:
        for number in range(100):
            connection.execute("INSERT INTO notes VALUES (?, ?)", (number, secret.decode()))

    def files_with_it() -> list[str]:
        return [file.name for file in path.parent.glob("trivia.db*") if secret in file.read_bytes()]

    await notes.write(keep)
    await notes.write(lambda connection: connection.execute("DELETE FROM notes WHERE number > 1").close())
    with closing(sqlite3.connect(path, isolation_level=None, factory=SqliteConnection)) as reader:
        reader.execute("BEGIN")
        assert numbers(reader) == [0, 1]
        await notes.write(lambda connection: connection.execute("DELETE FROM notes").close())
        await notes.forget_deleted()
        assert files_with_it() == ["trivia.db-wal"], "somebody still reads what it was before"
        reader.execute("ROLLBACK")
    await notes.forget_deleted()
    assert files_with_it() == []
    assert path.with_name("trivia.db-wal").stat().st_size == 0


async def test_a_mistake_in_a_statement_is_no_state_of_the_database(notes: Database) -> None:
    for work in (notes.read, notes.write):
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            await work(lambda connection: connection.execute("SELECT 1 FROM nowhere"))


async def test_a_locked_database_fails_the_group_and_not_the_bot(path: Path, notes: Database) -> None:
    await notes.write(lambda connection: connection.execute("PRAGMA busy_timeout = 1").close())
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageFailure, match="locked"):
            await notes.write(insert, number=1)
        other.execute("ROLLBACK")
    assert await notes.write(insert, number=2) == 2
    assert await notes.read(numbers) == [2]
