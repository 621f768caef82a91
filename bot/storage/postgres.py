"""PostgreSQL, over psycopg: one session that writes, one that reads, each on a thread of its own.

A session that is lost is made anew with the next transaction. Only where it is lost within a commit nobody
knows what became of that: then PostgreSQL is asked, and until it answers nothing else is written.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any, Self, TypeVar
from uuid import uuid4

import psycopg
from psycopg import conninfo
from psycopg.adapt import Dumper, Loader
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.types.numeric import Int8Dumper

from bot.core.shards import Shards, by_count, conflict
from bot.storage.connection import (
    Connection,
    Cursor,
    Damaged,
    DatabaseAway,
    DatabaseUnusable,
    FateUnknown,
    Holder,
    StorageFailure,
    Transactions,
    Values,
)
from bot.storage.scripts import scripts_in

log = logging.getLogger(__name__)

LOCKS = 0x41_44_6F_54
"""The first half ("ADoT") of our session locks' names, so that no other program's are taken for them."""
LOCK_TRIES, LOCK_AGAIN_S = 10, 0.1
STARTING = -1
"""The second half of the lock under which scripts are applied and shards are taken."""
COUNTED = 1 << 16
"""A shard is the second half of its lock's name, with the number of all shards this many times over."""
OLDEST = 130_000
"""The first version that knows what became of a transaction by its 64-bit number."""
OPTIONS: dict[str, Any] = {
    "application_name": "another-day-of-trivia",
    "connect_timeout": 2,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 9_000,
}
"""Unless the address says something else. A click cannot wait for a host that is gone."""
SETTINGS = "SET lock_timeout = '1200ms'; SET jit = off; SET client_encoding = 'UTF8'"
HURRY, HURRY_S = b"SET LOCAL lock_timeout = '20ms'", 2.0
"""Once somebody has waited for a lock in vain, nobody waits long for so many seconds: writes come one after
the other, and each would wait again."""
ASK_AGAIN_S = 0.2
HOLD_AGAIN_S = 5.0
"""How long shards may go without a lock after a session was lost in which nobody was writing."""
PREPARED = 500
"""How many statements a session keeps prepared: all of ours."""
START = "SELECT pg_advisory_xact_lock(%s::int, %s::int)"
TAKE_SHARD = "SELECT pg_advisory_lock(%s::int, %s::int)"
HELD = """
    SELECT objid::bigint, COALESCE(host(client_addr), 'this machine') || ' (' || application_name || ')'
    FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND classid = ? AND objsubid = 2 AND objid::bigint < 1::bigint << 31
        AND granted AND pid <> pg_backend_pid() AND datname = current_database()
        AND database = datid
    ORDER BY objid
"""
END_LOST_SESSIONS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = %s AND pid <> pg_backend_pid()
"""
NUL, IN_PLACE_OF_NUL = "\0", "\N{REPLACEMENT CHARACTER}"
PLACEHOLDER = re.compile(r"'[^']*'|%|\?|(?<!:):(\w+)")

T = TypeVar("T")


@cache
def translated(statement: str) -> bytes:
    """Return a statement with its placeholders as psycopg has them."""

    def put(found: re.Match[str]) -> str:
        if found[1]:
            return f"%({found[1]})s"
        return "%s" if found[0] == "?" else found[0].replace("%", "%%")

    return PLACEHOLDER.sub(put, statement).encode()


class Taken(psycopg.OperationalError):
    """Another process holds the lock that this one needs to write."""


class TruthAsNumber(Dumper):
    """Stores True as 1 and False as 0, as all our columns for them are numbers."""

    oid = psycopg.adapters.types["int8"].oid

    def dump(self, obj: bool) -> bytes:
        """Return the digit."""
        return b"1" if obj else b"0"


class TextWithoutNul(Dumper):
    """Stores a text, which PostgreSQL refuses with a NUL in it, with another character in place of that."""

    def dump(self, obj: str) -> bytes:
        """Return the text's bytes."""
        return obj.replace(NUL, IN_PLACE_OF_NUL).encode()


class PlainNumber(Loader):
    """Reads sums and means, which PostgreSQL makes in any precision, as Python's numbers."""

    def load(self, data: bytes | bytearray | memoryview) -> int | float:
        """Return the number."""
        text = bytes(data)
        return float(text) if b"." in text else int(text)


