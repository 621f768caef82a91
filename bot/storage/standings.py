"""Everybody on a board in the order of places: of all time, or of any stretch of it."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import UTC, tzinfo
from typing import Protocol

from bot.core.periods import Stretch
from bot.core.zones import known_zone
from bot.storage.connection import Connection
from bot.storage.moments import to_ms
from bot.storage.scores import Board

MOST_POINTS = 2**63 - 1
EVERYBODY = -1
"""Fewer points than anybody has."""

Line = tuple[int, int, int]
"""A player, their points and their right answers."""


class Standings(Protocol):
    """The players of a board by points, and by their ids where those are equal."""

    def find(self, user_id: int) -> Line | None:
        """Return a player's line, None if they are not on the board."""

    def after(self, points: int, user_id: int, limit: int) -> Sequence[Line]:
        """Return those who come after a place, from the nearest down."""

    def before(self, points: int, user_id: int, limit: int) -> Sequence[Line]:
        """Return those who come before a place, from the nearest up."""

    def count(self, above: int, most: int) -> int:
        """Return how many players have more points than `above` and at most `most`."""

    def count_all(self) -> int:
        """Return how many players there are."""


class AllTime:
    """A server's totals. An index has them in order, so only counting takes longer for more players."""

    def __init__(self, connection: Connection, guild_id: int, board: Board) -> None:
        self._connection = connection
        self._board: dict[str, int | str] = {"guild": guild_id, "board": board}

    def find(self, user_id: int) -> Line | None:
        """Look a player up."""
        rows = self._select("SELECT {line} AND user_id = :user", user=user_id)
        return rows[0] if rows else None

    def after(self, points: int, user_id: int, limit: int) -> Sequence[Line]:
        """Read on from a place."""
        # Each of the two parts is one range of the index.
        return self._select(
            "SELECT * FROM (SELECT {line} AND points = :points AND user_id > :user"
            " ORDER BY user_id LIMIT :limit) AS tied"
            " UNION ALL SELECT * FROM (SELECT {line} AND points < :points"
            " ORDER BY points DESC, user_id LIMIT :limit) AS lower"
            " ORDER BY points DESC, user_id LIMIT :limit",
            points=points,
            user=user_id,
            limit=limit,
        )

    def before(self, points: int, user_id: int, limit: int) -> Sequence[Line]:
        """Read back from a place."""
        return self._select(
            "SELECT * FROM (SELECT {line} AND points = :points AND user_id < :user"
            " ORDER BY user_id DESC LIMIT :limit) AS tied"
            " UNION ALL SELECT * FROM (SELECT {line} AND points > :points"
            " ORDER BY points, user_id DESC LIMIT :limit) AS higher"
            " ORDER BY points, user_id DESC LIMIT :limit",
            points=points,
            user=user_id,
            limit=limit,
        )

    def count(self, above: int, most: int) -> int:
        """Count a range."""
        [(players,)] = self._connection.execute(
            "SELECT COUNT(*) FROM totals"
            " WHERE guild_id = :guild AND board = :board AND points > :above AND points <= :most",
            {**self._board, "above": above, "most": most},
        )
        return int(players)

    def count_all(self) -> int:
        """Count everybody: without points to compare with, that takes less than a range of all of them."""
        [(players,)] = self._connection.execute(
            "SELECT COUNT(*) FROM totals WHERE guild_id = :guild AND board = :board", self._board
        )
        return int(players)

    def _select(self, query: str, **values: int) -> list[Line]:
        line = "user_id, points, correct FROM totals WHERE guild_id = :guild AND board = :board"
        return self._connection.execute(query.format(line=line), {**self._board, **values}).fetchall()


class InStretch:
    """The sums of what a server's games gave in some days, by its calendar of this moment."""

    def __init__(
        self, connection: Connection, guild_id: int, board: Board, stretch: Stretch, zone: tzinfo
    ) -> None:
        rows = connection.execute(
            "SELECT -SUM(points), user_id, SUM(correct) FROM scores"
            " WHERE guild_id = ? AND board = ? AND ended_ms >= ? AND ended_ms < ? GROUP BY user_id",
            (guild_id, board, to_ms(stretch.begins(zone)), to_ms(stretch.ends(zone))),
        )
        # By debts, so to speak: the order of these tuples is that of the places.
        self._debts = sorted(rows)

    def find(self, user_id: int) -> Line | None:
        """Look a player up."""
        return next((_line(debt) for debt in self._debts if debt[1] == user_id), None)

    def after(self, points: int, user_id: int, limit: int) -> Sequence[Line]:
        """Read on from a place."""
        start = bisect_left(self._debts, (-points, user_id + 1))
        return [_line(debt) for debt in self._debts[start : start + limit]]

    def before(self, points: int, user_id: int, limit: int) -> Sequence[Line]:
        """Read back from a place."""
        end = bisect_left(self._debts, (-points, user_id))
        return [_line(debt) for debt in reversed(self._debts[max(0, end - limit) : end])]

    def count(self, above: int, most: int) -> int:
        """Count a range."""
        return bisect_left(self._debts, (-above,)) - bisect_left(self._debts, (-most,))

    def count_all(self) -> int:
        """Count everybody."""
        return len(self._debts)


def standings_of(
    connection: Connection,
    guild_id: int,
    stretch: Stretch | None,
    zone: tzinfo,
    board: Board = Board.ROUNDS,
) -> Standings:
    """Return the standings on a server's board in a stretch of time, of all time if there is none."""
    if stretch is None:
        return AllTime(connection, guild_id, board)
    return InStretch(connection, guild_id, board, stretch, zone)


def counts_above(standings: Standings, points: Iterable[int], *, near_end: bool = False) -> dict[int, int]:
    """Return how many players have more than each of these points, and than EVERYBODY.

    Each player is counted once, from the top down, so that a page in the middle takes no longer than the
    first. Where all of the points are `near_end` it is quicker to count everybody and those few after them.
    """
    found = {}
    if near_end:
        counted, least = 0, EVERYBODY
        players = found[EVERYBODY] = standings.count_all()
        for value in sorted({*points}):
            counted += standings.count(least, value)
            found[value], least = players - counted, value
        return found
    counted, most = 0, MOST_POINTS
    for value in sorted({EVERYBODY, *points}, reverse=True):
        counted += standings.count(value, most)
        found[value], most = counted, value
    return found


def zone_of(connection: Connection, guild_id: int) -> tzinfo:
    """Return the zone that a server has chosen, UTC if it chose none or the machine no longer knows it."""
    row = connection.execute("SELECT time_zone FROM guilds WHERE guild_id = ?", (guild_id,)).fetchone()
    return (known_zone(row[0]) if row else None) or UTC


def _line(debt: tuple[int, int, int]) -> Line:
    return debt[1], -debt[0], debt[2]
