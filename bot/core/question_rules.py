"""What makes questions unfair, as far as a program can tell.

Texts are compared by their words (see `bot.core.words`), so "Eight" and "8" are the same choice. Each rule
yields sentences about what is wrong.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from bot.core.content import DISTRACTORS, TRUE_OR_FALSE, Difficulty, Question
from bot.core.looks import skeleton
from bot.core.reading import Reading

FEWEST_TO_BALANCE = 30
"""In a smaller pack shares mean little, so `balance_problems` says nothing about it."""
MOST_SAME_DISTRACTOR = 12
MOST_SAME_ANSWER = 8

_QUOTED = re.compile('"[^"]*"|“[^”]*”')
_NEGATION = re.compile(r"\b(?:not|cannot|except|\w+n['’]t)\b", re.IGNORECASE)
_OF_THE_ABOVE = re.compile(r"\b(?:all|both|none|neither) of (?:the above|these|them)\b", re.IGNORECASE)
_CLOSING_QUOTES = "\"'”’"


def question_problems(reading: Reading) -> Iterator[str]:
    """Say what is wrong with a pack's question."""
    question = reading.question
    yield from _wording_problems(question)
    if not question.distractors and not question.is_true_or_false:
        yield "without distractors 'answer' must be true or false"
        return
    if question.distractors and len(question.distractors) != DISTRACTORS:
        yield f"'distractors' must be exactly 3, and are {len(question.distractors)}"
    yield from unfairness(reading)


def unfairness(reading: Reading) -> Iterator[str]:
    """Say what makes a question impossible, or trivial, whoever wrote it.

    Without a fact (an empty phrase) its answer is taken as proved.
    """
    question = reading.question
    for text in (question.prompt, question.answer, *question.distractors):
        if found := _OF_THE_ABOVE.search(text):
            yield f"'{found[0]}' must not appear in a question or a choice"
    if not question.is_true_or_false:
        yield from _answer_problems(reading)
        yield from _distractor_problems(reading)


def duplicate_prompts(readings: Sequence[Reading]) -> Iterator[tuple[str, str]]:
    """Yield (question's id, sentence) for each prompt that another question before it has."""
    first: dict[str, str] = {}
    for reading in readings:
        own = reading.question.id
        other = first.setdefault(reading.prompt, own)
        if other != own:
            yield own, f"'prompt' is the same as that of {other}"


def balance_problems(readings: Sequence[Reading]) -> Iterator[str]:
    """Say what makes all questions of a pack together easy to guess, or tiring."""
    if len(readings) < FEWEST_TO_BALANCE:
        return
    questions = [reading.question for reading in readings]
    with_choices = [question for question in questions if question.distractors]
    true_or_false = len(questions) - len(with_choices)
    if true_or_false * 6 > len(questions):
        yield f"{true_or_false} of {len(questions)} questions are true/false, at most a sixth may be"
    for difficulty in Difficulty:
        count = sum(question.difficulty == difficulty for question in questions)
        if count * 5 < len(questions):
            yield f"{count} of {len(questions)} questions are {difficulty}, at least a fifth must be"
    yield from _length_problems(with_choices)
    read = [reading for reading in readings if reading.question.distractors]
    wrong = [pair for one in read for pair in zip(one.distractors, one.question.distractors, strict=True)]
    yield from _repeated("wrong answer", wrong, MOST_SAME_DISTRACTOR)
    yield from _repeated("answer", [(one.answer, one.question.answer) for one in read], MOST_SAME_ANSWER)


def _wording_problems(question: Question) -> Iterator[str]:
    ending, kind = (".", "a true/false statement") if not question.distractors else ("?", "a question")
    if not question.prompt.rstrip(_CLOSING_QUOTES).endswith(ending):
        yield f"'prompt' must end with '{ending}', as {kind} does"
    if negation := _NEGATION.search(_QUOTED.sub("", question.prompt)):
        yield f"'prompt' asks with a negation: '{negation[0]}'"


def _answer_problems(reading: Reading) -> Iterator[str]:
    question = reading.question
    if question.distractors and question.answer.casefold() in TRUE_OR_FALSE:
        yield "'answer' is true or false, so there must be no wrong answers"
    if reading.fact and reading.answer not in reading.fact:
        yield f"answer '{question.answer}' is not in its fact {question.fact}"
    if reading.answer in reading.prompt:
        yield f"answer '{question.answer}' is in the question"
    for phrase, alias in zip(reading.aliases, question.aliases, strict=True):
        if phrase in reading.prompt:
            yield f"'{alias}', which is right as well, is in the question"


def _distractor_problems(reading: Reading) -> Iterator[str]:
    question = reading.question
    right = [(question.answer, reading.answer), *zip(question.aliases, reading.aliases, strict=True)]
    earlier: dict[str, str] = {}
    for phrase, distractor in zip(reading.distractors, question.distractors, strict=True):
        if phrase in earlier:
            yield f"wrong answers '{earlier[phrase]}' and '{distractor}' are the same"
        earlier[phrase] = distractor
        if phrase in reading.fact:
            yield f"wrong answer '{distractor}' is in its fact {question.fact}, so it may be right as well"
        for text, other in right:
            if problem := _overlap(phrase, other):
                yield f"wrong answer '{distractor}' {problem} the right one '{text}'"
    yield from _lookalike_problems(reading)


def _lookalike_problems(reading: Reading) -> Iterator[str]:
    """Complain about choices that are different words but look the same."""
    question = reading.question
    first: dict[str, tuple[str, str]] = {}
    choices = zip(
        (reading.answer, *reading.distractors), (question.answer, *question.distractors), strict=True
    )
    for phrase, choice in choices:
        earlier, text = first.setdefault(skeleton(choice), (phrase, choice))
        if earlier != phrase:
            yield f"choices '{text}' and '{choice}' look alike"


def _overlap(phrase: str, other: str) -> str | None:
    if phrase == other:
        return "is the same as"
    if other in phrase:
        return "contains"
    return "is a part of" if phrase in other else None


def _length_problems(questions: Sequence[Question]) -> Iterator[str]:
    """Complain if the length of a choice gives the answer away too often."""
    longest = sum(len(q.answer) > max(map(len, q.distractors)) for q in questions)
    shortest = sum(len(q.answer) < min(map(len, q.distractors)) for q in questions)
    for count, extreme in ((longest, "longest"), (shortest, "shortest")):
        if count * 3 > len(questions):
            yield (
                f"the answer is the {extreme} choice in {count} of {len(questions)} questions with choices,"
                " at most a third may be"
            )


def _repeated(kind: str, read: Iterable[tuple[str, str]], most: int) -> Iterator[str]:
    """Complain about what too many questions have; `read` are the texts, each after its phrase."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase, text in read:
        spellings[phrase][text] += 1
    for counts in spellings.values():
        if (count := counts.total()) > most:
            usual = counts.most_common(1)[0][0]
            yield f"{kind} '{usual}' appears in {count} questions, at most {most} may have it"
