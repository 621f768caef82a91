"""What the tables of a database look like, whichever engine they are in."""

from dataclasses import dataclass

from bot.storage.connection import Connection
from bot.storage.sqlite import SqliteConnection

KINDS = {"bigint": "INTEGER", "text": "TEXT", "bytea": "BLOB", "double precision": "REAL"}
"""PostgreSQL's types by SQLite's names."""
POSTGRES = """
    SELECT table_name, column_name, data_type, CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END,
        is_identity = 'YES' OR column_default IS NOT NULL, COALESCE(collation_name, '')
    FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name <> 'schema_version'
    ORDER BY table_name, ordinal_position
"""


@dataclass(frozen=True)
class Column:
    table: str
    name: str
    kind: str
    is_required: bool
    has_default: bool


def columns(connection: Connection) -> list[Column]:
    """Return every column of our tables, by table and in order."""
    if not isinstance(connection, SqliteConnection):
        return [
            Column(
                table,
                name,
                KINDS[kind] if collation in ("", "C") else collation,
                bool(required),
                bool(default),
            )
            for table, name, kind, required, default, collation in connection.execute(POSTGRES)
        ]
    tables = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
    ).fetchall()
    return [
        Column(
            table,
            name,
            kind,
            bool(required or key),
            default is not None or _is_numbered(connection, table, name),
        )
        for (table,) in tables
        for _, name, kind, required, default, key in connection.execute(f"PRAGMA table_info({table})")
    ]


def _is_numbered(connection: SqliteConnection, table: str, name: str) -> bool:
    """Return whether SQLite gives a row its number here: Discord's ids are never left out."""
    keys = [column for _, column, kind, _, _, key in connection.execute(f"PRAGMA table_info({table})") if key]
    return keys == [name] and name in ("number", "round_id", "challenge_id", "schedule_id")


def lift_constraints(connection: Connection) -> None:
    """Have the tables take any row."""
    if isinstance(connection, SqliteConnection):
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("PRAGMA foreign_keys = OFF")
        return
    connection.execute("SET session_replication_role = replica")
    for table, name in connection.execute(
        "SELECT CAST(conrelid AS regclass), conname FROM pg_constraint WHERE contype = 'c' AND conrelid > 0"
        " AND connamespace = CAST(current_schema() AS regnamespace)"
    ).fetchall():
        connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


def restore_constraints(connection: Connection) -> None:
    """Have deletions reach further tables again."""
    if isinstance(connection, SqliteConnection):
        connection.execute("PRAGMA ignore_check_constraints = OFF")
        connection.execute("PRAGMA foreign_keys = ON")
    else:
        connection.execute("SET session_replication_role = DEFAULT")