class PostgresConnection:
    """A session as storage knows it. Transactions begin and end in the simple protocol, a round trip each."""

    def __init__(self, address: str, beginning: bytes, shards: Shards | None = None) -> None:
        self._address = address
        self._beginning = beginning
        self._shards = shards
        self._database = f"the database {name_of(address)}"
        self._name = f"another-day-of-trivia {uuid4().hex[:8]}"
        self._session: psycopg.Connection | None = None
        self._begun: str = ""
        self._hurry_until = 0.0
        self._closing = Event()
        self.is_away = False

    def execute(self, statement: str, values: Values = (), /) -> Cursor:
        """Run a statement, in the transaction that was begun: never on another session."""
        try:
            return self._current.execute(translated(statement), values)
        except psycopg.errors.LockNotAvailable:
            self._hurry_until = monotonic() + HURRY_S
            raise

    def executemany(self, statement: str, rows: Iterable[Values], /) -> None:
        """Run a statement for each of the rows, sent together."""
        self._current.cursor().executemany(translated(statement), rows)

    def lock(self, guild_id: int, /) -> None:
        """Wait for a server's lock, and hold it until the transaction ends."""
        self.execute("SELECT pg_advisory_xact_lock(?)", (guild_id,))

    def begin(self) -> None:
        """Begin a transaction, on a new session if the last one was lost."""
        was_open = self._is_open
        try:
            self._begun = self._run(self._open(), self._beginning)
        except psycopg.OperationalError:
            if not was_open:
                raise
            self.close()
            self._begun = self._run(self._open(), self._beginning)
        if monotonic() < self._hurry_until:
            self._run(self._current, HURRY)

    def commit(self) -> None:
        """Commit; where it is not known whether that was done, find out."""
        try:
            self._run(self._current, b"COMMIT")
        except psycopg.OperationalError as error:
            self._find_out(error)

    def rollback(self) -> None:
        """Forget what was changed; a session that was lost has forgotten it."""
        if self.in_transaction:
            try:
                self._run(self._current, b"ROLLBACK")
            except psycopg.OperationalError:
                self.close()

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._is_open and self._current.info.transaction_status != TransactionStatus.IDLE

    def end_waiting(self) -> None:
        """Have whoever asks after a commit give up; to be called from another thread."""
        self._closing.set()

    def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            self._session.close()
            self._session = None

    @property
    def _is_open(self) -> bool:
        return self._session is not None and not self._session.closed

    @property
    def _current(self) -> psycopg.Connection:
        """The session, open or lost. Raises psycopg.OperationalError where there is none."""
        if self._session is None:
            raise psycopg.OperationalError("the session with the database was lost")
        return self._session

    def _open(self) -> psycopg.Connection:
        """Return the session, another one if it was lost. Raises psycopg.OperationalError."""
        if not self._is_open:
            self.close()
            session = connect(self._address)
            try:
                if self._shards is not None:
                    self._take(self._shards, session)
            except BaseException:
                session.close()
                raise
            self._session = session
        return self._current

    def _take(self, shards: Shards, session: psycopg.Connection) -> None:
        """Take the locks of shards, from a lost session of ours too. Raises Taken with a sentence."""
        session.execute("SELECT set_config('application_name', %s, FALSE)", (self._name,))
        for _ in range(LOCK_TRIES):
            with session.transaction():
                session.execute(START, (LOCKS, STARTING))
                problem = conflict(shards, _held(session), self._database)
                if problem is None:
                    for shard in shards.ids:
                        session.execute(TAKE_SHARD, (LOCKS, shards.count * COUNTED + shard))
                    return
            session.execute(END_LOST_SESSIONS, (self._name,))
            self._closing.wait(LOCK_AGAIN_S)
        raise Taken(problem or self._database)

    def _run(self, session: psycopg.Connection, statements: bytes) -> str:
        """Run statements without values, and return the one value that the last of them found."""
        result = session.pgconn.exec_(statements)
        if result.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
            message = (result.error_message or b"the connection was lost").decode(errors="replace").strip()
            code = (result.error_field(ord("C")) or b"08006").decode()
            raise _kind_of(code)(message)
        if statements == b"COMMIT" and result.command_status != b"COMMIT":
            raise psycopg.errors.InFailedSqlTransaction("a statement failed in it, so nothing was committed")
        value = result.get_value(0, 0) if result.ntuples else None
        return value.decode() if value else ""

    def _find_out(self, error: psycopg.OperationalError) -> None:
        """Wait until PostgreSQL says what became of the transaction; raise `error` if it left no trace.

        Raises FateUnknown when told to give up; the database then stays away, so that nobody tries again.
        """
        log.warning("A commit was not answered (%s); asking what became of it", error)
        self.is_away = True
        while (fate := self._fate()) not in ("committed", "aborted"):
            if self._closing.wait(ASK_AGAIN_S):
                raise FateUnknown(str(error)) from error
        self.is_away = False
        log.warning("The commit that was not answered is %s", fate)
        if fate == "aborted":
            raise error

    def _fate(self) -> str | None:
        try:
            # On a session without our locks: what became of it can be asked whoever has them by now.
            with connect(self._address) as session:
                [(fate,)] = session.execute("SELECT pg_xact_status(%s::xid8)", (self._begun,)).fetchall()
        except psycopg.errors.InvalidParameterValue:
            # After a crash it has not even heard of that number.
            return "aborted"
        except psycopg.OperationalError:
            return None
        return str(fate)


