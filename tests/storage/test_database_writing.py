"""Writes that are queued together are committed together, and each caller hears of its own."""

import asyncio
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from bot.storage.database import Database
from bot.storage.sqlite import SqliteConnection
from tests.storage.notes import Gate, insert, numbers, outcomes


async def test_what_is_queued_together_is_committed_together(notes: Database) -> None:
    before = notes.commits
    found = await outcomes(notes, *(partial(insert, number=n) for n in range(200)))
    assert found == list(range(200))
    assert await notes.read(numbers) == list(range(200))
    assert notes.commits == before + 2


async def test_each_caller_hears_after_the_commit(path: Path, notes: Database) -> None:
    with closing(sqlite3.connect(path, factory=SqliteConnection)) as other:
        for number in range(20):
            await notes.write(insert, number=number)
            assert numbers(other)[-1] == number


async def test_a_cancelled_caller_stops_nobody(notes: Database) -> None:
    gate = Gate(notes)
    await gate.closed()
    calls = [asyncio.ensure_future(notes.write(insert, number=n)) for n in range(3)]
    await asyncio.sleep(0)
    calls[1].cancel()
    await gate.open()
    found = await asyncio.gather(*calls, return_exceptions=True)
    assert found[0] == 0
    assert isinstance(found[1], asyncio.CancelledError)
    assert found[2] == 2
    assert await notes.read(numbers) == [0, 1, 2]


async def test_close_commits_what_is_queued(path: Path, notes: Database) -> None:
    gate = Gate(notes)
    await gate.closed()
    calls = [asyncio.ensure_future(notes.write(insert, number=n)) for n in range(50)]
    await asyncio.sleep(0)
    closed = asyncio.ensure_future(notes.close())
    for _ in range(20):  # as far as it gets while the writer is held
        await asyncio.to_thread(int)
    assert not closed.done()
    await gate.open()
    assert await asyncio.gather(*calls) == list(range(50))
    await closed
    with closing(sqlite3.connect(path, factory=SqliteConnection)) as other:
        assert numbers(other) == list(range(50))
    with pytest.raises(ValueError, match="no active connection"):
        await notes.write(insert, number=51)
