"""A SQLite database carried over to PostgreSQL: every row, held against the original before the commit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import psycopg

from bot.storage.connection import DatabaseUnusable
from bot.storage.database import MIGRATIONS
from bot.storage.postgres_scripts import bring_up_to_date
from bot.storage.postgres_session import IN_PLACE_OF_NUL, NUL, connect, name_of, what_to_do
from bot.storage.sqlite import SqliteConnection, unchanged

PART = 2_000
"""How many rows are compared at a time."""
IDENTITIES = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND is_identity = 'YES'
"""


@dataclass(frozen=True, slots=True)
class Table:
    """One of our tables, and the columns that its rows are ordered by."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def selected(self) -> str:
        """The query that finds its rows in order."""
        return f"SELECT {', '.join(self.columns)} FROM {self.name} ORDER BY {', '.join(self.key)}"


@dataclass(frozen=True, slots=True)
class Copied:
    """How many rows were carried over, and in how many of them a text had a NUL that is replaced now."""

    name: str
    rows: int
    mended: int


def copy_to_postgres(path: Path, address: str, tell: Callable[[str], None]) -> Copied:
    """Carry the file at `path` over into the empty database at `address`, in one transaction.

    `tell` is told how far it has come. Raises DatabaseUnusable with what to do; then nothing was copied.
    Whoever calls this keeps bots off the file meanwhile.
    """
    name = name_of(address)
    try:
        with unchanged(path) as source, connect(address) as target, target.transaction():
            bring_up_to_date(target, MIGRATIONS / "postgres", name)
            tables = tables_of(source)
            _take_empty(target, tables, name)
            rows = mended = 0
            for table in tables:
                count, count_mended = _copy(source, target, table)
                tell(f"{table.name}: {count:,}")
                rows += count
                mended += count_mended
            _go_on_numbering(source, target)
            tell("Comparing every row")
            for table in tables:
                _compare(source, target, table)
    except psycopg.Error as error:
        raise DatabaseUnusable(what_to_do(name, error)) from error
    return Copied(name, rows, mended)


def tables_of(source: SqliteConnection) -> list[Table]:
    """Return our tables, each after those that its rows refer to."""
    names = [
        name
        for (name,) in source.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
        )
    ]
    refers = {
        name: {row[2] for row in source.execute(f"PRAGMA foreign_key_list({name})")} - {name}
        for name in names
    }
    return [_table(source, name) for name in TopologicalSorter(refers).static_order()]


def _table(source: SqliteConnection, name: str) -> Table:
    columns = source.execute(f"PRAGMA table_info({name})").fetchall()
    key = sorted((order, column) for _, column, _, _, _, order in columns if order)
    return Table(name, tuple(column[1] for column in columns), tuple(column for _, column in key))


def _take_empty(target: psycopg.Connection, tables: Sequence[Table], name: str) -> None:
    """Keep others from writing, and raise DatabaseUnusable if they already have."""
    names = ", ".join(table.name for table in tables)
    target.execute(f"LOCK TABLE {names} IN EXCLUSIVE MODE")
    for table in tables:
        if target.execute(f"SELECT 1 FROM {table.name} LIMIT 1").fetchone():
            raise DatabaseUnusable(
                f"The database {name} is not empty (there is something in {table.name}). Nothing was copied. "
                "Make a new one with CREATE DATABASE, and name that."
            )


def _copy(source: SqliteConnection, target: psycopg.Connection, table: Table) -> tuple[int, int]:
    """Return how many rows were copied, and in how many of them a text had a NUL."""
    rows = mended = 0
    try:
        with target.cursor().copy(f"COPY {table.name} ({', '.join(table.columns)}) FROM STDIN") as copy:
            for row in source.execute(table.selected):
                storable = _without_nul(row)
                copy.write_row(storable)
                rows += 1
                mended += storable != row
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        raise DatabaseUnusable(
            f"PostgreSQL does not accept a row of {table.name} ({error.diag.message_primary or error}), so "
            "nothing was copied. Report it, please: it is a fault of this program."
        ) from error
    return rows, mended


def _without_nul(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(value.replace(NUL, IN_PLACE_OF_NUL) if isinstance(value, str) else value for value in row)


def _go_on_numbering(source: SqliteConnection, target: psycopg.Connection) -> None:
    """Let new rows be numbered from where SQLite would go on, so that no number is used twice."""
    given = dict(source.execute("SELECT name, seq FROM sqlite_sequence"))
    for table, column in target.execute(IDENTITIES).fetchall():
        [(highest,)] = source.execute(f"SELECT MAX({column}) FROM {table}")
        following = max(highest or 0, given.get(table, 0)) + 1
        target.execute(f"ALTER TABLE {table} ALTER COLUMN {column} RESTART WITH {following}")


def _compare(source: SqliteConnection, target: psycopg.Connection, table: Table) -> None:
    """Raise DatabaseUnusable where a table is not what it is in the file."""
    original = source.execute(table.selected)
    with target.cursor(f"all_{table.name}") as copied:
        copied.execute(table.selected)
        while True:
            part = [_without_nul(row) for row in original.fetchmany(PART)]
            if copied.fetchmany(PART) != part:
                raise DatabaseUnusable(
                    f"The copy of {table.name} is not the same as the original, so nothing was copied. "
                    "Report it, please: it is a fault of this program."
                )
            if not part:
                return
