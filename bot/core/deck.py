"""Picking without repeats: a deck is dealt to its end before any card comes again."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from random import Random

KEPT_APART = 10
"""How many of the last cards never come first when a deck is shuffled anew."""


@dataclass(frozen=True, slots=True)
class Deck:
    """What has been dealt since the last shuffle, oldest first, and the last cards of any shuffle."""

    drawn: tuple[int, ...] = ()
    last: tuple[int, ...] = ()


def draw(
    deck: Deck,
    wanted: Sequence[int],
    allowed: Sequence[int],
    rng: Random,
    *,
    avoided: Container[int] = (),
) -> tuple[int, Deck]:
    """Deal one of `wanted`, and return it with the deck after it.

    `allowed` is the whole deck as it stands today; `wanted` is all of it or one topic's part. No card comes
    again before all of `allowed` were dealt. When only the wanted part is used up, its card that was
    dealt longest ago comes again. One of the `avoided` comes only where none of the others could.
    Raises ValueError if nothing is wanted.
    """
    if not wanted:
        raise ValueError("no card to draw")
    seen = set(deck.drawn)
    fresh = [card for card in wanted if card not in seen]
    drawn = deck.drawn
    if not fresh:
        if seen.issuperset(allowed):
            drawn = ()
            fresh = _apart(wanted, deck.last)
        else:
            fresh = [min(wanted, key=deck.drawn.index)]
            drawn = tuple(card for card in deck.drawn if card != fresh[0])
    card = rng.choice([card for card in fresh if card not in avoided] or fresh)
    return card, Deck((*drawn, card), (*deck.last, card)[-KEPT_APART:])


def _apart(cards: Sequence[int], last: Sequence[int]) -> list[int]:
    """Return the cards that were not among the last, or all but the very last where there are too few."""
    for recent in (last, last[-1:]):
        if apart := [card for card in cards if card not in recent]:
            return apart
    return list(cards)
