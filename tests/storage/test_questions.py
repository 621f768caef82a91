"""How questions were answered: sums that composing goes by, and the records for whoever writes them."""

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from bot.core.content import Difficulty, Pack
from bot.core.measured import FEWEST_ANSWERS, Record
from bot.core.rounds import Answer, CloseReason, Current, EndReason
from bot.storage import asking, round_starts, rounds
from bot.storage.catalogue import LoadedPack
from bot.storage.connection import Connection
from bot.storage.packs import catalogue, read_pack, store_pack
from bot.storage.questions import measured, records
from bot.storage.sqlite import SqliteConnection
from bot.storage.sqlite_scripts import MIGRATIONS, migrate
from tests.quiz_pack import PLAN, write_pack

HOUR_MS = 3_600_000
EASY_ONE, STATEMENT = "question-1", "question-4"
PLAYERS = range(1, FEWEST_ANSWERS + 1)


@pytest.fixture
def connection(connection: Connection, tmp_path: Path) -> Connection:
    store_pack(connection, pack_on_disk(tmp_path), "first")
    return connection


def pack_on_disk(folder: Path) -> Pack:
    pack, _ = read_pack(write_pack(folder / "packs" / "orchestra"))
    assert pack is not None
    return pack


def loaded(connection: Connection) -> LoadedPack:
    return catalogue(connection).get("orchestra")


