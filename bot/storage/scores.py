"""Points by player and period: added as rounds end, and kept right whatever changes what counts.

One query says what counts. A round is added when it ends; what changes the query's answer later (a voided
question, a blocked player, deleted answers) happens within a `counting` block, which adds the difference.
Both go to every board of the server that is shown or being counted, as far as that one has counted.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import partial
from typing import Literal

from bot.core.periods import Period
from bot.core.zones import known_zone
from bot.storage.moments import from_ms
from bot.storage.personal import PersonalColumn

PERSONAL = (
    PersonalColumn(
        "totals",
        "user_id",
        "Your points on each server's board.",
        "delete",
        belongs_to="boards USING (board_id)",
    ),
)

DEFAULT_MINIMUM_PLAYERS = 2
"""How many players make a round count on the board, in a server that did not choose."""
EVERYTHING = 2**63 - 1
"""What a board has `counted_to` that lacks no round."""

LiveState = Literal["current", "counting"]
"""Of a board that is shown, and of one that is on its way to take its place."""
Played = tuple[int, int, int]
"""A round, when it ended in unix milliseconds, and a player."""
Sums = tuple[int, int, int, int]
"""Points, right answers, answers and rounds."""

NOTHING: Sums = (0, 0, 0, 0)
ANSWERS_THAT_COUNT = """
    FROM rounds r
    JOIN asked_questions q ON q.round_id = r.round_id
    JOIN answers a ON a.round_id = q.round_id AND a.position = q.position
    WHERE r.guild_id = ? AND r.ranked = 1 AND q.state <> 'void'
        AND r.ended_ms > COALESCE((SELECT after_ms FROM board_resets WHERE guild_id = r.guild_id), 0)
        AND NOT EXISTS (SELECT 1 FROM voided_questions v
            WHERE v.guild_id = r.guild_id AND v.pack = r.pack AND v.question = q.question)
        AND NOT EXISTS (SELECT 1 FROM blocked_players b
            WHERE b.guild_id = r.guild_id AND b.user_id = a.user_id)
"""
WHAT_COUNTS = f"""
    SELECT r.round_id, r.ended_ms, a.user_id, SUM(a.points), SUM(a.correct), COUNT(*) {ANSWERS_THAT_COUNT}
"""
# By way of the rounds, as the planner would otherwise look through all that the server has played.
ANSWERS_TO_A_QUESTION = """
    AND r.round_id IN (SELECT asked.round_id FROM asked_questions asked
        JOIN rounds held ON held.round_id = asked.round_id
        WHERE asked.question = ? AND held.guild_id = ? AND held.pack = ?)
    AND q.question = ?
"""
ANSWERS_OF_A_PLAYER = "AND a.user_id = ? AND r.round_id IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Board:
    """One counting of a server's rounds up to `counted_to`, by the calendar of an IANA `time_zone`."""

    id: int
    guild_id: int
    time_zone: str
    counted_to: int

    @property
    def zone(self) -> tzinfo:
        """The zone itself; UTC if the machine no longer knows it."""
        return known_zone(self.time_zone) or UTC


def board_of(connection: sqlite3.Connection, guild_id: int, state: LiveState = "current") -> Board | None:
    """Return the server's board that is shown, or the one that is being counted to take its place."""
    # The state is spelled out because the indexes that find these rows are for one state each.
    row = connection.execute(
        "SELECT board_id, guild_id, time_zone, counted_to FROM boards"
        f" WHERE guild_id = ? AND state = '{state}'",
        (guild_id,),
    ).fetchone()
    return Board(*row) if row else None


def time_zone(connection: sqlite3.Connection, guild_id: int) -> str:
    """Return the zone that a server chose."""
    row = connection.execute("SELECT time_zone FROM guilds WHERE guild_id = ?", (guild_id,)).fetchone()
    return str(row[0]) if row else "UTC"


