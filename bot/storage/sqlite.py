"""SQLite, in one file: one connection that writes, one that reads."""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

import aiosqlite

from bot.core.shards import Shards
from bot.storage.connection import (
    Connection,
    Damaged,
    DatabaseUnusable,
    Holder,
    StorageFailure,
    Transactions,
)
from bot.storage.lock import hold, sole_file, starting
from bot.storage.scripts import check_format, scripts_in
from bot.storage.sqlite_scripts import APPLICATION_ID, MIGRATIONS, check_is_ours, head_of, migrate

OPENING_TIMEOUT_MS = 5_000
BUSY_TIMEOUT_MS = 1_200
"""How long a write waits while another process has the file. One that comes meanwhile waits for this one's
end before its own wait, and Discord wants to hear of both within three seconds."""
CHECKPOINT_TIMEOUT_MS = 100
CHECKPOINT_TRIES = 10

T = TypeVar("T")


class SqliteConnection(sqlite3.Connection):
    """A connection as storage knows it."""

    def begin(self) -> None:
        """Begin a transaction that has the whole file to itself."""
        self.execute("BEGIN IMMEDIATE")

    def lock(self, guild_id: int, /) -> None:
        """Do nothing: whoever writes has the whole file."""


class SqliteEngine:
    """An open file."""

    is_away = False

    def __init__(
        self, path: Path, writer: aiosqlite.Connection, reader: aiosqlite.Connection, locks: ExitStack
    ) -> None:
        self._path = path
        self._locks = locks
        self._writer = writer
        self._reader = reader

    @classmethod
    async def open(cls, path: Path, migrations: Path = MIGRATIONS, *, shards: Shards | None = None) -> Self:
        """Open the file at `path`, made and migrated as needed, and hold the locks of `shards`.

        Raises DatabaseUnusable.
        """
        file = sole_file(path)
        try:
            async with AsyncExitStack() as stack:
                # Before aiosqlite: where a file cannot be opened, its thread would fail loudly after we are
                # gone.
                locks = await asyncio.to_thread(_begin, path, migrations, shards)
                stack.enter_context(locks)
                writer = await stack.enter_async_context(_connection(file))
                await _on_thread(writer, _set_up_writer)
                reader = await stack.enter_async_context(_connection(file))
                await _on_thread(reader, _set_up_reader)
                stack.pop_all()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise DatabaseUnusable(what_to_do(path, error)) from error
        return cls(path, writer, reader, locks)

    def on_writer(self, work: Callable[[Transactions], T]) -> Coroutine[Any, Any, T]:
        """Run `work` on the writer's thread."""
        return _on_thread(self._writer, work)

    def read(self, work: Callable[[Connection], T]) -> Coroutine[Any, Any, T]:
        """Run `work` in a transaction of the reader."""
        return _on_thread(self._reader, lambda connection: _run_read(connection, work))

    async def stay_alone(self) -> None:
        """Wait for ever: a file's lock is not lost."""
        await asyncio.Event().wait()

    async def holders(self) -> list[Holder]:
        """Return the bots on the file; those of one number of shards are not told apart."""
        return [Holder(shards, "this machine") for shards in await asyncio.to_thread(_others, self._path)]

    async def forget_deleted(self) -> None:
        """Empty the log beside the file, in which deleted rows would live on.

        Whoever reads meanwhile, like a backup, can hold that up, so it is tried for a moment only. The rest
        goes when the database is closed, at the latest.
        """
        for _ in range(CHECKPOINT_TRIES):
            if await _on_thread(self._writer, _empty_log):
                return

    def end_waiting(self) -> None:
        """Do nothing: a file always says what became of a commit."""

    async def close(self) -> None:
        """Close the file; its threads would keep the process alive otherwise."""
        await self._reader.close()
        await self._writer.close()
        self._locks.close()

    def failure_of(self, error: Exception) -> Exception:
        """Return what an error means, by SQLite's code for it."""
        if not isinstance(error, sqlite3.DatabaseError):
            return error
        if _is_damage(error):
            return Damaged(str(error))
        is_state = isinstance(error, sqlite3.OperationalError) and _code(error) != sqlite3.SQLITE_ERROR
        return StorageFailure(str(error)) if is_state else error

    def what_to_do(self, error: Exception) -> str:
        """Return the sentence on what to do about an error."""
        return what_to_do(self._path, error)


def _connection(file: Path) -> aiosqlite.Connection:
    return aiosqlite.connect(file, isolation_level=None, factory=SqliteConnection)


