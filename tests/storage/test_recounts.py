"""Boards counted anew in parts, one case at a time: what is shown, how long a part is, what ends a count."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.periods import Period
from bot.core.refusal import Refusal
from bot.storage import moderation, privacy, recounts
from bot.storage.boards import board_page
from bot.storage.moments import to_ms
from tests.storage.played import (
    MODERATOR,
    database_file,
    play,
    rebuild,
    totals,
)
from tests.storage.recounting import ELSEWHERE, EVENING, GUILD, NOW, ROUND, choose_zone, finish, plain, states


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with database_file(tmp_path / "trivia.db") as opened:
        yield opened


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a part be one round."""
    monkeypatch.setattr(recounts, "WORK_AT_ONCE", 20)


def days(connection: sqlite3.Connection) -> set[object]:
    return {row[1] for row in totals(connection, GUILD) if row[0] == "day"}


def test_a_small_server_has_its_new_board_at_once(connection: sqlite3.Connection) -> None:
    for _ in range(20):
        play(connection, GUILD, EVENING, ROUND)
    choose_zone(connection, GUILD, "Europe/Berlin")
    assert days(connection) == {"2026-08-03"}
    assert states(connection) == ["retired", "current"]
    assert not recounts.do_part(connection)
    assert states(connection) == ["current"]


@pytest.mark.usefixtures("small_parts")
def test_the_old_board_is_shown_in_its_own_zone_until_the_new_one_is_there(
    connection: sqlite3.Connection,
) -> None:
    for _ in range(3):
        play(connection, GUILD, EVENING, ROUND)
    choose_zone(connection, GUILD, "Europe/Berlin")
    play(connection, GUILD, EVENING, ROUND)
    for points in (4 * 230, 4 * 230, 4 * 230):
        page = board_page(connection, GUILD, Period.DAY, EVENING, reader_id=1)
        assert (page.first_day, page.places[0].points) == ("2026-08-02", points)
        recounts.do_part(connection)
    finish(connection)
    page = board_page(connection, GUILD, Period.DAY, EVENING, reader_id=1)
    assert (page.first_day, page.places[0].points) == ("2026-08-03", 4 * 230)


@pytest.mark.usefixtures("small_parts")
def test_of_two_changes_the_last_one_counts_and_none_is_counted_for_nothing(
    connection: sqlite3.Connection,
) -> None:
    for _ in range(3):
        play(connection, GUILD, EVENING, ROUND)
    choose_zone(connection, GUILD, "Pacific/Pago_Pago")
    choose_zone(connection, GUILD, "Europe/Berlin")
    assert states(connection) == ["current", "retired", "counting"]
    finish(connection)
    assert days(connection) == {"2026-08-03"}
    choose_zone(connection, GUILD, "UTC")
    choose_zone(connection, GUILD, "Europe/Berlin")
    assert states(connection) == ["current", "retired"]
    finish(connection)
    assert states(connection) == ["current"]
    assert days(connection) == {"2026-08-03"}


@pytest.mark.usefixtures("small_parts")
def test_a_reset_ends_a_count(connection: sqlite3.Connection) -> None:
    for _ in range(3):
        play(connection, GUILD, EVENING, ROUND)
    choose_zone(connection, GUILD, "Europe/Berlin")
    moderation.reset_board(connection, GUILD, MODERATOR, to_ms(NOW), NOW)
    assert states(connection) == ["retired", "retired", "current"]
    assert totals(connection, GUILD) == []
    finish(connection)
    assert states(connection) == ["current"]
    assert connection.execute("SELECT COUNT(*) FROM totals").fetchone() == (0,)
    assert connection.execute("SELECT COUNT(*) FROM total_buckets").fetchone() == (0,)
    play(connection, GUILD, NOW + timedelta(hours=11), ROUND)
    assert days(connection) == {"2026-08-06"}


def test_a_reset_takes_no_time_however_much_there_is(connection: sqlite3.Connection) -> None:
    for _ in range(30):
        play(connection, GUILD, EVENING, ROUND)
    before = connection.total_changes
    moderation.reset_board(connection, GUILD, MODERATOR, to_ms(NOW), NOW)
    assert connection.total_changes - before == 3


