"""What somebody is to hear privately, once, the next time they use a command in the server that it is about.

It has no table of its own: whether it was told stands with the report and with the round.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core.content import Spoiler
from bot.core.rounds import EndReason
from bot.core.shards import Shards
from bot.storage.connection import Connection
from bot.storage.reports import Kind
from bot.storage.rows import select

WAITING = """
    SELECT guild_id, user_id FROM reports WHERE settled_ms IS NOT NULL AND told = 0
    UNION
    SELECT guild_id, host_user_id FROM rounds WHERE tell_host = 1 AND host_user_id IS NOT NULL
"""
SETTLED = """
    SELECT r.number, r.kind, COALESCE(q.prompt, f.text, r.item) AS text,
        COALESCE(f.spoiler, proof.spoiler, 0) AS spoiler, v.question IS NOT NULL AS is_void
    FROM reports r
    LEFT JOIN questions q ON r.kind = 'question' AND q.pack = r.pack AND q.id = r.item
    LEFT JOIN facts proof ON proof.pack = q.pack AND proof.id = q.fact
    LEFT JOIN facts f ON r.kind = 'fact' AND f.pack = r.pack AND f.id = r.item
    LEFT JOIN voided_questions v
        ON r.kind = 'question' AND v.guild_id = r.guild_id AND v.pack = r.pack AND v.question = r.item
    WHERE r.guild_id = ? AND r.user_id = ? AND r.settled_ms IS NOT NULL AND r.told = 0
    ORDER BY r.number
"""
ENDED = """
    SELECT round_id, channel_id, end_reason AS reason, ended_ms AS ended FROM rounds
    WHERE guild_id = ? AND host_user_id = ? AND tell_host = 1
    ORDER BY round_id
"""


@dataclass(frozen=True, slots=True)
class Settled:
    """A report that a server's moderators are done with; `is_void` says that its question is out of play."""

    number: int
    kind: Kind
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
    """What one person is to hear in one server."""

    settled: tuple[Settled, ...]
    ended: tuple[Ended, ...]


def waiting(connection: Connection, shards: Shards) -> set[tuple[int, int]]:
    """Return the servers and users for whom something waits."""
    return {(guild_id, user_id) for guild_id, user_id in connection.execute(WAITING) if shards.has(guild_id)}


def untold(connection: Connection, guild_id: int, user_id: int) -> Notices:
    """Return what somebody is to hear in a server."""
    who = (guild_id, user_id)
    return Notices(
        settled=tuple(select(connection, Settled, SETTLED, who)),
        ended=tuple(select(connection, Ended, ENDED, who)),
    )


def mark_told(connection: Connection, reports: Sequence[int], rounds: Sequence[int]) -> None:
    """Note that what is said of the reports and rounds with these numbers was heard."""
    connection.executemany("UPDATE reports SET told = 1 WHERE number = ?", [(number,) for number in reports])
    connection.executemany(
        "UPDATE rounds SET tell_host = 0 WHERE round_id = ?", [(round_id,) for round_id in rounds]
    )
