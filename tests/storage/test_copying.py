"""A database that is carried over to PostgreSQL: whole and the same, or not at all."""

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock, Timeout

from bot.cli import main
from bot.core.shards import EVERY, Shards
from bot.storage import own_packs
from bot.storage.connection import Connection, DatabaseUnusable
from bot.storage.lock import hold, starting
from bot.storage.moderation import blocked_players
from bot.storage.open_rounds import load_open_rounds
from tests import postgres
from tests.storage.conftest import OpenDatabase
from tests.storage.everything import ANY_BYTES, ANY_TEXT, ELSEWHERE, GUILD, NOW, write_everything
from tests.storage.played import Asked, Given, database_file, play, totals
from tests.storage.schema import columns
from tests.storage.test_own_packs import pack_of

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def source(path: Path) -> Path:
    return write_everything(path)


@pytest.fixture(params=[False, True], ids=["new", "with tables"])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    with postgres.database(with_tables=request.param) as made:
        yield made


@pytest.fixture
def new_address() -> Iterator[str]:
    with postgres.database() as made:
        yield made


@pytest.fixture(autouse=True)
def without_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_PATH", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    # The command's own log would go on writing to what a test captures, also after that test.
    monkeypatch.setattr("bot.cli.set_up_logging", lambda *_: None)


def copy(source: Path, address: str, tell: Callable[[str], None] = lambda _: None) -> Any:
    from bot.storage.copying import copy_to_postgres  # noqa: PLC0415 (the driver may not be installed)

    return copy_to_postgres(source, address, tell)


def rows_of(connection: Connection) -> Rows:
    """Return every row of every table, in an order that is the same on both engines."""
    names = sorted({column.table for column in columns(connection)})
    return {name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in names}


def rows_in_file(path: Path) -> Rows:
    with database_file(path) as connection:
        return rows_of(connection)


def rows_at(address: str) -> Rows:
    with closing(postgres.session(address)) as session:
        return rows_of(session)


def is_without_rows(address: str) -> bool:
    return not any(rows_at(address).values())


def test_the_file_has_something_in_every_table(source: Path) -> None:
    rows = rows_in_file(source)
    assert [name for name, found in rows.items() if not found] == []
    assert ("any text", ANY_TEXT) in rows["app_state"]
    assert ANY_BYTES in {row[5] for row in rows["decks"]}


def test_every_row_is_carried_over_and_the_file_is_as_it_was(source: Path, address: str) -> None:
    before, content = rows_in_file(source), source.read_bytes()
    said: list[str] = []
    copied = copy(source, address, said.append)
    assert rows_at(address) == before
    assert copied.rows == sum(map(len, before.values()))
    assert copied.mended == 0
    assert said == [
        *(f"{line.split(':')[0]}: {len(before[line.split(':')[0]])}" for line in said[:-1]),
        said[-1],
    ]
    assert {line.split(":")[0] for line in said[:-1]} == before.keys()
    assert source.read_bytes() == content


async def test_the_bot_goes_on_with_the_copy(
    source: Path, new_address: str, open_database: OpenDatabase
) -> None:
    with database_file(source) as connection:
        boards = [totals(connection, guild_id) for guild_id in (GUILD, ELSEWHERE)]
        newest = connection.execute("SELECT MAX(round_id) FROM rounds").fetchone()[0]
        open_rounds = load_open_rounds(connection, EVERY)
        blocked = blocked_players(connection, ELSEWHERE, 10)
    copy(source, new_address)
    database = await open_database(new_address)
    assert [await database.read(totals, guild_id) for guild_id in (GUILD, ELSEWHERE)] == boards
    assert await database.read(load_open_rounds, EVERY) == open_rounds
    assert await database.read(blocked_players, ELSEWHERE, 10) == blocked
    assert await database.write(play, GUILD, NOW, [Asked("ramp", {1: Given(50), 2: Given()})]) == newest + 1
    assert await database.read(totals, GUILD) != boards[0]


async def test_no_number_is_given_again(source: Path, new_address: str, open_database: OpenDatabase) -> None:
    """The last that were given are those of questions that were removed."""
    with database_file(source) as connection:
        given = dict(connection.execute("SELECT name, seq FROM sqlite_sequence"))
        assert given["questions"] > connection.execute("SELECT MAX(number) FROM questions").fetchone()[0]
    copy(source, new_address)
    database = await open_database(new_address)
    own = own_packs.OwnPacks(database)
    before = await own.get(GUILD)
    await own.replace(GUILD, own_packs.as_written(before), pack_of(GUILD, 5))
    after = await own.get(GUILD)
    assert min(after.questions.keys() - before.questions.keys()) > given["questions"]
    assert min(after.facts.keys() - before.facts.keys()) > given["facts"]


