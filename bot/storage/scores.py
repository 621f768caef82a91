"""Points by player and period: kept as rounds end, and rebuilt from the answers whenever that is asked for.

One query says what counts. A round is added when it ends; what changes the query's answer later (a voided
question, a blocked player) happens within a `counting` block, which adds the difference to the totals.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, tzinfo
from functools import partial
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.core.periods import Period
from bot.storage.database import Database
from bot.storage.moments import from_ms
from bot.storage.personal import PersonalColumn

log = logging.getLogger(__name__)

PERSONAL = (PersonalColumn("totals", "user_id", "Your points on each server's board.", "delete"),)

DEFAULT_MINIMUM_PLAYERS = 2
"""How many players make a round count on the board, in a server that did not choose."""

Key = tuple[str, str, int]
"""A period, its first day and a player."""
Sums = tuple[int, int, int, int]
"""Points, right answers, answers and rounds."""

NOTHING: Sums = (0, 0, 0, 0)
WHAT_COUNTS = """
    SELECT r.ended_ms, a.user_id, SUM(a.points), SUM(a.correct), COUNT(*)
    FROM rounds r
    JOIN asked_questions q ON q.round_id = r.round_id
    JOIN answers a ON a.round_id = q.round_id AND a.position = q.position
    WHERE r.guild_id = ? AND r.ranked = 1 AND q.state <> 'void'
        AND r.ended_ms > COALESCE((SELECT reset_ms FROM board_resets WHERE guild_id = r.guild_id), 0)
        AND NOT EXISTS (SELECT 1 FROM voided_questions v
            WHERE v.guild_id = r.guild_id AND v.pack = r.pack AND v.question = q.question)
        AND NOT EXISTS (SELECT 1 FROM blocked_players b
            WHERE b.guild_id = r.guild_id AND b.user_id = a.user_id)
"""
ROUNDS_THAT_ASKED = """
    AND r.round_id IN (SELECT asked.round_id FROM asked_questions asked
        JOIN rounds held ON held.round_id = asked.round_id
        WHERE asked.question = ? AND held.guild_id = ? AND held.pack = ?)
"""


def count_round(connection: sqlite3.Connection, round_id: int) -> None:
    """Settle whether a round, which has its `ended_ms` by now, is ranked, and add it to the totals if it is.

    It is ranked if enough people played it. A second call for the same round changes nothing.
    """
    guild_id, ranked = connection.execute(
        "SELECT guild_id, ranked FROM rounds WHERE round_id = ?", (round_id,)
    ).fetchone()
    if ranked is not None:
        return
    row = connection.execute(
        "SELECT board_minimum_players FROM guilds WHERE guild_id = ?", (guild_id,)
    ).fetchone()
    (players,) = connection.execute(
        "SELECT COUNT(DISTINCT a.user_id) FROM answers a"
        " JOIN asked_questions q ON q.round_id = a.round_id AND q.position = a.position"
        " WHERE a.round_id = ? AND q.state <> 'void'",
        (round_id,),
    ).fetchone()
    connection.execute(
        "UPDATE rounds SET ranked = ? WHERE round_id = ?",
        (int(players >= (row[0] if row else DEFAULT_MINIMUM_PLAYERS)), round_id),
    )
    _add(connection, guild_id, _sums(connection, guild_id, "AND r.round_id = ?", round_id))


@contextmanager
def counting_question(
    connection: sqlite3.Connection, guild_id: int, pack: str, question: str
) -> Iterator[None]:
    """Bring the totals up to date with what the block changes about one question in a server."""
    with _counting(connection, guild_id, ROUNDS_THAT_ASKED, question, guild_id, pack):
        yield


@contextmanager
def counting_player(connection: sqlite3.Connection, guild_id: int, user_id: int) -> Iterator[None]:
    """Bring the totals up to date with what the block changes about one player in a server."""
    with _counting(connection, guild_id, "AND a.user_id = ?", user_id):
        yield


def rebuild(connection: sqlite3.Connection, guild_id: int) -> None:
    """Work out a server's totals anew from its rounds and answers."""
    connection.execute("DELETE FROM totals WHERE guild_id = ?", (guild_id,))
    _add(connection, guild_id, _sums(connection, guild_id, ""))


async def rebuild_all(database: Database) -> int:
    """Rebuild every server's totals, a transaction for each; return how many servers there were."""
    guild_ids = await database.read(
        lambda connection: connection.execute(
            "SELECT guild_id FROM rounds UNION SELECT guild_id FROM totals"
        ).fetchall()
    )
    for (guild_id,) in guild_ids:
        await database.write(partial(rebuild, guild_id=guild_id))
    log.info("Rebuilt the boards of %d servers", len(guild_ids))
    return len(guild_ids)


def time_zone(connection: sqlite3.Connection, guild_id: int) -> tzinfo:
    """Return the zone whose calendar a server's board follows; UTC if the machine no longer knows it."""
    row = connection.execute("SELECT time_zone FROM guilds WHERE guild_id = ?", (guild_id,)).fetchone()
    try:
        return ZoneInfo(row[0]) if row else UTC
    except ZoneInfoNotFoundError:
        return UTC


@contextmanager
def _counting(
    connection: sqlite3.Connection, guild_id: int, condition: str, *values: int | str
) -> Iterator[None]:
    before = _sums(connection, guild_id, condition, *values)
    yield
    after = _sums(connection, guild_id, condition, *values)
    changes = {
        key: _minus(after.get(key, NOTHING), before.get(key, NOTHING)) for key in before.keys() | after.keys()
    }
    _add(connection, guild_id, {key: change for key, change in changes.items() if change != NOTHING})


def _sums(
    connection: sqlite3.Connection, guild_id: int, condition: str, *values: int | str
) -> dict[Key, Sums]:
    """Return what counts in a server under one more condition, summed by player and period."""
    zone = time_zone(connection, guild_id)
    starts: dict[int, list[tuple[str, str]]] = {}
    sums: dict[Key, Sums] = {}
    rows = connection.execute(
        f"{WHAT_COUNTS} {condition} GROUP BY r.round_id, a.user_id", (guild_id, *values)
    )
    for ended_ms, user_id, points, correct, answered in rows:
        if ended_ms not in starts:
            ended = from_ms(ended_ms)
            starts[ended_ms] = [(period.value, period.first_day(ended, zone)) for period in Period]
        for period, first_day in starts[ended_ms]:
            key = (period, first_day, user_id)
            so_far = sums.get(key, NOTHING)
            sums[key] = (so_far[0] + points, so_far[1] + correct, so_far[2] + answered, so_far[3] + 1)
    return sums


def _minus(after: Sums, before: Sums) -> Sums:
    return (after[0] - before[0], after[1] - before[1], after[2] - before[2], after[3] - before[3])


def _add(connection: sqlite3.Connection, guild_id: int, changes: dict[Key, Sums]) -> None:
    """Add to the totals; a player who is left without a round in a period leaves its board."""
    connection.executemany(
        "INSERT INTO totals (guild_id, period, starts, user_id, points, correct, answered, rounds)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET points = points + excluded.points, correct = correct + excluded.correct,"
        " answered = answered + excluded.answered, rounds = rounds + excluded.rounds",
        ((guild_id, *key, *change) for key, change in sorted(changes.items())),
    )
    connection.executemany(
        "DELETE FROM totals WHERE guild_id = ? AND period = ? AND starts = ? AND user_id = ? AND rounds = 0",
        ((guild_id, *key) for key, change in changes.items() if change[3] < 0),
    )
