"""Who won a server's past months."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from bot.core.periods import Stretch, month_of
from bot.core.scoring import ranks
from bot.storage.boards import Place
from bot.storage.connection import Connection
from bot.storage.moments import from_ms, to_ms
from bot.storage.scores import Board
from bot.storage.settings import settings_of

MONTHS_PER_PAGE = 6
RANKS = 3
MOST_WINNERS = 6
"""How many a month names at most, as several may share a rank."""


@dataclass(frozen=True, slots=True)
class Month:
    """A past month and its winners."""

    days: Stretch
    winners: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class HallPage:
    """Some past months, newest first; ask for the pages beside it by the days `newer` and `older`."""

    months: tuple[Month, ...]
    newer: date | None
    older: date | None
    board: Board = Board.ROUNDS


def hall_page(
    connection: Connection,
    guild_id: int,
    now: datetime,
    latest: date | None = None,
    board: Board = Board.ROUNDS,
) -> HallPage:
    """Return a page of the past months that somebody won, newest first, from that of the day `latest` back.

    Without a day it begins with the newest month. If no month is that old, it is the last page.
    """
    zone = settings_of(connection, guild_id).zone
    months = list(_months_won(connection, guild_id, board, now, zone))
    start = sum(latest is not None and month.first > latest for month in months)
    if start == len(months):
        start = max(0, start - MONTHS_PER_PAGE)
    shown = months[start : start + MONTHS_PER_PAGE]
    rest = months[start + MONTHS_PER_PAGE :]
    return HallPage(
        months=tuple(Month(month, _winners(connection, guild_id, board, month, zone)) for month in shown),
        newer=months[max(0, start - MONTHS_PER_PAGE)].first if start else None,
        older=rest[0].first if rest else None,
        board=board,
    )


def _months_won(
    connection: Connection, guild_id: int, board: Board, now: datetime, zone: tzinfo
) -> Iterator[Stretch]:
    """Yield the past months in which somebody won points, newest first; each takes one look into an index."""
    month = month_of(now.astimezone(zone).date())
    while True:
        (ended_ms,) = connection.execute(
            "SELECT MAX(ended_ms) FROM scores"
            " WHERE guild_id = ? AND board = ? AND ended_ms < ? AND points > 0",
            (guild_id, board, to_ms(month.begins(zone))),
        ).fetchone()
        if ended_ms is None:
            return
        month = month_of(from_ms(ended_ms).astimezone(zone).date())
        yield month


def _winners(
    connection: Connection, guild_id: int, board: Board, month: Stretch, zone: tzinfo
) -> tuple[Place, ...]:
    rows = connection.execute(
        "SELECT user_id, SUM(points), SUM(correct) FROM scores"
        " WHERE guild_id = ? AND board = ? AND ended_ms >= ? AND ended_ms < ?"
        " GROUP BY user_id HAVING SUM(points) > 0 ORDER BY SUM(points) DESC, user_id LIMIT ?",
        (guild_id, board, to_ms(month.begins(zone)), to_ms(month.ends(zone)), MOST_WINNERS),
    ).fetchall()
    places = zip(ranks([points for _, points, _ in rows]), rows, strict=True)
    return tuple(Place(rank, *row) for rank, row in places if rank <= RANKS)
