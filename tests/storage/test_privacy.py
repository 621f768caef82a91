"""What is stored about a person or a server, found by walking the schema."""

import json
from datetime import UTC, datetime, time

import pytest

from bot.core.shards import EVERY
from bot.storage import daily, privacy
from bot.storage.connection import Connection
from bot.storage.daily import Wish
from bot.storage.sqlite import SqliteConnection
from tests.storage.schema import columns, lift_constraints, restore_constraints

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
SOMEBODY, ANOTHER = 256700000000000001, 256700000000000002
SERVER, OTHER_SERVER = 900000000000000001, 900000000000000002
KEPT = {("blocked_players", "user_id")}
"""A block is the moderators' decision; the export and PRIVACY.md say that it stays."""


def _columns(connection: Connection) -> list[tuple[str, str, str]]:
    return [(column.table, column.name, column.kind) for column in columns(connection)]


def user_columns(connection: Connection) -> set[tuple[str, str]]:
    return {
        (table, name)
        for table, name, _ in _columns(connection)
        if name == "user_id" or name.endswith("_user_id")
    }


def fill(connection: Connection) -> None:
    """Give every table that has somebody's id or a server's two rows: one of ours, one of others'."""
    lift_constraints(connection)
    all_columns, of_users = _columns(connection), user_columns(connection)
    mentioned = {table for table, _ in of_users} | set(privacy.GUILD_TABLES)
    mentioned |= {"asked_questions", "challenge_questions", "daily_posts"}
    for table in sorted(mentioned):
        for number, (user_id, guild_id) in enumerate(((SOMEBODY, SERVER), (ANOTHER, OTHER_SERVER)), 1):
            row: dict[str, object] = {}
            for other, name, kind in all_columns:
                if other == table:
                    row[name] = {
                        "INTEGER": number,
                        "REAL": number / 2,
                        "TEXT": f"text{number}",
                        "BLOB": b"\1\0\0\0",
                    }[kind]
                    if (table, name) in of_users:
                        row[name] = user_id
                    elif name == "guild_id":
                        row[name] = guild_id
            connection.execute(
                f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
                [*row.values()],
            )
    connection.execute(
        "UPDATE daily_schedules SET time_zone = 'UTC', wall_time = '09:00', next_date = '2026-03-21',"
        " pause_reason = NULL, missed_date = NULL"
    )
    restore_constraints(connection)


def holding(connection: Connection, value: int) -> set[tuple[str, str]]:
    """Return every (table, column) in which the number stands, whatever the column is called."""
    return {
        (table, name)
        for table, name, kind in _columns(connection)
        if kind == "INTEGER"
        and connection.execute(f"SELECT 1 FROM {table} WHERE {name} = ?", (value,)).fetchone()
    }


def test_every_column_with_a_users_id_is_declared_and_nothing_else(connection: Connection) -> None:
    declared = [(column.table, column.column) for column in privacy.PERSONAL]
    assert len(declared) == len(set(declared))
    assert set(declared) == user_columns(connection)
    assert {(c.table, c.column) for c in privacy.PERSONAL if c.on_delete == "keep"} == KEPT
    assert all(column.about.endswith(".") for column in privacy.PERSONAL)


def test_every_table_of_servers_is_named_and_nothing_else(connection: Connection) -> None:
    with_guilds = {column.table for column in columns(connection) if column.name == "guild_id"}
    assert set(privacy.GUILD_TABLES) == with_guilds


def test_what_is_cleared_can_be_empty(connection: Connection) -> None:
    required = {(column.table, column.name) for column in columns(connection) if column.is_required}
    assert not required & {(c.table, c.column) for c in privacy.PERSONAL if c.on_delete == "clear"}


def test_the_export_has_every_row_and_the_deletion_leaves_none(connection: Connection) -> None:
    fill(connection)
    assert holding(connection, SOMEBODY) == user_columns(connection)
    document = json.loads(privacy.export_user(connection, SOMEBODY, NOW))
    exported = {(part["table"], part["what"]) for part in document["parts"] if part["rows"]}
    assert exported == {(column.table, column.about) for column in privacy.PERSONAL}
    for part in document["parts"]:
        [row] = part["rows"]
        assert str(SOMEBODY) in row.values()
        assert row.keys() >= {name for table, name, _ in _columns(connection) if table == part["table"]}

    privacy.delete_user(connection, SOMEBODY)
    assert holding(connection, SOMEBODY) == KEPT
    assert holding(connection, ANOTHER) == user_columns(connection)


def test_a_second_deletion_finds_nothing(connection: Connection) -> None:
    fill(connection)
    assert privacy.delete_user(connection, SOMEBODY) == (len(user_columns(connection)) - len(KEPT), False)
    assert privacy.delete_user(connection, SOMEBODY) == (0, False)


def test_the_export_names_nobody_else(connection: Connection) -> None:
    connection.execute(
        "INSERT INTO blocked_players (guild_id, user_id, moderator_user_id, blocked_ms) VALUES (1, ?, ?, 5)",
        (SOMEBODY, ANOTHER),
    )
    text = privacy.export_user(connection, SOMEBODY, NOW).decode()
    assert str(ANOTHER) not in text
    assert "somebody else" in text
    assert "1970-01-01T00:00:00.005000+00:00" in text


def test_numbers_that_a_reader_would_round_are_text(connection: Connection) -> None:
    fill(connection)
    document = json.loads(privacy.export_user(connection, SOMEBODY, NOW))
    assert not [
        value
        for part in document["parts"]
        for row in part["rows"]
        for value in row.values()
        if isinstance(value, int) and value > 2**53
    ]


def test_a_servers_data_goes_whole_and_alone(connection: Connection) -> None:
    fill(connection)
    connection.execute("UPDATE daily_schedules SET guild_id = ? WHERE schedule_id = 1", (SERVER,))
    assert privacy.stored_guilds(connection, EVERY) == {SERVER, OTHER_SERVER}
    while privacy.purge_guild(connection, SERVER):
        pass
    assert holding(connection, SERVER) == set()
    assert privacy.stored_guilds(connection, EVERY) == {OTHER_SERVER}
    challenge = ("challenge_questions", "challenge_plays", "challenge_answers")
    for table in ("asked_questions", "answers", "daily_posts", *challenge):
        assert connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone() == (1,), table
    if isinstance(connection, SqliteConnection):
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_the_decks_of_a_servers_schedules_go_with_it(connection: Connection) -> None:
    schedule = daily.put_schedule(connection, Wish(SERVER, 1, "UTC", time(9)), NOW, 1)
    connection.execute(
        "INSERT INTO decks VALUES (0, 0, ?, 'la-la-land', 'fact', ?, ?)",
        (schedule.id, b"\1\0\0\0", b"\1\0\0\0"),
    )
    privacy.purge_guild(connection, SERVER)
    assert connection.execute("SELECT COUNT(*) FROM decks").fetchone() == (0,)


def test_a_large_server_goes_in_parts(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "ROUNDS_AT_ONCE", 3)
    for number in range(7):
        connection.execute(
            "INSERT INTO rounds (guild_id, channel_id, pack, answer_form, scoring, spoilers, questions,"
            " state, started_ms, ended_ms) VALUES (?, ?, 'p', 'buttons', 'speed', 0, 5, 'finished', 1, 2)",
            (SERVER, number),
        )
    calls = 1
    while privacy.purge_guild(connection, SERVER):
        calls += 1
    assert calls == 3
    assert privacy.stored_guilds(connection, EVERY) == set()
