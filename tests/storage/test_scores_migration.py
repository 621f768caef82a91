"""A file of before boards were queries: everybody's points come over as they were."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.refusal import Refusal
from bot.storage import moderation, scores
from bot.storage.connection import Connection
from bot.storage.moments import to_ms
from bot.storage.sqlite import SqliteConnection
from bot.storage.sqlite_scripts import MIGRATIONS, migrate
from tests.storage.played import MODERATOR, Asked, Given, plain, play, rebuild, totals

MODERATED, RESET, HALFWAY, ALONE = 1, 2, 3, 5
ZONES = {MODERATED: "UTC", RESET: "UTC", HALFWAY: "Pacific/Kiritimati", ALONE: "UTC"}
ROUNDS_BEFORE_RESET = {10, 11, 12}
NOW = datetime(2026, 8, 5, 12, tzinfo=UTC)

Totals = dict[int, list[tuple[object, ...]]]


@pytest.fixture
def carried(tmp_path: Path) -> Iterator[tuple[Connection, Totals]]:
    """Return a file that the code of version 5 wrote, brought up to date, and the totals that it showed."""
    path, scripts = tmp_path / "trivia.db", tmp_path / "scripts"
    scripts.mkdir()
    for script in sorted(MIGRATIONS.glob("*.sql"))[:5]:
        shutil.copy(script, scripts)
    with closing(sqlite3.connect(path, isolation_level=None, factory=SqliteConnection)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        migrate(connection, path, scripts)
        connection.executescript((Path(__file__).parent / "version_5.sql").read_text("utf-8"))
        before = {
            guild_id: connection.execute(
                "SELECT period, starts, user_id, points, correct, answered, rounds"
                " FROM totals JOIN boards USING (board_id) WHERE guild_id = ? AND state = 'current'"
                " ORDER BY period, starts, user_id",
                (guild_id,),
            ).fetchall()
            for guild_id in ZONES
        }
        migrate(connection, path)
        yield connection, before


def test_totals_are_the_same_before_and_after(carried: tuple[Connection, Totals]) -> None:
    connection, before = carried
    assert [guild_id for guild_id, rows in before.items() if rows] == [MODERATED, RESET, HALFWAY]
    for guild_id, rows in before.items():
        # The board that was shown of HALFWAY had the calendar of its zone of before still.
        connection.execute("UPDATE guilds SET time_zone = 'UTC'")
        assert totals(connection, guild_id) == rows
        rebuild(connection, guild_id)
        assert totals(connection, guild_id) == rows
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_recount_that_was_half_done_is_no_longer_needed(
    carried: tuple[Connection, Totals],
) -> None:
    connection, _ = carried
    for guild_id, zone in ZONES.items():
        reset = ROUNDS_BEFORE_RESET if guild_id == RESET else set()
        assert totals(connection, guild_id) == plain(connection, guild_id, zone, reset)


def test_what_moderators_decided_can_be_undone(carried: tuple[Connection, Totals]) -> None:
    connection, _ = carried
    moderation.unblock_player(connection, MODERATED, 2)
    connection.execute("DELETE FROM voided_questions")
    scores.recount_question(connection, MODERATED, "la-la-land", "ramp")
    assert totals(connection, MODERATED) == plain(connection, MODERATED, "UTC", set())
    with pytest.raises(Refusal, match="reset in the meantime"):
        moderation.reset_board(connection, RESET, MODERATOR, to_ms(NOW) - 10**9, NOW)


def test_boards_go_on_from_there(carried: tuple[Connection, Totals]) -> None:
    connection, before = carried
    play(connection, ALONE, NOW, [Asked("ramp", {1: Given(5), 3: Given(1)})])
    assert ("all", "", 1, 5, 1, 1, 1) in totals(connection, ALONE)
    play(connection, MODERATED, NOW, [Asked("pier", {1: Given(5), 3: Given(1)})])
    [old] = [row[3] for row in before[MODERATED] if row[:3] == ("all", "", 1)]
    [new] = [row[3] for row in totals(connection, MODERATED) if row[:3] == ("all", "", 1)]
    assert new == int(str(old)) + 5