class Play:
    """Plays rounds of one question each."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.started_ms = 0

    def question(
        self,
        id_: str,
        answers: Mapping[int, bool],
        *,
        typed: bool = False,
        reason: CloseReason = CloseReason.DEADLINE,
        ended: bool = True,
    ) -> None:
        self.started_ms += HOUR_MS
        pack = loaded(self.connection)
        number = pack.question_numbers_by_id[id_]
        only = LoadedPack(pack.id, pack.title, pack.topics, pack.facts, {number: pack.questions[number]})
        plan = replace(PLAN, channel_id=self.started_ms, started_ms=self.started_ms, questions=1)
        round_id = round_starts.start_round(self.connection, plan)
        asked = asking.ask(self.connection, round_id, 1, plan, [only], Random(1), self.started_ms)
        assert asked is not None
        rounds.open_question(self.connection, round_id, Current(1, asked, 1, 77, 1, 20_000))
        for user_id, right in answers.items():
            choice = None if typed else asked.answer if right else (asked.answer + 1) % len(asked.options)
            answer = Answer(user_id, choice, 1, 1_000 * user_id, right, 80, 1)
            assert rounds.record_answer(self.connection, round_id, 1, answer)
        rounds.close_question(self.connection, round_id, 1, reason, 1)
        if ended:
            rounds.end_round(self.connection, round_id, EndReason.COMPLETED, self.started_ms + 1)
            assert not rounds.end_round(self.connection, round_id, EndReason.COMPLETED, self.started_ms + 1)


def sums(connection: Connection, id_: str) -> tuple[int, int]:
    row: tuple[int, int] = connection.execute(
        "SELECT answered, correct FROM questions WHERE id = ?", (id_,)
    ).fetchone()
    return row


def record(connection: Connection, id_: str) -> Record:
    return next(one for one in records(connection, loaded(connection)) if one.question == id_)


def all_right(count: int = FEWEST_ANSWERS) -> dict[int, bool]:
    return dict.fromkeys(range(1, count + 1), True)


def test_answers_are_added_up_once_a_round(connection: Connection) -> None:
    play = Play(connection)
    play.question(EASY_ONE, {1: True, 2: False, 3: False})
    play.question(EASY_ONE, {1: True})
    assert sums(connection, EASY_ONE) == (4, 2)
    assert sums(connection, STATEMENT) == (0, 0)


def test_what_is_typed_void_or_not_ended_is_not_added_up(connection: Connection) -> None:
    play = Play(connection)
    play.question(EASY_ONE, {1: True, 2: True}, typed=True)
    play.question(EASY_ONE, {1: True}, reason=CloseReason.SKIPPED)
    play.question(EASY_ONE, {1: True}, ended=False)
    assert sums(connection, EASY_ONE) == (0, 0)
    found = record(connection, EASY_ONE)
    assert (found.asked, found.answered, found.typed, found.typed_correct) == (1, 0, 2, 2)


@pytest.mark.parametrize(
    ("id_", "right", "level"),
    [
        (EASY_ONE, FEWEST_ANSWERS, Difficulty.EASY),
        (EASY_ONE, 30, Difficulty.MEDIUM),
        (EASY_ONE, 10, Difficulty.HARD),
        (STATEMENT, 30, Difficulty.HARD),
        (STATEMENT, 45, Difficulty.EASY),
    ],
)
def test_fifty_answers_outweigh_the_label(
    connection: Connection, id_: str, right: int, level: Difficulty
) -> None:
    play = Play(connection)
    answers = {user: user <= right for user in PLAYERS}
    last = answers.pop(FEWEST_ANSWERS)
    play.question(id_, answers)
    number = loaded(connection).question_numbers_by_id[id_]
    assert number not in measured(connection, loaded(connection))
    play.question(id_, {FEWEST_ANSWERS: last})
    assert measured(connection, loaded(connection)) == {number: level}


def test_a_round_asks_by_what_was_measured(connection: Connection) -> None:
    pack = loaded(connection)
    assert pack.questions[pack.question_numbers_by_id["question-2"]].difficulty is Difficulty.HARD
    Play(connection).question("question-2", all_right())
    pack = loaded(connection)
    easy, hard = (replace(PLAN, difficulty=level) for level in (Difficulty.EASY, Difficulty.HARD))
    number = pack.question_numbers_by_id["question-2"]
    assert number in asking.playable(connection, easy, pack)
    assert number not in asking.playable(connection, hard, pack)
    only = LoadedPack(pack.id, pack.title, pack.topics, pack.facts, {number: pack.questions[number]})
    round_id = round_starts.start_round(connection, replace(easy, channel_id=1))
    asked = asking.ask(connection, round_id, 1, easy, [only], Random(1), 1)
    assert asked is not None
    assert (asked.difficulty, asked.base) == (Difficulty.EASY, 100)


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"difficulty": Difficulty.HARD, "aliases": ("another",)}, True),
        ({"prompt": "Who is musician number 1?"}, False),
        ({"distractors": ("Ann", "Bo", "Cy")}, False),
    ],
)
def test_a_question_that_was_rewritten_is_measured_anew(
    connection: Connection, tmp_path: Path, changes: dict[str, object], kept: bool
) -> None:
    Play(connection).question(EASY_ONE, all_right())
    pack = pack_on_disk(tmp_path)
    questions = tuple(
        replace(one, **changes) if one.id == EASY_ONE else one  # type: ignore[arg-type]
        for one in pack.questions
    )
    store_pack(connection, replace(pack, questions=questions), "second")
    assert sums(connection, EASY_ONE) == ((FEWEST_ANSWERS, FEWEST_ANSWERS) if kept else (0, 0))
    assert record(connection, EASY_ONE).answered == (FEWEST_ANSWERS if kept else 0)


def test_the_record_of_a_question(connection: Connection) -> None:
    play = Play(connection)
    for number in range(10, 20):
        play.question(f"question-{number}", {user: user > number for user in range(1, 31)})
    play.question(EASY_ONE, {user: user > 15 for user in range(1, 31)})
    play.question(STATEMENT, {user: user <= 15 for user in range(1, 31)})
    connection.execute(
        "INSERT INTO reports (user_id, pack, kind, item, reason, reported_ms)"
        " VALUES (1, 'orchestra', 'question', ?, 'Hm', 1)",
        (EASY_ONE,),
    )
    known = record(connection, EASY_ONE)
    assert (known.asked, known.answered, known.correct, known.reports) == (1, 30, 15, 1)
    assert known.median_ms == 15_500
    assert known.tells is not None
    assert known.tells > 0.8
    against = record(connection, STATEMENT)
    assert against.tells is not None
    assert against.tells < -0.8
    assert record(connection, "question-30") == Record("question-30", Difficulty.EASY, is_statement=False)


def test_a_player_without_other_answers_shows_no_skill(connection: Connection) -> None:
    play = Play(connection)
    play.question(EASY_ONE, {1: True, 2: False})
    assert record(connection, EASY_ONE).tells is None


def test_answers_of_before_the_sums_were_kept_are_added_up(tmp_path: Path) -> None:
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    for script in sorted(MIGRATIONS.glob("*.sql"))[:7]:
        (scripts / script.name).write_text(script.read_text("utf-8"), "utf-8")
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path, isolation_level=None, factory=SqliteConnection)
    migrate(connection, path, scripts)
    connection.execute("INSERT INTO packs (id, title, hash, topics) VALUES ('p', 'P', '', '[]')")
    for id_ in ("same", "rewritten"):
        connection.execute(
            "INSERT INTO questions (pack, id, fact, prompt, answer, distractors, aliases, difficulty)"
            " VALUES ('p', ?, 'f', 'Now?', 'a', '[]', '[]', 'easy')",
            (id_,),
        )
    connection.execute(
        "INSERT INTO rounds (guild_id, channel_id, pack, answer_form, scoring, spoilers, questions, state,"
        " ended_ms, started_ms) VALUES (1, 1, 'p', 'buttons', 'speed', 0, 2, 'finished', 2, 1)"
    )
    for position, (id_, prompt) in enumerate((("same", "Now?"), ("rewritten", "Then?")), 1):
        connection.execute(
            "INSERT INTO asked_questions (round_id, position, question, fact, topics, prompt, options,"
            " answer, aliases, other_names, fact_text, spoiler, difficulty, base, state, nonce, asked_ms)"
            " VALUES (1, ?, ?, 'f', '[]', ?, '[]', 0, '[]', '[]', '.', 0, 'easy', 100, 'revealed', '', 0)",
            (position, id_, prompt),
        )
        for user, (choice, correct) in enumerate(((0, 1), (1, 0), (None, 1))):
            connection.execute(
                "INSERT INTO answers VALUES (1, ?, ?, ?, 0, 0, ?, 0, 0)", (position, user, choice, correct)
            )
    migrate(connection, path)
    assert sums(connection, "same") == (2, 1)
    assert sums(connection, "rewritten") == (0, 0)
    connection.close()