@pytest.mark.parametrize("begun", ["a bot", "somebody"])
def test_a_database_that_holds_something_is_left_as_it_is(source: Path, begun: str) -> None:
    with postgres.database(with_tables=True) as address:
        with closing(postgres.session(address)) as session:
            session.execute("INSERT INTO app_state (name, value) VALUES ('begun', ?)", (begun,))
        before = rows_at(address)
        with pytest.raises(DatabaseUnusable, match=r"trivia_\d+ on 127.0.0.1 is not empty .* app_state"):
            copy(source, address)
        assert rows_at(address) == before


def test_another_programs_database_is_left_alone(source: Path, new_address: str) -> None:
    name = new_address.rsplit("/", 1)[1]
    postgres.shared_server().run_sql("CREATE TABLE bookmarks (number BIGINT)", name)
    with pytest.raises(DatabaseUnusable, match="another program"):
        copy(source, new_address)


@pytest.mark.parametrize("blow", ["the session is lost", "Ctrl+C"])
def test_a_break_in_the_middle_leaves_nothing(source: Path, address: str, blow: str) -> None:
    has_tables = tables_at(address)
    lines: list[str] = []

    def strike(line: str) -> None:
        lines.append(line)
        if line.startswith("answers"):
            if blow == "Ctrl+C":
                raise KeyboardInterrupt
            postgres.end_sessions(address)

    with pytest.raises((DatabaseUnusable, KeyboardInterrupt)):
        copy(source, address, strike)
    assert lines[-1].startswith("answers")
    assert tables_at(address) == has_tables
    assert not has_tables or is_without_rows(address)
    copy(source, address)
    assert rows_at(address) == rows_in_file(source)


def tables_at(address: str) -> set[object]:
    name = address.rsplit("/", 1)[1]
    found = postgres.shared_server().run_sql(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'", name
    )
    return {table for (table,) in found}


@pytest.mark.parametrize(
    "change",
    [
        "NEW.points = NEW.points + 1; RETURN NEW",
        "RETURN NULL",
        "IF NEW.user_id > 2 THEN RETURN NULL; END IF; RETURN NEW",
    ],
)
def test_a_copy_that_is_not_the_same_is_not_kept(source: Path, change: str) -> None:
    with postgres.database(with_tables=True) as address:
        with closing(postgres.session(address)) as session:
            session.execute(
                f"CREATE FUNCTION meddle() RETURNS TRIGGER AS $$ BEGIN {change}; END $$ LANGUAGE plpgsql"
            )
            session.execute(
                "CREATE TRIGGER meddling BEFORE INSERT ON totals FOR EACH ROW EXECUTE FUNCTION meddle()"
            )
        with pytest.raises(DatabaseUnusable, match="The copy of totals is not the same"):
            copy(source, address)
        assert is_without_rows(address)


def test_a_row_too_many_is_noticed(source: Path) -> None:
    with postgres.database(with_tables=True) as address:
        with closing(postgres.session(address)) as session:
            session.execute(
                "CREATE FUNCTION meddle() RETURNS TRIGGER AS $$ BEGIN"
                " INSERT INTO board_resets (guild_id, reset_ms) VALUES (2, 0) ON CONFLICT DO NOTHING;"
                " RETURN NULL; END $$ LANGUAGE plpgsql"
            )
            session.execute(
                "CREATE TRIGGER meddling AFTER INSERT ON board_resets FOR EACH ROW EXECUTE FUNCTION meddle()"
            )
        with pytest.raises(DatabaseUnusable, match="The copy of board_resets is not the same"):
            copy(source, address)


def test_what_postgresql_does_not_take_is_told(source: Path, new_address: str) -> None:
    with database_file(source) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DELETE FROM packs")
    with pytest.raises(DatabaseUnusable, match=r"does not accept a row of (facts|questions) .*foreign key"):
        copy(source, new_address)
    assert tables_at(new_address) == set()


