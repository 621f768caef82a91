"""Whatever happens to two servers' challenges, in any order: their boards are what a plain count gives."""

import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.core.content import Spoiler
from bot.core.refusal import Refusal
from bot.storage import challenge, in_play, moderation, privacy, scores
from bot.storage.challenge import Today
from bot.storage.groups import run_group
from bot.storage.moments import to_ms
from bot.storage.scores import Board
from bot.storage.sqlite import SqliteConnection
from tests.examples import examples
from tests.storage.played import MODERATOR, add_questions, database_file
from tests.storage.test_challenge import ELSEWHERE, FIRST, GUILD, MOMENT, NOON, board, pack_of

PACK = pack_of(range(1, 8))
QUESTIONS = tuple(question.id for question in PACK.questions.values())
ANSWERED = """
    SELECT c.challenge_id, a.user_id, a.position, q.question, a.correct
    FROM challenge_answers a JOIN challenge_questions q USING (challenge_id, position)
    JOIN challenges c USING (challenge_id) WHERE c.guild_id = ?
"""

guilds = st.sampled_from((GUILD, ELSEWHERE))
users = st.integers(1, 4)
todays = st.builds(
    lambda guild_id, day: Today(guild_id, FIRST + timedelta(days=day), "UTC"), guilds, st.integers(0, 3)
)


class Playing(RuleBasedStateMachine):
    """Two servers with four players, to whom everything happens."""

    template: Path
    numbers: dict[str, int]

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        path = Path(self.folder.name) / "trivia.db"
        shutil.copy(self.template, path)
        self.connection = sqlite3.connect(path, isolation_level=None, factory=SqliteConnection)
        self.connection.execute("PRAGMA foreign_keys = ON")
        self.connection.execute("PRAGMA synchronous = OFF")
        self.reset: set[tuple[int, int, int]] = set()

    def write(self, work: Callable[..., Any], *arguments: object) -> Any:
        [(value, error)] = run_group(self.connection, [lambda connection: work(connection, *arguments)])
        if error is not None and not isinstance(error, Refusal):
            raise error
        return value

    @rule(today=todays, user_id=users, rights=st.lists(st.booleans(), max_size=5), ms=st.integers(0, 9_000))
    def play(self, today: Today, user_id: int, rights: list[bool], ms: int) -> None:
        there = self.write(challenge.begin, today, PACK, Spoiler.PLOT, user_id, MOMENT + ms)
        for is_right in rights:
            if there is None:
                return
            asked = there.current.asked
            choice = asked.answer if is_right else (asked.answer + 1) % len(asked.options)
            here = (today, there.challenge_id)
            self.write(challenge.answer, *here, there.seen, choice, user_id, MOMENT + ms)
            there = self.write(challenge.go_on, *here, user_id, MOMENT + ms)

    @rule(guild_id=guilds, question=st.sampled_from(QUESTIONS))
    def void(self, guild_id: int, question: str) -> None:
        self.write(moderation.void_question, guild_id, self.numbers[question], MODERATOR, NOON)

    @rule(guild_id=guilds, question=st.sampled_from(QUESTIONS))
    def undo(self, guild_id: int, question: str) -> None:
        self.write(moderation.undo_void, guild_id, self.numbers[question])

    @rule(guild_id=guilds, user_id=users)
    def block(self, guild_id: int, user_id: int) -> None:
        self.write(moderation.block_player, guild_id, user_id, MODERATOR, NOON)

    @rule(guild_id=guilds, user_id=users)
    def unblock(self, guild_id: int, user_id: int) -> None:
        self.write(moderation.unblock_player, guild_id, user_id)

    @rule(guild_id=guilds, minutes=st.integers(-5, 5))
    def reset_the_boards(self, guild_id: int, minutes: int) -> None:
        moment = NOON + timedelta(minutes=minutes)
        self.write(moderation.reset_board, guild_id, MODERATOR, to_ms(NOON) + 10**9, moment)
        self.reset |= {tuple(row[:3]) for row in self.connection.execute(ANSWERED, (guild_id,))}

    @rule(user_id=users)
    def delete_a_user(self, user_id: int) -> None:
        self.write(privacy.delete_user, user_id)
        self.reset = {one for one in self.reset if one[1] != user_id}

    @rule(guild_id=guilds)
    def purge_a_part_of_a_server(self, guild_id: int) -> None:
        self.write(scores.delete_games, Board.CHALLENGE, guild_id, 1)

    @rule(guild_id=guilds)
    def rebuild(self, guild_id: int) -> None:
        after: int | None = 0
        while after is not None:
            after = self.write(scores.rebuild, guild_id, after, Board.CHALLENGE)

    @invariant()
    def the_boards_are_the_answers(self) -> None:
        for guild_id in (GUILD, ELSEWHERE):
            assert board(self.connection, guild_id) == self.plain(guild_id)

    def plain(self, guild_id: int) -> dict[int, tuple[int, int, int]]:
        """Add up a server's answers, one after the other."""
        out = in_play.voided_questions(self.connection, guild_id, PACK.id)
        sums: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
        dates: defaultdict[int, set[int]] = defaultdict(set)
        for challenge_id, user_id, position, question, correct in self.connection.execute(
            ANSWERED, (guild_id,)
        ).fetchall():
            if question in out or (challenge_id, user_id, position) in self.reset:
                continue
            if in_play.is_blocked(self.connection, guild_id, user_id):
                continue
            sums[user_id] = [sums[user_id][0] + correct, sums[user_id][1] + 1]
            dates[user_id].add(challenge_id)
        return {
            user_id: (points, answered, len(dates[user_id]))
            for user_id, (points, answered) in sorted(sums.items())
        }

    def teardown(self) -> None:
        try:
            for guild_id in (GUILD, ELSEWHERE):
                self.rebuild(guild_id)
            self.the_boards_are_the_answers()
            assert self.connection.execute("PRAGMA foreign_key_check").fetchall() == []
        finally:
            self.connection.close()
            self.folder.cleanup()


def test_whatever_happens_the_boards_are_right(tmp_path: Path) -> None:
    with database_file(tmp_path / "template.db") as connection:
        Playing.numbers = add_questions(connection, *QUESTIONS)
    Playing.template = tmp_path / "template.db"
    machine: Any = Playing.TestCase
    machine.settings = settings(max_examples=examples(60), stateful_step_count=30, deadline=None)
    machine().runTest()
