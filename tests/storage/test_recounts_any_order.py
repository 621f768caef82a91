"""Boards counted anew in parts: whatever happens between two parts, nothing is missed or counted twice."""

import shutil
import sqlite3
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
)

from bot.core.refusal import Refusal
from bot.core.rounds import EndReason
from bot.storage import moderation, privacy, recounts
from bot.storage.database import Work, run_group
from bot.storage.moments import to_ms
from bot.storage.rounds import end_round
from bot.storage.scores import board_of
from tests.storage.played import (
    MODERATOR,
    Asked,
    Given,
    add_questions,
    begin,
    buckets,
    buckets_of,
    database_file,
    play,
    totals,
)
from tests.storage.recounting import ELSEWHERE, EVENING, GUILD, NOW, ROUND, choose_zone, finish, plain, states

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
    """Two servers to which everything happens, in any order, with few rounds to a part."""

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
        self.before = recounts.WORK_AT_ONCE, privacy.ROUNDS_OF_A_PLAYER
        privacy.ROUNDS_OF_A_PLAYER = 1
        self.open()

    def open(self) -> None:
        self.connection = sqlite3.connect(self.path, isolation_level=None)
        self.connection.execute("PRAGMA foreign_keys = ON")
        self.connection.execute("PRAGMA synchronous = OFF")

    def write(self, work: Work[[], Any]) -> Any:
        [(value, error)] = run_group(self.connection, [work])
        if error is not None and not isinstance(error, (Refusal, InterruptedError)):
            raise error
        return value

    @initialize(work=st.sampled_from((20, 60)), times=st.sampled_from((0, 5)))
    def begin(self, work: int, times: int) -> None:
        recounts.WORK_AT_ONCE = work
        for guild_id in (GUILD, ELSEWHERE):
            self.play_rounds(guild_id, ROUND, EVENING, times)

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

    @rule(guild_ids=st.sampled_from(((GUILD,), (ELSEWHERE,), (GUILD, ELSEWHERE))))
    def begin_a_rebuild(self, guild_ids: tuple[int, ...]) -> None:
        known = [guild_id for guild_id in guild_ids if guild_id in recounts.guilds_to_count(self.connection)]
        self.write(partial(recounts.begin, guild_ids=known))

    @rule()
    def do_a_part(self) -> None:
        self.write(recounts.do_part)

    @rule()
    def be_killed_in_a_part(self) -> None:
        def work(connection: sqlite3.Connection) -> None:
            recounts.do_part(connection)
            raise InterruptedError

        self.write(work)
        self.connection.close()
        self.open()

    @rule(user_id=users)
    def delete_a_part_of_a_user(self, user_id: int) -> None:
        self.write(lambda c: privacy.delete_user(c, user_id))

    @invariant()
    def what_is_shown_is_what_happened(self) -> None:
        for guild_id in (GUILD, ELSEWHERE):
            board = board_of(self.connection, guild_id)
            zone = board.time_zone if board else "UTC"
            shown = totals(self.connection, guild_id)
            assert shown == plain(self.connection, guild_id, zone, self.reset[guild_id])
            assert buckets(self.connection, guild_id) == buckets_of(shown)

    def teardown(self) -> None:
        try:
            finish(self.connection)
            self.what_is_shown_is_what_happened()
            for guild_id, zone in self.zones.items():
                board = board_of(self.connection, guild_id)
                assert board is None or board.time_zone == zone
                assert states(self.connection, guild_id) == ["current"] * (board is not None)
            assert self.connection.execute("PRAGMA foreign_key_check").fetchall() == []
        finally:
            recounts.WORK_AT_ONCE, privacy.ROUNDS_OF_A_PLAYER = self.before
            self.connection.close()
            self.folder.cleanup()


def test_whatever_happens_between_two_parts_the_boards_are_right(tmp_path: Path) -> None:
    with database_file(tmp_path / "template.db") as connection:
        Counting.numbers = add_questions(connection, *QUESTIONS)
    Counting.template = tmp_path / "template.db"
    machine: Any = Counting.TestCase
    machine.settings = settings(max_examples=150, stateful_step_count=35, deadline=None)
    machine().runTest()