def test_a_nul_is_replaced_and_told_of(
    source: Path, new_address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with database_file(source) as connection:
        connection.execute("UPDATE app_state SET value = ?", ("a\0b\0",))
        connection.execute("UPDATE reports SET reason = ?", ("\0",))
    assert main(["copy-to", new_address]) == 0
    rows = rows_at(new_address)
    assert rows["app_state"] == [("any text", "a\ufffdb\ufffd")]
    assert "In 2 rows a text had a NUL character" in capsys.readouterr().out


def test_the_command_says_how_far_it_is_and_what_comes_next(
    source: Path, new_address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["copy-to", new_address]) == 0
    said = capsys.readouterr().out.splitlines()
    assert "blocked_players: 1" in said
    assert said[-2] == "Comparing every row"
    assert "Set DATABASE_URL to its address and start the bot" in said[-1]
    assert main(["copy-to", new_address]) == 2
    assert "is not empty" in capsys.readouterr().err


def test_without_an_address_it_is_that_of_the_settings(
    source: Path, new_address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["copy-to"]) == 2
    assert "no database to copy to" in capsys.readouterr().err
    monkeypatch.setenv("DATABASE_URL", new_address)
    assert main(["copy-to"]) == 0
    assert rows_at(new_address) == rows_in_file(source)


@pytest.mark.parametrize("shards", [EVERY, Shards(4, (2,))], ids=str)
def test_no_bot_runs_meanwhile(
    source: Path, new_address: str, shards: Shards, capsys: pytest.CaptureFixture[str]
) -> None:
    with starting(source) as others:
        held = hold(source, shards, others)
    with held:
        assert main(["copy-to", new_address]) == 2
    assert "A bot is running on trivia.db. Stop every bot on it first." in capsys.readouterr().err
    assert tables_at(new_address) == set()


def test_no_bot_starts_meanwhile(source: Path, new_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[bool] = []
    lock = FileLock(f"{source}.lock", thread_local=False)

    def is_held(*_: object, **__: object) -> None:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            held.append(True)
        else:
            lock.release()
            held.append(False)

    monkeypatch.setattr("builtins.print", is_held)
    assert main(["copy-to", new_address]) == 0
    assert held[-1] is False, "the last line comes when all is done"
    assert all(held[:-1])


@pytest.mark.parametrize(("number", "sentence"), [(18, "older version"), (99, "newer version")])
def test_a_file_of_another_format_is_refused_and_not_changed(
    source: Path, new_address: str, number: int, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(source)) as connection:
        connection.execute(f"PRAGMA user_version = {number}")
    before = source.read_bytes()
    assert main(["copy-to", new_address]) == 2
    assert sentence in capsys.readouterr().err
    assert source.read_bytes() == before
    assert tables_at(new_address) == set()


def test_what_is_no_database_of_ours_is_refused(
    path: Path, new_address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["copy-to", new_address]) == 2
    assert "There is no database trivia.db" in capsys.readouterr().err
    path.write_bytes(b"text" * 1_000)
    assert main(["copy-to", new_address]) == 2
    assert "is not a database" in capsys.readouterr().err
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (number INTEGER)")
    assert main(["copy-to", new_address]) == 2
    assert "another program" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("postgresql://me:hush@127.0.0.1:1/name", "cannot be used"),
        ("postgresql://me:hush@127.0.0.1/name?hush=1", "no address"),
        ("mysql://me:hush@127.0.0.1/name", "no address"),
        ("hush", "no address"),
        ("", "no address"),
        ("postgresql://me:hu@hush@127.0.0.1/name", "character"),
        ("postgresql://me:hu/hush@127.0.0.1/name", "character"),
        ("postgresql://me:hu?hush@127.0.0.1/name", "character"),
        ("postgresql://me:100%hush@127.0.0.1/name", "character"),
        ("postgresql://me:%00hush@127.0.0.1/name", "character"),
    ],
)
def test_an_address_that_does_not_work_is_told_without_its_password(
    source: Path, address: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    postgres.need()
    assert main(["copy-to", address]) == 2
    said = capsys.readouterr()
    assert sentence in said.err
    assert len(said.err.splitlines()) == 1
    assert said.out == ""
    assert "hush" not in said.err.replace('"hush"', "" if "?hush=" in address else '"hush"')


def test_without_the_driver_it_says_what_to_install(
    source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in {"psycopg", *(name for name in sys.modules if name.split(".")[0] == "psycopg")}:
        monkeypatch.setitem(sys.modules, name, None)
    for name in ("copying", "postgres"):
        monkeypatch.delitem(sys.modules, f"bot.storage.{name}", raising=False)
    assert main(["copy-to", "postgresql://me@127.0.0.1/name"]) == 2
    assert "pip install -e '.[postgres]'" in capsys.readouterr().err