class PostgresEngine:
    """An open database."""

    def __init__(self, address: str, shards: Shards | None) -> None:
        self._name = name_of(address)
        # With its number, so that its fate can be asked after.
        self._writer = PostgresConnection(address, b"BEGIN; SELECT pg_current_xact_id()", shards)
        self._reader = PostgresConnection(address, b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="database-writer")
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="database-reader")
        self._taken: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    @classmethod
    async def open(cls, address: str, migrations: Path, *, shards: Shards | None = None) -> Self:
        """Open the database, its tables made and migrated as needed, and hold the locks of `shards`.

        Raises DatabaseUnusable.
        """
        engine = None
        try:
            await asyncio.to_thread(prepare, address, migrations)
            engine = cls(address, shards)
            await engine.on_writer(_open_session)
        except Taken as error:
            raise DatabaseUnusable(str(error)) from error
        except psycopg.errors.LockNotAvailable as error:
            raise _is_starting(name_of(address)) from error
        except psycopg.OperationalError as error:
            raise DatabaseAway(what_to_do(name_of(address), error)) from error
        except psycopg.Error as error:
            raise DatabaseUnusable(what_to_do(name_of(address), error)) from error
        else:
            opened, engine = engine, None
            return opened
        finally:
            if engine is not None:
                await engine.close()

    @property
    def is_away(self) -> bool:
        """Whether a commit's fate is being asked after."""
        return self._writer.is_away

    async def on_writer(self, work: Callable[[Transactions], T]) -> T:
        """Run `work` on the writer's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._writing, work, self._writer)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction of the reader."""
        reading = partial(_run_read, self._reader, work)
        return await asyncio.get_running_loop().run_in_executor(self._reading, reading)

    async def stay_alone(self) -> None:
        """Hold the shards, also where a session is lost while nobody writes.

        Raises DatabaseUnusable once another bot has taken one of them.
        """
        while not self._taken.done():
            try:
                await self.on_writer(_open_session)
            except psycopg.Error as error:
                self.failure_of(error)
            await asyncio.wait((self._taken,), timeout=HOLD_AGAIN_S)
        raise DatabaseUnusable(self._taken.result())

    async def holders(self) -> list[Holder]:
        """Return the bots on the database, each with its host and its session's name."""
        rows = await self.read(_holders)
        places = dict.fromkeys(where for _, where in rows)
        return [
            Holder(shards, where)
            for where in places
            for shards in by_count(divmod(lock, COUNTED) for lock, at in rows if at == where)
        ]

    async def forget_deleted(self) -> None:
        """Do nothing: PostgreSQL overwrites what is deleted in its own time."""

    def end_waiting(self) -> None:
        """Have the writer give up asking after a commit."""
        self._writer.end_waiting()

    async def close(self) -> None:
        """Close both sessions."""
        self.end_waiting()
        for thread, connection in ((self._writing, self._writer), (self._reading, self._reader)):
            await asyncio.get_running_loop().run_in_executor(thread, connection.close)
            thread.shutdown()

    def failure_of(self, error: Exception) -> Exception:
        """Return what an error means, by its kind."""
        if isinstance(error, Taken) and not self._taken.done():
            self._taken.set_result(str(error))
        match error:
            case psycopg.errors.DataCorrupted() | psycopg.errors.IndexCorrupted():
                return Damaged(_in_one_line(error))
            case (
                psycopg.OperationalError()
                | psycopg.InterfaceError()
                | psycopg.errors.ReadOnlySqlTransaction()
            ):
                return StorageFailure(_in_one_line(error))
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


def connect(address: str) -> psycopg.Connection:
    """Open a session that adapts values as storage needs it. Raises psycopg.OperationalError."""
    session = psycopg.connect(_with_options(address), autocommit=True)
    session.prepare_threshold = 2
    session.prepared_max = PREPARED
    session.adapters.register_dumper(int, Int8Dumper)
    session.adapters.register_dumper(bool, TruthAsNumber)
    session.adapters.register_dumper(str, TextWithoutNul)
    session.adapters.register_loader("numeric", PlainNumber)
    session.execute(SETTINGS)
    return session


