"""A person's data as a file, its deletion, and a server's: all from what the storage modules declare."""

import json
from array import array
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from bot.core.shards import Shards
from bot.storage import (
    challenge,
    daily,
    daily_posts,
    decks,
    missed,
    moderation,
    own_packs,
    reports,
    rounds,
    scores,
)
from bot.storage.connection import Connection, lock
from bot.storage.moments import from_ms
from bot.storage.personal import PersonalColumn
from bot.storage.scores import Board

PERSONAL: tuple[PersonalColumn, ...] = tuple(
    chain.from_iterable(
        module.PERSONAL
        for module in (challenge, daily, daily_posts, decks, missed, moderation, reports, rounds, scores)
    )
)
"""Every column of the database that holds a user's id."""

GUILD_TABLES = (
    "blocked_players",
    "board_resets",
    "challenges",
    "daily_last_dates",
    "daily_schedules",
    "decks",
    "guilds",
    "missed_questions",
    "packs",
    "reports",
    "rounds",
    "scores",
    "totals",
    "voided_questions",
)
"""Every table whose rows belong to servers, by their `guild_id`."""
ON_DELETE = {
    "delete": "/privacy delete removes it.",
    "clear": "/privacy delete takes your id out of it; the rest belongs to others as well.",
    "keep": "/privacy delete leaves it: it is the server's moderators who can lift it.",
}
LARGEST_EXACT = 2**53
"""Greater numbers are written as text: many programs that read JSON would round them."""
ROUNDS_AT_ONCE, CHALLENGES_AT_ONCE = 20, 2
"""Of a server's, with everybody's answers: a whole server may have played a date's challenge."""
ROUNDS_OF_A_PLAYER = 100
"""With that player's answers only."""


def export_user(connection: Connection, user_id: int, now: datetime) -> bytes:
    """Return everything stored about a user as a JSON file, with a sentence on each part."""
    parts = [
        {
            "what": column.about,
            "on_delete": ON_DELETE[column.on_delete],
            "table": column.table,
            "rows": [_readable(row, user_id) for row in _rows(connection, column, user_id)],
        }
        for column in PERSONAL
    ]
    document = {
        "about": "Everything that Another Day of Trivia has stored about you. Times are in UTC.",
        "user_id": str(user_id),
        "made": now.isoformat(timespec="seconds"),
        "parts": parts,
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def delete_user(connection: Connection, user_id: int) -> tuple[int, bool]:
    """Delete a part of what is stored about a user, or clear the id where a row is others' too.

    Returns how many rows that were, and whether there is more, which a further call deletes: answers go some
    rounds at a time, so that years of them hold up nobody else's writes.
    """
    touched = scores.delete_answers(connection, user_id, ROUNDS_OF_A_PLAYER)
    if connection.execute("SELECT 1 FROM answers WHERE user_id = ?", (user_id,)).fetchone():
        return touched, True
    scores.lock_boards_of(connection, user_id)
    for column in PERSONAL:
        match column.on_delete:
            case "delete":
                statement = f"DELETE FROM {column.table} WHERE {column.column} = ?"
            case "clear":
                statement = f"UPDATE {column.table} SET {column.column} = NULL WHERE {column.column} = ?"
            case "keep":
                continue
        touched += connection.execute(statement, (user_id,)).rowcount
    return touched, False


def stored_guilds(connection: Connection, shards: Shards) -> set[int]:
    """Return the servers of which anything is stored.

    Those of other processes are left out: to this one they would look like servers that it was removed from.
    """
    return {
        guild_id
        for table in GUILD_TABLES
        for (guild_id,) in connection.execute(f"SELECT DISTINCT guild_id FROM {table} WHERE guild_id > 0")
        if shards.has(guild_id)
    }


def purge_guild(connection: Connection, guild_id: int) -> bool:
    """Delete a part of a server's data; return whether there is more, which a further call deletes.

    In parts, so that a server with years of rounds holds up nobody else's writes. A server that comes back
    in the middle has boards of what is left.
    """
    lock(connection, guild_id)
    for board, number in ((Board.ROUNDS, ROUNDS_AT_ONCE), (Board.CHALLENGE, CHALLENGES_AT_ONCE)):
        if scores.delete_games(connection, board, guild_id, number) == number:
            return True
    for schedule in daily.schedules_of(connection, guild_id):
        daily.remove(connection, schedule.id)
    own_packs.remove_own(connection, guild_id)
    for table in GUILD_TABLES:
        connection.execute(f"DELETE FROM {table} WHERE guild_id = ?", (guild_id,))
    return False


def _rows(connection: Connection, column: PersonalColumn, user_id: int) -> Iterator[dict[str, Any]]:
    cursor = connection.execute(f"SELECT * FROM {column.table} WHERE {column.column} = ?", (user_id,))
    names = [description[0] for description in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))


def _readable(row: dict[str, Any], user_id: int) -> dict[str, Any]:
    return {name: _value(name, value, user_id) for name, value in row.items()}


def _value(name: str, value: object, user_id: int) -> object:
    """Return a stored value as it stands in the file: dates for moments, text for ids, no one else's id."""
    match value:
        case bytes():
            return array("I", value).tolist()
        case int() if name.endswith("user_id") and value not in (0, user_id):
            return "somebody else"
        case int() if name.endswith("_ms") and not name.startswith("took"):
            return from_ms(value).isoformat()
        case int() if value > LARGEST_EXACT:
            return str(value)
        case _:
            return value
