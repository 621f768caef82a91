"""A read sees one committed state, and changes nothing."""

import asyncio
from threading import Event

import pytest

from bot.storage.connection import Connection
from bot.storage.database import Database, StorageFailure
from tests.storage.notes import insert, numbers


async def test_a_read_sees_what_is_committed_and_nothing_else(notes: Database) -> None:
    await notes.write(insert, number=1)
    written, go_on = Event(), Event()

    def slow(connection: Connection) -> None:
        insert(connection, 2)
        written.set()
        assert go_on.wait(30)

    call = asyncio.ensure_future(notes.write(slow))
    assert await asyncio.to_thread(written.wait, 30)
    assert await notes.read(numbers) == [1]
    go_on.set()
    await call
    assert await notes.read(numbers) == [1, 2]


async def test_a_read_sees_one_state_however_long_it_takes(notes: Database) -> None:
    begun, go_on = Event(), Event()

    def twice(connection: Connection) -> tuple[list[int], list[int]]:
        first = numbers(connection)
        begun.set()
        assert go_on.wait(30)
        return first, numbers(connection)

    call = asyncio.ensure_future(notes.read(twice))
    assert await asyncio.to_thread(begun.wait, 30)
    await notes.write(insert, number=1)
    go_on.set()
    assert await call == ([], [])
    assert await notes.read(numbers) == [1]


async def test_a_read_cannot_write_and_a_failed_one_stops_nobody(notes: Database) -> None:
    with pytest.raises(StorageFailure, match="readonly"):
        await notes.read(insert, number=1)
    assert await notes.read(numbers) == []
