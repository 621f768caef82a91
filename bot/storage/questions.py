"""How each question was answered: sums for composing rounds, and details for whoever writes questions."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from statistics import median

from bot.core.content import Difficulty, Question
from bot.core.measured import FEWEST_ANSWERS, Record, measured_difficulty, tells_apart
from bot.storage.catalogue import LoadedPack
from bot.storage.connection import Connection

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
MEASURED = f"SELECT number, answered, correct FROM questions WHERE pack = ? AND answered >= {FEWEST_ANSWERS}"
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
    connection.lock(0)
    connection.execute(COUNT_ANSWERS, (round_id,))


def measured(connection: Connection, pack: LoadedPack) -> Mapping[int, Difficulty]:
    """Return how hard the questions have proved that were answered often enough, by their numbers."""
    levels = {}
    for number, answered, correct in connection.execute(MEASURED, (pack.id,)):
        if question := pack.questions.get(number):
            level = measured_difficulty(answered, correct, is_statement=question.is_true_or_false)
            if level:
                levels[number] = level
    return levels


def records(connection: Connection, pack: LoadedPack) -> list[Record]:
    """Return what is known of each question of a pack, in the pack's order.

    Void questions are left out, and answers to a wording that a question no longer has.
    """
    asked = _asked(connection, pack)
    typed: defaultdict[str, list[int]] = defaultdict(list)
    pressed: defaultdict[str, list[tuple[int, int, int]]] = defaultdict(list)
    answered: Counter[int] = Counter()
    right: Counter[int] = Counter()
    for round_id, position, user_id, is_typed, correct, took_ms in connection.execute(ANSWERED, (pack.id,)):
        id_ = asked.get((round_id, position))
        if id_ is None:
            continue
        if is_typed:
            typed[id_].append(correct)
        else:
            pressed[id_].append((user_id, correct, took_ms))
            answered[user_id] += 1
            right[user_id] += correct
    times = Counter(asked.values())
    reports: dict[str, int] = dict(connection.execute(REPORTED, (pack.id,)).fetchall())
    found = []
    for question in pack.questions.values():
        given = pressed[question.id]
        skilled = [one for one in given if answered[one[0]] > FEWEST_OTHERS]
        found.append(
            Record(
                question=question.id,
                label=question.difficulty,
                is_statement=question.is_true_or_false,
                asked=times[question.id],
                answered=len(given),
                correct=sum(correct for _, correct, _ in given),
                typed=len(typed[question.id]),
                typed_correct=sum(typed[question.id]),
                median_ms=round(median(took_ms for _, _, took_ms in given)) if given else None,
                tells=tells_apart(
                    [bool(correct) for _, correct, _ in skilled],
                    [(right[user] - correct) / (answered[user] - 1) for user, correct, _ in skilled],
                ),
                reports=reports.get(question.id, 0),
            )
        )
    return found


def _asked(connection: Connection, pack: LoadedPack) -> dict[tuple[int, int], str]:
    """Return the ids of the questions that were asked in today's wording, by round and position."""
    asked = {}
    for round_id, position, id_, prompt, options in connection.execute(ASKED, (pack.id,)):
        number = pack.question_numbers_by_id.get(id_)
        if number is not None and _is_same(pack.questions[number], prompt, options):
            asked[round_id, position] = id_
    return asked


def _is_same(question: Question, prompt: str, options: str) -> bool:
    if question.prompt != prompt:
        return False
    return question.is_true_or_false or set(json.loads(options)) == {question.answer, *question.distractors}
