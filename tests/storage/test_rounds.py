"""Rounds in a real file: one a channel, one deck for all, each step once, and what a restart reads back."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from bot.core.content import Difficulty, Spoiler
from bot.core.quiz import step
from bot.core.refusal import Refusal
from bot.core.round_events import Restarted
from bot.core.rounds import Answer, CloseReason, Current, EndReason, Phase, RoundPlan
from bot.core.shards import EVERY
from bot.storage import asking, moderation, privacy, round_starts, rounds
from bot.storage.catalogue import LoadedPack
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.moments import from_ms
from bot.storage.open_rounds import load_open_rounds, load_plan
from bot.storage.outcome import Fastest, Hardest, Longest, Outcome, outcome
from bot.storage.packs import load_packs
from bot.storage.rounds import Standing
from tests.quiz_pack import PLAN, RARE, SPOILERS, TRUE_OR_FALSE, write_pack
from tests.quiz_pack import QUESTIONS as ALL

NOW = 1_800_000_000_000


@pytest.fixture
async def pack(tmp_path: Path, database: Database) -> LoadedPack:
    write_pack(tmp_path / "packs" / "orchestra")
    return (await load_packs(database, tmp_path / "packs")).packs[0]


def plan(channel: int = 1, host: int = 1, **changes: object) -> RoundPlan:
    own = {"channel_id": channel, "host_user_id": host, "started_ms": NOW}
    return replace(PLAN, **(own | changes))  # type: ignore[arg-type]


def answer(user: int, points: int = 80, streak: int = 1, choice: int = 0) -> Answer:
    return Answer(user, choice, NOW + 3_000, 2_000, points > 0, points, streak)


class Played:
    """A round in the database, step by step."""

    def __init__(self, connection: Connection, pack: LoadedPack, plan_: RoundPlan) -> None:
        self.connection, self.pack, self.plan = connection, pack, plan_
        self.id = round_starts.start_round(connection, plan_)
        self.position = 0

    def ask(self, seed: int = 1) -> str | None:
        self.position += 1
        asked = asking.ask(
            self.connection, self.id, self.position, self.plan, [self.pack], Random(seed), NOW + self.position
        )
        self.asked = asked
        return asked.question if asked else None

    def open(self) -> Current:
        assert self.asked is not None
        current = Current(self.position, self.asked, NOW, 77, NOW + 1_000, NOW + 21_000, 250)
        rounds.open_question(self.connection, self.id, current)
        return current

    def answer(self, *answers: Answer) -> list[Answer | None]:
        return [rounds.record_answer(self.connection, self.id, self.position, one) for one in answers]

    def close(self, reason: CloseReason = CloseReason.DEADLINE) -> None:
        rounds.close_question(self.connection, self.id, self.position, reason, NOW + 22_000)

    def full(self, *answers: Answer, reason: CloseReason = CloseReason.DEADLINE) -> None:
        self.ask()
        self.open()
        self.answer(*answers)
        self.close(reason)


def test_one_open_round_a_channel(connection: Connection, pack: LoadedPack) -> None:
    played = Played(connection, pack, plan())
    with pytest.raises(Refusal, match="going on"):
        round_starts.start_round(connection, plan(host=2))
    with pytest.raises(Exception, match=r"(?i)unique"):
        connection.execute(
            "INSERT INTO rounds (guild_id, channel_id, pack, answer_form, scoring, spoilers, questions,"
            " state, started_ms) VALUES (5, 1, 'p', 'buttons', 'speed', 0, 1, 'running', 0)"
        )
    rounds.end_round(connection, played.id, EndReason.STOPPED, NOW)
    with pytest.raises(Refusal, match="going on"):
        round_starts.start_round(connection, plan(host=2))
    rounds.finish_round(connection, played.id, None)
    assert round_starts.start_round(connection, plan(host=2)) > played.id


def test_one_start_a_minute_a_user(connection: Connection) -> None:
    round_starts.start_round(connection, plan())
    with pytest.raises(Refusal, match="wait 1 more"):
        round_starts.start_round(connection, plan(channel=2, started_ms=NOW + 59_999))
    round_starts.start_round(connection, plan(channel=2, started_ms=NOW + 60_000))
    round_starts.start_round(connection, plan(channel=3, host=2))


def test_a_round_that_was_stopped_unanswered_does_not_count_as_started(
    connection: Connection,
) -> None:
    """Three in a minute are enough all the same."""
    for second in range(3):
        at = NOW + second * 1_000
        round_id = round_starts.start_round(connection, plan(started_ms=at))
        rounds.end_round(connection, round_id, EndReason.STOPPED, at)
        rounds.finish_round(connection, round_id, None)
    with pytest.raises(Refusal, match="wait 57 more seconds"):
        round_starts.start_round(connection, plan(started_ms=NOW + 3_000))
    with pytest.raises(Refusal, match=r"wait 1 more second\."):
        round_starts.start_round(connection, plan(started_ms=NOW + 59_000))
    round_starts.start_round(connection, plan(started_ms=NOW + 60_000))


@pytest.mark.parametrize("reason", [EndReason.STOPPED, EndReason.UNANSWERED])
def test_a_round_that_was_answered_or_ended_by_itself_counts_as_started(
    connection: Connection, pack: LoadedPack, reason: EndReason
) -> None:
    played = Played(connection, pack, plan())
    if reason is EndReason.STOPPED:
        played.full(answer(7))
    rounds.end_round(connection, played.id, reason, NOW)
    rounds.finish_round(connection, played.id, None)
    with pytest.raises(Refusal, match="less than a minute"):
        round_starts.start_round(connection, plan(started_ms=NOW + 1_000))


def test_round_numbers_are_never_used_twice(connection: Connection) -> None:
    first = round_starts.start_round(connection, plan())
    connection.execute("DELETE FROM rounds")
    assert round_starts.start_round(connection, plan(host=2)) > first


def test_no_question_twice_in_a_round_and_rounds_share_a_deck(
    connection: Connection, pack: LoadedPack
) -> None:
    one, other = Played(connection, pack, plan()), Played(connection, pack, plan(channel=2, host=2))
    free = ALL - SPOILERS
    drawn = [(one if number % 2 else other).ask(number) for number in range(free)]
    assert len(set(drawn)) == free
    assert None not in drawn
    rest = [one.ask(number) for number in range(free)]
    in_one = [*drawn[1::2], *(question for question in rest if question)]
    assert len(in_one) == len(set(in_one)) == free
    assert rest.count(None) == free // 2


def test_a_round_climbs_and_has_one_statement(connection: Connection, pack: LoadedPack) -> None:
    two_topics = {number: replace(fact, topics=(fact.id,)) for number, fact in pack.facts.items()}
    wide = LoadedPack(pack.id, pack.title, pack.topics, two_topics, pack.questions)
    for channel in range(1, 5):
        played = Played(connection, wide, plan(channel, host=channel))
        asked = [wide.questions[wide.question_numbers_by_id[played.ask(seed) or ""]] for seed in range(10)]
        assert [question.difficulty for question in asked] == ["easy"] * 3 + ["medium"] * 4 + ["hard"] * 3
        assert sum(question.is_true_or_false for question in asked) <= 1


def test_a_round_keeps_apart_what_gives_itself_away_and_the_deck_still_goes_round(
    connection: Connection, pack: LoadedPack
) -> None:
    ids = [question.id for question in pack.questions.values()]
    threes = {
        number: replace(question, never_with=tuple(ids[index - index % 3 : index - index % 3 + 3]))
        for index, (number, question) in enumerate(pack.questions.items())
    }
    pack = LoadedPack(pack.id, pack.title, pack.topics, pack.facts, threes)
    played = Played(connection, pack, plan(spoilers=Spoiler.PLOT))
    drawn = [played.ask(seed) or "" for seed in range(ALL)]
    third = ALL // 3
    assert sorted(ids.index(question) // 3 for question in drawn[:third]) == list(range(third))
    assert sorted(drawn) == sorted(ids)


def test_a_round_that_gave_its_statement_before_a_restart_has_no_other(
    connection: Connection, pack: LoadedPack
) -> None:
    statements = {number: q for number, q in pack.questions.items() if q.is_true_or_false}
    others = {number: q for number, q in pack.questions.items() if not q.is_true_or_false}
    first = LoadedPack(pack.id, pack.title, pack.topics, pack.facts, statements)
    played = Played(connection, first, plan())
    assert played.ask() is not None
    played.pack = LoadedPack(pack.id, pack.title, pack.topics, pack.facts, statements | others)
    asked = [played.ask(seed) for seed in range(20)]
    assert not {question.id for question in statements.values()}.intersection(asked)


def test_a_round_asks_for_no_number_twice_in_a_row(connection: Connection, pack: LoadedPack) -> None:
    half = {
        number: replace(one, answer=f"{number} lamps" if number % 4 < 2 else "a lamp")
        for number, one in pack.questions.items()
    }
    pack = LoadedPack(pack.id, pack.title, pack.topics, pack.facts, half)
    played = Played(connection, pack, plan())
    asked = [half[pack.question_numbers_by_id[played.ask(seed) or ""]].answer for seed in range(10)]
    assert not any(one != "a lamp" != following for one, following in pairwise(asked))


def test_what_is_asked_fits_what_was_started(connection: Connection, pack: LoadedPack) -> None:
    rare = Played(connection, pack, plan(topic="rare"))
    assert {rare.ask() for _ in range(RARE)} == {f"question-{number}" for number in range(1, RARE + 1)}
    assert rare.ask() is None
    typed = plan(channel=2, host=2, answer_form="typed")
    hard = plan(channel=3, host=3, difficulty=Difficulty.HARD)
    spoiling = plan(channel=4, host=4, spoilers=Spoiler.PLOT)
    assert len(asking.playable(connection, typed, pack)) == ALL - SPOILERS - TRUE_OR_FALSE
    assert {pack.questions[n].difficulty for n in asking.playable(connection, hard, pack)} == {"hard"}
    assert len(asking.playable(connection, spoiling, pack)) == ALL


def test_a_voided_question_is_not_asked_in_its_server(connection: Connection, pack: LoadedPack) -> None:
    connection.execute("INSERT INTO voided_questions VALUES (5, 'orchestra', 'question-1', NULL, 0)")
    assert len(asking.playable(connection, plan(topic="rare"), pack)) == RARE - 1
    assert len(asking.playable(connection, plan(topic="rare", guild_id=6), pack)) == RARE
    played = Played(connection, pack, plan(topic="rare"))
    assert {played.ask() for _ in range(RARE)} == {"question-2", "question-3", None}


def test_an_answer_is_stored_once_and_only_while_open(connection: Connection, pack: LoadedPack) -> None:
    played = Played(connection, pack, plan())
    played.ask()
    assert played.answer(answer(7)) == [None]
    played.open()
    given = [answer(7), answer(7, points=0), answer(8)]
    assert played.answer(*given) == [given[0], given[0], given[2]]
    played.close()
    assert played.answer(answer(9)) == [None]
    assert [(one.user_id, one.points) for one in rounds.answers_to(connection, played.id, 1)] == [
        (7, 80),
        (8, 80),
    ]


def test_a_blocked_player_is_refused_in_that_server_only(connection: Connection, pack: LoadedPack) -> None:
    connection.execute("INSERT INTO blocked_players VALUES (5, 7, NULL, 0)")
    here, there = Played(connection, pack, plan()), Played(connection, pack, plan(2, 2, guild_id=6))
    for played in (here, there):
        played.ask()
        played.open()
    with pytest.raises(Refusal, match="taken you out"):
        here.answer(answer(7))
    assert there.answer(answer(7)) == [answer(7)]


@pytest.mark.parametrize("reason", list(CloseReason))
def test_void_questions_keep_their_answers_without_points(
    connection: Connection, pack: LoadedPack, reason: CloseReason
) -> None:
    played = Played(connection, pack, plan())
    played.full(answer(7), answer(8, points=0, streak=0), reason=reason)
    assert [one.points for one in rounds.answers_to(connection, played.id, 1)] == [
        0 if reason.is_void else 80,
        0,
    ]
    standing = [] if reason.is_void else [Standing(7, 80, 1, 2_000), Standing(8, 0, 0, 0)]
    assert rounds.standings(connection, played.id) == standing


@pytest.mark.parametrize(
    ("reason", "players"), [(CloseReason.DEADLINE, {8, 9}), (CloseReason.SKIPPED, {7, 8, 9})]
)
def test_a_restart_knows_whom_the_question_waits_for(
    connection: Connection, pack: LoadedPack, reason: CloseReason, players: set[int]
) -> None:
    """Who answered the last question that counts, or a void one since, but for who is blocked."""
    played = Played(connection, pack, plan())
    played.full(answer(7), answer(10))
    played.full(answer(8), answer(9), answer(11), reason=reason)
    for user in (10, 11):
        moderation.block_player(connection, 5, user, 1, from_ms(NOW))
    played.ask()
    played.open()
    played.answer(answer(12))
    [stored] = load_open_rounds(connection, EVERY)
    assert stored.players == players


def test_the_podium_counts_questions_that_count(connection: Connection, pack: LoadedPack) -> None:
    """One was skipped, one voided by moderators, one deleted, one never sent; a blocked player played too."""
    played = Played(connection, pack, plan(questions=10))
    slow, blocked = answer(9)._replace(took_ms=3_000), answer(10, streak=3)._replace(took_ms=1)
    played.full(answer(7), answer(8, points=0, streak=0))
    played.full(answer(7)._replace(took_ms=1), reason=CloseReason.SKIPPED)
    played.full(answer(8, streak=9)._replace(took_ms=1))
    assert played.asked is not None
    connection.execute(
        "INSERT INTO voided_questions (guild_id, pack, question, voided_ms) VALUES (5, ?, ?, ?)",
        (pack.id, played.asked.question, NOW),
    )
    played.full(answer(7), reason=CloseReason.DELETED)
    played.full()
    played.full(answer(7, streak=2), answer(8, points=0, streak=0), slow, blocked)
    moderation.block_player(connection, 5, 10, 1, from_ms(NOW))
    played.ask()
    assert rounds.end_round(connection, played.id, EndReason.OUTAGE, NOW + 30_000)
    assert outcome(connection, played.id) == Outcome(
        counted=3,
        ranked=True,
        answered=True,
        fastest=Fastest(7, 2_000),
        longest=Longest(7, 2),
        hardest=Hardest(prompts(connection)[0], Spoiler.NONE, 2, 1),
    )


def test_of_a_round_that_nobody_played_nothing_stands_out(connection: Connection, pack: LoadedPack) -> None:
    played = Played(connection, pack, plan())
    played.full()
    rounds.end_round(connection, played.id, EndReason.STOPPED, NOW)
    assert outcome(connection, played.id) == Outcome(counted=1)


@pytest.mark.parametrize(("players", "ranked"), [(1, False), (2, True)])
def test_a_podium_knows_whether_its_round_counts_on_the_board(
    connection: Connection, pack: LoadedPack, players: int, ranked: bool
) -> None:
    played = Played(connection, pack, plan())
    played.full(*[answer(user) for user in range(players)])
    rounds.end_round(connection, played.id, EndReason.COMPLETED, NOW)
    assert outcome(connection, played.id).ranked == ranked


def prompts(connection: Connection) -> list[str]:
    return [row[0] for row in connection.execute("SELECT prompt FROM asked_questions ORDER BY position")]


def test_a_question_found_deleted_after_it_was_closed_is_void(
    connection: Connection, pack: LoadedPack
) -> None:
    played = Played(connection, pack, plan())
    played.full(answer(7))
    played.close(CloseReason.DELETED)
    played.close(CloseReason.DEADLINE)
    assert rounds.standings(connection, played.id) == []


def test_a_round_is_settled_once(connection: Connection, pack: LoadedPack) -> None:
    played = Played(connection, pack, plan())
    played.full(answer(7), answer(8))
    played.ask()
    played.open()
    played.answer(answer(7, points=50, streak=2))
    assert rounds.end_round(connection, played.id, EndReason.STOPPED, NOW + 30_000)
    assert not rounds.end_round(connection, played.id, EndReason.AWAY, NOW + 99_000)
    totals = "SELECT user_id, points FROM totals ORDER BY user_id"
    assert connection.execute(totals).fetchall() == [(7, 130), (8, 80)]
    row = connection.execute("SELECT state, end_reason, ended_ms, ranked FROM rounds").fetchone()
    assert row == ("ending", "stopped", NOW + 30_000, 1)


def test_a_question_that_was_never_sent_is_void_at_the_end(connection: Connection, pack: LoadedPack) -> None:
    played = Played(connection, pack, plan())
    played.ask()
    rounds.end_round(connection, played.id, EndReason.STOPPED, NOW)
    assert connection.execute("SELECT state FROM asked_questions").fetchall() == [("void",)]


def loaded(connection: Connection) -> list[tuple[Phase, int]]:
    return [(stored.phase, stored.position) for stored in load_open_rounds(connection, EVERY)]


def test_every_state_is_read_back_as_it_was(connection: Connection, pack: LoadedPack) -> None:
    played = Played(connection, pack, plan(scoring="plain"))
    assert loaded(connection) == [(Phase.DRAWING, 0)]
    question = played.ask()
    assert loaded(connection) == [(Phase.SENDING, 1)]
    current = played.open()
    played.answer(answer(7))
    (stored,) = load_open_rounds(connection, EVERY)
    assert stored.plan == played.plan
    assert stored.current is not None
    asked = stored.current.asked
    assert asked.question == question
    assert asked.right_option in (
        "True",
        pack.questions[pack.question_numbers_by_id[question or ""]].answer,
    )
    assert (stored.phase, stored.plan.scoring) == (Phase.OPEN, "plain")
    assert stored.current == current._replace(asked_ms=NOW + 1, answers={7: answer(7)})
    rounds.reopen_question(connection, played.id, 1, NOW + 90_000)
    (stored,) = load_open_rounds(connection, EVERY)
    assert stored.current is not None
    assert (stored.current.reopened, stored.current.deadline_ms) == (True, NOW + 90_000)
    played.close()
    assert loaded(connection) == [(Phase.SHOWN, 1)]
    rounds.end_round(connection, played.id, EndReason.STOPPED, NOW)
    (stored,) = load_open_rounds(connection, EVERY)
    assert (stored.phase, stored.end_reason) == (Phase.ENDING, EndReason.STOPPED)
    rounds.finish_round(connection, played.id, 9)
    assert loaded(connection) == []
    assert load_plan(connection, played.id) == played.plan
    assert load_plan(connection, played.id + 1) is None


def test_streaks_and_what_happens_in_a_row_are_read_back(connection: Connection, pack: LoadedPack) -> None:
    played = Played(connection, pack, plan())
    played.full(answer(7), answer(8))
    played.full(answer(7, streak=2))
    played.full(answer(7, points=0, streak=0), reason=CloseReason.SKIPPED)
    played.ask()
    (stored,) = load_open_rounds(connection, EVERY)
    assert (stored.streaks, stored.unanswered, stored.deleted) == ({7: 2}, 0, 0)
    played.open()
    played.close()
    played.full()
    played.ask()
    (stored,) = load_open_rounds(connection, EVERY)
    assert (stored.streaks, stored.unanswered) == ({}, 2)
    played.open()
    played.close(CloseReason.DELETED)
    played.ask()
    (stored,) = load_open_rounds(connection, EVERY)
    assert (stored.unanswered, stored.deleted) == (2, 1)


def test_a_loaded_round_goes_on(connection: Connection, pack: LoadedPack) -> None:
    played = Played(connection, pack, plan())
    played.full(answer(7))
    (stored,) = load_open_rounds(connection, EVERY)
    state, effects = step(stored, Restarted(NOW + 25_000))
    assert (state.phase, state.streaks, len(effects)) == (Phase.SHOWN, {7: 1}, 1)


def test_a_round_that_was_purged_with_its_server_ends_without_a_trace(connection: Connection) -> None:
    round_id = round_starts.start_round(connection, plan())
    while privacy.purge_guild(connection, PLAN.guild_id):
        pass
    assert not rounds.end_round(connection, round_id, EndReason.REMOVED, NOW)


def test_a_user_who_deletes_their_data_leaves_the_round_standing(
    connection: Connection, pack: LoadedPack
) -> None:
    played = Played(connection, pack, plan())
    played.full(answer(1), answer(7))
    privacy.delete_user(connection, 1)
    (stored,) = load_open_rounds(connection, EVERY)
    assert stored.plan.host_user_id is None
    assert stored.current is not None
    assert list(stored.current.answers) == [7]
