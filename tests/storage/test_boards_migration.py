"""Files from before boards had numbers: everything in them is carried over."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.refusal import Refusal
from bot.storage import moderation
from bot.storage.database import MIGRATIONS, migrate
from bot.storage.moments import to_ms
from tests.storage.played import MODERATOR, Asked, Given, begin, play, rebuild, totals

BERLIN, DEFAULTS, EMPTY, STRAY = 5_000, 6_000, 7_000, 8_000
NOW = datetime(2026, 8, 2, 22, 30, tzinfo=UTC)
TOTALS = [
    (BERLIN, "all", "", 1, 1_230, 9, 12, 3),
    (BERLIN, "all", "", 2, 1_260, 8, 12, 3),
    (BERLIN, "day", "2026-08-03", 1, 230, 2, 4, 1),
    (DEFAULTS, "all", "", 1, 7, 1, 2, 1),
    (STRAY, "all", "", 3, 55, 1, 1, 1),
]
BUCKETS = {("all", "", 1_200): 2, ("day", "2026-08-03", 230): 1}


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file as the third version left it, with its totals, brought up to date."""
    path, scripts = tmp_path / "trivia.db", tmp_path / "scripts"
    scripts.mkdir()
    for script in sorted(MIGRATIONS.glob("*.sql"))[:3]:
        shutil.copy(script, scripts)
    with closing(sqlite3.connect(path, isolation_level=None)) as opened:
        opened.execute("PRAGMA foreign_keys = ON")
        migrate(opened, path, scripts)
        opened.execute(
            "INSERT INTO guilds VALUES (?, NULL, 'Europe/Berlin', 0, 'speed', 2, 10, 20, NULL)", (BERLIN,)
        )
        opened.execute("INSERT INTO board_resets VALUES (?, 1, ?)", (DEFAULTS, to_ms(NOW)))
        begin(opened, EMPTY, [Asked("ramp", {1: Given()})])
        opened.executemany(
            "INSERT INTO totals (guild_id, period, starts, user_id, points, correct, answered, rounds)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            TOTALS,
        )
        migrate(opened, path, MIGRATIONS)
        yield opened


def test_boards_come_over_as_they_were(connection: sqlite3.Connection) -> None:
    for guild_id in (BERLIN, DEFAULTS, EMPTY, STRAY):
        assert totals(connection, guild_id) == [row[1:] for row in TOTALS if row[0] == guild_id]
    boards = connection.execute("SELECT guild_id, time_zone, state, counted_to FROM boards ORDER BY guild_id")
    assert boards.fetchall() == [
        (BERLIN, "Europe/Berlin", "current", 2**63 - 1),
        (DEFAULTS, "UTC", "current", 2**63 - 1),
        (EMPTY, "UTC", "current", 2**63 - 1),
        (STRAY, "UTC", "current", 2**63 - 1),
    ]
    buckets = connection.execute(
        "SELECT period, starts, bucket, players FROM total_buckets JOIN boards USING (board_id)"
        " WHERE guild_id = ?",
        (BERLIN,),
    )
    assert {row[:3]: row[3] for row in buckets} == BUCKETS
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_boards_go_on_from_there(connection: sqlite3.Connection) -> None:
    play(connection, BERLIN, NOW, [Asked("ramp", {1: Given(5), 3: Given(1)})])
    assert ("day", "2026-08-03", 1, 235, 3, 5, 2) in totals(connection, BERLIN)
    assert ("all", "", 3, 1, 1, 1, 1) in totals(connection, BERLIN)
    rebuild(connection, BERLIN)
    assert ("day", "2026-08-03", 1, 5, 1, 1, 1) in totals(connection, BERLIN)


def test_a_reset_of_before_holds(connection: sqlite3.Connection) -> None:
    play(connection, DEFAULTS, NOW, [Asked("ramp", {1: Given(5), 3: Given(1)})])
    connection.execute("UPDATE rounds SET ended_ms = ? WHERE guild_id = ?", (to_ms(NOW), DEFAULTS))
    rebuild(connection, DEFAULTS)
    assert totals(connection, DEFAULTS) == []
    with pytest.raises(Refusal, match="reset in the meantime"):
        moderation.reset_board(connection, DEFAULTS, MODERATOR, to_ms(NOW), NOW)
