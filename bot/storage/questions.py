"""How each question was answered: sums for composing rounds, and details for whoever writes questions."""

import json
from array import array
from collections import defaultdict
from collections.abc import Mapping, MutableSequence
from dataclasses import dataclass, field
from statistics import median

from bot.core.content import Difficulty, Question
from bot.core.measured import FEWEST_ANSWERS, Record, measured_difficulty, tells_apart
from bot.storage.catalogue import LoadedPack
from bot.storage.connection import Connection, lock

FEWEST_OTHERS = 5
"""A player who answered fewer other questions has shown no skill yet."""

COUNT_ANSWERS = """
    UPDATE questions SET answered = questions.answered + counted.answered,
        correct = questions.correct + counted.correct
    FROM (
        SELECT q.pack, q.question, q.prompt, COUNT(*) AS answered, SUM(a.correct) AS correct
        FROM rounds r
        JOIN asked_questions q ON q.round_id = r.round_id
        JOIN answers a ON a.round_id = q.round_id AND a.position = q.position
        WHERE r.round_id = ? AND q.state <> 'void' AND a.choice IS NOT NULL
        GROUP BY q.pack, q.question, q.prompt
    ) AS counted
    WHERE questions.pack = counted.pack AND questions.id = counted.question
        AND questions.prompt = counted.prompt
"""
MEASURED = "SELECT number, answered, correct FROM questions WHERE pack = ? AND answered >= ?"
ASKED = """
    SELECT q.round_id, q.position, q.question, q.prompt, q.options
    FROM asked_questions q JOIN rounds r ON r.round_id = q.round_id
    WHERE q.pack = ? AND r.ended_ms IS NOT NULL AND q.state <> 'void'
"""
ANSWERED = """
    SELECT a.round_id, a.position, a.user_id, a.choice IS NULL, a.correct, a.took_ms
    FROM answers a JOIN rounds r ON r.round_id = a.round_id
    WHERE r.pack = ? AND r.ended_ms IS NOT NULL
"""
REPORTED = "SELECT item, COUNT(*) FROM reports WHERE pack = ? AND kind = 'question' GROUP BY item"


def count_answers(connection: Connection, round_id: int) -> None:
    """Add a round's answers to the sums of its questions; to be called once, when it has ended."""
    # All servers share these rows, so two processes could reach them in two orders.
    lock(connection, 0)
    connection.execute(COUNT_ANSWERS, (round_id,))


def measured(connection: Connection, pack: LoadedPack) -> Mapping[int, Difficulty]:
    """Return how hard the questions have proved that were answered often enough, by their numbers."""
    levels = {}
    for number, answered, correct in connection.execute(MEASURED, (pack.id, FEWEST_ANSWERS)):
        if question := pack.questions.get(number):
            level = measured_difficulty(answered, correct, is_statement=question.is_true_or_false)
            if level:
                levels[number] = level
    return levels


@dataclass(slots=True)
class _Answers:
    """The answers to one question."""

    users: MutableSequence[int] = field(default_factory=lambda: array("q"))
    right: MutableSequence[int] = field(default_factory=lambda: array("b"))
    took_ms: MutableSequence[int] = field(default_factory=lambda: array("q"))
    typed: int = 0
    typed_correct: int = 0

    def add(self, user_id: int, *, typed: bool, correct: int, took_ms: int) -> None:
        if typed:
            self.typed += 1
            self.typed_correct += correct
        else:
            self.users.append(user_id)
            self.right.append(correct)
            self.took_ms.append(took_ms)


def records(connection: Connection, pack: LoadedPack) -> list[Record]:
    """Return what is known of each question of a pack, in the pack's order.

    Void questions are left out, and answers to a wording that a question no longer has.
    """
    asked: dict[tuple[int, int], str] = {}
    times: defaultdict[str, int] = defaultdict(int)
    for round_id, position, id_, prompt, options in connection.execute(ASKED, (pack.id,)):
        number = pack.question_numbers_by_id.get(id_)
        if number is not None and _is_same(pack.questions[number], prompt, options):
            asked[round_id, position] = id_
            times[id_] += 1
    answers: defaultdict[str, _Answers] = defaultdict(_Answers)
    for round_id, position, user_id, typed, correct, took_ms in connection.execute(ANSWERED, (pack.id,)):
        if (round_id, position) in asked:
            one = answers[asked[round_id, position]]
            one.add(user_id, typed=bool(typed), correct=correct, took_ms=took_ms)
    players = _players(answers)
    reports: dict[str, int] = dict(connection.execute(REPORTED, (pack.id,)).fetchall())
    return [
        _record(question, times[question.id], answers[question.id], players, reports.get(question.id, 0))
        for question in pack.questions.values()
    ]


def _is_same(question: Question, prompt: str, options: str) -> bool:
    if question.prompt != prompt:
        return False
    return question.is_true_or_false or set(json.loads(options)) == {question.answer, *question.distractors}


def _players(answers: Mapping[str, _Answers]) -> dict[int, tuple[int, int]]:
    """Return how many answers each player gave by button, and how many of them were right."""
    players: defaultdict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for one in answers.values():
        for user_id, correct in zip(one.users, one.right, strict=True):
            answered, right = players[user_id]
            players[user_id] = (answered + 1, right + correct)
    return players


def _record(
    question: Question, asked: int, answers: _Answers, players: Mapping[int, tuple[int, int]], reports: int
) -> Record:
    right, skill = [], []
    for user_id, correct in zip(answers.users, answers.right, strict=True):
        others = players[user_id][0] - 1
        if others >= FEWEST_OTHERS:
            right.append(bool(correct))
            skill.append((players[user_id][1] - correct) / others)
    return Record(
        question=question.id,
        label=question.difficulty,
        is_statement=question.is_true_or_false,
        asked=asked,
        answered=len(answers.right),
        correct=sum(answers.right),
        typed=answers.typed,
        typed_correct=answers.typed_correct,
        median_ms=round(median(answers.took_ms)) if answers.took_ms else None,
        tells=tells_apart(right, skill),
        reports=reports,
    )
