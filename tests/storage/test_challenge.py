"""The daily challenge in the database: what a date's five are, and that whoever plays them plays once."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.challenge import Day, Play
from bot.core.compose import LEVELS, ladder
from bot.core.content import Fact, Question, Spoiler, Topic
from bot.core.refusal import Refusal
from bot.core.shards import EVERY
from bot.core.zones import zone_names
from bot.storage import challenge, in_play, moderation, privacy
from bot.storage.catalogue import LoadedPack
from bot.storage.challenge import Today
from bot.storage.challenge_results import Share, days_of, finishers, recap
from bot.storage.connection import Connection
from bot.storage.moments import to_ms
from tests.storage.played import MODERATOR, add_questions, database_file

GUILD, ELSEWHERE = 5_000, 6_000
DEV, ELI, FAY = 1, 2, 3
FIRST = date(2026, 1, 1)
TODAY = Today(GUILD, FIRST, "UTC")
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
MOMENT = to_ms(NOON)
TOPICS = "abcdefghijkl"


def pack_of(numbers: range, edition: str = "") -> LoadedPack:
    """Return a pack of these questions, each with a fact; every fifth is a turn of the plot."""
    facts, questions = {}, {}
    for number in numbers:
        facts[number] = Fact(
            f"f{number}",
            f"Fact {number}{edition}.",
            (TOPICS[number % len(TOPICS)],),
            spoiler=Spoiler.PLOT if number % 5 == 0 else Spoiler.NONE,
        )
        questions[number] = Question(
            f"q{number}",
            f"f{number}",
            f"What is {number}{edition}?",
            "yes",
            () if number % 9 == 0 else ("no", "perhaps", "never"),
            LEVELS[number % 3],
        )
        if not questions[number].distractors:
            questions[number] = replace(questions[number], answer="true")
    topics = tuple(Topic(topic, topic, "🎹", topic) for topic in TOPICS)
    return LoadedPack("la-la-land", "Film", topics, facts, questions)


PACK = pack_of(range(1, 101))


def begin(connection: Connection, user_id: int = DEV, today: Today = TODAY) -> Play:
    return challenge.begin(connection, today, PACK, Spoiler.NONE, user_id, MOMENT)


def play(
    connection: Connection, user_id: int, *right: bool, today: Today = TODAY, took_ms: int = 1_000
) -> Play:
    """Play as many questions as there are answers, each after `took_ms`."""
    there = begin(connection, user_id, today)
    for number, is_right in enumerate(right):
        if number:
            there = challenge.go_on(connection, today, there.challenge_id, user_id, MOMENT)
        asked = there.current.asked
        choice = asked.answer if is_right else (asked.answer + 1) % len(asked.options)
        there = challenge.answer(
            connection, today, there.challenge_id, there.seen, choice, user_id, MOMENT + took_ms
        )
    return there


def rows(connection: Connection) -> list[list[tuple[object, ...]]]:
    tables = ("challenges", "challenge_questions", "challenge_plays", "challenge_answers", "scores", "totals")
    return [connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables]


def test_the_five_climb_and_are_the_same_for_everybody_here(connection: Connection) -> None:
    of_dev, of_eli = begin(connection), begin(connection, ELI)
    assert of_dev == of_eli
    assert (
        [item.asked.difficulty for item in of_dev.items]
        == list(ladder(5))
        == [*LEVELS[:1] * 2, *LEVELS[1:2] * 2, LEVELS[2]]
    )
    elsewhere = begin(connection, DEV, replace(TODAY, guild_id=ELSEWHERE))
    assert [item.asked.question for item in elsewhere.items] != [item.asked.question for item in of_dev.items]


def test_they_follow_from_server_pack_and_date_alone(tmp_path: Path) -> None:
    found = []
    for name in ("one", "other"):
        with database_file(tmp_path / name) as connection:
            found.append(
                [
                    begin(connection, user_id, replace(TODAY, day=FIRST + timedelta(days=n))).items
                    for n, user_id in enumerate((3, 2, 1))
                ]
            )
    assert found[0] == found[1]
    assert found[0][0] != found[0][1]


def test_a_new_pack_and_new_settings_change_no_day_that_somebody_has_begun(
    connection: Connection,
) -> None:
    before = begin(connection)
    other = replace(pack_of(range(200, 300), "!"), id="other")
    assert challenge.begin(connection, TODAY, other, Spoiler.ENDING, ELI, MOMENT) == before
    edited = pack_of(range(1, 101), " now")
    assert challenge.begin(connection, TODAY, edited, Spoiler.NONE, FAY, MOMENT) == before
    tomorrow = replace(TODAY, day=FIRST + timedelta(days=1))
    assert challenge.begin(connection, tomorrow, other, Spoiler.NONE, ELI, MOMENT).pack == "other"


def changes() -> st.SearchStrategy[dict[int, tuple[int, int, Spoiler]]]:
    """What the pack and the settings are from some dates on: a range of numbers and a level of spoilers."""
    some = st.builds(
        lambda low, high, level: (low, low + high, level),
        st.integers(0, 30),
        st.integers(6, 45),
        st.sampled_from(Spoiler),
    )
    return st.dictionaries(st.integers(0, 149), some, max_size=6)


@settings(max_examples=10, deadline=None)
@given(
    changes(),
    st.sets(st.integers(0, 149), max_size=30),
    st.dictionaries(st.integers(0, 149), st.integers(1, 60), max_size=6),
)
def test_over_150_dates_no_question_comes_twice_before_all_have_come(
    packs: dict[int, tuple[int, int, Spoiler]], idle: set[int], voids: dict[int, int]
) -> None:
    with TemporaryDirectory() as folder, database_file(Path(folder) / "trivia.db") as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.begin()
        used: set[int] = set()
        pack, level = pack_of(range(1, 40)), Spoiler.NONE
        for number in range(150):
            if number in packs:
                low, high, level = packs[number]
                pack = pack_of(range(low + 1, high + 1), str(number))
            if number in voids:
                connection.execute(
                    "INSERT INTO voided_questions VALUES (?, ?, ?, 1, 1) ON CONFLICT DO NOTHING",
                    (GUILD, pack.id, f"q{voids[number]}"),
                )
            if number in idle:
                continue
            out = in_play.voided_questions(connection, GUILD, pack.id)
            allowed = set(pack.without(pack.question_numbers(level), out))
            if not allowed:
                continue
            today = Today(GUILD, FIRST + timedelta(days=number), "UTC")
            there = challenge.begin(connection, today, pack, level, DEV, MOMENT)
            asked = [int(item.asked.question[1:]) for item in there.items]
            assert len(asked) == len(set(asked)) == min(5, len(allowed))
            for one in asked:
                assert one in allowed
                if one in used:
                    assert used >= allowed, f"{one} came again on date {number}"
                    used = set()
                used.add(one)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(zone_names()), st.integers(1, 80)), min_size=1, max_size=6),
    st.integers(0, 3 * 365 * 24),
    st.randoms(),
)
def test_every_date_has_one_set_through_every_zone_and_clock_change(
    stays: list[tuple[str, int]], start: int, chance: Random
) -> None:
    with TemporaryDirectory() as folder, database_file(Path(folder) / "trivia.db") as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.begin()
        moment = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=start)
        seen: dict[date, Play] = {}
        for name, hours in stays:
            for _ in range(0, hours, 4):
                today = Today(GUILD, moment.astimezone(ZoneInfo(name)).date(), name)
                there = challenge.begin(
                    connection, today, PACK, Spoiler.NONE, chance.choice((DEV, ELI)), to_ms(moment)
                )
                same = seen.setdefault(today.day, there)
                assert [item.asked for item in there.items] == [item.asked for item in same.items]
                assert there.challenge_id == same.challenge_id
                moment += timedelta(hours=4)
        assert len(seen) == connection.execute("SELECT COUNT(*) FROM challenges").fetchone()[0]
        assert connection.execute("SELECT COUNT(*) FROM challenge_questions").fetchone()[0] == 5 * len(seen)


def test_a_small_pack_asks_what_it_has_and_an_empty_one_says_so(connection: Connection) -> None:
    few = challenge.begin(connection, TODAY, pack_of(range(1, 4)), Spoiler.NONE, DEV, MOMENT)
    assert len(few.items) == 3
    with pytest.raises(Refusal, match="no question that I may ask here"):
        challenge.begin(
            connection, replace(TODAY, guild_id=0), pack_of(range(5, 6)), Spoiler.NONE, DEV, MOMENT
        )


def test_an_answer_counts_once_and_nothing_after_it_changes_anything(connection: Connection) -> None:
    there = play(connection, DEV, True)
    before = rows(connection)
    for choice in range(len(there.current.asked.options)):
        with pytest.raises(Refusal, match="the first answer counts"):
            challenge.answer(connection, TODAY, there.challenge_id, 1, choice, DEV, MOMENT + 9_000)
    assert begin(connection) == there
    assert challenge.find(connection, TODAY, DEV) == there
    assert rows(connection) == before


def test_what_was_not_shown_cannot_be_answered(connection: Connection) -> None:
    there = begin(connection)
    before = rows(connection)
    for position, choice, user_id in ((2, 0, DEV), (6, 0, DEV), (0, 0, DEV), (1, 4, DEV), (1, 0, ELI)):
        with pytest.raises(Refusal, match="not open"):
            challenge.answer(connection, TODAY, there.challenge_id, position, choice, user_id, MOMENT)
    assert challenge.go_on(connection, TODAY, there.challenge_id, DEV, MOMENT + 5) == there
    assert rows(connection) == before


def test_a_question_is_timed_from_when_it_was_first_seen(connection: Connection) -> None:
    there = begin(connection)
    assert challenge.begin(connection, TODAY, PACK, Spoiler.NONE, DEV, MOMENT + 50_000) == there
    there = challenge.answer(connection, TODAY, there.challenge_id, 1, 0, DEV, MOMENT + 60_000)
    assert there.took_ms == 60_000
    there = challenge.go_on(connection, TODAY, there.challenge_id, DEV, MOMENT + 100_000)
    assert challenge.go_on(connection, TODAY, there.challenge_id, DEV, MOMENT + 160_000) == there
    there = challenge.answer(connection, TODAY, there.challenge_id, 2, 0, DEV, MOMENT + 99_000)
    assert there.took_ms == 60_000


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (replace(TODAY, day=FIRST + timedelta(days=1)), "is over"),
        (replace(TODAY, day=FIRST - timedelta(days=1)), "not come yet"),
        (replace(TODAY, guild_id=ELSEWHERE), "not from here"),
        (replace(TODAY, guild_id=0), "not from here"),
    ],
)
def test_another_date_or_server_is_refused(connection: Connection, today: Today, words: str) -> None:
    there = play(connection, DEV, True)
    before = rows(connection)
    number = there.challenge_id
    with pytest.raises(Refusal, match=words):
        challenge.answer(connection, today, number, 1, 0, DEV, MOMENT)
    with pytest.raises(Refusal, match=words):
        challenge.go_on(connection, today, number, DEV, MOMENT)
    with pytest.raises(Refusal, match=words):
        challenge.share(connection, today, number, DEV, MOMENT)
    with pytest.raises(Refusal, match="not from here"):
        challenge.go_on(connection, TODAY, 99, DEV, MOMENT)
    assert rows(connection) == before


def test_a_blocked_player_is_told_and_left_out(connection: Connection) -> None:
    there = play(connection, DEV, True, True, True, True, True)
    play(connection, ELI, True, False, True, True, True)
    moderation.block_player(connection, GUILD, DEV, MODERATOR, NOON)
    told = "taken you out of its games"
    with pytest.raises(Refusal, match=told):
        begin(connection)
    with pytest.raises(Refusal, match=told):
        challenge.find(connection, TODAY, DEV)
    with pytest.raises(Refusal, match=told):
        challenge.go_on(connection, TODAY, there.challenge_id, DEV, MOMENT)
    with pytest.raises(Refusal, match=told):
        challenge.share(connection, TODAY, there.challenge_id, DEV, MOMENT)
    assert [(one.rank, one.user_id) for one in finishers(connection, there.challenge_id)] == [(1, ELI)]
    assert board(connection) == {ELI: (4, 5, 1)}
    assert begin(connection, DEV, replace(TODAY, guild_id=ELSEWHERE))
    moderation.unblock_player(connection, GUILD, DEV)
    assert board(connection) == {DEV: (5, 5, 1), ELI: (4, 5, 1)}


def board(connection: Connection, guild_id: int = GUILD) -> dict[int, tuple[int, int, int]]:
    """Return points, answers and dates by player, which rows and totals agree on."""
    totals = connection.execute(
        "SELECT user_id, points, answered, games FROM totals"
        " WHERE guild_id = ? AND board = 'challenge' ORDER BY user_id",
        (guild_id,),
    ).fetchall()
    sums = connection.execute(
        "SELECT user_id, SUM(points), SUM(answered), COUNT(*) FROM scores"
        " WHERE guild_id = ? AND board = 'challenge' GROUP BY user_id ORDER BY user_id",
        (guild_id,),
    ).fetchall()
    assert totals == sums
    return {user_id: (points, answered, games) for user_id, points, answered, games in totals}


def test_a_voided_question_is_taken_out_of_everybodys_day(connection: Connection) -> None:
    numbers = add_questions(connection, *(f"q{number}" for number in range(1, 101)))
    there = play(connection, DEV, False, True, True, True, True)
    play(connection, ELI, True, True, True, True)
    play(connection, FAY, True, True)
    tomorrow = replace(TODAY, day=FIRST + timedelta(days=1))
    play(connection, ELI, True, True, True, True, True, today=tomorrow)
    first, *_, last = (numbers[item.asked.question] for item in there.items)
    assert [one.user_id for one in finishers(connection, there.challenge_id)] == [DEV]
    moderation.void_question(connection, GUILD, first, MODERATOR, NOON)
    moderation.void_question(connection, GUILD, last, MODERATOR, NOON)
    found = finishers(connection, there.challenge_id)
    assert [(one.rank, one.user_id, one.correct) for one in found] == [(1, DEV, 3), (1, ELI, 3)]
    assert board(connection) == {DEV: (3, 3, 1), ELI: (8, 8, 2), FAY: (1, 1, 1)}
    assert days_of(connection, GUILD, DEV) == [Day(FIRST, "UTC", True)]
    assert [day.date for day in days_of(connection, GUILD, ELI)] == [FIRST, tomorrow.day]
    assert days_of(connection, GUILD, FAY) == []
    fay = challenge.go_on(connection, TODAY, there.challenge_id, FAY, MOMENT)
    assert fay.seen == 3
    assert begin(connection, ELI).is_done
    moderation.undo_void(connection, GUILD, first)
    moderation.undo_void(connection, GUILD, last)
    assert board(connection) == {DEV: (4, 5, 1), ELI: (9, 9, 2), FAY: (2, 2, 1)}
    assert [day.date for day in days_of(connection, GUILD, ELI)] == [tomorrow.day]


def test_a_question_voided_while_it_is_open_is_left_behind(connection: Connection) -> None:
    numbers = add_questions(connection, *(f"q{number}" for number in range(1, 101)))
    there = begin(connection)
    moderation.void_question(connection, GUILD, numbers[there.current.asked.question], MODERATOR, NOON)
    with pytest.raises(Refusal, match="taken out of play"):
        challenge.answer(connection, TODAY, there.challenge_id, 1, 0, DEV, MOMENT)
    assert challenge.go_on(connection, TODAY, there.challenge_id, DEV, MOMENT).seen == 2
    assert begin(connection, ELI).seen == 2
    for item in there.items[1:]:
        moderation.void_question(connection, GUILD, numbers[item.asked.question], MODERATOR, NOON)
    with pytest.raises(Refusal, match="no challenge today"):
        begin(connection, FAY)
    for user_id in (DEV, ELI):
        with pytest.raises(Refusal, match="no challenge today"):
            challenge.find(connection, TODAY, user_id)
        with pytest.raises(Refusal, match="no challenge today"):
            challenge.share(connection, TODAY, there.challenge_id, user_id, MOMENT)


def test_a_question_that_comes_back_into_play_can_still_be_answered(connection: Connection) -> None:
    numbers = add_questions(connection, *(f"q{number}" for number in range(1, 101)))
    there = play(connection, DEV, True, True)
    third = numbers[there.items[2].asked.question]
    moderation.void_question(connection, GUILD, third, MODERATOR, NOON)
    done = play(connection, ELI, True, True, True, True)
    assert done.is_done
    moderation.undo_void(connection, GUILD, third)
    there = challenge.go_on(connection, TODAY, there.challenge_id, ELI, MOMENT)
    assert there.seen == 3
    challenge.answer(connection, TODAY, there.challenge_id, 3, there.current.asked.answer, ELI, MOMENT)
    assert challenge.go_on(connection, TODAY, there.challenge_id, ELI, MOMENT).is_done
    assert days_of(connection, GUILD, ELI) == [Day(FIRST, "UTC", True)]
    assert board(connection)[ELI] == (5, 5, 1)


def test_a_reset_takes_what_was_answered_and_nothing_that_is_answered_later(
    connection: Connection,
) -> None:
    play(connection, DEV, True, True)
    moderation.reset_board(connection, GUILD, MODERATOR, MOMENT, NOON - timedelta(hours=1))
    assert board(connection) == {}
    there = challenge.go_on(connection, TODAY, 1, DEV, MOMENT)
    challenge.answer(connection, TODAY, 1, 3, there.current.asked.answer, DEV, MOMENT)
    play(connection, ELI, False)
    assert board(connection) == {DEV: (1, 1, 1), ELI: (0, 1, 1)}
    assert there.took_ms == 2_000


def test_a_result_is_shared_once_and_again_only_if_nobody_saw_it(connection: Connection) -> None:
    there = play(connection, DEV, True, True, True, True)
    with pytest.raises(Refusal, match="Play all"):
        challenge.share(connection, TODAY, there.challenge_id, DEV, MOMENT)
    there = challenge.go_on(connection, TODAY, there.challenge_id, DEV, MOMENT)
    challenge.answer(connection, TODAY, there.challenge_id, 5, 0, DEV, MOMENT)
    assert challenge.share(connection, TODAY, there.challenge_id, DEV, MOMENT).is_done
    with pytest.raises(Refusal, match="shared that already"):
        challenge.share(connection, TODAY, there.challenge_id, DEV, MOMENT)
    challenge.take_share_back(connection, there.challenge_id, DEV)
    challenge.share(connection, TODAY, there.challenge_id, DEV, MOMENT)


def test_the_recap_says_how_many_who_and_which_was_hardest(connection: Connection) -> None:
    assert recap(connection, GUILD, FIRST) is None
    begin(connection)
    assert recap(connection, GUILD, FIRST) is None
    play(connection, DEV, True, True, True, True, True, took_ms=2_000)
    play(connection, ELI, True, True, True, True, True)
    play(connection, FAY, False, False)
    found = recap(connection, GUILD, FIRST)
    assert found is not None
    assert (found.players, found.perfect, found.hardest) == (3, (ELI, DEV), Share(2, 2, 3))


def test_outside_of_servers_nothing_comes_on_a_board(connection: Connection) -> None:
    outside = replace(TODAY, guild_id=0)
    play(connection, DEV, True, True, True, True, True, today=outside)
    assert connection.execute("SELECT COUNT(*) FROM scores").fetchone() == (0,)
    assert days_of(connection, 0, DEV) == [Day(FIRST, "UTC", True)]
    assert privacy.stored_guilds(connection, EVERY) == set()


def test_a_servers_challenges_go_in_parts_and_a_players_answers_whole(connection: Connection) -> None:
    for number in range(5):
        for user_id in (DEV, ELI):
            play(connection, user_id, True, today=replace(TODAY, day=FIRST + timedelta(days=number)))
    privacy.delete_user(connection, DEV)
    assert board(connection) == {ELI: (5, 5, 5)}
    parts = 1
    while privacy.purge_guild(connection, GUILD):
        parts += 1
        left = connection.execute("SELECT COUNT(*) FROM challenges").fetchone()[0]
        assert board(connection) == ({ELI: (left, left, left)} if left else {})
    assert parts == 3
    assert Counter(map(len, rows(connection))) == {0: 6}


def test_a_decks_kinds_stand_beside_each_other(connection: Connection) -> None:
    begin(connection)
    begin(connection, DEV, replace(TODAY, guild_id=0))
    found = connection.execute("SELECT guild_id, kind, LENGTH(drawn) FROM decks ORDER BY guild_id").fetchall()
    assert found == [(0, "challenge", 20), (GUILD, "challenge", 20)]


def test_the_five_go_by_how_hard_questions_have_proved_to_be(connection: Connection) -> None:
    add_questions(connection, *(question.id for question in PACK.questions.values()))
    connection.execute("UPDATE questions SET answered = 50 WHERE number % 3 <> 1")
    connection.execute("UPDATE questions SET correct = 50 WHERE number % 3 = 2")
    begin(connection)
    asked = connection.execute(
        "SELECT question, difficulty FROM challenge_questions ORDER BY position"
    ).fetchall()
    assert [difficulty for _, difficulty in asked] == list(ladder(5))
    labels = [PACK.questions[PACK.question_numbers_by_id[id_]].difficulty for id_, _ in asked]
    assert labels == ["hard", "hard", "medium", "medium", "easy"]
