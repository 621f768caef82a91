"""SQLite's file brought to the newest format, once it is known to be ours."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bot.storage.connection import DatabaseUnusable
from bot.storage.scripts import check_format, scripts_in

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations" / "sqlite"
APPLICATION_ID = 0x41_44_6F_54
"""Stands in the head of our files ("ADoT"), so that no other program's is taken for one."""
TABLES_OF_THE_FIRST = {"app_state", "decks", "facts", "guilds", "packs", "reports"}
"""What tells one of our files that was made before there was an application id."""


def check_is_ours(connection: sqlite3.Connection, path: Path) -> None:
    """Raise DatabaseUnusable for what is neither new nor ours, before anything is written to it."""
    application_id, version = head_of(connection)
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    is_new = not (application_id or version or tables)
    is_from_before = not application_id and version > 0 and tables >= TABLES_OF_THE_FIRST
    if not (is_new or is_from_before or (application_id == APPLICATION_ID and version > 0)):
        raise DatabaseUnusable(
            f"The database {path} belongs to another program. Leave it alone and use another file."
        )


def head_of(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return the application id and the number of the last migration."""
    [(application_id,)] = connection.execute("PRAGMA application_id")
    [(version,)] = connection.execute("PRAGMA user_version")
    return application_id, version


def migrate(
    connection: sqlite3.Connection, path: Path, migrations: Path = MIGRATIONS, *, in_use: bool = False
) -> None:
    """Apply each numbered `.sql` file above the database's `user_version`, each in one transaction.

    A file that already holds something is copied beside itself first. The copy has the number of the first
    script to come, so that a later try does not overwrite it. Two processes may do this at once.
    Raises DatabaseUnusable if the file is newer than this code, or older and `in_use` by an older bot.
    """
    scripts = scripts_in(migrations)
    newest = max(scripts)
    application_id, version = head_of(connection)
    check_format(path, version, newest, in_use=in_use)
    if application_id and version == newest:
        return
    may_copy = True
    for number, script in scripts.items():
        connection.execute("BEGIN IMMEDIATE")
        try:
            _, version = head_of(connection)
            if number > version:
                if version and may_copy:
                    _copy_before(path, number)
                may_copy = False
                for statement in statements_of(script.read_text("utf-8")):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {number}")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def statements_of(script: str) -> Iterator[str]:
    """Yield the statements of a script, each whole; a trigger is one of them."""
    statement = ""
    for part in script.split(";"):
        statement += f"{part};"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _copy_before(path: Path, number: int) -> None:
    """Copy the file as it is before a script; somebody who writes has not committed yet."""
    copy = path.with_name(f"{path.name}.before-{number:04d}")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    log.info("Copied the database to %s before updating it", copy)
