"""Whatever happens to two servers, in any order: their boards are what a plain count of the answers gives."""

import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
)

from bot.core.refusal import Refusal
from bot.core.rounds import EndReason
from bot.storage import moderation, privacy, scores
from bot.storage.connection import Connection, Work
from bot.storage.groups import run_group
from bot.storage.moments import to_ms
from bot.storage.rounds import end_round
from bot.storage.sqlite import SqliteConnection
from tests.examples import examples
from tests.storage.played import (
    MODERATOR,
    Asked,
    Given,
    add_questions,
    begin,
    choose_zone,
    database_file,
    plain,
    play,
    rebuild,
    totals,
)

GUILD, ELSEWHERE = 5_000, 6_000
NOW = datetime(2026, 8, 5, 12, tzinfo=UTC)
QUESTIONS = ("ramp", "bench", "pier")
ZONES = ("UTC", "Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago")

guilds = st.sampled_from((GUILD, ELSEWHERE))
moments = st.integers(0, 3 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes))
users = st.integers(1, 4)
given_answers = st.builds(Given, points=st.sampled_from([0, 1, 75, 999]), correct=st.booleans())
asked_questions = st.lists(
    st.builds(
        Asked,
        question=st.sampled_from(QUESTIONS),
        answers=st.dictionaries(users, given_answers, max_size=4),
        void=st.sampled_from((False, False, False, True)),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda one: one.question,
)


class Counting(RuleBasedStateMachine):
    """Two servers to which everything happens, in any order."""

    template: Path
    numbers: dict[str, int]
    running = Bundle("running")

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "trivia.db"
        shutil.copy(self.template, self.path)
        self.zones = {GUILD: "UTC", ELSEWHERE: "UTC"}
        self.reset: dict[int, set[int]] = {GUILD: set(), ELSEWHERE: set()}
        self.before = privacy.ROUNDS_OF_A_PLAYER
        privacy.ROUNDS_OF_A_PLAYER = 1
        self.open()

    def open(self) -> None:
        self.connection = sqlite3.connect(self.path, isolation_level=None, factory=SqliteConnection)
        self.connection.execute("PRAGMA foreign_keys = ON")
        self.connection.execute("PRAGMA synchronous = OFF")

    def write(self, work: Work[[], Any]) -> Any:
        [(value, error)] = run_group(self.connection, [work])
        if error is not None and not isinstance(error, (Refusal, InterruptedError)):
            raise error
        return value

    @rule(target=running, guild_id=guilds, asked=asked_questions)
    def begin_a_round(self, guild_id: int, asked: list[Asked]) -> Any:
        return self.write(lambda c: begin(c, guild_id, asked))

    @rule(round_id=consumes(running), moment=moments)
    def end_a_round(self, round_id: int, moment: datetime) -> None:
        self.write(lambda c: end_round(c, round_id, EndReason.COMPLETED, to_ms(moment)))

    @rule(guild_id=guilds, asked=asked_questions, moment=moments, times=st.integers(1, 4))
    def play_rounds(self, guild_id: int, asked: list[Asked], moment: datetime, times: int) -> None:
        for _ in range(times):
            self.write(lambda c: play(c, guild_id, moment, asked))

    @rule(guild_id=guilds, question=st.sampled_from(QUESTIONS))
    def void(self, guild_id: int, question: str) -> None:
        number = self.numbers[question]
        self.write(lambda c: moderation.void_question(c, guild_id, number, MODERATOR, NOW))

    @rule(guild_id=guilds, question=st.sampled_from(QUESTIONS))
    def undo(self, guild_id: int, question: str) -> None:
        self.write(lambda c: moderation.undo_void(c, guild_id, self.numbers[question]))

    @rule(guild_id=guilds, user_id=users)
    def block(self, guild_id: int, user_id: int) -> None:
        self.write(lambda c: moderation.block_player(c, guild_id, user_id, MODERATOR, NOW))

    @rule(guild_id=guilds, user_id=users)
    def unblock(self, guild_id: int, user_id: int) -> None:
        self.write(lambda c: moderation.unblock_player(c, guild_id, user_id))

    @rule(guild_id=guilds, moment=moments)
    def reset_the_board(self, guild_id: int, moment: datetime) -> None:
        asked_ms = to_ms(NOW) + 1
        self.write(lambda c: moderation.reset_board(c, guild_id, MODERATOR, asked_ms, moment))
        ended = "SELECT round_id FROM rounds WHERE guild_id = ? AND ended_ms IS NOT NULL"
        self.reset[guild_id] |= {row[0] for row in self.connection.execute(ended, (guild_id,))}

    @rule(guild_id=guilds, zone=st.sampled_from(ZONES))
    def change_zone(self, guild_id: int, zone: str) -> None:
        self.write(lambda c: choose_zone(c, guild_id, zone))
        self.zones[guild_id] = zone

    @rule(guild_id=guilds)
    def rebuild(self, guild_id: int) -> None:
        self.write(lambda c: rebuild(c, guild_id))

    @rule(guild_id=guilds)
    def be_killed_in_a_rebuild(self, guild_id: int) -> None:
        def work(connection: Connection) -> None:
            rebuild(connection, guild_id)
            raise InterruptedError

        self.write(work)
        self.connection.close()
        self.open()

    @rule(guild_id=guilds)
    def purge_a_part_of_a_server(self, guild_id: int) -> None:
        self.write(lambda c: scores.delete_games(c, scores.Board.ROUNDS, guild_id, 2))

    @rule(user_id=users)
    def delete_a_part_of_a_user(self, user_id: int) -> None:
        self.write(lambda c: privacy.delete_user(c, user_id))

    @invariant()
    def what_is_shown_is_what_happened(self) -> None:
        for guild_id in (GUILD, ELSEWHERE):
            shown = totals(self.connection, guild_id)
            assert shown == plain(self.connection, guild_id, self.zones[guild_id], self.reset[guild_id])

    def teardown(self) -> None:
        try:
            for guild_id in (GUILD, ELSEWHERE):
                self.rebuild(guild_id)
            self.what_is_shown_is_what_happened()
            assert self.connection.execute("PRAGMA foreign_key_check").fetchall() == []
        finally:
            privacy.ROUNDS_OF_A_PLAYER = self.before
            self.connection.close()
            self.folder.cleanup()


def test_whatever_happens_the_boards_are_right(tmp_path: Path) -> None:
    with database_file(tmp_path / "template.db") as connection:
        Counting.numbers = add_questions(connection, *QUESTIONS)
    Counting.template = tmp_path / "template.db"
    machine: Any = Counting.TestCase
    machine.settings = settings(max_examples=examples(150), stateful_step_count=35, deadline=None)
    machine().runTest()