def test_a_reset_holds_though_the_clock_was_set_back(connection: sqlite3.Connection) -> None:
    play(connection, GUILD, NOW, ROUND)
    earlier = NOW - timedelta(hours=1)
    moderation.reset_board(connection, GUILD, MODERATOR, to_ms(earlier), earlier)
    assert totals(connection, GUILD) == []
    rebuild(connection, GUILD)
    assert totals(connection, GUILD) == []
    play(connection, GUILD, earlier + timedelta(minutes=1), ROUND)
    kept = totals(connection, GUILD)
    assert ("all", "", 1, 230, 2, 2, 1) in kept
    rebuild(connection, GUILD)
    assert totals(connection, GUILD) == kept
    with pytest.raises(Refusal, match="reset in the meantime"):
        moderation.reset_board(connection, GUILD, MODERATOR, to_ms(earlier), earlier + timedelta(minutes=2))
    again = earlier + timedelta(minutes=3)
    moderation.reset_board(connection, GUILD, MODERATOR, to_ms(again), again)
    assert totals(connection, GUILD) == []


@pytest.mark.usefixtures("small_parts")
def test_each_part_is_short(connection: sqlite3.Connection) -> None:
    for _ in range(10):
        play(connection, GUILD, EVENING, ROUND)
    recounts.begin(connection, [GUILD])
    changes = []
    more = True
    while more:
        before = connection.total_changes
        more = recounts.do_part(connection)
        changes.append(connection.total_changes - before)
    # A round has 12 rows of totals, each with its bucket.
    assert len(changes) >= 11
    assert max(changes) <= 12 * 4


def test_many_servers_share_a_part(connection: sqlite3.Connection) -> None:
    for guild_id in range(1, 21):
        play(connection, guild_id, EVENING, ROUND)
    recounts.begin(connection, recounts.guilds_to_count(connection))
    assert finish(connection) == 2


@pytest.mark.usefixtures("small_parts")
def test_a_server_is_purged_while_it_is_counted(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy, "ROUNDS_AT_ONCE", 1)
    for guild_id in (GUILD, ELSEWHERE):
        for _ in range(3):
            play(connection, guild_id, EVENING, ROUND)
    kept = totals(connection, ELSEWHERE)
    choose_zone(connection, GUILD, "Europe/Berlin")
    recounts.do_part(connection)
    calls = 1
    while privacy.purge_guild(connection, GUILD):
        calls += 1
        assert totals(connection, GUILD) == []
        recounts.do_part(connection)
    assert calls > 3
    assert privacy.stored_guilds(connection) == {ELSEWHERE}
    assert connection.execute("SELECT COUNT(DISTINCT board_id) FROM totals").fetchone() == (1,)
    assert totals(connection, ELSEWHERE) == kept


def test_a_server_that_returns_in_the_middle_of_its_purge_counts_what_is_left(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy, "ROUNDS_AT_ONCE", 1)
    for _ in range(3):
        play(connection, GUILD, EVENING, ROUND)
    assert privacy.purge_guild(connection, GUILD)
    assert totals(connection, GUILD) == []
    play(connection, GUILD, EVENING, ROUND)
    finish(connection)
    assert totals(connection, GUILD) == plain(connection, GUILD, "UTC", set())
    assert ("all", "", 1, 3 * 230, 6, 6, 3) in totals(connection, GUILD)


@pytest.mark.usefixtures("small_parts")
def test_the_export_says_which_server_and_board_points_are_of(connection: sqlite3.Connection) -> None:
    for _ in range(3):
        play(connection, GUILD, EVENING, ROUND)
    choose_zone(connection, GUILD, "Europe/Berlin")
    document = json.loads(privacy.export_user(connection, 1, NOW))
    [points] = [part["rows"] for part in document["parts"] if part["table"] == "totals"]
    assert {row["guild_id"] for row in points} == {GUILD}
    assert {(row["state"], row["time_zone"]) for row in points} == {
        ("current", "UTC"),
        ("counting", "Europe/Berlin"),
    }


@pytest.mark.usefixtures("small_parts")
def test_a_person_is_deleted_from_every_board_in_parts_that_each_leave_it_right(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy, "ROUNDS_OF_A_PLAYER", 2)
    for guild_id in (GUILD, ELSEWHERE):
        for _ in range(3):
            play(connection, guild_id, EVENING, ROUND)
    choose_zone(connection, GUILD, "Europe/Berlin")
    recounts.do_part(connection)
    rows, more, calls = 0, True, 0
    while more:
        part, more = privacy.delete_user(connection, 1)
        rows, calls = rows + part, calls + 1
        assert totals(connection, GUILD) == plain(connection, GUILD, "UTC", set())
        assert totals(connection, ELSEWHERE) == plain(connection, ELSEWHERE, "UTC", set())
    # Two answers in each of six rounds, and the six rounds that they started.
    assert (rows, calls) == (18, 3)
    assert connection.execute("SELECT COUNT(*) FROM totals WHERE user_id = 1").fetchone() == (0,)
    finish(connection)
    assert totals(connection, GUILD) == plain(connection, GUILD, "Europe/Berlin", set())
