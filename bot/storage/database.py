"""The database, whichever it is: writes that commit in groups and in order, and reads beside them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, Self, TypeVar

from bot.core.shards import Shards
from bot.storage.connection import (
    Connection,
    Damaged,
    DatabaseAway,
    DatabaseUnusable,
    Engine,
    Holder,
    StorageFailure,
    Work,
)
from bot.storage.groups import run_group
from bot.storage.sqlite import SqliteEngine

__all__ = [
    "MIGRATIONS",
    "Damaged",
    "Database",
    "DatabaseAway",
    "DatabaseUnusable",
    "Location",
    "StorageFailure",
    "Work",
]

MIGRATIONS = Path(__file__).parent / "migrations"
"""With a folder for each engine."""
LAST_WRITES_S = 5.0
"""How long a database that is being closed still asks what became of a commit."""
Location = Path | str
"""Where a database is: SQLite's file, or PostgreSQL's address."""

P = ParamSpec("P")
T = TypeVar("T")


class Database:
    """Functions of a connection, run in transactions on the threads of an engine.

    `write` queues a function with the arguments that follow its connection. All that is queued when the
    writer is free is committed together, and each caller hears after the commit. A function may run twice, so
    it touches nothing but its connection.
    """

    def __init__(self, location: Location, engine: Engine) -> None:
        self.location = location
        self._engine = engine
        self._queue: list[tuple[Callable[[Connection], Any], asyncio.Future[Any]]] = []
        self._flush_task: asyncio.Task[None] | None = None
        self.failures = 0
        self.group_sizes: Counter[int] = Counter()

    @classmethod
    async def open(
        cls, location: Location, migrations: Path = MIGRATIONS, *, shards: Shards | None = None
    ) -> Self:
        """Open the database at `location`, made and migrated as needed.

        It holds the locks of `shards` until it is closed. On PostgreSQL they belong to the session that
        writes, and nothing is written without them. Raises DatabaseUnusable, also where somebody else has
        one.
        """
        return cls(location, await _engine(location, migrations, shards))

    @classmethod
    @asynccontextmanager
    async def opened(cls, location: Location, *, shards: Shards | None = None) -> AsyncIterator[Self]:
        """Open the database for as long as the block goes on.

        Raises DatabaseUnusable as `open` does, and where the block fails because the database does.
        """
        database = await cls.open(location, shards=shards)
        try:
            yield database
        except StorageFailure as failure:
            raise DatabaseUnusable(database._engine.what_to_do(failure)) from failure  # noqa: SLF001 (our own)
        finally:
            await database.close()

    async def write(self, function: Work[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Return what `function` returns, once that is committed; what it raises leaves no trace.

        Raises StorageFailure.
        """
        if self._engine.is_away:
            raise StorageFailure("the database is away")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.append((lambda connection: function(connection, *arguments, **named), future))
        if self._flush_task is None:
            self._flush_task = asyncio.create_task(self._flush(), name="database-writer")
        try:
            return await future
        except Exception as error:
            raise self._failed(error) from error

    async def read(self, function: Work[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Return what `function` returns; it sees one state of the database and cannot change it.

        Raises StorageFailure.
        """
        try:
            return await self._engine.read(lambda connection: function(connection, *arguments, **named))
        except Exception as error:
            raise self._failed(error) from error

    @property
    def commits(self) -> int:
        """How many commits there were since the start."""
        return self.group_sizes.total()

    @property
    def waiting(self) -> int:
        """How many writes wait for the next commit."""
        return len(self._queue)

    def _failed(self, error: Exception) -> Exception:
        """Return what an error means to whoever reads or writes, and count it if the database failed."""
        meaning = self._engine.failure_of(error)
        if isinstance(meaning, StorageFailure):
            self.failures += 1
        return meaning

    async def stay_alone(self) -> None:
        """Wait until another bot has one of our shards or changed the format, then raise DatabaseUnusable."""
        await self._engine.stay_alone()

    async def holders(self) -> list[Holder]:
        """Return the bots that are running on the database. Raises StorageFailure."""
        try:
            return await self._engine.holders()
        except Exception as error:
            raise self._failed(error) from error

    async def forget_deleted(self) -> None:
        """Empty whatever still holds deleted rows. Raises StorageFailure."""
        try:
            await self._engine.forget_deleted()
        except Exception as error:
            raise self._failed(error) from error

    async def close(self) -> None:
        """Commit what is queued and close the database."""
        if self._flush_task is not None:
            await asyncio.wait([self._flush_task], timeout=LAST_WRITES_S)
            self._engine.end_waiting()
        while self._flush_task is not None:
            await asyncio.wait([self._flush_task])
        await self._engine.close()

    async def _flush(self) -> None:
        try:
            while self._queue:
                group, self._queue = self._queue, []
                works = [work for work, _ in group]
                try:
                    outcomes = await self._engine.on_writer(partial(run_group, works=works))
                except Exception as error:  # noqa: BLE001 (every caller must hear of it)
                    outcomes = [(None, error)] * len(works)
                self.group_sizes[len(group)] += 1
                for (_, future), (value, problem) in zip(group, outcomes, strict=True):
                    if future.done():
                        continue
                    if problem is None:
                        future.set_result(value)
                    else:
                        future.set_exception(problem)
        finally:
            self._flush_task = None


async def _engine(location: Location, migrations: Path, shards: Shards | None) -> Engine:
    if isinstance(location, Path):
        return await SqliteEngine.open(location, migrations / "sqlite", shards=shards)
    with driver_needed():
        # Only here: whoever uses SQLite need not have the driver.
        from bot.storage.postgres import PostgresEngine  # noqa: PLC0415
    return await PostgresEngine.open(location, migrations / "postgres", shards=shards)


@contextmanager
def driver_needed() -> Iterator[None]:
    """Within this, import what needs PostgreSQL's driver. Raises DatabaseUnusable where there is none."""
    try:
        yield
    except ImportError as error:
        raise DatabaseUnusable(
            f"PostgreSQL needs its driver ({error}). Install it with `pip install -e '.[postgres]'`."
        ) from error
