"""Reports as they are settled, and who is to hear of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.content import Spoiler
from bot.core.refusal import Refusal
from bot.core.rounds import EndReason
from bot.core.shards import EVERY
from bot.storage import moderation
from bot.storage.connection import Connection
from bot.storage.moments import to_ms
from bot.storage.notices import mark_told, untold, waiting
from bot.storage.reports import Report, add_report, all_reports, settle
from bot.storage.rounds import end_round, finish_round
from tests.storage.played import MODERATOR, PACK, add_questions, begin, database_file

GUILD, ELSEWHERE = 5_000, 6_000
NOW = datetime(2026, 8, 5, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
REPORT = Report(PACK, "question", "ramp", "It was a bridge.", 1, GUILD, NOW)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    with database_file(tmp_path / "trivia.db") as opened:
        add_questions(opened, "ramp", "pier")
        yield opened


def open_items(connection: Connection, guild_id: int = GUILD) -> list[tuple[str, int]]:
    found = moderation.cases(connection, guild_id, 10)
    assert moderation.count_cases(connection, guild_id) == len(found)
    return [(case.text, case.reports) for case in found]


def test_settling_one_report_settles_all_on_that_item_here(connection: Connection) -> None:
    for user_id in (1, 2):
        add_report(connection, replace(REPORT, user_id=user_id))
    add_report(connection, replace(REPORT, item="pier"))
    add_report(connection, replace(REPORT, user_id=3, guild_id=ELSEWHERE))
    add_report(connection, replace(REPORT, user_id=4, guild_id=None))
    assert waiting(connection, EVERY) == set()
    with pytest.raises(Refusal, match="settled, or gone"):
        settle(connection, ELSEWHERE, 1, LATER)
    assert settle(connection, GUILD, 1, LATER) == {1, 2}
    assert open_items(connection) == [("Where was pier?", 1)]
    assert open_items(connection, ELSEWHERE) == [("Where was ramp?", 1)]
    assert waiting(connection, EVERY) == {(GUILD, 1), (GUILD, 2)}
    assert [one.settled for one in reversed(all_reports(connection))] == [LATER, LATER, None, None, None]
    for number in (1, 2, 99):
        with pytest.raises(Refusal, match="settled, or gone"):
            settle(connection, GUILD, number, LATER)


def test_each_sender_hears_of_it_once(connection: Connection) -> None:
    numbers = {row[1]: row[0] for row in connection.execute("SELECT number, id FROM questions")}
    connection.execute("UPDATE facts SET spoiler = 2")
    for user_id in (1, 2):
        add_report(connection, replace(REPORT, user_id=user_id))
    add_report(connection, replace(REPORT, kind="fact", item="opening"))
    moderation.void_question(connection, GUILD, numbers["ramp"], MODERATOR, NOW)
    settle(connection, GUILD, 1, LATER)
    settle(connection, GUILD, 3, LATER)
    assert untold(connection, ELSEWHERE, 1).settled == ()
    ramp, opening = untold(connection, GUILD, 1).settled
    assert (ramp.text, ramp.spoiler, ramp.is_void) == ("Where was ramp?", Spoiler.ENDING, True)
    assert (opening.text, opening.is_void) == ("The opening was shot on a ramp.", False)
    mark_told(connection, [ramp.number, opening.number], [])
    assert untold(connection, GUILD, 1).settled == ()
    assert waiting(connection, EVERY) == {(GUILD, 2)}


def test_a_host_hears_once_of_a_round_that_ended_in_trouble(connection: Connection) -> None:
    in_trouble, fine, stopped = (begin(connection, GUILD, []) for _ in range(3))
    connection.execute("UPDATE rounds SET host_user_id = 7")
    for round_id, tells in ((in_trouble, True), (fine, False), (stopped, True)):
        reason = EndReason.NO_ACCESS if round_id == in_trouble else EndReason.STOPPED
        end_round(connection, round_id, reason, to_ms(NOW))
        for _ in range(2):
            finish_round(connection, round_id, None, tell_host=tells)
    assert waiting(connection, EVERY) == {(GUILD, 7)}
    first, second = untold(connection, GUILD, 7).ended
    assert (first.round_id, first.reason, first.ended) == (in_trouble, EndReason.NO_ACCESS, NOW)
    assert (second.round_id, second.reason) == (stopped, EndReason.STOPPED)
    mark_told(connection, [], [in_trouble])
    assert untold(connection, GUILD, 7).ended == (second,)
    connection.execute("UPDATE rounds SET host_user_id = NULL")
    assert waiting(connection, EVERY) == set()


def test_what_was_settled_can_be_reported_again(connection: Connection) -> None:
    add_report(connection, REPORT)
    with pytest.raises(Refusal, match="reported this one already"):
        add_report(connection, REPORT)
    settle(connection, GUILD, 1, LATER)
    mark_told(connection, [1], [])
    add_report(connection, replace(REPORT, reason="Still a bridge.", reported=LATER))
    [case] = moderation.cases(connection, GUILD, 10)
    assert (case.reports, case.reasons) == (1, ("Still a bridge.",))
    assert waiting(connection, EVERY) == set()
    settle(connection, GUILD, 1, LATER)
    assert waiting(connection, EVERY) == {(GUILD, 1)}


def test_a_report_is_read_with_the_reasons_page_by_page(connection: Connection) -> None:
    for user_id in range(1, 6):
        moment = NOW + timedelta(minutes=user_id)
        add_report(connection, replace(REPORT, user_id=user_id, reason=f"Reason {user_id}.", reported=moment))
    case = moderation.case_of(connection, GUILD, 3, 2, 2)
    assert (case.reports, case.reasons) == (5, ("Reason 3.", "Reason 2."))
    assert (case.text, case.answer, case.proof) == (
        "Where was ramp?",
        "A ramp",
        "The opening was shot on a ramp.",
    )
    with pytest.raises(Refusal, match="settled, or gone"):
        moderation.case_of(connection, ELSEWHERE, 3, 2)
    settle(connection, GUILD, 3, LATER)
    with pytest.raises(Refusal, match="settled, or gone"):
        moderation.case_of(connection, GUILD, 3, 2)
