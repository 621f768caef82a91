from contextlib import closing

from bot.storage.connection import Connection
from bot.storage.database import MIGRATIONS
from bot.storage.scripts import scripts_in
from bot.storage.sqlite import SqliteConnection
from tests import postgres
from tests.storage.schema import columns

POSTGRES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE schemaname = current_schema() AND indexname NOT LIKE '%\\_key' AND indexname NOT LIKE '%\\_pkey'
"""


def test_both_engines_have_scripts_of_the_same_numbers() -> None:
    """PostgreSQL's begin with one for all tables of that moment; a later one is written for both."""
    sqlite, shared = (scripts_in(MIGRATIONS / engine) for engine in ("sqlite", "postgres"))
    first = min(shared)
    assert {number: script.name for number, script in sqlite.items() if number > first} == {
        number: script.name for number, script in shared.items() if number > first
    }
    assert first in sqlite
    assert [*sqlite] == [*range(1, max(sqlite) + 1)]


def test_both_engines_have_the_same_columns_and_indexes(sqlite_connection: SqliteConnection) -> None:
    with postgres.database(with_tables=True) as address, closing(postgres.session(address)) as session:
        assert columns(session) == columns(sqlite_connection)
        assert indexes(session) == indexes(sqlite_connection)


def indexes(connection: Connection) -> dict[str, str]:
    """Return the named indexes' columns, in one spelling."""
    query = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
    rows = connection.execute(query if isinstance(connection, SqliteConnection) else POSTGRES)
    return {
        name: "".join(sql.split("(", 1)[1].split(")", 1)[0].replace('"', "").split()) for name, sql in rows
    }
