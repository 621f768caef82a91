"""What a cheat can see of an option without knowing the answer, each as a number."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import fsum, log

from bot.core.content import Fact, Pack, Question
from bot.core.words import IDLE, Words, name_words, phrase, words_of


@dataclass(frozen=True)
class Seen:
    """One question as it stands before a cheat; `options` begin with the right one, which no mark may use."""

    question: Question
    options: tuple[str, ...]
    prompt: Words
    words: tuple[Words, ...]

    @cached_property
    def numbers(self) -> tuple[float, ...] | None:
        """The options' numbers, where each of them holds one."""
        found = [[word for word in words if word.startswith("#")] for words in self.words]
        if any(len(one) != 1 for one in found):
            return None
        return tuple(float(Fraction(one[0].strip("#th"))) for one in found)


Mark = Callable[["World", Seen], Sequence[float] | None]
"""Gives each option a number, or None where the mark does not apply."""


class World:
    """Everything that the cheat has read: all questions, and all facts but the one behind the question."""

    def __init__(self, pack: Pack) -> None:
        self.seen = tuple(_seen(question) for question in pack.questions if not question.is_true_or_false)
        self.facts = {fact.id: phrase(words_of(fact.text)) for fact in pack.facts}
        self.names = {fact.id: frozenset(map(_name, _named(fact))) for fact in pack.facts}
        self.prompts = {question.id: phrase(words_of(question.prompt)) for question in pack.questions}
        self.answers = Counter(phrase(seen.words[0]) for seen in self.seen)
        self.options = Counter(phrase(words) for seen in self.seen for words in seen.words)
        self._frequency = Counter(word for text in self.facts.values() for word in set(text.split()))
        self._values: dict[tuple[Mark, str], Sequence[float] | None] = {}

    def values(self, mark: Mark, seen: Seen) -> Sequence[float] | None:
        """Return what `mark` gives the options of a question, worked out once."""
        key = (mark, seen.question.id)
        if key not in self._values:
            self._values[key] = mark(self, seen)
        return self._values[key]

    def weight(self, word: str) -> float:
        """Say how much it means that two texts share a word: the fewer facts have it, the more."""
        return 0.0 if word in IDLE else log((len(self.facts) + 1) / (self._frequency[word] + 1))


def _seen(question: Question) -> Seen:
    options = (question.answer, *question.distractors)
    return Seen(question, options, words_of(question.prompt), tuple(map(name_words, options)))


def _named(fact: Fact) -> Sequence[str]:
    return (*fact.people, *fact.films)


def _name(name: str) -> str:
    return phrase(name_words(name))


def length(_: World, seen: Seen) -> Sequence[float]:
    return [len(option) for option in seen.options]


def word_count(_: World, seen: Seen) -> Sequence[float]:
    return [len(option.split()) for option in seen.options]


def oddness(_: World, seen: Seen) -> Sequence[float]:
    """How many of the others are written in another way: capital, digit, article, sign, number of words."""
    forms = [_form(option) for option in seen.options]
    return [sum(sum(a != b for a, b in zip(form, other, strict=True)) for other in forms) for form in forms]


def _form(option: str) -> tuple[object, ...]:
    return (
        option[:1].isupper(),
        option.istitle(),
        bool(re.search(r"\d", option)),
        bool(re.match(r"(?:an?|the|his|her|its|their)\b", option, re.IGNORECASE)),
        bool(re.search(r"[^\w\s]", option)),
        option.endswith("s"),
        len(option.split()),
    )


def shared_with_prompt(_: World, seen: Seen) -> Sequence[float]:
    prompt = set(seen.prompt)
    return [len((set(words) - IDLE) & prompt) for words in seen.words]


def shared_with_options(_: World, seen: Seen) -> Sequence[float]:
    """How many words it shares with the other options: wrong ones are often made from the right one."""
    bags = [set(words) - IDLE for words in seen.words]
    return [sum(len(bag & other) for other in bags) for bag in bags]


def number(_: World, seen: Seen) -> Sequence[float] | None:
    return seen.numbers


def middle_number(_: World, seen: Seen) -> Sequence[float] | None:
    if seen.numbers is None:
        return None
    ends = (min(seen.numbers), max(seen.numbers))
    return [value not in ends for value in seen.numbers]


def round_number(_: World, seen: Seen) -> Sequence[float] | None:
    return seen.numbers and [value % 5 == 0 for value in seen.numbers]


def options_elsewhere(world: World, seen: Seen) -> Sequence[float]:
    return [world.options[phrase(words)] - 1 for words in seen.words]


def answers_elsewhere(world: World, seen: Seen) -> Sequence[float]:
    return [world.answers[phrase(words)] - (not place) for place, words in enumerate(seen.words)]


def distractors_elsewhere(world: World, seen: Seen) -> Sequence[float]:
    pairs = zip(options_elsewhere(world, seen), answers_elsewhere(world, seen), strict=True)
    return [anywhere - right for anywhere, right in pairs]


def other_prompts(world: World, seen: Seen) -> Sequence[float]:
    others = [text for id_, text in world.prompts.items() if id_ != seen.question.id]
    return [sum(phrase(words) in text for text in others) for words in seen.words]


def other_facts(world: World, seen: Seen) -> Sequence[float]:
    others = [text for id_, text in world.facts.items() if id_ != seen.question.fact]
    return [sum(phrase(words) in text for text in others) for words in seen.words]


def names_of_facts(world: World, seen: Seen) -> Sequence[float]:
    others = [names for id_, names in world.names.items() if id_ != seen.question.fact]
    return [sum(phrase(words) in names for names in others) for words in seen.words]


def nearest_fact(world: World, seen: Seen) -> Sequence[float]:
    """How much the prompt has in common with the other fact that is most like it and has the option."""
    asked = {word for word in phrase(seen.prompt).split() if word not in IDLE}
    # A set's order differs from run to run; `fsum` makes facts that are equally alike tie in all of them.
    alike = {
        id_: fsum(world.weight(word) for word in asked.intersection(text.split()))
        for id_, text in world.facts.items()
        if id_ != seen.question.fact
    }
    return [
        max((alike[id_] for id_ in alike if phrase(words) in world.facts[id_]), default=0.0)
        for words in seen.words
    ]


def anywhere(world: World, seen: Seen) -> Sequence[float]:
    """Whether it stands in any other fact or prompt, or is an option elsewhere."""
    columns = zip(
        other_facts(world, seen), other_prompts(world, seen), options_elsewhere(world, seen), strict=True
    )
    return [any(column) for column in columns]
