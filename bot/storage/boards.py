"""A server's board as people read it: pages of ten with ranks, and the reader's own place.

Places are counted by way of `total_buckets`, never over all players, so that a page costs about the same at
the top of a board as at its end.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.core.periods import Period
from bot.core.scoring import ranks
from bot.storage.scores import Board, board_of, time_zone

PAGE_SIZE = 10
MOST_POINTS = 2**63 - 1
BOARD = "board_id = ? AND period = ? AND starts = ?"

Key = tuple[int, str, str]
"""A board, a period and its first day."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a player stands; equal points share a rank."""

    rank: int
    user_id: int
    points: int
    correct: int
    answered: int
    rounds: int


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Ten places of a board of `players`; `page` counts from 0, `first_day` is an ISO date, '' for all time.

    `own` is the reader's place, None if they are not on the board.
    """

    period: Period
    first_day: str
    page: int
    pages: int
    players: int
    places: tuple[Place, ...]
    own: Place | None


@dataclass(frozen=True, slots=True)
class _Buckets:
    """How many players are in each bucket, from the highest down; a bucket's number is its least points."""

    rows: tuple[tuple[int, int], ...]

    @property
    def players(self) -> int:
        return sum(players for _, players in self.rows)

    def above(self, points: int) -> tuple[int, int]:
        """Return how many players are in buckets above that of `points`, and the least points of those."""
        players, ceiling = 0, MOST_POINTS
        for least, inside in self.rows:
            if least <= points:
                break
            players, ceiling = players + inside, least
        return players, ceiling

    def at(self, offset: int) -> tuple[int, int]:
        """Return how many of the first `offset` players are in the bucket in which they end, and its ceiling.

        Everybody from that bucket down has fewer points than the ceiling.
        """
        ceiling = MOST_POINTS
        for least, inside in self.rows:
            if offset < inside:
                break
            offset, ceiling = offset - inside, least
        return offset, ceiling


def board_page(
    connection: sqlite3.Connection,
    guild_id: int,
    period: Period,
    now: datetime,
    *,
    reader_id: int,
    page: int | None = 0,
) -> BoardPage:
    """Return a page of the board of the period that holds `now`; a page out of range gives the nearest.

    With `page` None it is the one that the reader is on, the first if they are on none.
    """
    board = _board(connection, guild_id, period, now)
    buckets = _load_buckets(connection, board)
    own = _own_place(connection, board, buckets, reader_id)
    if page is None:
        page = (_players_before(connection, board, own) if own else 0) // PAGE_SIZE
    pages = max(1, -(-buckets.players // PAGE_SIZE))
    page = min(max(page, 0), pages - 1)
    return BoardPage(
        period=period,
        first_day=board[2],
        page=page,
        pages=pages,
        players=buckets.players,
        places=_places(connection, board, buckets, page * PAGE_SIZE, own),
        own=own,
    )


def _board(connection: sqlite3.Connection, guild_id: int, period: Period, now: datetime) -> Key:
    # A server without a board has one that nothing is on.
    shown = board_of(connection, guild_id) or Board(0, guild_id, time_zone(connection, guild_id), 0)
    return shown.id, period.value, period.first_day(now, shown.zone)


def _load_buckets(connection: sqlite3.Connection, board: Key) -> _Buckets:
    rows = connection.execute(
        f"SELECT bucket, players FROM total_buckets WHERE {BOARD} ORDER BY bucket DESC", board
    )
    return _Buckets(tuple(rows))


def _own_place(connection: sqlite3.Connection, board: Key, buckets: _Buckets, user_id: int) -> Place | None:
    row = connection.execute(
        f"SELECT points, correct, answered, rounds FROM totals WHERE {BOARD} AND user_id = ?",
        (*board, user_id),
    ).fetchone()
    return Place(_rank(connection, board, buckets, row[0]), user_id, *row) if row else None


def _places(
    connection: sqlite3.Connection, board: Key, buckets: _Buckets, offset: int, own: Place | None
) -> tuple[Place, ...]:
    skipped, ceiling = buckets.at(offset)
    rows = connection.execute(
        "SELECT t.user_id, t.points, t.correct, t.answered, t.rounds FROM ("
        f" SELECT points, user_id FROM totals WHERE {BOARD} AND points < ?"
        " ORDER BY points DESC, user_id LIMIT ? OFFSET ?"
        f") AS page CROSS JOIN totals AS t ON {BOARD} AND t.user_id = page.user_id"
        " ORDER BY t.points DESC, t.user_id",
        (*board, ceiling, PAGE_SIZE, skipped, *board),
    ).fetchall()
    if not rows:
        return ()
    points = [row[1] for row in rows]
    if own and own.points == points[0]:
        first = own.rank
    else:
        first = 1 + offset - _tied_before(connection, board, points[0], rows[0][0])
    return tuple(
        Place(first if row[1] == points[0] else offset + rank, *row)
        for row, rank in zip(rows, ranks(points), strict=True)
    )


def _rank(connection: sqlite3.Connection, board: Key, buckets: _Buckets, points: int) -> int:
    above, ceiling = buckets.above(points)
    (in_bucket,) = connection.execute(
        f"SELECT COUNT(*) FROM totals WHERE {BOARD} AND points > ? AND points < ?",
        (*board, points, ceiling),
    ).fetchone()
    return 1 + above + int(in_bucket)


def _players_before(connection: sqlite3.Connection, board: Key, place: Place) -> int:
    return place.rank - 1 + _tied_before(connection, board, place.points, place.user_id)


def _tied_before(connection: sqlite3.Connection, board: Key, points: int, user_id: int) -> int:
    (tied,) = connection.execute(
        f"SELECT COUNT(*) FROM totals WHERE {BOARD} AND points = ? AND user_id < ?",
        (*board, points, user_id),
    ).fetchone()
    return int(tied)