def new_board(connection: sqlite3.Connection, guild_id: int, state: LiveState, counted_to: int) -> Board:
    """Store an empty board that follows the zone which the server chose."""
    zone = time_zone(connection, guild_id)
    (board_id,) = connection.execute(
        "INSERT INTO boards (guild_id, time_zone, state, counted_to) VALUES (?, ?, ?, ?) RETURNING board_id",
        (guild_id, zone, state, counted_to),
    ).fetchone()
    return Board(board_id, guild_id, zone, counted_to)


def count_round(connection: sqlite3.Connection, round_id: int) -> None:
    """Settle whether a round, which has its `ended_ms` by now, is ranked, and add it to the totals if it is.

    It is ranked if enough people played it. A second call for the same round changes nothing.
    """
    guild_id, ranked = connection.execute(
        "SELECT guild_id, ranked FROM rounds WHERE round_id = ?", (round_id,)
    ).fetchone()
    if ranked is not None:
        return
    if not _live_boards(connection, guild_id):
        _first_board(connection, guild_id)
    connection.execute(
        "UPDATE rounds SET ranked = ? WHERE round_id = ?",
        (_has_enough_players(connection, guild_id, round_id), round_id),
    )
    found = what_counts(connection, guild_id, "AND r.round_id = ?", round_id)
    _add_to_live_boards(connection, guild_id, found)


@contextmanager
def counting_question(
    connection: sqlite3.Connection, guild_id: int, pack: str, question: str
) -> Iterator[None]:
    """Bring the totals up to date with what the block changes about one question in a server."""
    answers = partial(
        what_counts, connection, guild_id, ANSWERS_TO_A_QUESTION, question, guild_id, pack, question
    )
    before = answers()
    yield
    changes = _changes(before, answers())
    for (round_id, ended_ms, user_id), (points, correct, answered, _) in changes.items():
        if _counts_otherwise(connection, guild_id, round_id, user_id, question):
            changes[round_id, ended_ms, user_id] = (points, correct, answered, 0)
    _add_to_live_boards(connection, guild_id, changes)


@contextmanager
def counting_player(connection: sqlite3.Connection, guild_id: int, user_id: int) -> Iterator[None]:
    """Bring the totals up to date with what the block changes about one player in a server."""
    with _counting(connection, guild_id, "AND a.user_id = ?", user_id):
        yield


def delete_answers(connection: sqlite3.Connection, user_id: int, rounds: int) -> int:
    """Delete a player's answers in up to so many rounds, and what they gave; return how many there were.

    Every board is right afterwards, so that a deletion may stop anywhere and go on later.
    """
    by_guild: defaultdict[int, list[int]] = defaultdict(list)
    for guild_id, round_id in connection.execute(
        "SELECT DISTINCT r.guild_id, a.round_id FROM answers a JOIN rounds r ON r.round_id = a.round_id"
        " WHERE a.user_id = ? LIMIT ?",
        (user_id, rounds),
    ):
        by_guild[guild_id].append(round_id)
    deleted = 0
    for guild_id, round_ids in by_guild.items():
        chosen = json.dumps(round_ids)
        with _counting(connection, guild_id, ANSWERS_OF_A_PLAYER, user_id, chosen):
            deleted += connection.execute(
                "DELETE FROM answers WHERE user_id = ? AND round_id IN (SELECT value FROM json_each(?))",
                (user_id, chosen),
            ).rowcount
    return deleted


def what_counts(
    connection: sqlite3.Connection, guild_id: int, condition: str, *values: int | str
) -> dict[Played, Sums]:
    """Return what counts in a server under one more condition, by round and player."""
    rows = connection.execute(
        f"{WHAT_COUNTS} {condition} GROUP BY r.round_id, a.user_id", (guild_id, *values)
    )
    return {
        (round_id, ended_ms, user_id): (points, correct, answered, 1)
        for round_id, ended_ms, user_id, points, correct, answered in rows
    }


