"""Which questions give each other's answers away, by the words of the texts that come with them.

With a question come its prompt and options, and after it its fact. An answer among these is given away,
unless it is in so many facts ("Ryan Gosling", "3") that it says nothing by itself: then the texts must also
share a telling word of the prompt. So must they if it is only one of the wrong options.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from bot.core.content import Question
from bot.core.reading import Reading
from bot.core.words import IDLE

_NOWHERE: AbstractSet[int] = frozenset()

MOST_TELLING = 10
"""What is in more facts than this says nothing by itself."""


def giveaways(readings: Sequence[Reading], facts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield (question's id, another's id) if one gives the other away; `facts` are the pack's phrases.

    Two questions of one fact always do. A pair may come twice.
    """
    pack = _Index(readings, facts)
    for index, reading in enumerate(readings):
        found = pack.about(reading) if reading.question.is_true_or_false else pack.answering(reading)
        for other in (found | pack.akin(reading)) - {index}:
            yield reading.question.id, readings[other].question.id


def kept_apart(
    readings: Sequence[Reading], facts: Sequence[str], most: int | None = None
) -> tuple[Question, ...]:
    """Return the questions with all that they must not share a round with, named or found by their words.

    `most` is how many of them are kept.
    """
    others: dict[str, set[str]] = {reading.question.id: set() for reading in readings}
    named = ((one.question.id, other) for one in readings for other in one.question.never_with)
    for one, other in (*named, *giveaways(readings, facts)):
        others[one].add(other)
        others[other].add(one)
    return tuple(
        replace(one.question, never_with=tuple(sorted(apart)[:most])) if apart else one.question
        for one, apart in zip(readings, others.values(), strict=True)
    )


class _Index:
    """Which facts and prompts each word is in, and which questions offer an option."""

    def __init__(self, readings: Sequence[Reading], facts: Sequence[str]) -> None:
        self._facts = _Texts(facts)
        self._idle = IDLE | self._facts.common(MOST_TELLING)
        self._prompts = _Texts([reading.prompt for reading in readings])
        self._options: defaultdict[str, list[int]] = defaultdict(list)
        self._index_of = {fact: index for index, fact in enumerate(facts)}
        self._asking: defaultdict[int, list[int]] = defaultdict(list)
        for index, reading in enumerate(readings):
            self._asking[self._index_of[reading.fact]].append(index)
            for distractor in reading.distractors:
                self._options[distractor].append(index)

    def answering(self, reading: Reading) -> set[int]:
        """Return the questions whose texts have the answer to this one."""
        telling, linked = set[int](), set[int]()
        for answer in {reading.answer, *reading.aliases}:
            if IDLE.issuperset(answer.split()):
                continue
            facts = self._facts.having(answer)
            found = telling if len(facts) <= MOST_TELLING else linked
            found.update(self._with(facts), self._prompts.having(answer))
            linked.update(self._options.get(answer, ()))
        linked -= telling
        if linked:
            linked &= set[int]().union(*map(self._having, self._telling_words(reading.prompt)))
        return telling | linked

    def akin(self, reading: Reading) -> set[int]:
        """Return the questions of the same fact, including this one."""
        return self._with([self._index_of[reading.fact]])

    def about(self, reading: Reading) -> set[int]:
        """Return the questions whose texts have half of a statement's telling words, and two at least."""
        words = self._telling_words(reading.prompt)
        shared = Counter(index for word in words for index in self._having(word))
        return {index for index, count in shared.items() if count >= max(2, len(words) / 2)}

    def _telling_words(self, prompt: str) -> set[str]:
        return set(prompt.split()) - self._idle

    def _having(self, phrase: str) -> set[int]:
        """Return the questions with the phrase in their fact or prompt."""
        return self._with(self._facts.having(phrase)) | self._prompts.having(phrase)

    def _with(self, facts: Iterable[int]) -> set[int]:
        return {index for fact in facts for index in self._asking[fact]}


class _Texts:
    """Phrases, and the indexes of those that have each word that says something."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._with_word: defaultdict[str, set[int]] = defaultdict(set)
        for index, text in enumerate(texts):
            for word in text.split():
                self._with_word[word].add(index)

    def common(self, most: int) -> set[str]:
        """Return the words that more than this many texts have."""
        return {word for word, indexes in self._with_word.items() if len(indexes) > most}

    def having(self, phrase: str) -> AbstractSet[int]:
        """Return the indexes of the texts that have the phrase."""
        words = phrase.split()
        fewest = min((self._with_word.get(word, _NOWHERE) for word in words), key=len, default=_NOWHERE)
        return fewest if len(words) == 1 else {index for index in fewest if phrase in self._texts[index]}
