import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.content import Spoiler
from bot.core.refusal import Refusal
from bot.core.rounds import EndReason
from bot.storage import moderation
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.moments import to_ms
from bot.storage.reports import Report, add_report
from bot.storage.rounds import end_round, standings
from tests.storage.played import (
    MODERATOR,
    PACK,
    Asked,
    Given,
    add_questions,
    begin,
    play,
    totals,
)

GUILD, ELSEWHERE = 5_000, 6_000
NOW = datetime(2026, 8, 5, 12, tzinfo=UTC)
WRONG = Given(0, correct=False, streak=0)
ROUND = [
    Asked("ramp", {1: Given(120), 2: Given(80), 3: WRONG}),
    Asked("pier", {1: Given(110, streak=2), 2: WRONG}),
]
REPORT = Report(PACK, "question", "ramp", "It was a bridge.", 1, GUILD, NOW)


def points(connection: Connection, guild_id: int = GUILD) -> dict[int, int]:
    rows = connection.execute("SELECT user_id, points FROM totals WHERE guild_id = ?", (guild_id,))
    return dict(rows)


def test_void_takes_points_here_only_and_undo_brings_them_back_exactly(
    connection: Connection,
) -> None:
    numbers = add_questions(connection, "ramp", "pier")
    for guild_id in (GUILD, ELSEWHERE):
        play(connection, guild_id, NOW - timedelta(days=40), ROUND)
        play(connection, guild_id, NOW, ROUND)
    before, elsewhere = totals(connection, GUILD), totals(connection, ELSEWHERE)
    moderation.void_question(connection, GUILD, numbers["ramp"], MODERATOR, NOW)
    assert points(connection) == {1: 220, 2: 0}
    assert totals(connection, ELSEWHERE) == elsewhere
    streaks = connection.execute("SELECT MAX(streak) FROM answers").fetchone()
    assert streaks == (2,)
    moderation.undo_void(connection, GUILD, numbers["ramp"])
    assert totals(connection, GUILD) == before


def test_void_and_undo_are_refused_the_second_time(connection: Connection) -> None:
    numbers = add_questions(connection, "ramp")
    play(connection, GUILD, NOW, ROUND)
    with pytest.raises(Refusal, match="in play already"):
        moderation.undo_void(connection, GUILD, numbers["ramp"])
    moderation.void_question(connection, GUILD, numbers["ramp"], MODERATOR, NOW)
    after = totals(connection, GUILD)
    with pytest.raises(Refusal, match="out of play already"):
        moderation.void_question(connection, GUILD, numbers["ramp"], MODERATOR + 1, NOW)
    with pytest.raises(Refusal, match="do not know that question"):
        moderation.void_question(connection, GUILD, 4_711, MODERATOR, NOW)
    with pytest.raises(Refusal, match="do not know that question"):
        moderation.undo_void(connection, GUILD, 4_711)
    assert totals(connection, GUILD) == after
    assert connection.execute("SELECT moderator_user_id FROM voided_questions").fetchall() == [(MODERATOR,)]


@pytest.mark.parametrize("void_first", [True, False])
async def test_void_racing_a_rounds_end_gives_the_same_board(tmp_path: Path, void_first: bool) -> None:
    database = await Database.open(tmp_path / "trivia.db")
    try:
        numbers = await database.write(add_questions, "ramp", "pier")
        round_id = await database.write(begin, GUILD, ROUND)
        works = [
            lambda c: moderation.void_question(c, GUILD, numbers["ramp"], MODERATOR, NOW),
            lambda c: end_round(c, round_id, EndReason.COMPLETED, to_ms(NOW)),
        ]
        await asyncio.gather(*(database.write(work) for work in (works if void_first else works[::-1])))
        assert await database.read(points) == {1: 110, 2: 0}
        final = await database.read(standings, round_id)
        assert {standing.user_id: standing.points for standing in final} == {1: 110, 2: 0}
    finally:
        await database.close()


def test_a_round_stays_ranked_when_a_void_leaves_one_player(connection: Connection) -> None:
    numbers = add_questions(connection, "ramp", "pier")
    play(connection, GUILD, NOW, [Asked("ramp", {2: Given()}), Asked("pier", {1: Given()})])
    moderation.void_question(connection, GUILD, numbers["ramp"], MODERATOR, NOW)
    assert points(connection) == {1: 100}


def test_a_blocked_player_leaves_the_board_until_unblocked(connection: Connection) -> None:
    play(connection, GUILD, NOW, ROUND)
    play(connection, ELSEWHERE, NOW, ROUND)
    before = totals(connection, GUILD)
    moderation.block_player(connection, GUILD, 1, MODERATOR, NOW)
    assert points(connection) == {2: 80, 3: 0}
    assert points(connection, ELSEWHERE) == {1: 230, 2: 80, 3: 0}
    with pytest.raises(Refusal, match="blocked already"):
        moderation.block_player(connection, GUILD, 1, MODERATOR, NOW)
    moderation.unblock_player(connection, GUILD, 1)
    assert totals(connection, GUILD) == before
    with pytest.raises(Refusal, match="not blocked"):
        moderation.unblock_player(connection, GUILD, 1)


