"""Rounds that were played, written straight into a database file, for tests of what is read from them."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from bot.core.rounds import EndReason
from bot.storage import recounts
from bot.storage.database import MIGRATIONS, migrate
from bot.storage.moments import to_ms
from bot.storage.rounds import end_round
from bot.storage.scores import EVERYTHING, board_of, new_board

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
def database_file(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a new database file with all tables."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    migrate(connection, path, MIGRATIONS)
    try:
        yield connection
    finally:
        connection.close()


def add_questions(connection: sqlite3.Connection, *ids: str) -> dict[str, int]:
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


def begin(
    connection: sqlite3.Connection, guild_id: int, asked: Sequence[Asked], *, seconds: int | None = 20
) -> int:
    """Store a round that is still going on and return its number."""
    round_id = connection.execute(
        "INSERT INTO rounds (guild_id, channel_id, host_user_id, pack, answer_form, scoring, spoilers,"
        " questions, seconds, state, started_ms)"
        " VALUES (?, ?, 1, ?, 'buttons', 'speed', 0, 10, ?, 'running', 0)",
        (guild_id, next(channels), PACK, seconds),
    ).lastrowid
    assert round_id is not None
    for position, one in enumerate(asked, start=1):
        connection.execute(
            "INSERT INTO asked_questions (round_id, position, question, fact, topics, prompt, options,"
            " answer, aliases, other_names, fact_text, spoiler, difficulty, base, state, nonce, asked_ms,"
            " reopened)"
            " VALUES (?, ?, ?, 'f', ?, '?', '[]', 0, '[]', '[]', '.', 0, 'easy', 100, ?, '', 0, ?)",
            (round_id, position, one.question, one.topics, "void" if one.void else "revealed", one.reopened),
        )
        connection.executemany(
            "INSERT INTO answers (round_id, position, user_id, choice, answered_ms, took_ms, correct, points,"
            " streak) VALUES (?, ?, ?, 0, 0, ?, ?, ?, ?)",
            (
                (round_id, position, user_id, answer.took_ms, answer.correct, answer.points, answer.streak)
                for user_id, answer in one.answers.items()
            ),
        )
    return round_id


def play(
    connection: sqlite3.Connection,
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


def board_id(connection: sqlite3.Connection, guild_id: int) -> int:
    """Return the number of a server's board that is shown, made if there is none."""
    return (board_of(connection, guild_id) or new_board(connection, guild_id, "current", EVERYTHING)).id


def totals(connection: sqlite3.Connection, guild_id: int) -> list[tuple[object, ...]]:
    """Return the totals of a server's board that is shown, in order."""
    return connection.execute(
        "SELECT period, starts, user_id, points, correct, answered, rounds FROM totals JOIN boards USING"
        " (board_id) WHERE guild_id = ? AND state = 'current' ORDER BY period, starts, user_id",
        (guild_id,),
    ).fetchall()


def rebuild(connection: sqlite3.Connection, *guild_ids: int) -> None:
    """Count servers' boards anew, all parts of it."""
    recounts.begin(connection, guild_ids)
    while recounts.do_part(connection):
        pass


def buckets(connection: sqlite3.Connection, guild_id: int) -> dict[tuple[str, str, int], int]:
    """Return how many players are in each bucket of the server's board, by period and first day."""
    rows = connection.execute(
        "SELECT period, starts, bucket, players FROM total_buckets JOIN boards USING (board_id)"
        " WHERE guild_id = ? AND state = 'current'",
        (guild_id,),
    )
    return {(period, starts, bucket): players for period, starts, bucket, players in rows}


def buckets_of(rows: Sequence[tuple[Any, ...]]) -> dict[tuple[str, str, int], int]:
    """Return the same of a board's totals, counted from their points."""
    counted: defaultdict[tuple[str, str, int], int] = defaultdict(int)
    for period, starts, _, points, *_ in rows:
        text = str(points)
        counted[period, starts, int(text[:2].ljust(len(text), "0"))] += 1
    return dict(counted)
