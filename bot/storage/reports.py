"""What people reported as wrong, for whoever keeps the pack and for the server's moderators."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.core.refusal import Refusal
from bot.storage.moments import to_ms
from bot.storage.personal import PersonalColumn
from bot.storage.rows import from_row, named_rows

PERSONAL = (PersonalColumn("reports", "user_id", "What you reported as wrong, and why.", "delete"),)
MOST_A_DAY = 10

Kind = Literal["fact", "question"]


@dataclass(frozen=True, slots=True)
class Report:
    """One report; `item` is a fact's or a question's id, `guild_id` None from direct messages."""

    pack: str
    kind: Kind
    item: str
    reason: str
    user_id: int
    guild_id: int | None
    reported: datetime


def add_report(connection: sqlite3.Connection, report: Report) -> None:
    """Store the report. Raises Refusal for a second one on the same item, and after ten in a day."""
    reported_ms = to_ms(report.reported)
    day_ago = to_ms(report.reported - timedelta(days=1))
    recent = connection.execute(
        "SELECT COUNT(*) FROM reports WHERE user_id = ? AND reported_ms > ?", (report.user_id, day_ago)
    ).fetchone()[0]
    if recent >= MOST_A_DAY:
        raise Refusal("You have sent ten reports today, thank you. Please send the next one tomorrow.")
    stored = connection.execute(
        "INSERT INTO reports (pack, kind, item, reason, user_id, guild_id, reported_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            report.pack,
            report.kind,
            report.item,
            report.reason,
            report.user_id,
            report.guild_id,
            reported_ms,
        ),
    )
    if not stored.rowcount:
        raise Refusal("You have reported this one already, thank you. It is on the list.")


def all_reports(connection: sqlite3.Connection) -> list[Report]:
    """Return every report, newest first."""
    rows = connection.execute(
        "SELECT *, reported_ms AS reported FROM reports ORDER BY reported_ms DESC, number DESC"
    )
    return [from_row(Report, row) for row in named_rows(rows)]
