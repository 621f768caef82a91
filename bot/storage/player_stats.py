"""How a player has done so far in a server's rounds, on the board or not."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.storage.connection import Connection
from bot.storage.in_play import NOT_VOIDED

ROUNDS_IN_FORM = 12


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Right answers among all answers."""

    correct: int
    answered: int

    @property
    def percent(self) -> int:
        """The share of right answers in whole percent, half up; 0 without an answer."""
        return (200 * self.correct + self.answered) // (2 * self.answered) if self.answered else 0


@dataclass(frozen=True, slots=True)
class TopicAccuracy:
    """How a player answers questions of one topic (an id within a pack); a question can have several."""

    pack: str
    topic: str
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class PlayerStats:
    """A player's ended rounds in a server; void questions are left out.

    `average_ms` is the mean time of the right answers to timed questions, None without one. `topics` begin
    with the most played, `form` holds the latest rounds, oldest first.
    """

    rounds: int
    overall: Accuracy
    best_streak: int
    average_ms: int | None
    topics: tuple[TopicAccuracy, ...]
    form: tuple[Accuracy, ...]


PLAYED = f"""
    FROM answers a JOIN rounds g USING (round_id) JOIN asked_questions q USING (round_id, position)
    WHERE a.user_id = ? AND g.guild_id = ? AND g.ended_ms IS NOT NULL AND q.state <> 'void' AND {NOT_VOIDED}
"""


def player_stats(connection: Connection, guild_id: int, user_id: int) -> PlayerStats:
    """Return a player's statistics in a server."""
    who = (user_id, guild_id)
    rounds, correct, answered, streak, average = connection.execute(
        "SELECT COUNT(DISTINCT a.round_id), COALESCE(SUM(a.correct), 0), COUNT(*),"
        " COALESCE(MAX(a.streak), 0),"
        " AVG(CASE WHEN a.correct = 1 AND g.seconds IS NOT NULL AND q.reopened = 0 THEN a.took_ms END)"
        f" {PLAYED}",
        who,
    ).fetchone()
    topics = connection.execute(
        f"SELECT q.pack, q.topics, SUM(a.correct), COUNT(*) {PLAYED} GROUP BY q.pack, q.topics",
        who,
    )
    form = connection.execute(
        f"SELECT SUM(a.correct), COUNT(*) {PLAYED}"
        " GROUP BY a.round_id, g.ended_ms ORDER BY g.ended_ms DESC, a.round_id DESC LIMIT ?",
        (*who, ROUNDS_IN_FORM),
    ).fetchall()
    return PlayerStats(
        rounds=rounds,
        overall=Accuracy(correct, answered),
        best_streak=streak,
        average_ms=None if average is None else round(average),
        topics=_by_topic(topics),
        form=tuple(Accuracy(*counts) for counts in reversed(form)),
    )


def _by_topic(counted: Iterable[tuple[str, str, int, int]]) -> tuple[TopicAccuracy, ...]:
    """Add up by topic what was counted by list of topics: right answers, and all."""
    right: Counter[tuple[str, str]] = Counter()
    answered: Counter[tuple[str, str]] = Counter()
    for pack, topics, right_here, answered_here in counted:
        for topic in json.loads(topics):
            right[pack, topic] += right_here
            answered[pack, topic] += answered_here
    most_played_first = sorted(answered, key=lambda topic: (-answered[topic], topic))
    return tuple(
        TopicAccuracy(*topic, Accuracy(right[topic], answered[topic])) for topic in most_played_first
    )
