"""What people reported as wrong, for whoever keeps the pack and for the server's moderators."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.core.own import PREFIX
from bot.core.refusal import Refusal
from bot.storage.connection import Connection
from bot.storage.moments import to_ms
from bot.storage.rows import select, stored

MOST_A_DAY = 10
GONE = "That report is settled, or gone. Please open the reports again."

Kind = Literal["fact", "question"]


@dataclass(frozen=True, slots=True)
class Report:
    """One report; `item` is a fact's or a question's id, `guild_id` None from direct messages.

    `settled` is when the server's moderators were done with it.
    """

    pack: str
    kind: Kind
    item: str
    reason: str
    user_id: int
    guild_id: int | None
    reported: datetime
    settled: datetime | None = None


def add_report(connection: Connection, report: Report) -> None:
    """Store the report. Raises Refusal for a second one on the same item, and after ten in a day.

    Once the first was settled there can be a second, in its place.
    """
    day_ago = to_ms(report.reported - timedelta(days=1))
    recent = connection.execute(
        "SELECT COUNT(*) FROM reports WHERE user_id = ? AND reported_ms > ?", (report.user_id, day_ago)
    ).fetchone()[0]
    if recent >= MOST_A_DAY:
        raise Refusal("You have sent ten reports today, thank you. Please send the next one tomorrow.")
    added = connection.execute(
        "INSERT INTO reports (pack, kind, item, reason, user_id, guild_id, reported_ms)"
        " VALUES (:pack, :kind, :item, :reason, :user_id, :guild_id, :reported)"
        " ON CONFLICT (user_id, pack, kind, item) DO UPDATE SET reason = excluded.reason,"
        " guild_id = excluded.guild_id, reported_ms = excluded.reported_ms, settled_ms = NULL, told = 0"
        " WHERE reports.settled_ms IS NOT NULL",
        stored(report),
    )
    if not added.rowcount:
        raise Refusal("You have reported this one already, thank you. It is on the list.")


def all_reports(connection: Connection) -> list[Report]:
    """Return the reports for whoever keeps the packs, newest first, without those on servers' own."""
    return select(
        connection,
        Report,
        "SELECT *, reported_ms AS reported, settled_ms AS settled FROM reports"
        f" WHERE pack NOT LIKE '{PREFIX}%' ORDER BY reported_ms DESC, number DESC",
    )


def settle(connection: Connection, guild_id: int, number: int, now: datetime) -> set[int]:
    """Settle a report and all others from its server on the same item; return the ids of their senders.

    Raises Refusal if that was done already, or if it is no report of this server.
    """
    sent = connection.execute(
        "SELECT other.number, other.user_id FROM reports AS one JOIN reports AS other"
        " ON other.guild_id = one.guild_id AND other.pack = one.pack AND other.kind = one.kind"
        " AND other.item = one.item AND other.settled_ms IS NULL"
        " WHERE one.number = ? AND one.guild_id = ? AND one.settled_ms IS NULL",
        (number, guild_id),
    ).fetchall()
    if not sent:
        raise Refusal(GONE)
    connection.executemany(
        "UPDATE reports SET settled_ms = ? WHERE number = ?", [(to_ms(now), report) for report, _ in sent]
    )
    return {user_id for _, user_id in sent}
