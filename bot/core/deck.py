"""Picking without repeats: a deck is dealt to its end before any card comes again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Pick = Callable[[Sequence[int]], int]
"""Takes one of several cards: by chance, or one that suits what was dealt before."""

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
    pick: Pick,
) -> tuple[int, Deck]:
    """Deal one of `wanted`, and return it with the deck after it.

    `allowed` is the whole deck as it stands today; `wanted` is all of it or one topic's part. No card comes
    again before all of `allowed` were dealt. When only the wanted part is used up, one from that half of it
    comes again that was dealt longest ago. Among those that may come, `pick` takes one.
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
            may_come = frozenset(wanted)
            oldest = [card for card in deck.drawn if card in may_come]
            fresh = oldest[: (len(oldest) + 1) // 2]
    card = pick(fresh)
    if card in seen:
        drawn = tuple(one for one in drawn if one != card)
    return card, Deck((*drawn, card), (*deck.last, card)[-KEPT_APART:])


def _apart(cards: Sequence[int], last: Sequence[int]) -> list[int]:
    """Return the cards that were not among the last, or all but the very last where there are too few."""
    for recent in (last, last[-1:]):
        if apart := [card for card in cards if card not in recent]:
            return apart
    return list(cards)
