"""Quiz rounds: questions opened, answered and closed, and rounds ended, each in the caller's transaction.

Every function can be run again after a crash and then changes nothing more. Times are unix milliseconds.
"""

from dataclasses import dataclass

from bot.core.refusal import Refusal
from bot.core.rounds import Answer, CloseReason, Current, EndReason
from bot.storage.connection import Connection
from bot.storage.in_play import IN_PLAY, NOT_BLOCKED, OUT_OF_ROUNDS
from bot.storage.questions import count_answers
from bot.storage.rows import select, select_first
from bot.storage.scores import count_round

IS_BLOCKED = """
    SELECT 1 FROM blocked_players JOIN rounds USING (guild_id) WHERE round_id = ? AND user_id = ?
"""
# One statement, as every click runs it, an Answer as it is; only where it stores nothing is it asked why.
STORE_ANSWER = """
    INSERT INTO answers (round_id, position, user_id, choice, answered_ms, took_ms, correct, points, streak)
    SELECT round_id, position, ?, ?, ?, ?, ?, ?, ? FROM asked_questions q JOIN rounds g USING (round_id)
    WHERE round_id = ? AND position = ? AND q.state = 'open' AND NOT EXISTS (
        SELECT 1 FROM blocked_players b WHERE b.guild_id = g.guild_id AND b.user_id = ?
    )
    ON CONFLICT DO NOTHING
"""
FIRST_ANSWER = "SELECT * FROM answers WHERE round_id = ? AND position = ? AND user_id = ?"


@dataclass(frozen=True, slots=True)
class Standing:
    """A player's sums in a round so far; `took_ms` is the sum over right answers."""

    user_id: int
    points: int
    correct: int
    took_ms: int


def open_question(connection: Connection, round_id: int, current: Current) -> None:
    """Store that the question was sent, with its message and its times."""
    connection.execute(
        "UPDATE asked_questions SET state = 'open', message_id = ?, opened_ms = ?, deadline_ms = ?,"
        " clock_offset_ms = ? WHERE round_id = ? AND position = ? AND state = 'asking'",
        (
            current.message_id,
            current.opened_ms,
            current.deadline_ms,
            current.offset_ms,
            round_id,
            current.position,
        ),
    )


def reopen_question(connection: Connection, round_id: int, position: int, deadline_ms: int) -> None:
    """Store that an open question was opened again, up to a new deadline by Discord's clock."""
    connection.execute(
        "UPDATE asked_questions SET reopened = 1, deadline_ms = ?"
        " WHERE round_id = ? AND position = ? AND state = 'open'",
        (deadline_ms, round_id, position),
    )


def record_answer(connection: Connection, round_id: int, position: int, answer: Answer) -> Answer | None:
    """Store a player's answer; return the one that counts, which they may have given before.

    It is None if the question is not open. Raises Refusal if the server's moderators blocked the player.
    """
    values = (*answer, round_id, position, answer.user_id)
    if connection.execute(STORE_ANSWER, values).rowcount:
        return answer
    if connection.execute(IS_BLOCKED, (round_id, answer.user_id)).fetchone():
        raise Refusal(OUT_OF_ROUNDS)
    return select_first(connection, Answer, FIRST_ANSWER, (round_id, position, answer.user_id))


def close_question(
    connection: Connection, round_id: int, position: int, reason: CloseReason, at_ms: int
) -> None:
    """Store that a question is closed; a void one keeps its answers, without points."""
    state = "void" if reason.is_void else "revealed"
    connection.execute(
        "UPDATE asked_questions SET state = ?, close_reason = ?, closed_ms = ?"
        " WHERE round_id = ? AND position = ? AND (state IN ('asking', 'open') OR ? = 'void')",
        (state, reason, at_ms, round_id, position, state),
    )
    if reason.is_void:
        connection.execute(
            "UPDATE answers SET points = 0, streak = 0 WHERE round_id = ? AND position = ?",
            (round_id, position),
        )


def end_round(connection: Connection, round_id: int, reason: EndReason, at_ms: int) -> bool:
    """Settle the round: an open question counts as it stands, one that was never sent is void.

    From then on it counts on its server's board, if enough people played. A clock that was set back does not
    put it before the board's last reset. Returns False, and changes nothing, if it was settled before.
    """
    reset = connection.execute(
        "SELECT after_ms FROM board_resets JOIN rounds USING (guild_id) WHERE round_id = ?", (round_id,)
    ).fetchone()
    settled = connection.execute(
        "UPDATE rounds SET state = 'ending', end_reason = ?, ended_ms = ?"
        " WHERE round_id = ? AND state = 'running'",
        (reason, max(at_ms, reset[0] + 1) if reset else at_ms, round_id),
    )
    if not settled.rowcount:
        return False
    connection.execute(
        "UPDATE asked_questions SET state = CASE state WHEN 'open' THEN 'revealed' ELSE 'void' END,"
        " close_reason = ?, closed_ms = ? WHERE round_id = ? AND state IN ('asking', 'open')",
        (CloseReason.ENDED, at_ms, round_id),
    )
    count_round(connection, round_id)
    count_answers(connection, round_id)
    return True


def finish_round(
    connection: Connection, round_id: int, podium_message_id: int | None, *, tell_host: bool = False
) -> None:
    """Store that a settled round is over in every way: its channel is free for another.

    With `tell_host` the host has yet to be told privately.
    """
    connection.execute(
        "UPDATE rounds SET state = 'finished', podium_message_id = ?, tell_host = ?"
        " WHERE round_id = ? AND state = 'ending'",
        (podium_message_id, int(tell_host), round_id),
    )


def answers_to(connection: Connection, round_id: int, position: int) -> list[Answer]:
    """Return the answers to a question, the earliest first, without those of blocked players."""
    return select(
        connection,
        Answer,
        "SELECT a.* FROM rounds g JOIN answers a USING (round_id)"
        f" WHERE g.round_id = ? AND a.position = ? AND {NOT_BLOCKED} ORDER BY a.answered_ms, a.user_id",
        (round_id, position),
    )


def standings(connection: Connection, round_id: int) -> list[Standing]:
    """Return the sums of everybody who answered in the round, best first.

    Void questions are left out and, as on the board, so are blocked players.
    """
    return select(
        connection,
        Standing,
        "SELECT a.user_id, SUM(a.points) AS points, SUM(a.correct) AS correct,"
        " SUM(CASE WHEN a.correct = 1 THEN a.took_ms ELSE 0 END) AS took_ms"
        " FROM rounds g JOIN asked_questions q USING (round_id) JOIN answers a USING (round_id, position)"
        f" WHERE g.round_id = ? AND q.state <> 'void' AND {IN_PLAY}"
        " GROUP BY a.user_id ORDER BY points DESC, correct DESC, a.user_id",
        (round_id,),
    )
