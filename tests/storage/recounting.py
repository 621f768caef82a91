"""What happens to boards that are counted in parts, for the tests of it."""

import sqlite3
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.periods import Period
from bot.storage import recounts
from bot.storage.moments import from_ms
from tests.storage.played import Asked, Given

GUILD, ELSEWHERE = 5_000, 6_000
NOW = datetime(2026, 8, 5, 12, tzinfo=UTC)
EVENING = datetime(2026, 8, 2, 22, 30, tzinfo=UTC)
"""A Sunday in UTC, Monday in Berlin."""
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
