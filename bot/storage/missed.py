"""What somebody missed in a server's games, and how well they remember it.

Only what was practised has rows. What was missed since is read from the answers of the last weeks, so that a
game stores nothing for it.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.core.missed import LATELY, Given, Memory, practised, recall
from bot.storage.connection import Connection
from bot.storage.in_play import NOT_VOIDED, voided_questions
from bot.storage.moments import to_ms
from bot.storage.rows import from_row, named_rows, select, stored, upsert

MOST_GIVEN = 1_000
"""Only so many of the newest answers are looked at, so that a month with more of them takes no longer."""
# The bound on round_id skips older rounds by an index, as a player may have years of answers.
GIVEN = """
    SELECT q.question, a.correct, a.answered_ms AS moment
    FROM answers a
    JOIN rounds r ON r.round_id = a.round_id
    JOIN asked_questions q ON q.round_id = a.round_id AND q.position = a.position
    WHERE a.user_id = :user_id AND a.answered_ms > :since AND r.guild_id = :guild_id AND q.pack = :pack
        AND q.state = 'revealed' AND a.round_id >= (
            SELECT MIN(round_id) FROM rounds
            WHERE guild_id = :guild_id AND (ended_ms IS NULL OR ended_ms > :since)
        )
    UNION ALL
    SELECT q.question, a.correct, a.answered_ms
    FROM challenge_answers a
    JOIN challenges c ON c.challenge_id = a.challenge_id
    JOIN challenge_questions q ON q.challenge_id = a.challenge_id AND q.position = a.position
    WHERE a.user_id = :user_id AND a.answered_ms > :since AND c.guild_id = :guild_id AND c.pack = :pack
    ORDER BY moment DESC LIMIT :most
"""
STORED = """
    SELECT question, times_right, state, stability, difficulty, reviewed_ms AS reviewed, due_ms AS due
    FROM missed_questions
    WHERE guild_id = :guild_id AND user_id = :user_id AND pack = :pack AND reviewed_ms > :since
"""
MISSED_IN_ROUND = f"""
    SELECT q.position, q.pack, q.question FROM rounds g JOIN asked_questions q USING (round_id)
    LEFT JOIN answers a ON a.round_id = q.round_id AND a.position = q.position AND a.user_id = ?
    WHERE g.round_id = ? AND q.state = 'revealed' AND COALESCE(a.correct, 0) = 0 AND {NOT_VOIDED}
    ORDER BY q.position
"""


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody in a server that plays a pack."""

    guild_id: int
    user_id: int
    pack: str


def memories(connection: Connection, learner: Learner, now: datetime) -> dict[str, Memory]:
    """Return what somebody missed lately, by the questions' ids; what was voided since is left out."""
    since = to_ms(now - LATELY)
    who = stored(learner) | {"since": since, "most": MOST_GIVEN}
    before = {row["question"]: from_row(Memory, row) for row in named_rows(connection.execute(STORED, who))}
    given = reversed(select(connection, Given, GIVEN, who))
    out = voided_questions(connection, learner.guild_id, learner.pack)
    return {id_: memory for id_, memory in recall(given, before).items() if id_ not in out}


def practise(connection: Connection, learner: Learner, question: str, now: datetime, *, right: bool) -> None:
    """Store how somebody answered in private; a right answer to what was never missed leaves nothing."""
    before = memories(connection, learner, now).get(question)
    after = practised(before, now, right=right)
    if after is None or after == before:
        return
    connection.execute("DELETE FROM missed_questions WHERE reviewed_ms <= ?", (to_ms(now - LATELY),))
    key = stored(learner) | {"question": question}
    row = {
        "times_right": after.times_right,
        "state": int(after.state),
        "stability": after.stability,
        "difficulty": after.difficulty,
        "reviewed_ms": after.reviewed,
        "due_ms": after.due,
    }
    upsert(connection, "missed_questions", key, row)


def missed_in_round(connection: Connection, round_id: int, user_id: int) -> dict[int, tuple[str, str]]:
    """Return the questions of a round that somebody got wrong or did not answer, by their positions.

    Each is its pack's id and its own. Void questions and those still open are left out.
    """
    rows = connection.execute(MISSED_IN_ROUND, (user_id, round_id))
    return {position: (pack, question) for position, pack, question in rows}
