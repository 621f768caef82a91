"""What came of a round besides who won it: how many of its questions counted, and what stands out."""

from dataclasses import dataclass

from bot.core.content import Spoiler
from bot.storage.connection import Connection
from bot.storage.in_play import NOT_BLOCKED, NOT_VOIDED
from bot.storage.rows import select, select_first

LEAST_ANSWERS = 2
"""With fewer answers, a question was hard for one person only."""

COUNTED = f"""
    FROM rounds g JOIN asked_questions q USING (round_id)
    LEFT JOIN answers a ON a.round_id = q.round_id AND a.position = q.position AND {NOT_BLOCKED}
    WHERE g.round_id = ? AND q.state = 'revealed' AND {NOT_VOIDED}
"""
RANKED_AND_ANSWERED = """
    SELECT ranked, EXISTS (SELECT 1 FROM answers WHERE answers.round_id = rounds.round_id)
    FROM rounds WHERE round_id = ?
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

    `answered` says whether anybody answered, even where it does not count. `fastest`, `longest` and `hardest`
    are None where nothing stands out.
    """

    counted: int = 0
    ranked: bool = False
    answered: bool = False
    fastest: Fastest | None = None
    longest: Longest | None = None
    hardest: Hardest | None = None


def outcome(connection: Connection, round_id: int) -> Outcome:
    """Return what came of a round that is settled.

    Left out is what was skipped or never sent, what moderators have voided, and whom they have blocked.
    """
    asked = select(
        connection,
        Hardest,
        "SELECT q.prompt, q.spoiler, COUNT(a.user_id) AS answered, COALESCE(SUM(a.correct), 0) AS correct"
        f" {COUNTED} GROUP BY q.position, q.prompt, q.spoiler ORDER BY q.position",
        (round_id,),
    )
    fastest = select_first(
        connection,
        Fastest,
        f"SELECT a.user_id, a.took_ms {COUNTED} AND a.correct = 1 AND q.reopened = 0"
        " ORDER BY a.took_ms, q.position, a.user_id LIMIT 1",
        (round_id,),
    )
    longest = select_first(
        connection,
        Longest,
        f"SELECT a.user_id, a.streak {COUNTED} AND a.streak > 1"
        " ORDER BY a.streak DESC, q.position, a.user_id LIMIT 1",
        (round_id,),
    )
    hard = [one for one in asked if one.answered >= LEAST_ANSWERS and one.correct < one.answered]
    ranked, answered = connection.execute(RANKED_AND_ANSWERED, (round_id,)).fetchone()
    return Outcome(
        counted=len(asked),
        ranked=bool(ranked),
        answered=bool(answered),
        fastest=fastest,
        longest=longest,
        hardest=min(hard, key=lambda one: one.correct / one.answered, default=None),
    )
