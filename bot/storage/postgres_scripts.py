"""Making a PostgreSQL database, and bringing it to the newest format."""

import logging
from pathlib import Path

import psycopg

from bot.storage.connection import DatabaseUnusable
from bot.storage.postgres_session import connect, name_of
from bot.storage.postgres_shards import FORMAT, held_shards, wait_for_starts
from bot.storage.scripts import check_format, scripts_in

log = logging.getLogger(__name__)

PATIENCE = b"SET LOCAL lock_timeout = '10s'"
"""How long to wait for another start to end."""

OLDEST = 130_000
"""The first version that knows what became of a transaction by its 64-bit number."""


def prepare(address: str, migrations: Path) -> None:
    """Bring a database up to date. Raises DatabaseUnusable as `connect` and `bring_up_to_date` do."""
    with connect(address) as session, session.transaction():
        bring_up_to_date(session, migrations, name_of(address))


def bring_up_to_date(session: psycopg.Connection, migrations: Path, name: str) -> None:
    """Apply each numbered script above the database's number, within a transaction and under a lock.

    Raises DatabaseUnusable for a database that is not ours, newer than this code or not fit for it.
    """
    scripts = scripts_in(migrations)
    _check_is_fit(session, name)
    session.execute(PATIENCE)
    wait_for_starts(session, name)
    version = _version(session, name)
    check_format(name, version, max(scripts), in_use=bool(held_shards(session)))
    for number, script in scripts.items():
        if number > version:
            session.execute(script.read_bytes(), prepare=False)
            session.execute("UPDATE schema_version SET number = %s", (number,))
            log.info("Brought the database %s to format %d", name, number)


def _check_is_fit(session: psycopg.Connection, name: str) -> None:
    encoding = session.info.parameter_status("server_encoding")
    if session.info.server_version < OLDEST:
        raise DatabaseUnusable(f"The database {name} runs on a PostgreSQL older than 13. Use a newer one.")
    if encoding != "UTF8":
        raise DatabaseUnusable(
            f"The database {name} is encoded as {encoding}. Make one with "
            "`CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0`."
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
    [(version,)] = session.execute(FORMAT).fetchall()
    return int(version)
