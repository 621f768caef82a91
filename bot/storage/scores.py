"""What each round gave each player, and everybody's totals: kept right whatever changes what counts.

One query says what counts. Whatever changes its answer (a round that ended, a voided question, a blocked
player, deleted answers) is followed in the same write by `_settle`: it works out anew the rows in reach of
that change, and keeps the totals their sum.
"""

import sqlite3

from bot.storage.personal import PersonalColumn

PERSONAL = (
    PersonalColumn("scores", "user_id", "What each round gave you on a server's board.", "delete"),
    PersonalColumn("totals", "user_id", "Your points of all time on each server's board.", "delete"),
)

ROUNDS = "rounds"
"""The board of the rounds; both tables have room for others."""
DEFAULT_MINIMUM_PLAYERS = 2
"""How many players make a round count on the board, in a server that did not choose."""

ANSWERS_THAT_COUNT = """
    SELECT r.guild_id, r.round_id AS game, r.ended_ms, a.user_id, a.points, a.correct
    FROM rounds r
    JOIN asked_questions q ON q.round_id = r.round_id
    JOIN answers a ON a.round_id = q.round_id AND a.position = q.position
    WHERE r.ranked = 1 AND q.state <> 'void'
        AND r.ended_ms > COALESCE((SELECT after_ms FROM board_resets s WHERE s.guild_id = r.guild_id), 0)
        AND NOT EXISTS (SELECT 1 FROM voided_questions v
            WHERE v.guild_id = r.guild_id AND v.pack = r.pack AND v.question = q.question)
        AND NOT EXISTS (SELECT 1 FROM blocked_players b
            WHERE b.guild_id = r.guild_id AND b.user_id = a.user_id)
"""
STORE_SCORES = f"""
    INSERT INTO scores (guild_id, board, game, user_id, ended_ms, points, correct, answered)
    SELECT guild_id, '{ROUNDS}', game, user_id, ended_ms, SUM(points), SUM(correct), COUNT(*)
    FROM ({ANSWERS_THAT_COUNT}) AS counted
    WHERE guild_id = ? AND {{reach}}
    GROUP BY guild_id, game, user_id, ended_ms
"""
ADD_TO_TOTALS = """
    INSERT INTO totals (guild_id, board, user_id, points, correct, answered, games)
    SELECT guild_id, board, user_id,
        {sign}SUM(points), {sign}SUM(correct), {sign}SUM(answered), {sign}COUNT(*)
    FROM scores WHERE guild_id = ? AND board = ? AND {reach}
    GROUP BY guild_id, board, user_id
    ON CONFLICT (guild_id, board, user_id) DO UPDATE SET
        points = totals.points + excluded.points, correct = totals.correct + excluded.correct,
        answered = totals.answered + excluded.answered, games = totals.games + excluded.games
"""
DELETE_EMPTY_TOTALS = """
    DELETE FROM totals WHERE guild_id = ? AND board = ? AND games = 0
        AND user_id IN (SELECT user_id FROM scores WHERE guild_id = ? AND board = ? AND {reach})
"""
DELETE_SCORES = "DELETE FROM scores WHERE guild_id = ? AND board = ? AND {reach}"
ROUNDS_AFTER = "SELECT round_id FROM rounds WHERE guild_id = ? AND round_id > ? ORDER BY round_id LIMIT ?"
ROUNDS_AT_ONCE = 20
"""How many rounds a part of a rebuild works out: ten milliseconds or so."""


def count_round(connection: sqlite3.Connection, round_id: int) -> None:
    """Settle whether a round, which has its `ended_ms` by now, is ranked, and count it if it is.

    It is ranked if enough people played it. A second call for the same round changes nothing.
    """
    guild_id, ranked = connection.execute(
        "SELECT guild_id, ranked FROM rounds WHERE round_id = ?", (round_id,)
    ).fetchone()
    if ranked is not None:
        return
    connection.execute(
        "UPDATE rounds SET ranked = ? WHERE round_id = ?",
        (_has_enough_players(connection, guild_id, round_id), round_id),
    )
    _settle(connection, guild_id, "game = ?", round_id)


def recount_question(connection: sqlite3.Connection, guild_id: int, pack: str, question: str) -> None:
    """Bring the board up to date after a question was taken out of a server's play, or put back."""
    asked = (
        "SELECT r.round_id FROM asked_questions q JOIN rounds r ON r.round_id = q.round_id"
        " WHERE q.question = ? AND r.guild_id = ? AND r.pack = ?"
    )
    _settle(connection, guild_id, f"game IN ({asked})", question, guild_id, pack)


