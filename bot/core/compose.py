"""Composing a round: each question depends only on those before it, so a restart changes nothing.

A round climbs from easy to hard, changes its subject, and gives no answer away; and, where it can, it asks
neither about one song nor for a number twice in a row. These are rules in order of importance. If no question
keeps them all, the least important give way first, so that a round goes on even when its deck is nearly used
up.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain
from math import ceil, floor
from random import Random

from bot.core.content import Difficulty, Fact, Question
from bot.core.words import words_of

MOST_OF_A_TOPIC = 2
TRIES = 6
"""Of this many cards, the one that is hardest to place is taken, so that those left at the end fit."""
ENOUGH = 500
"""How many of the remaining cards are considered for that, evenly spread."""
DRAWS = 60
"""How often a card is drawn in the hope that it keeps every rule, before all are searched."""
SHARE_OF_EASY = SHARE_OF_HARD = 0.3
LEVELS = tuple(Difficulty)
TITLE = re.compile(r'["“]([^"”]+)["”]')
NUMBER = "#"
"""As the words of a text have it before each number."""


@dataclass(frozen=True, slots=True)
class Card:
    """What composing needs of a question; `id`, `topics` and `never_with` are ids.

    `echoes` is what is not to come up twice in a row: titles that its prompt quotes, as of songs, and NUMBER
    where its answer has one.
    """

    id: str
    topics: tuple[str, ...]
    difficulty: Difficulty
    is_statement: bool
    never_with: frozenset[str] = frozenset()
    echoes: frozenset[str] = frozenset()


def card_of(question: Question, fact: Fact) -> Card:
    """Return the card of a question about a fact."""
    return Card(
        question.id,
        fact.topics,
        question.difficulty,
        question.is_true_or_false,
        frozenset(question.never_with),
        echoes_of(question.prompt, question.answer),
    )


def echoes_of(prompt: str, answer: str) -> frozenset[str]:
    """Return what of a question is not to come up twice in a row."""
    titles = (title.casefold() for title in TITLE.findall(prompt))
    has_number = any(word.startswith(NUMBER) for word in words_of(answer))
    return frozenset((*titles, NUMBER) if has_number else titles)


Rule = Callable[[Card], bool]
"""Says whether a card keeps it."""


def ladder(length: int) -> tuple[Difficulty, ...]:
    """Return how hard the questions of a mixed round should be: of ten, 3 are easy, 4 medium and 3 hard."""
    easy = max(1, floor(length * SHARE_OF_EASY + 0.5))
    hard = max(0, ceil(length * SHARE_OF_HARD - 0.5))
    medium = length - easy - hard
    return (*[Difficulty.EASY] * easy, *[Difficulty.MEDIUM] * medium, *[Difficulty.HARD] * hard)


def choose(
    cards: Sequence[Card],
    before: Sequence[Card],
    difficulty: Difficulty,
    rng: Random,
    *,
    topic: str | None = None,
    tries: int = 1,
) -> int:
    """Return the index of a card of this difficulty, the next in a round that has asked those `before`.

    `topic` is the one that the whole round keeps to. Of `tries` cards that would do, it takes the one that
    would be hardest to place later. Raises ValueError if there is no card.
    """
    if not cards:
        raise ValueError("no question to choose")
    rules = _rules(before, topic)
    echoes = before[-1].echoes if before else frozenset[str]()
    drawn = _lucky(cards, [*rules, lambda card: echoes.isdisjoint(card.echoes)], difficulty, rng, tries)
    if len(drawn) < tries:
        sifted = _sifted(cards, before, rules, difficulty)
        kept = [place for place in sifted if echoes.isdisjoint(cards[place].echoes)] or sifted
        drawn = [rng.choice(kept) for _ in range(tries)]
    return _hardest_to_place(cards, drawn) if tries > 1 else drawn[0]


def _lucky(
    cards: Sequence[Card], rules: Sequence[Rule], difficulty: Difficulty, rng: Random, wanted: int
) -> list[int]:
    """Return the indexes of cards that keep every rule, found by drawing: in a full deck, many do."""
    found: list[int] = []
    for _ in range(DRAWS):
        index = rng.randrange(len(cards))
        card = cards[index]
        if card.difficulty is difficulty and all(keeps(card) for keeps in rules):
            found.append(index)
            if len(found) == wanted:
                break
    return found


def _sifted(
    cards: Sequence[Card], before: Sequence[Card], rules: Sequence[Rule], difficulty: Difficulty
) -> Sequence[int]:
    """Return the indexes of all cards that keep the rules, but for those that must give way."""
    indexes: Sequence[int] = range(len(cards))
    for keeps in rules:
        indexes = [index for index in indexes if keeps(cards[index])] or indexes
    levels = _nearest(difficulty, {cards[index].difficulty for index in indexes}, before)
    return [index for index in indexes if cards[index].difficulty in levels]


def _rules(before: Sequence[Card], topic: str | None) -> Sequence[Rule]:
    """Return the rules that can reject a card after those `before`, the most important first."""
    asked = frozenset(card.id for card in before)
    topics = Counter(chain.from_iterable(card.topics for card in before))
    full = frozenset(one for one, count in topics.items() if count >= MOST_OF_A_TOPIC and one != topic)
    rules: list[Rule] = []
    if asked:
        rules.append(lambda card: asked.isdisjoint(card.never_with))
    if full:
        rules.append(lambda card: full.isdisjoint(card.topics))
    if any(card.is_statement for card in before):
        rules.append(lambda card: not card.is_statement)
    return rules


def _hardest_to_place(cards: Sequence[Card], indexes: Sequence[int]) -> int:
    """Return the index of the card that the fewest rounds to come would have room for.

    A round takes at most two questions of a topic and one statement, and none that give each other away. So
    the larger its topic's share, the harder a card is to place: by the square, and doubly for statements.
    """
    some = cards[:: len(cards) // ENOUGH + 1]
    others = frozenset(card.id for card in some)
    topics = Counter(chain.from_iterable(card.topics for card in some))
    statements = sum(card.is_statement for card in some)

    def trouble(index: int) -> float:
        card = cards[index]
        crowd = max((topics[topic] for topic in card.topics), default=0)
        squares = crowd**2 + (2 * statements**2 if card.is_statement else 0)
        return len(others & card.never_with) + squares / len(some)

    return max(indexes, key=trouble)


def _nearest(
    wanted: Difficulty, there: AbstractSet[Difficulty], before: Sequence[Card]
) -> AbstractSet[Difficulty]:
    """Return those nearest to what is wanted; of two as near, the one that is no step back."""

    def steps(level: Difficulty) -> int:
        return abs(LEVELS.index(level) - LEVELS.index(wanted))

    fewest = min(map(steps, there))
    near = {level for level in there if steps(level) == fewest}
    reached = LEVELS.index(before[-1].difficulty) if before else 0
    return {level for level in near if LEVELS.index(level) >= reached} or near
