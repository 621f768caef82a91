"""A connection to PostgreSQL, which opens another session when one is lost.

Only when it is lost during a commit does nobody know what became of that: then PostgreSQL is asked, and until
it answers nothing else is written.
"""

import logging
import re
from collections.abc import Iterable
from functools import cache
from threading import Event
from time import monotonic

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus

from bot.storage.connection import Cursor, FateUnknown, Values
from bot.storage.postgres_session import connect
from bot.storage.postgres_shards import Claim

log = logging.getLogger(__name__)

HURRY, HURRY_S = b"SET LOCAL lock_timeout = '20ms'", 2.0
"""Once somebody has waited for a lock in vain, nobody waits long for the next seconds: writes come one after
another, and each would wait again."""
ASK_AGAIN_S = 0.2
PLACEHOLDER = re.compile(r"'[^']*'|%|\?|(?<!:):(\w+)")


@cache
def translated(statement: str) -> bytes:
    """Return a statement with its placeholders as psycopg has them."""

    def put(found: re.Match[str]) -> str:
        if found[1]:
            return f"%({found[1]})s"
        return "%s" if found[0] == "?" else found[0].replace("%", "%%")

    return PLACEHOLDER.sub(put, statement).encode()


class PostgresConnection:
    """A session as storage knows it. Transactions begin and end in the simple protocol, a round trip each."""

    def __init__(self, address: str, beginning: bytes, claim: Claim | None = None) -> None:
        self._address = address
        self._beginning = beginning
        self._claim = claim
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
        """Have whoever asks what became of a commit give up; to be called from another thread."""
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
        """Return the session, another one if it was lost.

        Raises psycopg.OperationalError, and DatabaseUnusable where that one cannot have what is claimed.
        """
        if not self._is_open:
            self.close()
            session = connect(self._address)
            try:
                if self._claim is not None:
                    self._claim.take(session, self._closing.wait)
            except BaseException:
                session.close()
                raise
            self._session = session
        return self._current

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
            # On a session without our locks: whoever holds them by now, this can be asked.
            with connect(self._address) as session:
                [(fate,)] = session.execute("SELECT pg_xact_status(%s::xid8)", (self._begun,)).fetchall()
        except psycopg.errors.InvalidParameterValue:
            # After a crash it has not even heard of that number.
            return "aborted"
        except psycopg.OperationalError:
            return None
        return str(fate)


def _kind_of(code: str) -> type[psycopg.Error]:
    try:
        return psycopg.errors.lookup(code)
    except KeyError:
        return psycopg.OperationalError
