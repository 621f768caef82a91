"""A person's data as a file, its deletion, and a server's: by what is said here of each table."""

import json
from array import array
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.core.shards import Shards
from bot.storage import daily, own_packs, scores
from bot.storage.connection import Connection
from bot.storage.moments import from_ms
from bot.storage.rows import named_rows
from bot.storage.scores import Board


@dataclass(frozen=True, slots=True)
class PersonalColumn:
    """A column that holds a user's id; `about` tells that person what its rows are.

    On deletion the rows go, or the id is cleared where a row belongs to others as well, or the rows stay
    where their going would undo what others decided.
    """

    table: str
    column: str
    about: str
    on_delete: Literal["delete", "clear", "keep"] = "delete"


PERSONAL = (
    PersonalColumn("challenge_plays", "user_id", "The daily challenges you began, and how far you got."),
    PersonalColumn("challenge_answers", "user_id", "Your answers in daily challenges, with their time."),
    PersonalColumn("decks", "user_id", "Which facts and questions you were shown privately."),
    PersonalColumn("missed_questions", "user_id", "Questions that you missed, and how you practised them."),
    PersonalColumn("voided_questions", "moderator_user_id", "Questions that you took out of play.", "clear"),
    PersonalColumn("blocked_players", "user_id", "Servers whose moderators blocked you.", "keep"),
    PersonalColumn("blocked_players", "moderator_user_id", "Players whom you blocked.", "clear"),
    PersonalColumn("board_resets", "moderator_user_id", "Boards that you reset.", "clear"),
    PersonalColumn("reports", "user_id", "What you reported as wrong, and why."),
    PersonalColumn("rounds", "host_user_id", "The quiz rounds that you started.", "clear"),
    PersonalColumn("answers", "user_id", "Your answers in quiz rounds, with their time and points."),
    PersonalColumn("scores", "user_id", "What each round and challenge gave you on a server's board."),
    PersonalColumn("totals", "user_id", "Your points of all time on each server's boards."),
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
    "keep": "/privacy delete leaves it: only the server's moderators can lift it.",
}
LARGEST_EXACT = 2**53
"""Larger numbers are written as text: many programs that read JSON would round them."""
ROUNDS_AT_ONCE, CHALLENGES_AT_ONCE = 20, 2
"""How many of a server's are deleted at once, with everybody's answers: few, as all may have played."""
ROUNDS_OF_A_PLAYER = 100
"""How many rounds lose a player's answers at once."""


def export_user(connection: Connection, user_id: int, now: datetime) -> bytes:
    """Return everything stored about a user as a JSON file, with a sentence on each part."""
    parts = []
    for column in PERSONAL:
        rows = connection.execute(f"SELECT * FROM {column.table} WHERE {column.column} = ?", (user_id,))
        parts.append(
            {
                "what": column.about,
                "on_delete": ON_DELETE[column.on_delete],
                "table": column.table,
                "rows": [
                    {name: _value(name, value, user_id) for name, value in row.items()}
                    for row in named_rows(rows)
                ],
            }
        )
    document = {
        "about": "Everything that Another Day of Trivia has stored about you. Times are in UTC.",
        "user_id": str(user_id),
        "made": now.isoformat(timespec="seconds"),
        "parts": parts,
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def delete_user(connection: Connection, user_id: int) -> tuple[int, bool]:
    """Delete a part of what is stored about a user, or clear the id where a row is others' too.

    Returns how many rows that was, and whether there is more, which a further call deletes: answers go some
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
    connection.lock(guild_id)
    for board, number in ((Board.ROUNDS, ROUNDS_AT_ONCE), (Board.CHALLENGE, CHALLENGES_AT_ONCE)):
        if scores.delete_games(connection, board, guild_id, number) == number:
            return True
    for schedule in daily.schedules_of(connection, guild_id):
        daily.remove(connection, schedule.id)
    own_packs.remove_own(connection, guild_id)
    for table in GUILD_TABLES:
        connection.execute(f"DELETE FROM {table} WHERE guild_id = ?", (guild_id,))
    return False


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