def _run_read(connection: SqliteConnection, work: Callable[[Connection], T]) -> T:
    connection.execute("BEGIN")
    try:
        return work(connection)
    finally:
        connection.execute("ROLLBACK")


def _on_thread(
    connection: aiosqlite.Connection, work: Callable[[SqliteConnection], T]
) -> Coroutine[Any, Any, T]:
    # aiosqlite has no public way to run a function on its thread in one hop; pinned and tested.
    return connection._execute(work, connection._conn)  # type: ignore[no-untyped-call]  # noqa: SLF001


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


def _others(path: Path) -> list[Shards]:
    with starting(path) as others:
        return others


def _begin(path: Path, migrations: Path, shards: Shards | None) -> ExitStack:
    """Make and migrate the file as needed, and return what releases the locks of `shards`."""
    file = sole_file(path)
    # No lock is left beside what is not ours, and who only looks need not be able to take one.
    is_current = _is_current(file, path, migrations)
    if shards is None and is_current:
        _prepare(file, migrations, in_use=False)
        return ExitStack()
    with starting(path) as others, ExitStack() as locks:
        if shards is not None:
            locks.enter_context(hold(path, shards, others))
        _prepare(file, migrations, in_use=bool(others))
        return locks.pop_all()


def _is_current(file: Path, path: Path, migrations: Path) -> bool:
    """Return whether a file is of today's format. Raises DatabaseUnusable where none of ours can be there."""
    if not file.parent.is_dir():
        raise DatabaseUnusable(WHAT_TO_DO["unable to open"].format(path=path))
    if not file.exists():
        return False
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA busy_timeout = {OPENING_TIMEOUT_MS}")
        check_is_ours(connection, path)
        return head_of(connection) == (APPLICATION_ID, max(scripts_in(migrations)))


def _prepare(path: Path, migrations: Path, *, in_use: bool) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        _set_up_writer(connection)
        connection.execute(f"PRAGMA busy_timeout = {OPENING_TIMEOUT_MS}")
        connection.execute("PRAGMA journal_mode = WAL")
        migrate(connection, path, migrations, in_use=in_use)


def _set_up_writer(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # What is deleted is overwritten, and does not stay legible in the file.
    connection.execute("PRAGMA secure_delete = ON")


def _set_up_reader(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA query_only = ON")


@contextmanager
def unchanged(path: Path) -> Iterator[SqliteConnection]:
    """Open a file as it is at one moment, to be read and not changed.

    Raises DatabaseUnusable, also for a file that is not of today's format.
    """
    newest = max(scripts_in(MIGRATIONS))
    try:
        with closing(read_only(sole_file(path))) as connection:
            check_is_ours(connection, path)
            connection.execute("BEGIN")
            _, version = head_of(connection)
            check_format(path, version, newest, in_use=False)
            if version < newest:
                raise DatabaseUnusable(
                    f"The database {path} comes from an older version of this bot (its format is {version}, "
                    f"this one's is {newest}). Bring it up to date with: "
                    f"python -m bot reports --database {path}"
                )
            yield connection
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise DatabaseUnusable(what_to_do(path, error)) from error


def read_only(file: Path) -> SqliteConnection:
    """Open a file without being able to change it."""
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, factory=SqliteConnection
    )
    connection.execute(f"PRAGMA busy_timeout = {OPENING_TIMEOUT_MS}")
    return connection


WHAT_TO_DO = {
    "not a database": "The file {path} is not a database. Move it away, or use another file.",
    "unable to open": "The database {path} cannot be opened. Is its folder there, and may it be written to?",
    "readonly": "The database {path} may not be written to. Check its permissions and its folder's.",
    "locked": "The database {path} is in use by another program. Stop that one, or wait until it is done.",
    "full": "The disk that holds the database {path} is full. Make room and start again.",
    "disk I/O": "The disk that holds the database {path} is full to the last byte, or failing. See which, "
    "mend that, and start again.",
}
"""What to tell whoever runs the bot, by part of SQLite's own message."""


def what_to_do(path: Path, error: Exception) -> str:
    """Return the sentence that says what to do about an error with the file at `path`."""
    for part, sentence in WHAT_TO_DO.items():
        if part in str(error):
            return sentence.format(path=path)
    if _is_damage(error):
        return (
            f"The database {path} is damaged ({error}). `python -m bot backup FILE` says whether it can "
            "still be read whole; if not, restore a backup as docs/operating.md says."
        )
    return f"The database {path} cannot be used ({error}). Restore a backup, or use another file."
