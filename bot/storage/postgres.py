"""PostgreSQL, over psycopg: one session that writes, one that reads, each on a thread of its own."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Self, TypeVar

import psycopg

from bot.core.shards import Shards
from bot.storage.connection import (
    Connection,
    Damaged,
    DatabaseAway,
    DatabaseUnusable,
    Holder,
    StorageFailure,
    Transactions,
)
from bot.storage.postgres_connection import PostgresConnection
from bot.storage.postgres_scripts import prepare
from bot.storage.postgres_session import in_one_line, name_of, what_to_do
from bot.storage.postgres_shards import Claim, Taken, holders
from bot.storage.scripts import scripts_in

log = logging.getLogger(__name__)

LOST_HOST_S = 12.0
"""Whoever still holds a shard after this was not cut off: the server notices that after nine."""
HOLD_AGAIN_S = 5.0
"""How long shards may go without a lock after a session was lost while nobody was writing."""

T = TypeVar("T")


class PostgresEngine:
    """An open database."""

    def __init__(self, address: str, claim: Claim | None) -> None:
        self._address = address
        self._name = name_of(address)
        # A transaction asks for its number, so that its fate can be found out.
        self._writer = PostgresConnection(address, b"BEGIN; SELECT pg_current_xact_id()", claim)
        self._reader = PostgresConnection(address, b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="database-writer")
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="database-reader")
        self._lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    @classmethod
    async def open(cls, address: str, migrations: Path, *, shards: Shards | None = None) -> Self:
        """Open the database, its tables made and migrated as needed, and hold the locks of `shards`.

        Raises DatabaseUnusable.
        """
        name = name_of(address)
        claim = Claim(name, shards, max(scripts_in(migrations))) if shards else None
        try:
            await asyncio.to_thread(prepare, address, migrations)
            async with AsyncExitStack() as stack:
                engine = cls(address, claim)
                stack.push_async_callback(engine.close)
                await engine._take_shards()
                stack.pop_all()
        except psycopg.OperationalError as error:
            raise DatabaseAway(what_to_do(name, error)) from error
        except psycopg.Error as error:
            raise DatabaseUnusable(what_to_do(name, error)) from error
        return engine

    async def _take_shards(self) -> None:
        """Open the session that holds the shards, and wait while one may still be a lost host's."""
        loop = asyncio.get_running_loop()
        ends = 0.0
        while True:
            try:
                return await self.on_writer(_open_session)
            except Taken as error:
                if not ends:
                    log.info("%s I wait a moment, as its host may have been cut off.", error)
                    ends = loop.time() + LOST_HOST_S
                if loop.time() >= ends:
                    raise

    @property
    def is_away(self) -> bool:
        """Whether it is being asked what became of a commit."""
        return self._writer.is_away

    async def on_writer(self, work: Callable[[Transactions], T]) -> T:
        """Run `work` on the writer's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._writing, work, self._writer)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction of the reader."""
        reading = partial(_run_read, self._reader, work)
        return await asyncio.get_running_loop().run_in_executor(self._reading, reading)

    async def stay_alone(self) -> None:
        """Hold the shards, even if a session is lost while nobody writes.

        Raises DatabaseUnusable once another bot has taken one of them, or has changed the format.
        """
        while not self._lost.done():
            try:
                await self.on_writer(_open_session)
            except (psycopg.Error, DatabaseUnusable) as error:
                self.failure_of(error)
            await asyncio.wait((self._lost,), timeout=HOLD_AGAIN_S)
        raise DatabaseUnusable(self._lost.result())

    async def holders(self) -> list[Holder]:
        """Return the bots on the database, each with its host and its session's name."""
        return await asyncio.to_thread(holders, self._address)

    async def forget_deleted(self) -> None:
        """Do nothing: PostgreSQL overwrites what is deleted in its own time."""

    def end_waiting(self) -> None:
        """Have the writer give up asking what became of a commit."""
        self._writer.end_waiting()

    async def close(self) -> None:
        """Close both sessions."""
        self.end_waiting()
        for thread, connection in ((self._writing, self._writer), (self._reading, self._reader)):
            await asyncio.get_running_loop().run_in_executor(thread, connection.close)
            thread.shutdown()

    def failure_of(self, error: Exception) -> Exception:
        """Return what an error means, by its kind."""
        match error:
            case DatabaseAway():
                return StorageFailure(str(error))
            case DatabaseUnusable():
                if not self._lost.done():
                    self._lost.set_result(str(error))
                return StorageFailure(str(error))
            case psycopg.errors.DataCorrupted() | psycopg.errors.IndexCorrupted():
                return Damaged(in_one_line(error))
            case (
                psycopg.OperationalError()
                | psycopg.InterfaceError()
                | psycopg.errors.ReadOnlySqlTransaction()
            ):
                return StorageFailure(in_one_line(error))
        return error

    def what_to_do(self, error: Exception) -> str:
        """Return the sentence on what to do about an error."""
        return what_to_do(self._name, error)


def _open_session(connection: Transactions) -> None:
    connection.begin()
    connection.rollback()


def _run_read(connection: PostgresConnection, work: Callable[[Connection], T]) -> T:
    connection.begin()
    try:
        return work(connection)
    finally:
        connection.rollback()