def add(connection: sqlite3.Connection, board: Board, changes: Mapping[Played, Sums]) -> None:
    """Add to a board's totals what lies in the rounds that it has counted.

    A player who is left without a round in a period leaves it.
    """
    zone = board.zone
    starts: dict[int, list[tuple[str, str]]] = {}
    sums: dict[tuple[str, str, int], Sums] = {}
    for (round_id, ended_ms, user_id), change in changes.items():
        if round_id > board.counted_to:
            continue
        if ended_ms not in starts:
            ended = from_ms(ended_ms)
            starts[ended_ms] = [(period.value, period.first_day(ended, zone)) for period in Period]
        for period, first_day in starts[ended_ms]:
            key = (period, first_day, user_id)
            sums[key] = _plus(sums.get(key, NOTHING), change)
    connection.executemany(
        "INSERT INTO totals (board_id, period, starts, user_id, points, correct, answered, rounds)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET points = points + excluded.points, correct = correct + excluded.correct,"
        " answered = answered + excluded.answered, rounds = rounds + excluded.rounds",
        ((board.id, *key, *change) for key, change in sorted(sums.items())),
    )
    connection.executemany(
        "DELETE FROM totals WHERE board_id = ? AND period = ? AND starts = ? AND user_id = ? AND rounds = 0",
        ((board.id, *key) for key, change in sums.items() if change[3] < 0),
    )


def _has_enough_players(connection: sqlite3.Connection, guild_id: int, round_id: int) -> bool:
    row = connection.execute(
        "SELECT board_minimum_players FROM guilds WHERE guild_id = ?", (guild_id,)
    ).fetchone()
    (players,) = connection.execute(
        "SELECT COUNT(DISTINCT a.user_id) FROM answers a"
        " JOIN asked_questions q ON q.round_id = a.round_id AND q.position = a.position"
        " WHERE a.round_id = ? AND q.state <> 'void'",
        (round_id,),
    ).fetchone()
    return bool(players >= (row[0] if row else DEFAULT_MINIMUM_PLAYERS))


def _live_boards(connection: sqlite3.Connection, guild_id: int) -> list[Board]:
    boards = (board_of(connection, guild_id, "current"), board_of(connection, guild_id, "counting"))
    return [board for board in boards if board]


def _first_board(connection: sqlite3.Connection, guild_id: int) -> None:
    """Give a server that has no board one; it has rounds already if a purge stopped halfway."""
    ranked = connection.execute(
        "SELECT 1 FROM rounds WHERE guild_id = ? AND ranked = 1", (guild_id,)
    ).fetchone()
    if ranked:
        new_board(connection, guild_id, "counting", 0)
    else:
        new_board(connection, guild_id, "current", EVERYTHING)


@contextmanager
def _counting(
    connection: sqlite3.Connection, guild_id: int, condition: str, *values: int | str
) -> Iterator[None]:
    before = what_counts(connection, guild_id, condition, *values)
    yield
    after = what_counts(connection, guild_id, condition, *values)
    _add_to_live_boards(connection, guild_id, _changes(before, after))


def _changes(before: Mapping[Played, Sums], after: Mapping[Played, Sums]) -> dict[Played, Sums]:
    changes = {
        played: _plus(after.get(played, NOTHING), _negative(before.get(played, NOTHING)))
        for played in before.keys() | after.keys()
    }
    return {played: change for played, change in changes.items() if change != NOTHING}


def _counts_otherwise(
    connection: sqlite3.Connection, guild_id: int, round_id: int, user_id: int, question: str
) -> bool:
    """Return whether a round counts for a player by their answer to any other question."""
    row = connection.execute(
        f"SELECT 1 {ANSWERS_THAT_COUNT} AND r.round_id = ? AND a.user_id = ? AND q.question <> ? LIMIT 1",
        (guild_id, round_id, user_id, question),
    ).fetchone()
    return row is not None


def _add_to_live_boards(
    connection: sqlite3.Connection, guild_id: int, changes: Mapping[Played, Sums]
) -> None:
    for board in _live_boards(connection, guild_id):
        add(connection, board, changes)


def _plus(one: Sums, other: Sums) -> Sums:
    return (one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3])


def _negative(sums: Sums) -> Sums:
    return (-sums[0], -sums[1], -sums[2], -sums[3])
