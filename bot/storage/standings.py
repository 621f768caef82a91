"""Everybody on a board in the order of their places, of all time or of any stretch of it."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import tzinfo

from bot.core.periods import Stretch
from bot.storage.connection import Connection
from bot.storage.moments import to_ms
from bot.storage.scores import Board

MOST_POINTS = 2**63 - 1
EVERYBODY = -1
"""Fewer points than anybody has."""

Line = tuple[int, int, int]
"""A player, their points and their right answers."""


class AllTime:
    """A server's totals, by points, and by players' ids where those are equal.

    An index has them in this order, so only counting takes longer for more players.
    """

    def __init__(self, connection: Connection, guild_id: int, board: Board) -> None:
        self._connection = connection
        self._board: dict[str, int | str] = {"guild": guild_id, "board": board}

    def find(self, user_id: int) -> Line | None:
        """Return a player's line, None if they are not on the board."""
        rows = self._select("SELECT {line} AND user_id = :user", user=user_id)
        return rows[0] if rows else None

    def after(self, points: int, user_id: int, limit: int) -> Sequence[Line]:
        """Return those who come after a place, from the nearest down."""
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
        """Return those who come before a place, from the nearest up."""
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
        """Return how many players have more points than `above` and at most `most`."""
        [(players,)] = self._connection.execute(
            "SELECT COUNT(*) FROM totals"
            " WHERE guild_id = :guild AND board = :board AND points > :above AND points <= :most",
            {**self._board, "above": above, "most": most},
        )
        return int(players)

    def _select(self, query: str, **values: int) -> list[Line]:
        line = "user_id, points, correct FROM totals WHERE guild_id = :guild AND board = :board"
        return self._connection.execute(query.format(line=line), {**self._board, **values}).fetchall()


class InStretch:
    """The same for the sums of what a server's games gave in some days, by its calendar of this moment."""

    def __init__(
        self, connection: Connection, guild_id: int, board: Board, stretch: Stretch, zone: tzinfo
    ) -> None:
        self._lines: list[Line] = connection.execute(
            "SELECT user_id, SUM(points) AS points, SUM(correct) FROM scores"
            " WHERE guild_id = ? AND board = ? AND ended_ms >= ? AND ended_ms < ?"
            " GROUP BY user_id ORDER BY points DESC, user_id",
            (guild_id, board, to_ms(stretch.begins(zone)), to_ms(stretch.ends(zone))),
        ).fetchall()

    def find(self, user_id: int) -> Line | None:
        """Look a player up."""
        return next((line for line in self._lines if line[0] == user_id), None)

    def after(self, points: int, user_id: int, limit: int) -> Sequence[Line]:
        """Read on from a place."""
        start = self._count_before(points, user_id + 1)
        return self._lines[start : start + limit]

    def before(self, points: int, user_id: int, limit: int) -> Sequence[Line]:
        """Read back from a place."""
        end = self._count_before(points, user_id)
        return self._lines[max(0, end - limit) : end][::-1]

    def count(self, above: int, most: int) -> int:
        """Count a range."""
        return self._count_before(above, 0) - self._count_before(most, 0)

    def _count_before(self, points: int, user_id: int) -> int:
        return bisect_left(self._lines, (-points, user_id), key=lambda line: (-line[1], line[0]))


Standings = AllTime | InStretch


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


def counts_above(standings: Standings, points: Iterable[int]) -> dict[int, int]:
    """Return how many players have more than each of these points; under EVERYBODY, how many there are.

    Each player is counted once, from the top down, so that a page in the middle takes no longer than the
    first.
    """
    found = {}
    counted, most = 0, MOST_POINTS
    for value in sorted({EVERYBODY, *points}, reverse=True):
        counted += standings.count(value, most)
        found[value], most = counted, value
    return found
