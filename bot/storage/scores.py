"""What each game gave each player, and everybody's totals: kept right whatever changes what counts.

A game is a round, or a date's challenge; each kind has a board of its own, and one query that says what
counts there. Whatever changes its answer (a round that ended, an answer to a challenge, a voided question, a
blocked player, deleted answers) is followed in the same write by `_settle`, which recounts the rows that the
change can reach and keeps the totals their sum.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.storage.connection import Connection
from bot.storage.in_play import IN_PLAY
from bot.storage.settings import settings_of


class Board(StrEnum):
    """Whose points they are."""

    ROUNDS = "rounds"
    CHALLENGE = "challenge"


@dataclass(frozen=True, slots=True)
class _Games:
    """A board's games: their table, its key, the table of their questions, and the answers that count."""

    table: str
    key: str
    questions: str
    that_count: str

    @property
    def some(self) -> str:
        """A query for the keys of up to so many of a server's games after one, the oldest first."""
        return (
            f"SELECT {self.key} FROM {self.table}"
            f" WHERE guild_id = ? AND {self.key} > ? ORDER BY {self.key} LIMIT ?"
        )


LAST_RESET = "COALESCE((SELECT after_ms FROM board_resets s WHERE s.guild_id = g.guild_id), 0)"
ROUND_ANSWERS = f"""
    SELECT g.guild_id, g.round_id AS game, g.ended_ms, a.user_id, a.points, a.correct
    FROM rounds g JOIN asked_questions q USING (round_id) JOIN answers a USING (round_id, position)
    WHERE g.ranked = 1 AND q.state <> 'void' AND g.ended_ms > {LAST_RESET} AND {IN_PLAY}
"""
CHALLENGE_ANSWERS = f"""
    SELECT g.guild_id, g.challenge_id AS game, a.answered_ms AS ended_ms, a.user_id,
        a.correct AS points, a.correct
    FROM challenges g JOIN challenge_questions q USING (challenge_id)
    JOIN challenge_answers a USING (challenge_id, position)
    WHERE a.answered_ms > {LAST_RESET} AND {IN_PLAY}
"""
GAMES: Mapping[Board, _Games] = {
    Board.ROUNDS: _Games("rounds", "round_id", "asked_questions", ROUND_ANSWERS),
    Board.CHALLENGE: _Games("challenges", "challenge_id", "challenge_questions", CHALLENGE_ANSWERS),
}
STORE_SCORES = """
    INSERT INTO scores (guild_id, board, game, user_id, ended_ms, points, correct, answered)
    SELECT guild_id, '{board}', game, user_id, MAX(ended_ms), SUM(points), SUM(correct), COUNT(*)
    FROM ({that_count}) AS counted
    WHERE guild_id = ? AND {reach}
    GROUP BY guild_id, game, user_id
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
RANK = """
    UPDATE rounds SET ranked = CASE WHEN (
        SELECT COUNT(DISTINCT a.user_id) FROM answers a JOIN asked_questions q USING (round_id, position)
        WHERE a.round_id = rounds.round_id AND q.state <> 'void'
    ) >= ? THEN 1 ELSE 0 END
    WHERE round_id = ? AND ranked IS NULL
"""
GAMES_AT_ONCE = 20
"""How many games one part of a rebuild covers: about ten milliseconds' work for rounds."""


def count_round(connection: Connection, round_id: int) -> None:
    """Settle whether a round that has its `ended_ms` is ranked, and count it if it is.

    It is ranked if enough people played it. A second call for the same round changes nothing.
    """
    [(guild_id,)] = connection.execute("SELECT guild_id FROM rounds WHERE round_id = ?", (round_id,))
    connection.lock(guild_id)
    enough = settings_of(connection, guild_id).board_minimum_players
    if connection.execute(RANK, (enough, round_id)).rowcount:
        _settle(connection, Board.ROUNDS, guild_id, "game = ?", round_id)


def count_challenge(connection: Connection, guild_id: int, challenge_id: int, user_id: int) -> None:
    """Count what a player has answered of a challenge so far."""
    connection.lock(guild_id)
    _settle(connection, Board.CHALLENGE, guild_id, "game = ? AND user_id = ?", challenge_id, user_id)


def recount_question(connection: Connection, guild_id: int, pack: str, question: str) -> None:
    """Bring the boards up to date after a question was taken out of a server's play, or put back."""
    connection.lock(guild_id)
    for board, games in GAMES.items():
        asked = (
            f"SELECT g.{games.key} FROM {games.questions} q"
            f" JOIN {games.table} g ON g.{games.key} = q.{games.key}"
            " WHERE q.question = ? AND g.guild_id = ? AND q.pack = ?"
        )
        _settle(connection, board, guild_id, f"game IN ({asked})", question, guild_id, pack)