def test_blocked_players_come_in_pages_newest_first(connection: Connection) -> None:
    for minutes in range(5):
        moderation.block_player(connection, GUILD, minutes, MODERATOR, NOW + timedelta(minutes=minutes))
    moderation.block_player(connection, ELSEWHERE, 77, MODERATOR, NOW)
    assert moderation.count_blocked(connection, GUILD) == 5
    assert [one.user_id for one in moderation.blocked_players(connection, GUILD, 3)] == [4, 3, 2]
    last = moderation.blocked_players(connection, GUILD, 3, 3)
    assert [(one.user_id, one.since) for one in last] == [(1, NOW + timedelta(minutes=1)), (0, NOW)]


def test_reset_empties_the_board_here_and_keeps_what_was_played(connection: Connection) -> None:
    play(connection, GUILD, NOW, ROUND)
    play(connection, ELSEWHERE, NOW, ROUND)
    moderation.reset_board(connection, GUILD, MODERATOR, to_ms(NOW), NOW)
    assert totals(connection, GUILD) == []
    assert points(connection, ELSEWHERE) == {1: 230, 2: 80, 3: 0}
    assert connection.execute("SELECT COUNT(*) FROM answers").fetchone() == (10,)
    play(connection, GUILD, NOW + timedelta(milliseconds=1), ROUND)
    assert points(connection) == {1: 230, 2: 80, 3: 0}


def test_one_confirmation_resets_once(connection: Connection) -> None:
    asked_ms = to_ms(NOW)
    moderation.reset_board(connection, GUILD, MODERATOR, asked_ms, NOW + timedelta(seconds=5))
    play(connection, GUILD, NOW + timedelta(minutes=1), ROUND)
    with pytest.raises(Refusal, match="reset in the meantime"):
        moderation.reset_board(connection, GUILD, MODERATOR, asked_ms, NOW + timedelta(minutes=2))
    assert points(connection) == {1: 230, 2: 80, 3: 0}
    later = NOW + timedelta(minutes=3)
    moderation.reset_board(connection, GUILD, MODERATOR, to_ms(later), later)
    assert points(connection) == {}


def test_cases_are_what_was_reported_here_and_what_is_voided(connection: Connection) -> None:
    numbers = add_questions(connection, "ramp", "pier", "club")
    connection.execute("UPDATE facts SET spoiler = 2")
    later = [NOW + timedelta(minutes=minutes) for minutes in range(6)]
    add_report(connection, REPORT)
    add_report(connection, replace(REPORT, item="pier", reported=later[1]))
    add_report(connection, replace(REPORT, guild_id=ELSEWHERE, item="club"))
    for user_id in range(2, 6):
        reason = f"Reason {user_id}."
        add_report(connection, replace(REPORT, user_id=user_id, reason=reason, reported=later[user_id]))
    add_report(connection, replace(REPORT, kind="fact", item="opening", user_id=9, reported=later[0]))
    moderation.void_question(connection, GUILD, numbers["club"], MODERATOR, later[5] + timedelta(minutes=1))
    moderation.void_question(connection, GUILD, numbers["pier"], MODERATOR, later[1])
    found = moderation.cases(connection, GUILD, 10)
    assert moderation.count_cases(connection, GUILD) == len(found) == 4
    club, ramp, pier, opening = found
    assert (club.kind, club.number, club.reports, club.reasons) == ("question", numbers["club"], 0, ())
    assert (ramp.text, ramp.answer, ramp.spoiler) == ("Where was ramp?", "A ramp", Spoiler.ENDING)
    assert (ramp.reports, ramp.reasons) == (5, ("Reason 5.", "Reason 4.", "Reason 3."))
    assert [one.voided for one in found] == [later[5] + timedelta(minutes=1), None, later[1], None]
    assert (pier.reports, pier.reasons) == (1, ("It was a bridge.",))
    assert (opening.kind, opening.answer, opening.text) == ("fact", None, "The opening was shot on a ramp.")
    assert moderation.cases(connection, GUILD, 2, 1) == [ramp, pier]


def test_a_report_of_something_unknown_is_shown_by_its_id(connection: Connection) -> None:
    add_report(connection, replace(REPORT, item="long-gone"))
    (case,) = moderation.cases(connection, GUILD, 10)
    assert (case.number, case.text, case.answer) == (None, "long-gone", None)


def test_a_void_is_listed_while_its_question_is_there(connection: Connection) -> None:
    """Nothing could be done about the others: what is gone has no button."""
    numbers = add_questions(connection, "ramp", "pier")
    moderation.void_question(connection, GUILD, numbers["ramp"], MODERATOR, NOW)
    moderation.void_question(connection, GUILD, numbers["pier"], MODERATOR, NOW)
    add_report(connection, replace(REPORT, item="pier"))
    connection.execute("DELETE FROM questions")
    [case] = moderation.cases(connection, GUILD, 10)
    assert (case.text, case.reports) == ("pier", 1)
    assert moderation.count_cases(connection, GUILD) == 1
