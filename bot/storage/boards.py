"""A server's board as people read it: ten places at a time with ranks, and the reader's own place.

A page is found by the place that it comes after or before, not by a number, so it costs the same wherever
it is.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.periods import Period, Stretch
from bot.storage.connection import Connection
from bot.storage.scores import Board
from bot.storage.settings import settings_of
from bot.storage.standings import EVERYBODY, MOST_POINTS, Line, Standings, counts_above, standings_of

PAGE_SIZE = 10
ABOVE_OWN = 4
"""How many places stand above the reader's own on the page that shows it."""


class Way(StrEnum):
    """Which page a cursor means: what comes after its place, or before it, or the reader's own."""

    AFTER = "after"
    BEFORE = "before"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class Cursor:
    """A page, by the place that it comes after or before; whether or not anybody is still there."""

    way: Way
    points: int = 0
    user_id: int = 0


TOP = Cursor(Way.AFTER, MOST_POINTS)
MINE = Cursor(Way.MINE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a player stands; equal points share a rank."""

    rank: int
    user_id: int
    points: int
    correct: int


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Up to ten places of a board of `players`; `stretch` is what its period means now, None for all time.

    `board` says whose points they are, `own` is the reader's place, None if they are not on the board.
    """

    period: Period
    stretch: Stretch | None
    players: int
    places: tuple[Place, ...]
    own: Place | None
    has_previous: bool
    has_next: bool
    board: Board = Board.ROUNDS


def board_page(
    connection: Connection,
    guild_id: int,
    period: Period,
    now: datetime,
    *,
    reader_id: int,
    cursor: Cursor = TOP,
    board: Board = Board.ROUNDS,
) -> BoardPage:
    """Return a page of the board for what a period means at a moment.

    It is the last page if nobody comes after the cursor, and the first if nobody comes before it, or if the
    reader's own is wanted and there is none.
    """
    zone = settings_of(connection, guild_id).zone
    stretch = period.stretch(now, zone)
    standings = standings_of(connection, guild_id, stretch, zone, board)
    own = standings.find(reader_id)
    lines, start = _find_page(standings, own, cursor)
    shown = lines[start : start + PAGE_SIZE]
    known = [*shown, own] if own else shown
    above = counts_above(standings, [points for _, points, _ in known])
    return BoardPage(
        period=period,
        stretch=stretch,
        players=above[EVERYBODY],
        places=tuple(_place(line, above) for line in shown),
        own=_place(own, above) if own else None,
        has_previous=start > 0,
        has_next=start + PAGE_SIZE < len(lines),
        board=board,
    )


def _find_page(standings: Standings, own: Line | None, cursor: Cursor) -> tuple[list[Line], int]:
    """Return the lines around a cursor, and where among them its page starts."""
    if cursor.way is Way.MINE:
        cursor = Cursor(Way.MINE, own[1], own[0]) if own else TOP
    there = standings.find(cursor.user_id)
    middle = [there] if there and there[1] == cursor.points else []
    earlier = standings.before(cursor.points, cursor.user_id, PAGE_SIZE + 1)[::-1]
    later = standings.after(cursor.points, cursor.user_id, PAGE_SIZE + 1)
    lines = [*earlier, *middle, *later]
    match cursor.way:
        case Way.MINE:
            start = min(len(earlier) - ABOVE_OWN, len(lines) - PAGE_SIZE)
        case Way.BEFORE:
            start = len(earlier) - PAGE_SIZE
        case Way.AFTER if later:
            start = len(earlier) + len(middle)
        case Way.AFTER:
            start = len(lines) - PAGE_SIZE
    return lines, max(start, 0)


def _place(line: Line, above: dict[int, int]) -> Place:
    user_id, points, correct = line
    return Place(1 + above[points], user_id, points, correct)