def recount_player(connection: Connection, guild_id: int, user_id: int) -> None:
    """Bring the boards up to date after a player was blocked in a server, or let back in."""
    connection.lock(guild_id)
    for board in Board:
        _settle(connection, board, guild_id, "user_id = ?", user_id)


def delete_answers(connection: Connection, user_id: int, rounds: int) -> int:
    """Delete a player's answers in up to so many rounds, and their points; return how many answers.

    Every board is right afterwards, so a deletion may stop anywhere and go on later.
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
        " WHERE a.user_id = ? AND a.round_id <= ? ORDER BY r.guild_id",
        (user_id, last),
    ).fetchall()
    for (guild_id,) in guilds:
        connection.lock(guild_id)
    deleted = connection.execute("DELETE FROM answers WHERE user_id = ? AND round_id <= ?", (user_id, last))
    for (guild_id,) in guilds:
        _settle(connection, Board.ROUNDS, guild_id, "user_id = ? AND game <= ?", user_id, last)
    return deleted.rowcount


def lock_boards_of(connection: Connection, user_id: int) -> None:
    """Keep everybody else from changing the boards that a player is on, or is about to be."""
    guilds = connection.execute(
        "SELECT guild_id FROM scores WHERE user_id = ? UNION SELECT guild_id FROM totals WHERE user_id = ?"
        " UNION SELECT c.guild_id FROM challenge_plays p JOIN challenges c"
        " ON c.challenge_id = p.challenge_id WHERE p.user_id = ? ORDER BY guild_id",
        (user_id, user_id, user_id),
    ).fetchall()
    for (guild_id,) in guilds:
        connection.lock(guild_id)


def delete_games(connection: Connection, board: Board, guild_id: int, number: int) -> int:
    """Delete up to so many of a server's oldest games, and their points; return how many games.

    The board is right afterwards, so a deletion may stop anywhere.
    """
    connection.lock(guild_id)
    games = GAMES[board]
    oldest = (guild_id, 0, number)
    _take_off(connection, board, guild_id, f"game IN ({games.some})", *oldest)
    deleted = connection.execute(f"DELETE FROM {games.table} WHERE {games.key} IN ({games.some})", oldest)
    return deleted.rowcount


def reset(connection: Connection, guild_id: int) -> None:
    """Empty a server's boards. The reset is stored before this, so that nothing older counts again."""
    connection.lock(guild_id)
    for table in ("scores", "totals"):
        connection.execute(f"DELETE FROM {table} WHERE guild_id = ?", (guild_id,))


def rebuild(connection: Connection, guild_id: int, after: int = 0, board: Board = Board.ROUNDS) -> int | None:
    """Rebuild a part of a server's board from the answers, whatever the tables hold.

    Returns the game after which the next part begins; None after the last, which adds up the totals.
    """
    connection.lock(guild_id)
    games = GAMES[board]
    (last,) = connection.execute(
        f"SELECT MAX({games.key}) FROM ({games.some}) AS part", (guild_id, after, GAMES_AT_ONCE)
    ).fetchone()
    if last is not None:
        _settle(connection, board, guild_id, "game > ? AND game <= ?", after, last)
        return int(last)
    connection.execute(
        "DELETE FROM scores WHERE guild_id = ? AND board = ?"
        f" AND game NOT IN (SELECT {games.key} FROM {games.table} WHERE guild_id = ?)",
        (guild_id, board, guild_id),
    )
    connection.execute("DELETE FROM totals WHERE guild_id = ? AND board = ?", (guild_id, board))
    connection.execute(ADD_TO_TOTALS.format(sign="", reach="game > 0"), (guild_id, board))
    return None


def guilds_to_rebuild(connection: Connection) -> list[int]:
    """Return the servers that have a board or should have one."""
    rows = connection.execute(
        "SELECT guild_id FROM rounds WHERE ranked = 1"
        " UNION SELECT guild_id FROM challenges WHERE guild_id > 0"
        " UNION SELECT guild_id FROM scores UNION SELECT guild_id FROM totals ORDER BY guild_id"
    )
    return [row[0] for row in rows]


def _settle(connection: Connection, board: Board, guild_id: int, reach: str, *values: int | str) -> None:
    """Recount the rows in reach: those that meet a condition on `game` and `user_id`, with its values."""
    _take_off(connection, board, guild_id, reach, *values)
    stored = STORE_SCORES.format(board=board, that_count=GAMES[board].that_count, reach=reach)
    connection.execute(stored, (guild_id, *values))
    connection.execute(ADD_TO_TOTALS.format(sign="", reach=reach), (guild_id, board, *values))


def _take_off(connection: Connection, board: Board, guild_id: int, reach: str, *values: int | str) -> None:
    whose = (guild_id, board)
    connection.execute(ADD_TO_TOTALS.format(sign="-", reach=reach), (*whose, *values))
    connection.execute(DELETE_EMPTY_TOTALS.format(reach=reach), (*whose, *whose, *values))
    connection.execute(DELETE_SCORES.format(reach=reach), (*whose, *values))
