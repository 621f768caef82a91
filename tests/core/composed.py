"""Which rules a composed round breaks, told without what composing knows of them."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from bot.core.compose import LEVELS, Card
from bot.core.content import Difficulty


class Rule(StrEnum):
    """What a round wants from its next question, the most important first."""

    GIVEAWAY = "gives nothing away"
    TOPIC = "another topic"
    STATEMENT = "one true/false at most"
    DIFFICULTY = "as hard as its place"
    ECHO = "neither a song nor a number twice in a row"


def broken(
    card: Card, before: Sequence[Card], wanted: Difficulty, topic: str | None = None
) -> dict[Rule, int]:
    """Say how badly a card breaks each rule, the most important first."""
    topics = Counter(one for other in before for one in other.topics)
    level = LEVELS.index(card.difficulty)
    steps = abs(level - LEVELS.index(wanted))
    # Of two that are as far off, the one that goes back from what was asked last is the worse.
    is_back = steps > 0 and bool(before) and level < LEVELS.index(before[-1].difficulty)
    return {
        Rule.GIVEAWAY: int(any(other.id in card.never_with for other in before)),
        Rule.TOPIC: int(any(topics[one] >= 2 for one in card.topics if one != topic)),
        Rule.STATEMENT: int(card.is_statement and any(other.is_statement for other in before)),
        Rule.DIFFICULTY: 2 * steps + is_back,
        Rule.ECHO: int(bool(before) and not card.echoes.isdisjoint(before[-1].echoes)),
    }


def gave_way(card: Card, before: Sequence[Card], wanted: Difficulty, topic: str | None = None) -> list[Rule]:
    """Return the rules that a card breaks."""
    return [rule for rule, badly in broken(card, before, wanted, topic).items() if badly]
