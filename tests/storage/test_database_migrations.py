"""How a database file is brought to the newest format."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.storage.connection import Connection
from bot.storage.scripts import scripts_in
from bot.storage.sqlite import SqliteConnection
from bot.storage.sqlite_scripts import MIGRATIONS
from tests.storage.conftest import OpenDatabase
from tests.storage.notes import add_script, insert, numbers, why_unusable


async def test_migrations_run_in_order_and_once(
    path: Path, migrations: Path, open_database: OpenDatabase
) -> None:
    add_script(migrations, 3, "INSERT INTO notes VALUES (3, 'three');")
    add_script(migrations, 2, "INSERT INTO notes VALUES (2, 'two');")
    (migrations / "sqlite" / "readme.sql").write_text("nonsense", "utf-8")
    for _ in range(2):
        database = await open_database(path, migrations)
        assert await database.read(numbers) == [2, 3]
        await database.close()
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("PRAGMA user_version").fetchone() == (3,)


async def test_the_file_is_copied_before_a_migration(
    path: Path, migrations: Path, open_database: OpenDatabase
) -> None:
    database = await open_database(path, migrations)
    await database.write(insert, number=1)
    await database.close()
    assert list(path.parent.glob("trivia.db.before-*")) == []
    add_script(migrations, 2, "DELETE FROM notes;")
    database = await open_database(path, migrations)
    assert await database.read(numbers) == []
    await database.close()
    with closing(sqlite3.connect(path.with_name("trivia.db.before-0002"), factory=SqliteConnection)) as copy:
        assert numbers(copy) == [1]
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)


async def test_a_failing_migration_changes_nothing(
    path: Path, migrations: Path, open_database: OpenDatabase
) -> None:
    database = await open_database(path, migrations)
    await database.write(insert, number=1)
    await database.close()
    add_script(
        migrations, 2, "INSERT INTO notes VALUES (2, 'two'); CREATE TABLE more (x INTEGER); INSERT INTO no;"
    )
    assert "cannot be used" in await why_unusable(path, migrations)
    with closing(sqlite3.connect(path, factory=SqliteConnection)) as other:
        assert numbers(other) == [1]
        assert other.execute("PRAGMA user_version").fetchone() == (1,)
        assert other.execute("SELECT name FROM sqlite_schema WHERE name = 'more'").fetchall() == []
    add_script(migrations, 2, "INSERT INTO notes VALUES (2, 'two');")
    database = await open_database(path, migrations)
    assert await database.read(numbers) == [1, 2]


async def test_a_later_try_spares_the_copy_of_before_the_first(
    path: Path, migrations: Path, open_database: OpenDatabase
) -> None:
    database = await open_database(path, migrations)
    await database.write(insert, number=1)
    await database.close()
    add_script(migrations, 2, "DELETE FROM notes;")
    add_script(migrations, 3, "INSERT INTO no;")
    for _ in range(2):
        assert "cannot be used" in await why_unusable(path, migrations)
    with closing(sqlite3.connect(path.with_name("trivia.db.before-0002"), factory=SqliteConnection)) as copy:
        assert numbers(copy) == [1]
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)


async def test_a_newer_database_is_refused_and_not_touched(
    path: Path, migrations: Path, open_database: OpenDatabase
) -> None:
    database = await open_database(path, migrations)
    await database.close()
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA user_version = 7")
    before = path.read_bytes()
    sentence = await why_unusable(path, migrations)
    assert sentence.startswith(f"The database {path} comes from a newer version of this bot")
    assert path.read_bytes() == before


async def test_the_bots_own_migrations_make_a_sound_database(path: Path, open_database: OpenDatabase) -> None:
    def look(connection: Connection) -> tuple[str, int, list[str]]:
        check = connection.execute("PRAGMA integrity_check").fetchone()[0]
        user_version = connection.execute("PRAGMA user_version").fetchone()[0]
        lax = connection.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict"
            " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        ).fetchall()
        return check, user_version, [row[0] for row in lax]

    newest = max(scripts_in(MIGRATIONS))
    database = await open_database(path)
    assert await database.read(look) == ("ok", newest, [])


def test_no_two_of_the_bots_own_migrations_have_one_number() -> None:
    """One of them would be left out without a word."""
    taken = [int(step.name[:4]) for step in sorted(MIGRATIONS.glob("*.sql"))]
    assert taken == list(range(1, len(taken) + 1))
