"""One bot a shard on PostgreSQL: locks that belong to the session that writes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

import psycopg

from bot.core.shards import Shards, by_count, conflict
from bot.storage.connection import DatabaseAway, DatabaseUnusable, Holder
from bot.storage.postgres_session import connect
from bot.storage.scripts import check_format

LOCKS = 0x41_44_6F_54
"""The first half ("ADoT") of our session locks' names, so that no other program's are taken for them."""
LOCK_TRIES, LOCK_AGAIN_S = 10, 0.1
STARTING = -1
"""The second half of the lock under which scripts are applied and shards are taken."""
COUNTED = 1 << 16
"""A shard is the second half of its lock's name, with the number of all shards this many times over."""
START = "SELECT pg_advisory_xact_lock(%s::int, %s::int)"
FORMAT = "SELECT number FROM schema_version"
TAKE_SHARD = "SELECT pg_advisory_lock(%s::int, %s::int)"
HELD = """
    SELECT objid::bigint, COALESCE(host(client_addr), 'this machine') || ' (' || application_name || ')'
    FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2 AND objid::bigint < 1::bigint << 31
        AND granted AND pid <> pg_backend_pid() AND datname = current_database()
        AND database = datid
    ORDER BY objid
"""
END_LOST_SESSIONS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = %s AND pid <> pg_backend_pid()
"""


class Taken(DatabaseUnusable):
    """Another process has a shard that this one needs to write."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a process must have to write: its shards, in a database of the newest format that it knows.

    `own_name` is what its sessions are called, by which it knows those that it lost.
    """

    database: str
    shards: Shards
    newest: int
    own_name: str = field(default_factory=lambda: f"another-day-of-trivia {uuid4().hex[:8]}")

    def take(self, session: psycopg.Connection, pause: Callable[[float], object]) -> None:
        """Take the locks of the shards, even from a lost session of this process.

        Raises Taken, DatabaseAway during another start, and DatabaseUnusable where a newer bot has changed
        the format since.
        """
        session.execute("SELECT set_config('application_name', %s, FALSE)", (self.own_name,))
        for _ in range(LOCK_TRIES):
            with session.transaction():
                wait_for_starts(session, self.database)
                [(version,)] = session.execute(FORMAT).fetchall()
                check_format(self.database, version, self.newest, in_use=False)
                problem = conflict(self.shards, held_shards(session), f"the database {self.database}")
                if problem is None:
                    for shard in self.shards.ids:
                        session.execute(TAKE_SHARD, (LOCKS, self.shards.count * COUNTED + shard))
                    return
            session.execute(END_LOST_SESSIONS, (self.own_name,))
            pause(LOCK_AGAIN_S)
        raise Taken(problem)


def wait_for_starts(session: psycopg.Connection, database: str) -> None:
    """Keep every start off this database until the transaction ends.

    Raises DatabaseAway where another one takes too long.
    """
    try:
        session.execute(START, (LOCKS, STARTING))
    except psycopg.errors.LockNotAvailable as error:
        raise DatabaseAway(
            f"Another bot is starting on the database {database}, or copy-to is under way. Try again once it "
            "is done."
        ) from error


def held_shards(session: psycopg.Connection) -> list[Shards]:
    """Return the shards that other sessions hold."""
    return by_count(divmod(lock, COUNTED) for lock, _ in _locks(session))


def holders(address: str) -> list[Holder]:
    """Return the bots on the database, each with its host and its session's name."""
    with connect(address) as session:
        rows = _locks(session)
    hosts = dict.fromkeys(where for _, where in rows)
    return [
        Holder(shards, where)
        for where in hosts
        for shards in by_count(divmod(lock, COUNTED) for lock, at in rows if at == where)
    ]


def _locks(session: psycopg.Connection) -> list[tuple[int, str]]:
    return session.execute(HELD, (LOCKS,)).fetchall()
