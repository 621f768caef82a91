"""What makes questions unfair, as far as a program can see it.

Texts are compared by their words (see `bot.core.words`), so "Eight" and "8" are the same choice. Each rule
yields sentences on what is wrong.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from bot.core.content import TRUE_OR_FALSE, Difficulty, Fact, Question
from bot.core.words import Words, contains, name_words, words_of

FEWEST_TO_BALANCE = 30
"""In a smaller pack shares mean little, so `balance_problems` says nothing of it."""
MOST_SAME_DISTRACTOR = 12
MOST_SAME_ANSWER = 8

_QUOTED = re.compile('"[^"]*"|“[^”]*”')
_NEGATION = re.compile(r"\b(?:not|cannot|except|\w+n['’]t)\b", re.IGNORECASE)
_OF_THE_ABOVE = re.compile(r"\b(?:all|both|none|neither) of (?:the above|these|them)\b", re.IGNORECASE)
_CLOSING_QUOTES = "\"'”’"


def question_problems(question: Question, fact: Fact) -> Iterator[str]:
    """Say what is wrong with a question that `fact` is to prove."""
    yield from _wording_problems(question)
    if question.is_true_or_false:
        if question.answer not in TRUE_OR_FALSE:
            yield "without distractors 'answer' must be true or false"
    else:
        yield from _answer_problems(question, fact)
        yield from _distractor_problems(question, fact)


def duplicate_prompts(questions: Sequence[Question]) -> Iterator[tuple[str, str]]:
    """Yield (question's id, sentence) for each prompt that another question before it has."""
    first: dict[Words, str] = {}
    for question in questions:
        other = first.setdefault(words_of(question.prompt), question.id)
        if other != question.id:
            yield question.id, f"'prompt' is the same as that of {other}"


def balance_problems(questions: Sequence[Question]) -> Iterator[str]:
    """Say what lets somebody guess, or tires them, in all questions of a pack together."""
    if len(questions) < FEWEST_TO_BALANCE:
        return
    with_choices = [question for question in questions if not question.is_true_or_false]
    true_or_false = len(questions) - len(with_choices)
    if true_or_false * 6 > len(questions):
        yield f"{true_or_false} of {len(questions)} questions are true/false, at most a sixth may be"
    for difficulty in Difficulty:
        count = sum(question.difficulty == difficulty for question in questions)
        if count * 5 < len(questions):
            yield f"{count} of {len(questions)} questions are {difficulty}, at least a fifth must be"
    yield from _length_problems(with_choices)
    yield from _repeated("distractor", [d for q in with_choices for d in q.distractors], MOST_SAME_DISTRACTOR)
    yield from _repeated("answer", [question.answer for question in with_choices], MOST_SAME_ANSWER)


def _wording_problems(question: Question) -> Iterator[str]:
    ending, kind = (".", "a true/false statement") if question.is_true_or_false else ("?", "a question")
    if not question.prompt.rstrip(_CLOSING_QUOTES).endswith(ending):
        yield f"'prompt' must end with '{ending}', as {kind} does"
    if negation := _NEGATION.search(_QUOTED.sub("", question.prompt)):
        yield f"'prompt' asks with a negation: '{negation[0]}'"
    for text in (question.prompt, question.answer, *question.distractors):
        if found := _OF_THE_ABOVE.search(text):
            yield f"'{found[0]}' must not stand in the prompt or a choice"


def _answer_problems(question: Question, fact: Fact) -> Iterator[str]:
    if question.answer.casefold() in TRUE_OR_FALSE:
        yield "'answer' is true or false, so there must be no distractors"
    if not contains(words_of(fact.text), name_words(question.answer)):
        yield f"answer '{question.answer}' does not stand in its fact {fact.id}"
    prompt = words_of(question.prompt)
    if contains(prompt, name_words(question.answer)):
        yield f"answer '{question.answer}' stands in the prompt"
    for alias in question.aliases:
        if contains(prompt, name_words(alias)):
            yield f"alias '{alias}' stands in the prompt"


def _distractor_problems(question: Question, fact: Fact) -> Iterator[str]:
    if len(question.distractors) != 3:
        yield f"'distractors' must be exactly 3, and are {len(question.distractors)}"
    fact_words = words_of(fact.text)
    right = [("answer", question.answer), *(("alias", alias) for alias in question.aliases)]
    earlier: dict[Words, str] = {}
    for distractor in question.distractors:
        words = name_words(distractor)
        if words in earlier:
            yield f"distractors '{earlier[words]}' and '{distractor}' are the same"
        earlier[words] = distractor
        if contains(fact_words, words):
            yield f"distractor '{distractor}' stands in its fact {fact.id}, so it may be right as well"
        for kind, text in right:
            if problem := _overlap(words, name_words(text)):
                yield f"distractor '{distractor}' {problem} the {kind} '{text}'"


def _overlap(words: Words, others: Words) -> str | None:
    if words == others:
        return "is the same as"
    if contains(words, others):
        return "contains"
    return "is a part of" if contains(others, words) else None


def _length_problems(questions: Sequence[Question]) -> Iterator[str]:
    """Complain where the length of a choice gives the answer away too often."""
    longest = sum(len(q.answer) > max(map(len, q.distractors)) for q in questions)
    shortest = sum(len(q.answer) < min(map(len, q.distractors)) for q in questions)
    for count, extreme in ((longest, "longest"), (shortest, "shortest")):
        if count * 3 > len(questions):
            yield (
                f"the answer is the {extreme} choice in {count} of {len(questions)} questions with choices,"
                " at most a third may be"
            )


def _repeated(kind: str, texts: Sequence[str], most: int) -> Iterator[str]:
    spellings: dict[Words, Counter[str]] = defaultdict(Counter)
    for text in texts:
        spellings[name_words(text)][text] += 1
    for counts in spellings.values():
        if (count := counts.total()) > most:
            usual = counts.most_common(1)[0][0]
            yield f"{kind} '{usual}' stands in {count} questions, at most {most} may have it"
