"""Rounds that were played, written straight into a database file, for tests of what is read from them."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.periods import Period
from bot.core.rounds import EndReason
from bot.storage import scores
from bot.storage.connection import Connection
from bot.storage.moments import from_ms, to_ms
from bot.storage.rounds import end_round
from bot.storage.settings import settings_of
from bot.storage.sqlite import SqliteConnection
from bot.storage.standings import MOST_POINTS, standings_of
from tests.prepared import write_tables

PERIODS = (Period.DAY, Period.WEEK, Period.MONTH, Period.ALL)
"""Those of now."""
PACK = "la-la-land"
MODERATOR = 900


@dataclass(frozen=True, slots=True)
class Given:
    """One player's answer."""

    points: int = 100
    correct: bool = True
    took_ms: int = 2_000
    streak: int = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a round with its answers by player."""

    question: str
    answers: Mapping[int, Given]
    void: bool = False
    reopened: bool = False
    topics: str = '["cast"]'


@contextmanager
def database_file(path: Path) -> Iterator[SqliteConnection]:
    """Open a file with all tables, a new one if there is none; a crash of the machine may ruin it."""
    if not path.exists():
        write_tables(path)
    connection = sqlite3.connect(path, isolation_level=None, factory=SqliteConnection)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = OFF")
    try:
        yield connection
    finally:
        connection.close()


def add_questions(connection: Connection, *ids: str) -> dict[str, int]:
    """Store a pack with these questions, each proved by the one fact; return their numbers."""
    connection.execute(
        "INSERT INTO packs (id, title, hash, topics) VALUES (?, 'La La Land', '', '[]')", (PACK,)
    )
    connection.execute(
        "INSERT INTO facts (pack, id, text, topics, people, films, paragraphs, spoiler)"
        " VALUES (?, 'opening', 'The opening was shot on a ramp.', '[]', '[]', '[]', '[1]', 0)",
        (PACK,),
    )
    for question in ids:
        connection.execute(
            "INSERT INTO questions (pack, id, fact, prompt, answer, distractors, aliases, difficulty)"
            " VALUES (?, ?, 'opening', ?, 'A ramp', '[]', '[]', 'easy')",
            (PACK, question, f"Where was {question}?"),
        )
    return dict(connection.execute("SELECT id, number FROM questions"))


channels = count(1)


def begin(connection: Connection, guild_id: int, asked: Sequence[Asked], *, seconds: int | None = 20) -> int:
    """Store a round that is still going on and return its number."""
    [(round_id,)] = connection.execute(
        "INSERT INTO rounds (guild_id, channel_id, host_user_id, pack, answer_form, scoring, spoilers,"
        " questions, seconds, state, started_ms)"
        " VALUES (?, ?, 1, ?, 'buttons', 'speed', 0, 10, ?, 'running', 0) RETURNING round_id",
        (guild_id, next(channels), PACK, seconds),
    )
    for position, one in enumerate(asked, start=1):
        connection.execute(
            "INSERT INTO asked_questions (round_id, position, question, fact, topics, prompt, options,"
            " answer, aliases, other_names, fact_text, spoiler, difficulty, base, state, nonce, asked_ms,"
            " reopened, pack)"
            " VALUES (?, ?, ?, 'f', ?, '?', '[]', 0, '[]', '[]', '.', 0, 'easy', 100, ?, '', 0, ?, ?)",
            (
                round_id,
                position,
                one.question,
                one.topics,
                "void" if one.void else "revealed",
                one.reopened,
                PACK,
            ),
        )
        connection.executemany(
            "INSERT INTO answers (round_id, position, user_id, choice, answered_ms, took_ms, correct, points,"
            " streak) VALUES (?, ?, ?, 0, 0, ?, ?, ?, ?)",
            (
                (round_id, position, user_id, answer.took_ms, answer.correct, answer.points, answer.streak)
                for user_id, answer in one.answers.items()
            ),
        )
    return int(round_id)


def play(
    connection: Connection,
    guild_id: int,
    ended: datetime,
    asked: Sequence[Asked],
    *,
    seconds: int | None = 20,
) -> int:
    """Store a round that ended at a moment, and count it; return its number."""
    round_id = begin(connection, guild_id, asked, seconds=seconds)
    end_round(connection, round_id, EndReason.COMPLETED, to_ms(ended))
    return round_id


def totals(connection: Connection, guild_id: int) -> list[tuple[object, ...]]:
    """Return what a server's board shows in every period that holds a round, in order.

    Each row is a period, its first day, a player, their points, right answers, answers and rounds.
    """
    zone = settings_of(connection, guild_id).zone
    found: list[tuple[Any, ...]] = [
        (Period.ALL.value, "", *row)
        for row in connection.execute(
            "SELECT user_id, points, correct, answered, games FROM totals WHERE guild_id = ?", (guild_id,)
        )
    ]
    rows = [
        (from_ms(ended_ms), user_id, answered)
        for ended_ms, user_id, answered in connection.execute(
            "SELECT ended_ms, user_id, answered FROM scores WHERE guild_id = ?", (guild_id,)
        )
    ]
    shown = {(period, period.stretch(ended, zone)) for period in PERIODS for ended, _, _ in rows}
    for period, stretch in shown:
        if stretch is None:
            continue
        for line in standings_of(connection, guild_id, stretch, zone).after(MOST_POINTS, 0, 1_000):
            answered = [
                answered
                for ended, user_id, answered in rows
                if user_id == line[0] and stretch.begins(zone) <= ended < stretch.ends(zone)
            ]
            found.append((period.value, f"{stretch.first}", *line, sum(answered), len(answered)))
    return sorted(found)


def plain(connection: Connection, guild_id: int, zone: str, reset: set[int]) -> list[tuple[Any, ...]]:
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
        for period in PERIODS:
            key = (period.value, first_day(period, from_ms(ended_ms), ZoneInfo(zone)), user_id)
            sums[key] = [sums[key][0] + points, sums[key][1] + correct, sums[key][2] + 1]
            rounds[key].add(round_id)
    return sorted((*key, *entry, len(rounds[key])) for key, entry in sums.items())


def rebuild(connection: Connection, guild_id: int) -> int:
    """Rebuild a server's board, and return how many parts that took."""
    parts, after = 1, scores.rebuild(connection, guild_id)
    while after is not None:
        parts, after = parts + 1, scores.rebuild(connection, guild_id, after)
    return parts


def first_day(period: Period, moment: datetime, zone: ZoneInfo) -> str:
    """Return the ISO date of the first day of the period that holds a moment; '' for all time."""
    day = moment.astimezone(zone).date()
    match period:
        case Period.DAY:
            return day.isoformat()
        case Period.WEEK:
            return (day - timedelta(days=day.weekday())).isoformat()
        case Period.MONTH:
            return day.replace(day=1).isoformat()
        case _:
            return ""


def choose_zone(connection: Connection, guild_id: int, zone: str) -> None:
    """Store a server's zone, as the settings do."""
    connection.execute(
        "INSERT INTO guilds (guild_id, time_zone, spoilers, scoring, board_minimum_players, round_questions,"
        " round_seconds) VALUES (?, ?, 0, 'speed', 2, 10, 20)"
        " ON CONFLICT (guild_id) DO UPDATE SET time_zone = excluded.time_zone",
        (guild_id, zone),
    )
