from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.deck import KEPT_APART, Deck, draw
from tests.examples import examples

SEEDS = st.integers(0, 2**32)
CARDS = 16
SOME_CARDS = st.integers(1, 2**CARDS - 1)


@settings(max_examples=examples(300))
@given(size=st.integers(1, 60), rounds=st.integers(1, 4), seed=SEEDS)
def test_every_card_comes_once_before_any_comes_again(size: int, rounds: int, seed: int) -> None:
    rng, deck, cards = Random(seed), Deck(), range(100, 100 + size)
    dealt: list[int] = []
    for _ in range(size * rounds):
        card, deck = draw(deck, cards, cards, rng.choice)
        dealt.append(card)
    for start in range(0, len(dealt), size):
        assert sorted(dealt[start : start + size]) == list(cards)
    for start in range(size, len(dealt), size):
        apart = min(KEPT_APART, size - 1) if size > KEPT_APART else min(1, size - 1)
        assert dealt[start] not in dealt[start - apart : start]


@settings(max_examples=examples(300))
@given(data=st.data(), topic_count=st.integers(2, 6), seed=SEEDS)
def test_topics_and_the_whole_draw_from_one_deck(data: st.DataObject, topic_count: int, seed: int) -> None:
    rng, deck, cards = Random(seed), Deck(), range(40)
    dealt: list[int] = []
    while len(dealt) < len(cards):
        topics = [[card for card in cards if card % topic_count == n] for n in range(topic_count)]
        open_topics = [topic for topic in topics if not set(topic) <= set(dealt)]
        wanted = data.draw(st.sampled_from([*open_topics, list(cards)]))
        card, deck = draw(deck, wanted, cards, rng.choice)
        assert card in wanted
        dealt.append(card)
    assert sorted(dealt) == list(cards)


def bits(number: int) -> list[int]:
    """Return which cards a number stands for, each by its bit: drawn far faster than a set."""
    return [card for card in range(CARDS) if number >> card & 1]


@settings(max_examples=examples(500))
@given(steps=st.lists(st.tuples(SOME_CARDS, SOME_CARDS), min_size=1, max_size=40), seed=SEEDS)
def test_any_draws_from_a_deck_that_changes(steps: list[tuple[int, int]], seed: int) -> None:
    """Packs are updated, spoiler levels move and topics are asked for in any order."""
    rng, deck = Random(seed), Deck()
    since_shuffle: list[int] = []
    for may, would in steps:
        allowed, wanted = bits(may), bits(may & would or may)
        before = deck
        card, deck = draw(deck, wanted, allowed, rng.choice)
        unseen = set(wanted) - set(since_shuffle)
        if unseen:
            assert card in unseen
            since_shuffle.append(card)
        elif set(allowed) <= set(since_shuffle):
            assert card in wanted
            if len(wanted) > 1:
                assert card != before.last[-1]
            if set(wanted) - set(before.last):
                assert card not in before.last
            since_shuffle = [card]
        else:
            older = sorted(wanted, key=since_shuffle.index)[: (len(wanted) + 1) // 2]
            assert card in older, "one of those that were dealt longest ago"
            since_shuffle.remove(card)
            since_shuffle.append(card)
        assert deck.drawn == tuple(since_shuffle)
        assert deck.last == (*before.last, card)[-KEPT_APART:]


def test_who_picks_sees_all_that_may_come_and_nothing_else() -> None:
    shown: list[list[int]] = []

    def pick(cards: Sequence[int]) -> int:
        shown.append(list(cards))
        return cards[-1]

    deck = Deck(drawn=(3, 1, 5, 2), last=(2,))
    assert draw(deck, (1, 2, 3, 4), range(6), pick) == (4, Deck((3, 1, 5, 2, 4), (2, 4)))
    assert draw(deck, (1, 2, 3), range(6), pick) == (1, Deck((3, 5, 2, 1), (2, 1)))
    assert shown == [[4], [3, 1]]


def test_a_topic_that_is_used_up_goes_round_and_the_rest_still_comes_once() -> None:
    rng, deck, cards, topic = Random(1), Deck(), range(20), (3, 4, 5)
    dealt = []
    for _ in range(9):
        card, deck = draw(deck, topic, cards, rng.choice)
        dealt.append(card)
    assert sorted(dealt[:3]) == [3, 4, 5]
    assert all(one != following for one, following in pairwise(dealt))
    rest = []
    for _ in range(17):
        card, deck = draw(deck, cards, cards, rng.choice)
        rest.append(card)
    assert sorted([*topic, *rest]) == list(cards)


def test_a_new_card_comes_before_any_card_comes_again() -> None:
    rng, deck = Random(2), Deck(drawn=(1, 2, 3), last=(1, 2, 3))
    assert draw(deck, (1, 2, 3, 4), (1, 2, 3, 4), rng.choice)[0] == 4


def test_each_order_is_about_as_likely() -> None:
    rng = Random(3)
    first = Counter(draw(Deck(), range(4), range(4), rng.choice)[0] for _ in range(4_000))
    assert all(850 < first[card] < 1150 for card in range(4))


def test_nothing_wanted_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"^no card to draw$"):
        draw(Deck(), (), (1, 2), Random(4).choice)
