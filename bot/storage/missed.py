"""What somebody missed in a server's games, and how they remember it.

Only what was practised has rows. What was missed since is read from the answers of the last weeks, so that a
game stores nothing for it.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.core.missed import LATELY, Given, Memory, practised, recall
from bot.storage.connection import Connection
from bot.storage.moderation import voided_questions
from bot.storage.moments import to_ms
from bot.storage.personal import PersonalColumn
from bot.storage.rows import from_row, named_rows

PERSONAL = (
    PersonalColumn(
        "missed_questions", "user_id", "Questions that you missed, and how you practised them.", "delete"
    ),
)
MOST_GIVEN = 1_000
"""Answers that are looked at, the newest: whoever gives more in a month is read no slower."""
# The bound on round_id leaves out by an index what is older: a player may have years of answers.
GIVEN = """
    SELECT q.question, a.correct, a.answered_ms AS moment
    FROM answers a
    JOIN rounds r ON r.round_id = a.round_id
    JOIN asked_questions q ON q.round_id = a.round_id AND q.position = a.position
    WHERE a.user_id = :user AND a.answered_ms > :since AND r.guild_id = :guild AND q.pack = :pack
        AND q.state = 'revealed' AND a.round_id >= (
            SELECT MIN(round_id) FROM rounds
            WHERE guild_id = :guild AND (ended_ms IS NULL OR ended_ms > :since)
        )
    UNION ALL
    SELECT q.question, a.correct, a.answered_ms
    FROM challenge_answers a
    JOIN challenges c ON c.challenge_id = a.challenge_id
    JOIN challenge_questions q ON q.challenge_id = a.challenge_id AND q.position = a.position
    WHERE a.user_id = :user AND a.answered_ms > :since AND c.guild_id = :guild AND c.pack = :pack
    ORDER BY moment DESC LIMIT :most
"""
STORED = """
    SELECT question, times_right, state, stability, difficulty, reviewed_ms AS reviewed, due_ms AS due
    FROM missed_questions WHERE guild_id = ? AND user_id = ? AND pack = ? AND reviewed_ms > ?
"""
STORE = """
    INSERT INTO missed_questions (guild_id, user_id, pack, question, times_right, state, stability,
        difficulty, reviewed_ms, due_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (guild_id, user_id, pack, question) DO UPDATE SET times_right = excluded.times_right,
        state = excluded.state, stability = excluded.stability, difficulty = excluded.difficulty,
        reviewed_ms = excluded.reviewed_ms, due_ms = excluded.due_ms
"""
MISSED_IN_ROUND = """
    SELECT q.position, q.question, r.guild_id, q.pack FROM asked_questions q
    JOIN rounds r ON r.round_id = q.round_id
    LEFT JOIN answers a ON a.round_id = q.round_id AND a.position = q.position AND a.user_id = ?
    WHERE q.round_id = ? AND q.state = 'revealed' AND COALESCE(a.correct, 0) = 0
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
    who = (learner.guild_id, learner.user_id, learner.pack)
    stored = {
        row["question"]: from_row(Memory, row)
        for row in named_rows(connection.execute(STORED, (*who, since)))
    }
    named = {"guild": learner.guild_id, "user": learner.user_id, "pack": learner.pack, "since": since}
    newest = named_rows(connection.execute(GIVEN, named | {"most": MOST_GIVEN}))
    given = (from_row(Given, row) for row in reversed(newest))
    out = voided_questions(connection, learner.guild_id, learner.pack)
    return {id_: memory for id_, memory in recall(given, stored).items() if id_ not in out}


def practise(connection: Connection, learner: Learner, question: str, now: datetime, *, right: bool) -> None:
    """Store how somebody answered in private; a right answer to what was never missed leaves nothing."""
    before = memories(connection, learner, now).get(question)
    after = practised(before, now, right=right)
    if after is None or after == before:
        return
    connection.execute("DELETE FROM missed_questions WHERE reviewed_ms <= ?", (to_ms(now - LATELY),))
    connection.execute(
        STORE,
        (
            learner.guild_id,
            learner.user_id,
            learner.pack,
            question,
            after.times_right,
            int(after.state),
            after.stability,
            after.difficulty,
            to_ms(after.reviewed),
            to_ms(after.due),
        ),
    )


def missed_in_round(connection: Connection, round_id: int, user_id: int) -> dict[int, tuple[str, str]]:
    """Return the questions of a round that somebody got wrong or did not answer, by their places in it.

    Each is its pack's id and its own. What is void, or not over yet, is left out.
    """
    rows = connection.execute(MISSED_IN_ROUND, (user_id, round_id)).fetchall()
    out = {pack: voided_questions(connection, guild, pack) for guild, pack in {row[2:] for row in rows}}
    return {place: (pack, question) for place, question, _, pack in rows if question not in out[pack]}
