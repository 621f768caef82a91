"""Boards counted anew in parts: whatever happens between two parts, nothing is missed or counted twice."""

import json
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
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

from bot.core.periods import Period
from bot.core.refusal import Refusal
from bot.core.rounds import EndReason
from bot.storage import moderation, privacy, recounts
from bot.storage.boards import board_page
from bot.storage.database import Work, run_group
from bot.storage.moments import from_ms, to_ms
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
    rebuild,
    totals,
)

GUILD, ELSEWHERE = 5_000, 6_000
NOW = datetime(2026, 8, 5, 12, tzinfo=UTC)
EVENING = datetime(2026, 8, 2, 22, 30, tzinfo=UTC)
"""A Sunday in UTC, Monday in Berlin."""
QUESTIONS = ("ramp", "bench", "pier")
ZONES = ("UTC", "Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago")
ROUND = [
    Asked("ramp", {1: Given(120), 2: Given(80)}),
    Asked("pier", {1: Given(110), 3: Given(0, correct=False)}),
]


def choose_zone(connection: sqlite3.Connection, guild_id: int, zone: str) -> None:
    """Store a server's zone and act on it, as the settings do."""
    connection.execute(
        "INSERT INTO guilds (guild_id, time_zone, spoilers, scoring, board_minimum_players, round_questions,"
        " round_seconds) VALUES (?, ?, 0, 'speed', 2, 10, 20)"
        " ON CONFLICT DO UPDATE SET time_zone = excluded.time_zone",
        (guild_id, zone),
    )
    recounts.follow_zone(connection, guild_id)


def plain(connection: sqlite3.Connection, guild_id: int, zone: str, reset: set[int]) -> list[tuple[Any, ...]]:
    """Add up a server's answers, one after the other, but for the rounds that ended before a reset."""
    voided = {
        row[0]
        for row in connection.execute("SELECT question FROM voided_questions WHERE guild_id = ?", (guild_id,))
    }
    blocked = {
        row[0]
        for row in connection.execute("SELECT user_id FROM blocked_players WHERE guild_id = ?", (guild_id,))
    }
    sums: defaultdict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    rounds: defaultdict[tuple[str, str, int], set[int]] = defaultdict(set)
    for round_id, ended_ms, user_id, question, state, points, correct in connection.execute(
        "SELECT round_id, ended_ms, user_id, question, asked_questions.state, points, correct FROM rounds"
        " JOIN asked_questions USING (round_id) JOIN answers USING (round_id, position)"
        " WHERE guild_id = ? AND ranked = 1",
        (guild_id,),
    ):
        if round_id in reset or state == "void" or question in voided or user_id in blocked:
            continue
        for period in Period:
            key = (period.value, period.first_day(from_ms(ended_ms), ZoneInfo(zone)), user_id)
            sums[key] = [sums[key][0] + points, sums[key][1] + correct, sums[key][2] + 1]
            rounds[key].add(round_id)
    return sorted((*key, *entry, len(rounds[key])) for key, entry in sums.items())


def states(connection: sqlite3.Connection, guild_id: int = GUILD) -> list[str]:
    rows = connection.execute("SELECT state FROM boards WHERE guild_id = ? ORDER BY board_id", (guild_id,))
    return [row[0] for row in rows]


def finish(connection: sqlite3.Connection) -> int:
    """Do all parts that are left, and return how many there were."""
    parts = 1
    while recounts.do_part(connection):
        parts += 1
    return parts


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

    def write(self, work: Work[Any]) -> Any:
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
