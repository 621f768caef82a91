from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.missed import LATELY, due_at, missed
from bot.storage import moderation
from bot.storage.connection import Connection
from bot.storage.missed import Learner, memories, missed_in_round, practise
from bot.storage.moments import to_ms
from tests.storage.played import MODERATOR, PACK, Asked, Given, add_questions, begin, database_file, play

GUILD, ELSEWHERE = 5_000, 6_000
NOW = datetime(2026, 8, 5, 12, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
RIGHT, WRONG = Given(100), Given(0, correct=False, streak=0)
DEV = Learner(GUILD, 1, PACK)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    with database_file(tmp_path / "trivia.db") as opened:
        add_questions(opened, "ramp", "pier", "club", "lake")
        yield opened


def played(connection: Connection, when: datetime, guild_id: int = GUILD, **answers: Given | None) -> int:
    """Have DEV play a round in which these questions were asked; None is no answer."""
    asked = [Asked(name, {1: given} if given else {}) for name, given in answers.items()]
    round_id = play(connection, guild_id, when, asked)
    connection.execute("UPDATE answers SET answered_ms = ? WHERE round_id = ?", (to_ms(when), round_id))
    return round_id


def test_what_was_got_wrong_here_lately_is_due(connection: Connection) -> None:
    played(connection, NOW - DAY, ramp=WRONG, pier=RIGHT, club=None)
    played(connection, NOW, ELSEWHERE, lake=WRONG)
    assert memories(connection, DEV, NOW) == {"ramp": missed(None, NOW - DAY)}
    assert memories(connection, Learner(GUILD, 2, PACK), NOW) == {}
    assert memories(connection, Learner(GUILD, 1, "other"), NOW) == {}
    assert memories(connection, DEV, NOW - DAY + LATELY) == {}


def test_the_open_question_of_a_round_tells_nothing(connection: Connection) -> None:
    round_id = begin(connection, GUILD, [Asked("ramp", {1: WRONG}), Asked("pier", {1: WRONG})])
    connection.execute("UPDATE answers SET answered_ms = ?", (to_ms(NOW),))
    connection.execute("UPDATE asked_questions SET state = 'open' WHERE question = 'pier'")
    assert set(memories(connection, DEV, NOW)) == {"ramp"}
    assert missed_in_round(connection, round_id, 1) == {1: (PACK, "ramp")}


def test_the_challenge_counts_as_well(connection: Connection) -> None:
    connection.execute("INSERT INTO challenges VALUES (1, ?, '2026-08-05', ?)", (GUILD, PACK))
    for position, (question, correct) in enumerate((("ramp", 0), ("pier", 1)), 1):
        connection.execute(
            "INSERT INTO challenge_questions VALUES (1, ?, ?, 'f', '[]', '?', '[]', 0, '[]', '[]', '.', 0,"
            " 'easy', 1, ?)",
            (position, question, PACK),
        )
        connection.execute(
            "INSERT INTO challenge_answers VALUES (1, ?, 1, 0, ?, 0, ?)", (position, to_ms(NOW), correct)
        )
    assert set(memories(connection, DEV, NOW)) == {"ramp"}


def test_practice_is_stored_until_it_was_right_twice(connection: Connection) -> None:
    played(connection, NOW, ramp=WRONG)
    practise(connection, DEV, "ramp", NOW + MINUTE, right=True)
    once = memories(connection, DEV, NOW + MINUTE)["ramp"]
    assert once.times_right == 1
    practise(connection, DEV, "ramp", NOW + 2 * MINUTE, right=True)
    assert memories(connection, DEV, NOW + 2 * MINUTE)["ramp"] == once
    practise(connection, DEV, "ramp", once.due, right=True)
    known = memories(connection, DEV, once.due)
    assert known["ramp"].is_learned
    assert due_at(known, once.due + 5 * DAY) == []
    played(connection, once.due + DAY, ramp=WRONG)
    assert due_at(memories(connection, DEV, once.due + DAY), once.due + DAY) == ["ramp"]


def test_a_right_answer_to_what_was_never_missed_stores_nothing(connection: Connection) -> None:
    practise(connection, DEV, "ramp", NOW, right=True)
    assert connection.execute("SELECT COUNT(*) FROM missed_questions").fetchone() == (0,)
    practise(connection, DEV, "ramp", NOW, right=False)
    assert set(memories(connection, DEV, NOW)) == {"ramp"}


def test_what_is_long_ago_is_deleted_for_everybody(connection: Connection) -> None:
    for learner in (DEV, Learner(ELSEWHERE, 2, PACK)):
        practise(connection, learner, "ramp", NOW, right=False)
    practise(connection, DEV, "pier", NOW + LATELY, right=False)
    assert connection.execute("SELECT user_id, question FROM missed_questions").fetchall() == [(1, "pier")]


def test_a_void_question_is_not_practised(connection: Connection) -> None:
    round_id = played(connection, NOW, ramp=WRONG, pier=WRONG)
    number = connection.execute("SELECT number FROM questions WHERE id = 'ramp'").fetchone()[0]
    moderation.void_question(connection, GUILD, number, MODERATOR, NOW)
    assert set(memories(connection, DEV, NOW)) == {"pier"}
    assert missed_in_round(connection, round_id, 1) == {2: (PACK, "pier")}
    moderation.undo_void(connection, GUILD, number)
    assert missed_in_round(connection, round_id, 1) == {1: (PACK, "ramp"), 2: (PACK, "pier")}


def test_what_was_not_answered_is_missed_in_its_round(connection: Connection) -> None:
    round_id = played(connection, NOW, ramp=RIGHT, pier=None, club=WRONG)
    connection.execute("UPDATE asked_questions SET state = 'void' WHERE question = 'club'")
    assert missed_in_round(connection, round_id, 1) == {2: (PACK, "pier")}
    assert missed_in_round(connection, round_id, 2) == {1: (PACK, "ramp"), 2: (PACK, "pier")}
    assert missed_in_round(connection, 99, 1) == {}
