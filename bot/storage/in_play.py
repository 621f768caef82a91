"""What counts in a server's games: all but what its moderators have taken out."""

from bot.core.refusal import Refusal
from bot.storage.connection import Connection

OUT_OF_ROUNDS = "The moderators of this server have taken you out of its rounds."
NOT_VOIDED = """
    NOT EXISTS (SELECT 1 FROM voided_questions v
        WHERE v.guild_id = g.guild_id AND v.pack = q.pack AND v.question = q.question)
"""
"""Of a game `g` and its question `q`."""
NOT_BLOCKED = """
    NOT EXISTS (SELECT 1 FROM blocked_players b
        WHERE b.guild_id = g.guild_id AND b.user_id = a.user_id)
"""
"""Of a game `g` and an answer `a`."""
IN_PLAY = f"{NOT_VOIDED} AND {NOT_BLOCKED}"


def voided_questions(connection: Connection, guild_id: int, pack: str) -> set[str]:
    """Return the ids of a pack's questions that a server has taken out of play."""
    rows = connection.execute(
        "SELECT question FROM voided_questions WHERE guild_id = ? AND pack = ?", (guild_id, pack)
    )
    return {row[0] for row in rows}


def is_blocked(connection: Connection, guild_id: int, user_id: int) -> bool:
    """Return whether a player is taken out of a server's games."""
    row = connection.execute(
        "SELECT 1 FROM blocked_players WHERE guild_id = ? AND user_id = ?", (guild_id, user_id)
    ).fetchone()
    return row is not None


def check_not_blocked(
    connection: Connection, guild_id: int, user_id: int, why_not: str = OUT_OF_ROUNDS
) -> None:
    """Raise Refusal for a player who is taken out of a server's games."""
    if is_blocked(connection, guild_id, user_id):
        raise Refusal(why_not)


def last_reset_ms(connection: Connection, guild_id: int) -> int:
    """Return the moment up to which nothing counts on a server's boards, 0 if they were never reset."""
    row = connection.execute("SELECT after_ms FROM board_resets WHERE guild_id = ?", (guild_id,)).fetchone()
    return row[0] if row else 0