def recount_player(connection: sqlite3.Connection, guild_id: int, user_id: int) -> None:
    """Bring the board up to date after a player was blocked in a server, or let back in."""
    _settle(connection, guild_id, "user_id = ?", user_id)


def delete_answers(connection: sqlite3.Connection, user_id: int, rounds: int) -> int:
    """Delete a player's answers in up to so many rounds, and what they gave; return how many there were.

    Every board is right afterwards, so that a deletion may stop anywhere and go on later.
    """
    (last,) = connection.execute(
        "SELECT MAX(round_id) FROM (SELECT DISTINCT round_id FROM answers WHERE user_id = ?"
        " ORDER BY round_id LIMIT ?) AS oldest",
        (user_id, rounds),
    ).fetchone()
    if last is None:
        return 0
    guilds = connection.execute(
        "SELECT DISTINCT r.guild_id FROM answers a JOIN rounds r ON r.round_id = a.round_id"
        " WHERE a.user_id = ? AND a.round_id <= ?",
        (user_id, last),
    ).fetchall()
    deleted = connection.execute("DELETE FROM answers WHERE user_id = ? AND round_id <= ?", (user_id, last))
    for (guild_id,) in guilds:
        _settle(connection, guild_id, "user_id = ? AND game <= ?", user_id, last)
    return deleted.rowcount


def delete_rounds(connection: sqlite3.Connection, guild_id: int, rounds: int) -> int:
    """Delete up to so many of a server's rounds, the oldest, and what they gave; return how many there were.

    The board is right afterwards, so that a deletion may stop anywhere.
    """
    oldest = (guild_id, 0, rounds)
    _take_off(connection, guild_id, f"game IN ({ROUNDS_AFTER})", *oldest)
    deleted = connection.execute(f"DELETE FROM rounds WHERE round_id IN ({ROUNDS_AFTER})", oldest)
    return deleted.rowcount


def reset(connection: sqlite3.Connection, guild_id: int) -> None:
    """Empty a server's board; nothing that has ended may count any more by now."""
    for table in ("scores", "totals"):
        connection.execute(f"DELETE FROM {table} WHERE guild_id = ? AND board = ?", (guild_id, ROUNDS))


def rebuild(connection: sqlite3.Connection, guild_id: int, after: int = 0) -> int | None:
    """Work out a part of a server's board anew from the answers, whatever the tables hold.

    Returns the round after which the next part begins, None with the last part, which adds up the totals.
    """
    (last,) = connection.execute(
        f"SELECT MAX(round_id) FROM ({ROUNDS_AFTER}) AS part", (guild_id, after, ROUNDS_AT_ONCE)
    ).fetchone()
    if last is not None:
        _settle(connection, guild_id, "game > ? AND game <= ?", after, last)
        return int(last)
    connection.execute(
        "DELETE FROM scores WHERE guild_id = ? AND board = ?"
        " AND game NOT IN (SELECT round_id FROM rounds WHERE guild_id = ?)",
        (guild_id, ROUNDS, guild_id),
    )
    connection.execute("DELETE FROM totals WHERE guild_id = ? AND board = ?", (guild_id, ROUNDS))
    connection.execute(ADD_TO_TOTALS.format(sign="", reach="game > 0"), (guild_id, ROUNDS))
    return None


def guilds_to_rebuild(connection: sqlite3.Connection) -> list[int]:
    """Return the servers that have a board or should have one."""
    rows = connection.execute(
        "SELECT guild_id FROM rounds WHERE ranked = 1 UNION SELECT guild_id FROM scores"
        " UNION SELECT guild_id FROM totals ORDER BY guild_id"
    )
    return [row[0] for row in rows]


def _settle(connection: sqlite3.Connection, guild_id: int, reach: str, *values: int | str) -> None:
    """Work out the rows in reach anew: a condition on `game` and `user_id`, with its values."""
    _take_off(connection, guild_id, reach, *values)
    _put_on(connection, guild_id, reach, *values)


def _take_off(connection: sqlite3.Connection, guild_id: int, reach: str, *values: int | str) -> None:
    board = (guild_id, ROUNDS)
    connection.execute(ADD_TO_TOTALS.format(sign="-", reach=reach), (*board, *values))
    connection.execute(DELETE_EMPTY_TOTALS.format(reach=reach), (*board, *board, *values))
    connection.execute(DELETE_SCORES.format(reach=reach), (*board, *values))


def _put_on(connection: sqlite3.Connection, guild_id: int, reach: str, *values: int | str) -> None:
    connection.execute(STORE_SCORES.format(reach=reach), (guild_id, *values))
    connection.execute(ADD_TO_TOTALS.format(sign="", reach=reach), (guild_id, ROUNDS, *values))


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
