"""What came of a round beside who won it: how many of its questions counted, and what stands out."""

from dataclasses import dataclass

from bot.core.content import Spoiler
from bot.storage.connection import Connection
from bot.storage.rows import from_row, named_rows

LEAST_ANSWERS = 2
"""How many answers make a question hard to more than one person."""

COUNTED = """
    FROM rounds r
    JOIN asked_questions q ON q.round_id = r.round_id
    LEFT JOIN answers a ON a.round_id = q.round_id AND a.position = q.position AND NOT EXISTS (
        SELECT 1 FROM blocked_players b WHERE b.guild_id = r.guild_id AND b.user_id = a.user_id
    )
    WHERE r.round_id = ? AND q.state = 'revealed' AND NOT EXISTS (
        SELECT 1 FROM voided_questions v
        WHERE v.guild_id = r.guild_id AND v.pack = q.pack AND v.question = q.question
    )
"""


@dataclass(frozen=True, slots=True)
class Fastest:
    """The right answer that was given in the shortest time."""

    user_id: int
    took_ms: int


@dataclass(frozen=True, slots=True)
class Longest:
    """The most right answers in a row."""

    user_id: int
    streak: int


@dataclass(frozen=True, slots=True)
class Hardest:
    """The question that the smallest share of its answers got right; `spoiler` is its fact's."""

    prompt: str
    spoiler: Spoiler
    answered: int
    correct: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many questions counted, whether the round does on the server's board, and what stands out.

    Of what stands out, each is None where nothing does.
    """

    counted: int = 0
    ranked: bool = False
    fastest: Fastest | None = None
    longest: Longest | None = None
    hardest: Hardest | None = None


def outcome(connection: Connection, round_id: int) -> Outcome:
    """Return what came of a round that is settled.

    What was skipped or never sent is left out, as what moderators have voided and players they have blocked.
    """
    asked = named_rows(
        connection.execute(
            "SELECT q.prompt, q.spoiler, COUNT(a.user_id) AS answered, COALESCE(SUM(a.correct), 0) AS correct"
            f" {COUNTED} GROUP BY q.position, q.prompt, q.spoiler ORDER BY q.position",
            (round_id,),
        )
    )
    fastest = named_rows(
        connection.execute(
            f"SELECT a.user_id, a.took_ms {COUNTED} AND a.correct = 1 AND q.reopened = 0"
            " ORDER BY a.took_ms, q.position, a.user_id LIMIT 1",
            (round_id,),
        )
    )
    longest = named_rows(
        connection.execute(
            f"SELECT a.user_id, a.streak {COUNTED} AND a.streak > 1"
            " ORDER BY a.streak DESC, q.position, a.user_id LIMIT 1",
            (round_id,),
        )
    )
    hard = [
        from_row(Hardest, row)
        for row in asked
        if row["answered"] >= LEAST_ANSWERS and row["correct"] < row["answered"]
    ]
    (ranked,) = connection.execute("SELECT ranked FROM rounds WHERE round_id = ?", (round_id,)).fetchone()
    return Outcome(
        counted=len(asked),
        ranked=bool(ranked),
        fastest=from_row(Fastest, fastest[0]) if fastest else None,
        longest=from_row(Longest, longest[0]) if longest else None,
        hardest=min(hard, key=lambda one: one.correct / one.answered, default=None),
    )
