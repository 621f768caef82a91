"""What came of daily challenges: a date's best, a player's dates, and what there is to say of yesterday."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.challenge import Day
from bot.core.scoring import ranks
from bot.storage.connection import Connection
from bot.storage.in_play import IN_PLAY, NOT_VOIDED
from bot.storage.rows import select

BEST = 10
"""How many of the best a result names."""

ANSWERS = f"""
    FROM challenges g JOIN challenge_questions q USING (challenge_id)
    JOIN challenge_answers a USING (challenge_id, position)
    WHERE g.challenge_id = ? AND {IN_PLAY}
"""
FINISHERS = f"""
    SELECT a.user_id, SUM(a.correct) AS correct, SUM(a.took_ms) AS took_ms, COUNT(*) AS answered
    {ANSWERS} GROUP BY a.user_id ORDER BY correct DESC, took_ms, a.user_id
"""
SHARES = f"""
    SELECT q.position, SUM(a.correct) AS correct, COUNT(*) AS answered
    {ANSWERS} GROUP BY q.position ORDER BY q.position
"""
COUNT_IN_PLAY = f"""
    SELECT COUNT(*) FROM challenges g JOIN challenge_questions q USING (challenge_id)
    WHERE g.challenge_id = ? AND {NOT_VOIDED}
"""
DAYS = f"""
    SELECT g.date, p.time_zone AS zone, CASE WHEN SUM(a.correct) = COUNT(*) THEN 1 ELSE 0 END AS is_perfect
    FROM challenge_plays p JOIN challenges g USING (challenge_id)
    JOIN challenge_questions q USING (challenge_id)
    LEFT JOIN challenge_answers a
        ON a.challenge_id = q.challenge_id AND a.user_id = p.user_id AND a.position = q.position
    WHERE p.user_id = ? AND g.guild_id = ? AND {NOT_VOIDED}
    GROUP BY g.challenge_id, g.date, p.time_zone
    HAVING COUNT(*) = COUNT(a.position)
    ORDER BY g.date
"""


@dataclass(frozen=True, slots=True)
class Finisher:
    """Somebody who has answered all questions in play, ranked by right answers, then by time."""

    rank: int
    user_id: int
    correct: int
    took_ms: int


@dataclass(frozen=True, slots=True)
class Share:
    """The question at a position, and how many of those who answered it were right."""

    position: int
    correct: int
    answered: int


@dataclass(frozen=True, slots=True)
class Recap:
    """What came of a date's challenge: how many took part, who had all right, which question was hardest."""

    players: int
    perfect: tuple[int, ...]
    hardest: Share


def finishers(connection: Connection, challenge_id: int) -> list[Finisher]:
    """Return who has played a whole challenge, the best first; equal results share a rank."""
    in_play = _in_play(connection, challenge_id)
    rows = [
        (user_id, correct, took_ms)
        for user_id, correct, took_ms, answered in connection.execute(FINISHERS, (challenge_id,))
        if answered == in_play
    ]
    places = ranks([result for _, *result in rows])
    return [Finisher(rank, *row) for rank, row in zip(places, rows, strict=True)]


def days_of(connection: Connection, guild_id: int, user_id: int) -> Sequence[Day]:
    """Return the dates on which a player answered all questions in play, in order."""
    return select(connection, Day, DAYS, (user_id, guild_id))


def recap(connection: Connection, guild_id: int, day: date) -> Recap | None:
    """Return what came of a date's challenge, None if nobody answered anything in play."""
    row = connection.execute(
        "SELECT challenge_id FROM challenges WHERE guild_id = ? AND date = ?", (guild_id, day.isoformat())
    ).fetchone()
    if row is None:
        return None
    in_play = _in_play(connection, row[0])
    results = connection.execute(FINISHERS, row).fetchall()
    shares = select(connection, Share, SHARES, row)
    if not shares:
        return None
    return Recap(
        players=len(results),
        perfect=tuple(user_id for user_id, correct, *_ in results if correct == in_play),
        hardest=min(shares, key=lambda share: (share.correct / share.answered, -share.position)),
    )


def _in_play(connection: Connection, challenge_id: int) -> int:
    (count,) = connection.execute(COUNT_IN_PLAY, (challenge_id,)).fetchone()
    return int(count)
