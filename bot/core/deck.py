"""Dealing without repeats: no card comes again before all have been dealt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Pick = Callable[[Sequence[int]], int]
"""Picks one of several cards: at random, or one that suits what was dealt before."""

KEPT_APART = 10
"""How many of the last cards never come first when a deck is reshuffled."""


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

    `allowed` is the whole deck as it is now; `wanted` is all of it or one topic's part. No card comes again
    before all of `allowed` have been dealt. If only the wanted part is used up, a card comes again from the
    half of it that was dealt longest ago. Of those that may come, `pick` picks one.
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
    """Return the cards that were not among the last, or if there are too few, all but the very last."""
    for recent in (last, last[-1:]):
        if apart := [card for card in cards if card not in recent]:
            return apart
    return list(cards)
