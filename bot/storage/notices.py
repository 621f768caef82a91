"""What somebody is told privately, once, the next time they use a command in the server that it is about.

It has no table of its own: each report and each round has a flag that says whether it was told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.content import Spoiler
from bot.core.rounds import EndReason
from bot.core.shards import Shards
from bot.storage.connection import Connection
from bot.storage.moderation import ITEM, WORDS
from bot.storage.rows import select

WAITING = """
    SELECT guild_id, user_id FROM reports WHERE settled_ms IS NOT NULL AND told = 0
    UNION
    SELECT guild_id, host_user_id FROM rounds WHERE tell_host = 1 AND host_user_id IS NOT NULL
"""
SETTLED = f"""
    SELECT i.number, {WORDS}, v.question IS NOT NULL AS is_void
    FROM reports i {ITEM}
    WHERE i.guild_id = ? AND i.user_id = ? AND i.settled_ms IS NOT NULL AND i.told = 0
    ORDER BY i.number
"""
ENDED = """
    SELECT round_id, channel_id, end_reason AS reason, ended_ms AS ended FROM rounds
    WHERE guild_id = ? AND host_user_id = ? AND tell_host = 1
    ORDER BY round_id
"""


@dataclass(frozen=True, slots=True)
class Settled:
    """A report that a server's moderators have settled; `is_void` if its question is out of play."""

    number: int
    text: str
    spoiler: Spoiler
    is_void: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """A round that could not go on, or could not say in its channel how it ended."""

    round_id: int
    channel_id: int
    reason: EndReason
    ended: datetime


@dataclass(frozen=True, slots=True)
class Notices:
    """What one person is to be told in one server."""

    settled: tuple[Settled, ...]
    ended: tuple[Ended, ...]


def waiting(connection: Connection, shards: Shards) -> set[tuple[int, int]]:
    """Return each server and user for whom something is waiting."""
    return {(guild_id, user_id) for guild_id, user_id in connection.execute(WAITING) if shards.has(guild_id)}


def untold(connection: Connection, guild_id: int, user_id: int) -> Notices:
    """Return what somebody has not been told yet in a server."""
    who = (guild_id, user_id)
    return Notices(
        settled=tuple(select(connection, Settled, SETTLED, who)),
        ended=tuple(select(connection, Ended, ENDED, who)),
    )


def mark_told(connection: Connection, reports: Sequence[int], rounds: Sequence[int]) -> None:
    """Note that somebody was told of the reports and rounds with these numbers."""
    connection.executemany("UPDATE reports SET told = 1 WHERE number = ?", [(number,) for number in reports])
    connection.executemany(
        "UPDATE rounds SET tell_host = 0 WHERE round_id = ?", [(round_id,) for round_id in rounds]
    )
