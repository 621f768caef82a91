"""Boards counted anew beside those that are shown, and cleared away: in parts that hold nobody else up.

A change of zone or a rebuild begins a new board. It counts the server's rounds by their numbers, some at a
time; what changes meanwhile is added to it as far as it has counted (see `scores`). With the last round it
takes the place of the board that is shown. The rows of a board that is done with are deleted in parts, too.
Each part is one write and leaves everything right, so whoever does the parts may stop anywhere, and several
may do them.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from bot.core.periods import Period
from bot.storage.scores import (
    EVERYTHING,
    Board,
    LiveState,
    Played,
    Sums,
    add,
    board_of,
    new_board,
    time_zone,
    what_counts,
)

WORK_AT_ONCE = 1_000
"""How much a part does, in rows that it reads or writes; about ten milliseconds."""
WORK_A_ROUND = 10
"""What looking at one more round, or board, costs in the same measure."""
WORK_A_DELETION = 2
"""And the deletion of one row."""

NEXT_ROUNDS = (
    "SELECT round_id FROM rounds WHERE guild_id = ? AND ranked = 1 AND round_id > ? ORDER BY round_id"
)
COUNTING = "SELECT board_id, guild_id, time_zone, counted_to FROM boards WHERE state = 'counting' LIMIT 1"
RETIRED = "SELECT board_id FROM boards WHERE state = 'retired'"


def follow_zone(connection: sqlite3.Connection, guild_id: int) -> None:
    """Begin a board for the zone that the server has chosen by now, unless the one shown is that already.

    A first part is done at once: for nearly every server it is the only one.
    """
    current = board_of(connection, guild_id)
    if current and current.time_zone == time_zone(connection, guild_id):
        _retire(connection, guild_id, "counting")
    else:
        _count(connection, _begin(connection, guild_id), WORK_AT_ONCE)


def restore(connection: sqlite3.Connection, guild_id: int) -> None:
    """Begin a board for a server that has none, as one is left by a purge that was broken off."""
    if not (board_of(connection, guild_id) or board_of(connection, guild_id, "counting")):
        _count(connection, _begin(connection, guild_id), WORK_AT_ONCE)


def begin(connection: sqlite3.Connection, guild_ids: Sequence[int]) -> None:
    """Begin to count these servers' boards anew, to be shown when all parts are done."""
    for guild_id in guild_ids:
        _begin(connection, guild_id)


def reset(connection: sqlite3.Connection, guild_id: int) -> None:
    """Put an empty board in the place of a server's; nothing that has ended may count any more by now."""
    _retire(connection, guild_id, "current")
    _retire(connection, guild_id, "counting")
    new_board(connection, guild_id, "current", EVERYTHING)


def guilds_to_count(connection: sqlite3.Connection) -> list[int]:
    """Return the servers that have a board or could have one."""
    rows = connection.execute(
        "SELECT guild_id FROM boards WHERE state <> 'retired'"
        " UNION SELECT guild_id FROM rounds WHERE ranked = 1"
    )
    return [row[0] for row in rows]


def do_part(connection: sqlite3.Connection) -> bool:
    """Do a part of what there is to count and to clear; return whether a further call has more to do."""
    left = WORK_AT_ONCE
    while left > 0 and (row := connection.execute(COUNTING).fetchone()):
        left -= _count(connection, Board(*row), left)
    return _clear(connection, RETIRED, (), left)


def clear_guild(connection: sqlite3.Connection, guild_id: int) -> bool:
    """Delete a part of a server's boards, which are shown no more from the first call on.

    Returns whether a further call has more to do.
    """
    _retire(connection, guild_id, "current")
    _retire(connection, guild_id, "counting")
    return _clear(connection, f"{RETIRED} AND guild_id = ?", (guild_id,), WORK_AT_ONCE)


def _begin(connection: sqlite3.Connection, guild_id: int) -> Board:
    _retire(connection, guild_id, "counting")
    return new_board(connection, guild_id, "counting", 0)


def _retire(connection: sqlite3.Connection, guild_id: int, state: LiveState) -> None:
    connection.execute(
        f"UPDATE boards SET state = 'retired' WHERE guild_id = ? AND state = '{state}'", (guild_id,)
    )


def _count(connection: sqlite3.Connection, board: Board, limit: int) -> int:
    """Go on counting a board, one round at least; return how much work it was.

    With the last round it takes the place of the one that is shown. Less work than `limit` means that it has.
    """
    found: dict[Played, Sums] = {}
    work, counted_to = WORK_A_ROUND, EVERYTHING
    for (round_id,) in connection.execute(NEXT_ROUNDS, (board.guild_id, board.counted_to)):
        of_round = what_counts(connection, board.guild_id, "AND r.round_id = ?", round_id)
        found |= of_round
        work += WORK_A_ROUND + sum(answered + len(Period) for _, _, answered, _ in of_round.values())
        if work >= limit:
            counted_to = round_id
            break
    add(connection, replace(board, counted_to=counted_to), found)
    if counted_to == EVERYTHING:
        _retire(connection, board.guild_id, "current")
    connection.execute(
        "UPDATE boards SET counted_to = ?, state = ? WHERE board_id = ?",
        (counted_to, "current" if counted_to == EVERYTHING else "counting", board.id),
    )
    return work


def _clear(connection: sqlite3.Connection, retired: str, values: tuple[int, ...], left: int) -> bool:
    """Delete up to so many rows of boards that are done with; return whether there may be more."""
    while left > 0:
        row = connection.execute(retired, values).fetchone()
        if row is None:
            return False
        # Buckets first: without them the triggers on totals have nothing to keep.
        for table, key in (("total_buckets", "bucket"), ("totals", "user_id")):
            if left > 0:
                deleted = connection.execute(
                    f"DELETE FROM {table} WHERE board_id = ? AND (period, starts, {key}) IN"
                    f" (SELECT period, starts, {key} FROM {table} WHERE board_id = ? LIMIT ?)",
                    (*row, *row, left // WORK_A_DELETION + 1),
                )
                left -= WORK_A_DELETION * deleted.rowcount
        if left > 0:
            connection.execute("DELETE FROM boards WHERE board_id = ?", row)
            left -= WORK_A_ROUND
    return True