def _is_starting(name: str) -> DatabaseAway:
    return DatabaseAway(
        f"Another bot is starting on the database {name}, or copy-to is under way. Try again once it is done."
    )


def _holders(connection: Connection) -> list[tuple[int, str]]:
    return connection.execute(HELD, (LOCKS,)).fetchall()


def _held(session: psycopg.Connection) -> list[Shards]:
    """Return the shards on which others run."""
    rows = session.execute(translated(HELD), (LOCKS,)).fetchall()
    return by_count(divmod(lock, COUNTED) for lock, _ in rows)


def _with_options(address: str) -> str:
    given = conninfo.conninfo_to_dict(address)
    return conninfo.make_conninfo(address, **{name: of for name, of in OPTIONS.items() if name not in given})


def _kind_of(code: str) -> type[psycopg.Error]:
    try:
        return psycopg.errors.lookup(code)
    except KeyError:
        return psycopg.OperationalError


def prepare(address: str, migrations: Path) -> None:
    """Bring a database up to date. Raises DatabaseUnusable as `begin_session` and `bring_up_to_date` do."""
    with begin_session(address) as session, session.transaction():
        bring_up_to_date(session, migrations, name_of(address))


def begin_session(address: str) -> psycopg.Connection:
    """Open a session. Raises DatabaseUnusable for what is no address, psycopg.OperationalError else."""
    try:
        return connect(address)
    except psycopg.ProgrammingError as error:
        raise DatabaseUnusable(
            f"This is no address of PostgreSQL ({_in_one_line(error)}). Write it like "
            "postgresql://user:password@host/name."
        ) from error


def bring_up_to_date(session: psycopg.Connection, migrations: Path, name: str) -> None:
    """Apply each numbered script above the database's number, within a transaction and under a lock.

    Raises DatabaseUnusable for a database that is not ours, newer than this code or not fit for it.
    """
    scripts = scripts_in(migrations)
    _check_is_fit(session, name)
    session.execute("SET LOCAL lock_timeout = '10s'")
    try:
        session.execute(START, (LOCKS, STARTING))
    except psycopg.errors.LockNotAvailable as error:
        raise _is_starting(name) from error
    version = _version(session, name)
    if version > max(scripts):
        raise DatabaseUnusable(
            f"The database {name} comes from a newer version of this bot (its format is {version}, this "
            f"one knows {max(scripts)}). Start the newer bot, or use another database."
        )
    if 0 < version < max(scripts) and _held(session):
        raise DatabaseUnusable(
            f"The database {name} is to be brought to a new format, and an older bot is running on it. Stop "
            "every bot on it first."
        )
    for number, script in scripts.items():
        if number > version:
            session.execute(script.read_bytes(), prepare=False)
            session.execute("UPDATE schema_version SET number = %s", (number,))
            log.info("Brought the database %s to format %d", name, number)


def _check_is_fit(session: psycopg.Connection, name: str) -> None:
    encoding = session.info.parameter_status("server_encoding")
    if session.info.server_version < OLDEST:
        raise DatabaseUnusable(f"The database {name} is of a PostgreSQL before 13. Use a newer one.")
    if encoding != "UTF8":
        raise DatabaseUnusable(
            f"The database {name} is encoded as {encoding}. Make one with: CREATE DATABASE … ENCODING 'UTF8'"
        )


def _version(session: psycopg.Connection, name: str) -> int:
    """Return the number of the last script, 0 for a new database. Raises DatabaseUnusable for another's."""
    tables = session.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").fetchall()
    if not tables:
        session.execute("CREATE TABLE schema_version (number BIGINT NOT NULL)")
        session.execute("INSERT INTO schema_version (number) VALUES (0)")
    elif ("schema_version",) not in tables:
        raise DatabaseUnusable(
            f"The database {name} belongs to another program. Leave it alone and use another database."
        )
    [(version,)] = session.execute("SELECT number FROM schema_version").fetchall()
    return int(version)


def name_of(address: str) -> str:
    """Return how to call a database in a sentence; its password is not in it."""
    try:
        given = conninfo.conninfo_to_dict(address)
    except psycopg.ProgrammingError:
        return "of DATABASE_URL"
    return f"{given.get('dbname', 'of DATABASE_URL')} on {given.get('host', 'this machine')}"


def what_to_do(name: str, error: Exception) -> str:
    """Return the sentence that says what to do about an error with a database."""
    reason = _in_one_line(error)
    return f"The database {name} cannot be used ({reason}). Is its server running, and is its address right?"


def _in_one_line(error: Exception) -> str:
    return " ".join(str(error).split())
