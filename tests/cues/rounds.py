"""Rounds as a server gets them one after the other, and what each of them gives away."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from bot.core.compose import TRIES, Card, card_of, choose, ladder
from bot.core.content import Difficulty, Pack
from bot.core.deck import Deck, draw
from tests.core.composed import Rule, gave_way
from tests.cues.memory import Memory

LENGTH = 10


@dataclass(frozen=True, slots=True)
class Played:
    """One round: its cards in order, and which rules gave way."""

    cards: tuple[Card, ...]
    gave_way: frozenset[Rule]


def play(pack: Pack, count: int, seed: int, *, composed: bool = True) -> Iterator[Played]:
    """Play so many rounds from one server's deck, composed or drawn as they come."""
    facts = {fact.id: fact for fact in pack.facts}
    cards = [card_of(question, facts[question.fact]) for question in pack.questions]
    numbers, rng, deck = range(len(cards)), Random(seed), Deck()
    for _ in range(count):
        chosen: list[int] = []
        broken: set[Rule] = set()
        for level in ladder(LENGTH):
            before = [cards[number] for number in chosen]
            left = [number for number in numbers if number not in chosen]
            pick = _composer(cards, before, level, rng) if composed else rng.choice
            number, deck = draw(deck, left, numbers, pick)
            chosen.append(number)
            broken.update(gave_way(cards[number], before, level) if composed else ())
        yield Played(tuple(cards[number] for number in chosen), frozenset(broken))


def _composer(
    cards: Sequence[Card], before: Sequence[Card], level: Difficulty, rng: Random
) -> Callable[[Sequence[int]], int]:
    def pick(numbers: Sequence[int]) -> int:
        return numbers[choose([cards[number] for number in numbers], before, level, rng, tries=TRIES)]

    return pick


@dataclass(slots=True)
class Tally:
    """How many of `rounds` had what."""

    rounds: int = 0
    opened_easy: int = 0
    as_hard_as_planned: int = 0
    kept_every_rule: int = 0
    answered_by_the_rule: int = 0
    answered_by_memory: int = 0
    gave_way: Counter[Rule] = field(default_factory=Counter)

    def add(self, played: Played, memory: Memory) -> None:
        cards = played.cards
        self.rounds += 1
        self.opened_easy += cards[0].difficulty is Difficulty.EASY
        self.as_hard_as_planned += [card.difficulty for card in cards] == list(ladder(LENGTH))
        self.kept_every_rule += not played.gave_way
        self.gave_way.update(played.gave_way)
        pairs = [(earlier, later) for n, later in enumerate(cards) for earlier in cards[:n]]
        self.answered_by_the_rule += any(earlier.id in later.never_with for earlier, later in pairs)
        self.answered_by_memory += any(memory.answers(earlier.id, later.id) for earlier, later in pairs)

    def lines(self) -> Iterator[str]:
        """Yield a table in markdown."""
        yield f"| of {self.rounds:,} rounds of {LENGTH} | share |"
        yield "| --- | ---: |"
        for what, count in (
            ("an earlier question answers a later one, by the rule", self.answered_by_the_rule),
            ("the same by the second measure", self.answered_by_memory),
            ("opens with an easy one", self.opened_easy),
            ("three easy, four medium, three hard, in this order", self.as_hard_as_planned),
            ("every rule kept", self.kept_every_rule),
            *((f"gave way at least once: {rule}", self.gave_way[rule]) for rule in Rule),
        ):
            yield f"| {what} | {count / self.rounds:.2%} |"


def tally(pack: Pack, count: int, *, composed: bool = True, seed: int = 1) -> Tally:
    """Return what so many rounds had."""
    memory = Memory(pack)
    result = Tally()
    for played in play(pack, count, seed, composed=composed):
        result.add(played, memory)
    return result
