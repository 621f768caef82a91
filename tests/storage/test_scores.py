import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.refusal import Refusal
from bot.core.rounds import EndReason
from bot.core.shards import EVERY
from bot.storage import moderation, privacy, scores
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.moments import to_ms
from bot.storage.rounds import end_round
from bot.storage.settings import Settings
from tests.examples import examples
from tests.storage.played import (
    MODERATOR,
    PERIODS,
    Asked,
    Given,
    add_questions,
    begin,
    database_file,
    first_day,
    plain,
    play,
    rebuild,
    totals,
)

GUILD, ELSEWHERE = 5_000, 6_000
NOW = datetime(2026, 8, 5, 12, tzinfo=UTC)
QUESTIONS = ("ramp", "bench", "pier", "club")


@pytest.fixture(scope="module")
def shared_file(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Connection, dict[str, int]]]:
    with database_file(tmp_path_factory.mktemp("scores") / "trivia.db") as connection:
        yield connection, add_questions(connection, *QUESTIONS)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    with database_file(tmp_path / "trivia.db") as opened:
        yield opened


@dataclass
class Model:
    """What a server's board must hold, worked out from everything that happened, the slow way."""

    zone: str = "UTC"
    reset: datetime | None = None
    """What has ended by then, by its own time, does not count; nothing ends before it any more."""
    rounds: list[tuple[datetime, list[Asked]]] = field(default_factory=list)
    voided: set[str] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)

    def totals(self) -> list[tuple[object, ...]]:
        sums: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for ended, asked in self.rounds:
            standing = [one for one in asked if not one.void]
            if len({user for one in standing for user in one.answers}) < 2:
                continue
            if self.reset is not None and ended <= self.reset:
                continue
            per_user: dict[int, list[Given]] = defaultdict(list)
            for one in standing:
                if one.question not in self.voided:
                    for user, answer in one.answers.items():
                        per_user[user].append(answer)
            for user, answers in per_user.items():
                if user in self.blocked:
                    continue
                for period in PERIODS:
                    entry = sums[period.value, first_day(period, ended, ZoneInfo(self.zone)), user]
                    entry[0] += sum(answer.points for answer in answers)
                    entry[1] += sum(answer.correct for answer in answers)
                    entry[2] += len(answers)
                    entry[3] += 1
        return sorted((*key, *entry) for key, entry in sums.items())


