"""The one SQLite file: opening and migrating it, one writer that commits in groups, one reader."""

import asyncio
import logging
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

import aiosqlite

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"
APPLICATION_ID = 0x41_44_6F_54
"""Stands in the head of our files ("ADoT"), so that no other program's is taken for one."""
TABLES_OF_THE_FIRST = {"app_state", "decks", "facts", "guilds", "packs", "reports"}
"""By these a file is known that was made before there was an application id."""
OPENING_TIMEOUT_MS = 5_000
BUSY_TIMEOUT_MS = 1_200
"""For how long a write waits while another process has the file. One that comes in the meantime waits for
this one's end before its own wait, and Discord wants to hear of both within three seconds."""
CHECKPOINT_TIMEOUT_MS = 100
CHECKPOINT_TRIES = 10

P = ParamSpec("P")
T = TypeVar("T")
Work = Callable[Concatenate[sqlite3.Connection, P], T]
"""A function of a connection, and of the arguments that are passed to it after that."""
Outcome = tuple[Any, Exception | None]


class DatabaseUnusable(Exception):  # noqa: N818 (a state of the file, told to whoever runs the bot)
    """The file cannot be used; the text is a sentence that says what to do."""


class StorageFailure(Exception):  # noqa: N818 (a state of the database, which may pass)
    """The database cannot do its work just now (a full disk, a file in use), and has changed nothing.

    A mistake in a statement, or a row that its table does not take, is a fault of the program and comes as it
    is: trying again would not help.
    """


class Damaged(StorageFailure):
    """What was wanted lies in a damaged part of the file, and trying again will not mend that."""


