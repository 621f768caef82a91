"""Composing a round: each question is chosen in the light of those before it, so a restart changes nothing.

A round climbs from easy to hard, changes its subject, and gives no answer away. What it wants of a question
are rules in the order of their weight. Where no question keeps them all, the lightest give way first: a round
whose deck is nearly used up goes on all the same.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from math import ceil, floor
from random import Random

from bot.core.content import Difficulty, Fact, Question

MOST_OF_A_TOPIC = 2
TRIES = 3
"""Of so many cards a deck gives the one that is hardest to place, so that what is left in the end fits."""
SHARE_OF_EASY = SHARE_OF_HARD = 0.3
LEVELS = tuple(Difficulty)


class Rule(StrEnum):
    """What a round wants of its next question, the weightiest first."""

    GIVEAWAY = "gives nothing away"
    TOPIC = "another topic"
    STATEMENT = "one true/false at most"
    DIFFICULTY = "as hard as its place"


@dataclass(frozen=True, slots=True)
class Card:
    """A question as far as composing looks at it; `id` and `topics` are ids, as those in `never_with`."""

    id: str
    topics: tuple[str, ...]
    difficulty: Difficulty
    is_statement: bool
    never_with: frozenset[str] = frozenset()


def card_of(question: Question, fact: Fact) -> Card:
    """Return the card of a question about a fact."""
    return Card(
        question.id,
        fact.topics,
        question.difficulty,
        question.is_true_or_false,
        frozenset(question.never_with),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """The place of the chosen card among the candidates, and the rules that gave way for it."""

    place: int
    gave_way: tuple[Rule, ...] = ()


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
) -> Choice:
    """Choose the next question of a round that has asked those `before`, in order, and is to be so hard now.

    `topic` is the one that the whole round stays with. Of `tries` cards that would do, it takes the one that
    the others leave the least room for. Raises ValueError if there is no card.
    """
    if not cards:
        raise ValueError("no question to choose")
    places: Sequence[int] = range(len(cards))
    gave_way = []
    for rule, keeps in _rules(before, topic):
        kept = [place for place in places if keeps(cards[place])]
        if kept:
            places = kept
        else:
            gave_way.append(rule)
    near = [place for place in places if cards[place].difficulty is difficulty]
    if not near:
        gave_way.append(Rule.DIFFICULTY)
        instead = _nearest(difficulty, {cards[place].difficulty for place in places}, before)
        near = [place for place in places if cards[place].difficulty in instead]
    drawn = [rng.choice(near) for _ in range(tries)]
    return Choice(_hardest_to_place(cards, drawn) if tries > 1 else drawn[0], tuple(gave_way))


def compose(cards: Sequence[Card], length: int, rng: Random) -> list[Choice]:
    """Choose the questions of a whole mixed round, as many as there are up to `length`.

    The same cards in the same order and the same chance make the same round.
    """
    left = list(range(len(cards)))
    chosen: list[Choice] = []
    for difficulty in ladder(length)[: len(cards)]:
        before = [cards[choice.place] for choice in chosen]
        choice = choose([cards[place] for place in left], before, difficulty, rng)
        chosen.append(Choice(left.pop(choice.place), choice.gave_way))
    return chosen


def _rules(before: Sequence[Card], topic: str | None) -> list[tuple[Rule, Callable[[Card], bool]]]:
    """Return the rules that can say no to a card after those `before`, with what they say."""
    asked = frozenset(card.id for card in before)
    topics = Counter(chain.from_iterable(card.topics for card in before))
    full = frozenset(one for one, count in topics.items() if count >= MOST_OF_A_TOPIC and one != topic)
    rules: list[tuple[Rule, Callable[[Card], bool]]] = []
    if asked:
        rules.append((Rule.GIVEAWAY, lambda card: asked.isdisjoint(card.never_with)))
    if full:
        rules.append((Rule.TOPIC, lambda card: full.isdisjoint(card.topics)))
    if any(card.is_statement for card in before):
        rules.append((Rule.STATEMENT, lambda card: not card.is_statement))
    return rules


def _hardest_to_place(cards: Sequence[Card], places: Sequence[int]) -> int:
    """Return the place of a statement, of which a round has one, or of what most others must not be with."""
    others = frozenset(card.id for card in cards)
    return max(places, key=lambda place: (cards[place].is_statement, len(others & cards[place].never_with)))


def _nearest(
    wanted: Difficulty, there: AbstractSet[Difficulty], before: Sequence[Card]
) -> AbstractSet[Difficulty]:
    """Return the nearest that there are to what is wanted; of two, the one that is no step back."""
    place = LEVELS.index(wanted)
    far = min(abs(LEVELS.index(level) - place) for level in there)
    near = {level for level in there if abs(LEVELS.index(level) - place) == far}
    reached = LEVELS.index(before[-1].difficulty) if before else 0
    return {level for level in near if LEVELS.index(level) >= reached} or near