moments = st.integers(0, 60 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes))
users = st.integers(1, 5)
answers = st.builds(Given, points=st.sampled_from([0, 1, 75, 100, 999]), correct=st.booleans())
asked_questions = st.lists(
    st.builds(
        Asked,
        question=st.sampled_from(QUESTIONS),
        answers=st.dictionaries(users, answers, max_size=4),
        void=st.booleans() | st.just(False),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one.question,
)
Step = Callable[[Connection, dict[str, int], Model], None]


def plays(ended: datetime, asked: list[Asked]) -> Step:
    def step(connection: Connection, _: dict[str, int], model: Model) -> None:
        play(connection, GUILD, ended, asked)
        after_reset = model.reset + timedelta(milliseconds=1) if model.reset else ended
        model.rounds.append((max(ended, after_reset), asked))

    return step


def voids(question: str) -> Step:
    def step(connection: Connection, numbers: dict[str, int], model: Model) -> None:
        with suppress(Refusal):
            moderation.void_question(connection, GUILD, numbers[question], MODERATOR, NOW)
        model.voided.add(question)

    return step


def undoes(question: str) -> Step:
    def step(connection: Connection, numbers: dict[str, int], model: Model) -> None:
        with suppress(Refusal):
            moderation.undo_void(connection, GUILD, numbers[question])
        model.voided.discard(question)

    return step


def blocks(user_id: int) -> Step:
    def step(connection: Connection, _: dict[str, int], model: Model) -> None:
        with suppress(Refusal):
            moderation.block_player(connection, GUILD, user_id, MODERATOR, NOW)
        model.blocked.add(user_id)

    return step


def unblocks(user_id: int) -> Step:
    def step(connection: Connection, _: dict[str, int], model: Model) -> None:
        with suppress(Refusal):
            moderation.unblock_player(connection, GUILD, user_id)
        model.blocked.discard(user_id)

    return step


def resets(moment: datetime) -> Step:
    def step(connection: Connection, _: dict[str, int], model: Model) -> None:
        with suppress(Refusal):
            moderation.reset_board(connection, GUILD, MODERATOR, to_ms(moment), moment)
            model.reset = max([moment, *(ended for ended, _ in model.rounds)])

    return step


steps = st.one_of(
    st.builds(plays, moments, asked_questions),
    st.builds(plays, moments, asked_questions),
    st.builds(voids, st.sampled_from(QUESTIONS)),
    st.builds(undoes, st.sampled_from(QUESTIONS)),
    st.builds(blocks, users),
    st.builds(unblocks, users),
    st.builds(resets, moments),
)


@settings(max_examples=examples(400), deadline=None)
@given(st.lists(steps, max_size=12))
def test_totals_are_what_happened_and_what_a_rebuild_gives(
    shared_file: tuple[Connection, dict[str, int]], happened: list[Step]
) -> None:
    connection, numbers = shared_file
    model = Model()
    connection.execute("BEGIN")
    try:
        for step in happened:
            step(connection, numbers, model)
        kept = totals(connection, GUILD)
        assert kept == model.totals()
        rebuild(connection, GUILD)
        assert totals(connection, GUILD) == kept
    finally:
        connection.execute("ROLLBACK")


def two_play(points: int = 100) -> list[Asked]:
    return [Asked("ramp", {1: Given(points), 2: Given(0, correct=False)})]


def test_a_round_with_too_few_players_is_not_on_the_board(connection: Connection) -> None:
    alone = play(
        connection, GUILD, NOW, [Asked("ramp", {1: Given()}), Asked("pier", {2: Given()}, void=True)]
    )
    assert totals(connection, GUILD) == []
    assert connection.execute("SELECT ranked FROM rounds WHERE round_id = ?", (alone,)).fetchone() == (0,)
    play(connection, GUILD, NOW, two_play())
    assert len(totals(connection, GUILD)) == 2 * len(PERIODS)


async def test_a_server_may_choose_how_many_players_count(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "trivia.db")
    try:
        known = await Settings.load(database, EVERY)
        await known.change(GUILD, board_minimum_players=1)
        await known.change(ELSEWHERE, board_minimum_players=3)
        await database.write(play, GUILD, NOW, [Asked("ramp", {1: Given()})])
        await database.write(play, ELSEWHERE, NOW, two_play())
        assert len(await database.read(totals, GUILD)) == len(PERIODS)
        assert await database.read(totals, ELSEWHERE) == []
    finally:
        await database.close()


def test_a_round_is_counted_once(connection: Connection) -> None:
    round_id = play(connection, GUILD, NOW, two_play())
    before = totals(connection, GUILD)
    scores.count_round(connection, round_id)
    assert totals(connection, GUILD) == before


def points(connection: Connection) -> dict[object, object]:
    return {row[2]: row[3] for row in totals(connection, GUILD) if row[0] == "all"}


def test_a_question_that_is_out_of_play_gives_no_points_to_rounds_that_end_later(
    connection: Connection,
) -> None:
    numbers = add_questions(connection, *QUESTIONS)
    asked = [Asked("ramp", {1: Given(100), 2: Given(10)}), Asked("pier", {1: Given(7), 2: Given(3)})]
    moderation.void_question(connection, GUILD, numbers["ramp"], MODERATOR, NOW)
    play(connection, GUILD, NOW, asked)
    assert points(connection) == {1: 7, 2: 3}
    rebuild(connection, GUILD)
    assert points(connection) == {1: 7, 2: 3}


def test_a_question_back_in_play_gives_its_points_to_rounds_that_ended_while_it_was_out(
    connection: Connection,
) -> None:
    numbers = add_questions(connection, *QUESTIONS)
    moderation.void_question(connection, GUILD, numbers["ramp"], MODERATOR, NOW)
    play(connection, GUILD, NOW, [*two_play(), Asked("pier", {2: Given(7), 3: Given(5)})])
    assert points(connection) == {2: 7, 3: 5}
    moderation.undo_void(connection, GUILD, numbers["ramp"])
    assert points(connection) == {1: 100, 2: 7, 3: 5}
    assert ("all", "", 2, 7, 1, 2, 1) in totals(connection, GUILD)


async def test_a_new_time_zone_moves_rounds_to_the_days_that_it_makes_of_them(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "trivia.db")
    try:
        known = await Settings.load(database, EVERY)
        evening = datetime(2026, 8, 2, 22, 30, tzinfo=UTC)  # a Sunday in UTC, Monday in Berlin
        await database.write(play, GUILD, evening, two_play())
        await database.write(play, ELSEWHERE, evening, two_play())
        await known.change(GUILD, time_zone="Europe/Berlin")
        here = await database.read(totals, GUILD)
        assert {row[:2] for row in here} == {
            ("all", ""), ("day", "2026-08-03"), ("month", "2026-08-01"), ("week", "2026-08-03"),
        }  # fmt: skip
        await known.change(GUILD, time_zone="UTC")
        assert await database.read(totals, GUILD) == await database.read(totals, ELSEWHERE)
        assert ("day", "2026-08-02") in {row[:2] for row in await database.read(totals, GUILD)}
    finally:
        await database.close()


def test_a_zone_that_the_machine_does_not_know_any_more_counts_as_utc(connection: Connection) -> None:
    connection.execute(
        "INSERT INTO guilds (guild_id, time_zone, spoilers, scoring, board_minimum_players, round_questions,"
        " round_seconds) VALUES (?, 'Mars/Olympus', 0, 'speed', 2, 10, 20)",
        (GUILD,),
    )
    play(connection, GUILD, NOW, two_play())
    assert ("day", "2026-08-05") in {row[:2] for row in totals(connection, GUILD)}


def test_every_server_is_rebuilt(connection: Connection) -> None:
    play(connection, GUILD, NOW, two_play())
    play(connection, ELSEWHERE, NOW, two_play(7))
    right = [totals(connection, guild_id) for guild_id in (GUILD, ELSEWHERE)]
    connection.execute("UPDATE totals SET points = points + 5")
    connection.execute("UPDATE scores SET points = points + 7")
    connection.execute("DELETE FROM scores WHERE guild_id = ? AND user_id = 1", (GUILD,))
    connection.execute("INSERT INTO totals VALUES (7000, 'rounds', 1, 1, 1, 1, 1)")
    connection.execute("INSERT INTO scores VALUES (8000, 'rounds', 1, 1, 1, 1, 1, 1)")
    for guild_id in scores.guilds_to_rebuild(connection):
        rebuild(connection, guild_id)
    assert [totals(connection, guild_id) for guild_id in (GUILD, ELSEWHERE)] == right
    assert scores.guilds_to_rebuild(connection) == [GUILD, ELSEWHERE]


def test_a_rebuild_goes_in_parts_between_which_rounds_end(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scores, "GAMES_AT_ONCE", 2)
    going_on = begin(connection, GUILD, two_play())
    for _ in range(4):
        play(connection, GUILD, NOW, two_play())
    connection.execute("UPDATE scores SET points = 7")
    connection.execute("DELETE FROM totals")
    after = scores.rebuild(connection, GUILD)
    assert after is not None
    play(connection, GUILD, NOW, two_play())
    end_round(connection, going_on, EndReason.COMPLETED, to_ms(NOW))
    parts = 1
    while after is not None:
        after, parts = scores.rebuild(connection, GUILD, after), parts + 1
    assert parts == 4
    assert totals(connection, GUILD) == plain(connection, GUILD, "UTC", set())


def test_a_player_who_is_deleted_leaves_every_board(connection: Connection) -> None:
    for guild_id in (GUILD, ELSEWHERE):
        play(connection, guild_id, NOW, two_play())
    left = [row for row in totals(connection, GUILD) if row[2] != 1]
    assert privacy.delete_user(connection, 1)[1] is False
    assert totals(connection, GUILD) == totals(connection, ELSEWHERE) == left
    rebuild(connection, GUILD)
    assert totals(connection, GUILD) == left


def test_a_person_is_deleted_from_every_board_in_parts_that_each_leave_it_right(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy, "ROUNDS_OF_A_PLAYER", 2)
    for guild_id in (GUILD, ELSEWHERE):
        for _ in range(3):
            play(connection, guild_id, NOW, two_play())
    rows, more, calls = 0, True, 0
    while more:
        part, more = privacy.delete_user(connection, 1)
        rows, calls = rows + part, calls + 1
        for guild_id in (GUILD, ELSEWHERE):
            assert totals(connection, guild_id) == plain(connection, guild_id, "UTC", set())
    # One answer in each of six rounds, and the six rounds that they started.
    assert (rows, calls) == (12, 3)
    for table in ("scores", "totals"):
        assert connection.execute(f"SELECT COUNT(*) FROM {table} WHERE user_id = 1").fetchone() == (0,)


def test_a_server_is_purged_in_parts_that_each_leave_its_board_right(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy, "ROUNDS_AT_ONCE", 1)
    for guild_id in (GUILD, ELSEWHERE):
        for _ in range(3):
            play(connection, guild_id, NOW, two_play())
    kept = totals(connection, ELSEWHERE)
    assert privacy.purge_guild(connection, GUILD)
    assert totals(connection, GUILD) == plain(connection, GUILD, "UTC", set())
    assert ("all", "", 1, 200, 2, 2, 2) in totals(connection, GUILD)
    while privacy.purge_guild(connection, GUILD):
        assert totals(connection, GUILD) == plain(connection, GUILD, "UTC", set())
    assert privacy.stored_guilds(connection, EVERY) == {ELSEWHERE}
    assert totals(connection, ELSEWHERE) == kept


def test_a_reset_holds_though_the_clock_was_set_back(connection: Connection) -> None:
    play(connection, GUILD, NOW, two_play())
    earlier = NOW - timedelta(hours=1)
    moderation.reset_board(connection, GUILD, MODERATOR, to_ms(earlier), earlier)
    assert totals(connection, GUILD) == []
    rebuild(connection, GUILD)
    assert totals(connection, GUILD) == []
    play(connection, GUILD, earlier + timedelta(minutes=1), two_play())
    kept = totals(connection, GUILD)
    assert ("all", "", 1, 100, 1, 1, 1) in kept
    rebuild(connection, GUILD)
    assert totals(connection, GUILD) == kept
    with pytest.raises(Refusal, match="reset in the meantime"):
        moderation.reset_board(connection, GUILD, MODERATOR, to_ms(earlier), earlier + timedelta(minutes=2))
    again = earlier + timedelta(minutes=3)
    moderation.reset_board(connection, GUILD, MODERATOR, to_ms(again), again)
    assert totals(connection, GUILD) == []


def test_the_export_says_which_server_points_are_of(connection: Connection) -> None:
    play(connection, GUILD, NOW, two_play())
    document = json.loads(privacy.export_user(connection, 1, NOW))
    parts = {part["table"]: part["rows"] for part in document["parts"]}
    for table in ("scores", "totals"):
        [row] = parts[table]
        assert (row["guild_id"], row["points"]) == (GUILD, 100)