class Database:
    """Functions of a connection, run in transactions on SQLite's own threads.

    `write` queues a function with the arguments that follow its connection. All that is queued when the
    writer is free is committed together, and each caller hears after the commit. A function may run twice, so
    it touches nothing but its connection.
    """

    def __init__(self, path: Path, writer: aiosqlite.Connection, reader: aiosqlite.Connection) -> None:
        self.path = path
        self._writer = writer
        self._reader = reader
        self._queue: list[tuple[Work[[], Any], asyncio.Future[Any]]] = []
        self._flush_task: asyncio.Task[None] | None = None
        self.commits = 0
        self.failures = 0
        self.group_sizes: Counter[int] = Counter()

    @classmethod
    async def open(cls, path: Path, migrations: Path = MIGRATIONS) -> Self:
        """Open the file at `path`, made and migrated as needed. Raises DatabaseUnusable."""
        file = sole_file(path)
        try:
            # Before aiosqlite: where a file cannot be opened, its thread would fail loudly after we are gone.
            await asyncio.to_thread(_prepare, file, migrations)
            async with AsyncExitStack() as stack:
                writer = await stack.enter_async_context(aiosqlite.connect(file, isolation_level=None))
                await _on_thread(writer, _set_up_writer)
                reader = await stack.enter_async_context(aiosqlite.connect(file, isolation_level=None))
                await _on_thread(reader, _set_up_reader)
                stack.pop_all()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise DatabaseUnusable(_what_to_do(path, error)) from error
        return cls(path, writer, reader)

    @classmethod
    @asynccontextmanager
    async def opened(cls, path: Path) -> AsyncIterator[Self]:
        """Open the file for as long as the block goes on.

        Raises DatabaseUnusable as `open` does, and where the block fails because the file does.
        """
        database = await cls.open(path)
        try:
            yield database
        except StorageFailure as failure:
            raise DatabaseUnusable(_what_to_do(path, failure)) from failure
        finally:
            await database.close()

    async def write(self, function: Work[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Return what `function` returns, once that is committed; what it raises leaves no trace.

        Raises StorageFailure.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.append((lambda connection: function(connection, *arguments, **named), future))
        if self._flush_task is None:
            self._flush_task = asyncio.create_task(self._flush(), name="database-writer")
        try:
            return await future
        except sqlite3.DatabaseError as error:
            raise self._failed(error) from error

    async def read(self, function: Work[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Return what `function` returns; it sees one state of the database and cannot change it.

        Raises StorageFailure.
        """
        try:
            return await _on_thread(
                self._reader,
                lambda connection: _run_read(connection, function, *arguments, **named),
            )
        except sqlite3.DatabaseError as error:
            raise self._failed(error) from error

    @property
    def waiting(self) -> int:
        """How many writes wait for the next commit."""
        return len(self._queue)

    def _failed(self, error: sqlite3.DatabaseError) -> Exception:
        """Count a failure, and return what it means to whoever reads or writes."""
        self.failures += 1
        return _failure_of(error)

    async def forget_deleted(self) -> None:
        """Have the log beside the file emptied, in which deleted rows would stand on.

        Somebody who reads meanwhile, like a backup, can hold that up. It is tried for a moment; what is still
        there then goes at the latest when the database is closed. Raises StorageFailure.
        """
        try:
            for _ in range(CHECKPOINT_TRIES):
                if await _on_thread(self._writer, _empty_log):
                    return
        except sqlite3.DatabaseError as error:
            raise self._failed(error) from error

    async def close(self) -> None:
        """Commit what is queued and close the file; its threads would keep the process alive otherwise."""
        while self._flush_task is not None:
            await asyncio.wait([self._flush_task])
        await self._reader.close()
        await self._writer.close()

    async def _flush(self) -> None:
        try:
            while self._queue:
                group, self._queue = self._queue, []
                works = [work for work, _ in group]
                try:
                    outcomes = await _on_thread(self._writer, partial(run_group, works=works))
                except Exception as error:  # noqa: BLE001 (every caller must hear of it)
                    outcomes = [(None, error)] * len(works)
                self.commits += 1
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


def run_group(connection: sqlite3.Connection, works: list[Work[[], Any]]) -> list[Outcome]:
    """Run all of `works` in one transaction, each within its savepoint, and return (value, error) for each.

    If the group fails as a whole (a full disk, a failed commit), each runs again in a transaction of its own.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        return [(None, error)] * len(works)
    try:
        outcomes = [_run_in_savepoint(connection, work) for work in works]
        connection.execute("COMMIT")
    except Exception as error:  # noqa: BLE001 (it is raised again where the caller waits)
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if len(works) == 1:
            return [(None, error)]
        log.warning("A group of %d writes failed (%s); running each alone", len(works), error)
        return [run_group(connection, [work])[0] for work in works]
    return outcomes


def _run_in_savepoint(connection: sqlite3.Connection, work: Work[[], Any]) -> Outcome:
    connection.execute("SAVEPOINT work")
    try:
        value = work(connection)
    except Exception as error:
        if not connection.in_transaction:
            # A full disk rolls the whole transaction back by itself, and the savepoint with it.
            raise
        connection.execute("ROLLBACK TO work")
        connection.execute("RELEASE work")
        return None, error
    connection.execute("RELEASE work")
    return value, None


def _run_read(
    connection: sqlite3.Connection, function: Work[P, T], *arguments: P.args, **named: P.kwargs
) -> T:
    connection.execute("BEGIN")
    try:
        return function(connection, *arguments, **named)
    finally:
        connection.execute("ROLLBACK")


async def _on_thread(connection: aiosqlite.Connection, work: Work[[], T]) -> T:
    # aiosqlite has no public way to run a function on its thread in one hop; pinned and tested.
    return await connection._execute(work, connection._conn)  # type: ignore[no-any-return, no-untyped-call]  # noqa: SLF001


def sole_file(path: Path) -> Path:
    """Return where the file at `path` really is. Raises DatabaseUnusable if it has a second name.

    SQLite keeps its log beside the name by which a file was opened: two names are two logs, and the ruin of
    the file.
    """
    try:
        file = path.resolve()
        names = file.stat().st_nlink if file.is_file() else 1
    except (OSError, RuntimeError) as error:
        raise DatabaseUnusable(
            f"The database {path} cannot be opened ({error}). Use another file."
        ) from error
    if names > 1:
        raise DatabaseUnusable(
            f"The database {path} is a file of {names} names (hard links). Remove the others, or copy it and "
            "use the copy."
        )
    return file


def _failure_of(error: sqlite3.DatabaseError) -> Exception:
    """Return what a driver's error means to whoever reads or writes; a fault of the program stays one."""
    if _is_damage(error):
        return Damaged(str(error))
    is_state = isinstance(error, sqlite3.OperationalError) and _code(error) != sqlite3.SQLITE_ERROR
    return StorageFailure(str(error)) if is_state else error


def _is_damage(error: BaseException) -> bool:
    return (
        isinstance(error, Damaged | sqlite3.DataError | UnicodeDecodeError)
        or _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
        or "Could not decode" in str(error)
    )


def _code(error: BaseException) -> int:
    """Return SQLite's code of the kind of an error, 0 if it has none."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF


def _empty_log(connection: sqlite3.Connection) -> bool:
    """Move all of the log into the file; return whether the log is empty now."""
    connection.execute(f"PRAGMA busy_timeout = {CHECKPOINT_TIMEOUT_MS}")
    try:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    return not busy


def _prepare(path: Path, migrations: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        _set_up_writer(connection)
        connection.execute(f"PRAGMA busy_timeout = {OPENING_TIMEOUT_MS}")
        check_is_ours(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        migrate(connection, path, migrations)


def _set_up_writer(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # What is deleted is overwritten, and does not stay legible in the file.
    connection.execute("PRAGMA secure_delete = ON")


def _set_up_reader(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA query_only = ON")


def check_is_ours(connection: sqlite3.Connection, path: Path) -> None:
    """Raise DatabaseUnusable for what is neither new nor ours, before anything is written to it."""
    application_id, version = _head(connection)
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    is_new = not (application_id or version or tables)
    is_from_before = not application_id and version > 0 and tables >= TABLES_OF_THE_FIRST
    if not (is_new or is_from_before or (application_id == APPLICATION_ID and version > 0)):
        raise DatabaseUnusable(
            f"The database {path} belongs to another program. Leave it alone and use another file."
        )


def _head(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return the application id and the number of the last migration."""
    [(application_id,)] = connection.execute("PRAGMA application_id")
    [(version,)] = connection.execute("PRAGMA user_version")
    return application_id, version


def migrate(connection: sqlite3.Connection, path: Path, migrations: Path) -> None:
    """Apply each numbered `.sql` file above the database's `user_version`, each in one transaction.

    A file that already holds something is copied beside itself first. The copy has the number of the first
    script to come, so that a later try, after some of them, spares it. Raises DatabaseUnusable if the file is
    newer than this code.
    """
    application_id, version = _head(connection)
    scripts = {
        int(script.name[:4]): script for script in sorted(migrations.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    }
    newest = max(scripts)
    if version > newest:
        raise DatabaseUnusable(
            f"The database {path} comes from a newer version of this bot (its format is {version}, this one "
            f"knows {newest}). Start the newer bot, or use another file."
        )
    pending = [number for number in scripts if number > version]
    if version and pending:
        copy = path.with_name(f"{path.name}.before-{pending[0]:04d}")
        with closing(sqlite3.connect(copy)) as target:
            connection.backup(target)
        log.info("Copied the database to %s before updating it", copy)
    for number in pending:
        script = scripts[number].read_text("utf-8")
        try:
            connection.executescript(
                f"BEGIN IMMEDIATE;\n{script}\n;PRAGMA user_version = {number};\n"
                f"PRAGMA application_id = {APPLICATION_ID};\nCOMMIT;"
            )
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    if not (application_id or pending):
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


WHAT_TO_DO = {
    "not a database": "The file {path} is not a database. Move it away, or use another file.",
    "unable to open": "The database {path} cannot be opened. Is its folder there, and may it be written to?",
    "readonly": "The database {path} may not be written to. Check its permissions and its folder's.",
    "locked": "The database {path} is in use by another program. Stop that one, or wait until it is done.",
    "full": "The disk that holds the database {path} is full. Make room and start again.",
}
"""What to tell whoever runs the bot, by a part of SQLite's own message."""


def _what_to_do(path: Path, error: Exception) -> str:
    for part, sentence in WHAT_TO_DO.items():
        if part in str(error):
            return sentence.format(path=path)
    if _is_damage(error):
        return (
            f"The database {path} is damaged ({error}). `python -m bot backup FILE` says whether it can "
            "still be read whole; if not, restore a backup as docs/operating.md says."
        )
    return f"The database {path} cannot be used ({error}). Restore a backup, or use another file."
