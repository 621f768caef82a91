"""A second measure of what earlier questions give away, which shares nothing with the rule of the bot.

It plays somebody who remembers each card and knows nothing else. Asked a question, they go to the sentence of
an earlier card that is most like the prompt by the stems of its words, and take the one option that it names.
"""

import re
from collections import Counter
from functools import cached_property
from math import log, sqrt

from bot.core.content import Pack, Question

ALIKE = 0.3
"""From this on, of 1 for the same words, a sentence seems to speak of what is asked."""
SENTENCE = re.compile(r"(?<=[.?!:;])\s+")
STEM = 5
"""So many letters of a word tell what it is of: perform, performed, performance."""


class Memory:
    """What each card of a pack says, and whether that answers another."""

    def __init__(self, pack: Pack) -> None:
        self._facts = {fact.id: fact.text for fact in pack.facts}
        self._questions = {question.id: question for question in pack.questions}
        self._known: dict[tuple[str, str], bool] = {}

    def answers(self, earlier: str, later: str) -> bool:
        """Whether the card of the earlier question answers the later one."""
        key = (earlier, later)
        if key not in self._known:
            self._known[key] = self._answers(self._questions[earlier], self._questions[later])
        return self._known[key]

    def _answers(self, earlier: Question, later: Question) -> bool:
        wanted = self._vector(later.prompt)
        sentences = [*SENTENCE.split(self._facts[earlier.fact]), self._statement(earlier)]
        best = max(sentences, key=lambda sentence: _cosine(wanted, self._vector(sentence)))
        if _cosine(wanted, self._vector(best)) < ALIKE:
            return False
        if later.is_true_or_false:
            return True
        named = [option for option in (later.answer, *later.distractors) if _names(best, option)]
        return named == [later.answer]

    def _statement(self, question: Question) -> str:
        return f"{question.prompt} {question.answer}"

    def _vector(self, text: str) -> dict[str, float]:
        return {stem: self._weights.get(stem, self._rarest) for stem in _stems(text)}

    @cached_property
    def _weights(self) -> dict[str, float]:
        counts = Counter(stem for text in self._facts.values() for stem in _stems(text))
        return {stem: log(len(self._facts) / count) for stem, count in counts.items()}

    @cached_property
    def _rarest(self) -> float:
        return log(len(self._facts))


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:STEM] for word in re.findall(r"\w+", text.lower()))


def _names(sentence: str, option: str) -> bool:
    """Whether the sentence has the last word of the option that says something: a surname, a number."""
    words = [word for word in re.findall(r"\w+", option.lower()) if len(word) > 3 or word.isdigit()]
    return bool(words) and words[-1][:STEM] in _stems(sentence)


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    shared = sum(weight * weight for stem, weight in one.items() if stem in other)
    sizes = sqrt(sum(w * w for w in one.values())) * sqrt(sum(w * w for w in other.values()))
    return shared / sizes if sizes else 0.0
