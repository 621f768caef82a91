from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, combinations, pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.compose import LEVELS, TRIES, Card, card_of, choose, ladder
from bot.core.content import Difficulty, Fact, Question
from tests.core.composed import Rule, broken, gave_way
from tests.examples import examples

EASY, MEDIUM, HARD = Difficulty
SEEDS = st.integers(0, 2**32)


@pytest.mark.parametrize(
    ("length", "counts"),
    [
        (1, (1, 0, 0)),
        (2, (1, 0, 1)),
        (3, (1, 1, 1)),
        (4, (1, 2, 1)),
        (5, (2, 2, 1)),
        (7, (2, 3, 2)),
        (10, (3, 4, 3)),
        (15, (5, 6, 4)),
        (25, (8, 10, 7)),
    ],
)
def test_how_hard_a_round_is(length: int, counts: tuple[int, int, int]) -> None:
    easy, medium, hard = counts
    assert ladder(length) == (EASY,) * easy + (MEDIUM,) * medium + (HARD,) * hard


@given(st.integers(1, 25))
def test_a_round_of_any_length_opens_easy_and_climbs(length: int) -> None:
    rungs = [LEVELS.index(level) for level in ladder(length)]
    assert len(rungs) == length
    assert rungs[0] == 0
    assert rungs == sorted(rungs)


def test_a_card_is_what_its_question_and_fact_say() -> None:
    question = Question("q", "f", "Who?", "Ann", ("Bo", "Cy", "Di"), HARD, never_with=("other",))
    fact = Fact("f", "Ann.", ("music", "story"))
    assert card_of(question, fact) == Card("q", ("music", "story"), HARD, False, frozenset({"other"}))
    assert card_of(replace(question, answer="true", distractors=()), fact).is_statement


@pytest.mark.parametrize(
    ("prompt", "answer", "echoes"),
    [
        ("Who?", "Ann", set()),
        ('Who sings "City of Stars"?', "Ann", {"city of stars"}),
        ("Who sings “City of Stars”?", "Ann", {"city of stars"}),
        ('How often is "Dusk" sung before "DAWN"?', "three times", {"dusk", "dawn", "#"}),
        ("How much?", "$1,000", {"#"}),
    ],
)
def test_what_is_not_to_come_twice_in_a_row(prompt: str, answer: str, echoes: set[str]) -> None:
    question = Question("q", "f", prompt, answer, ("Bo", "Cy", "Di"), HARD)
    assert card_of(question, Fact("f", "Ann.", ())).echoes == echoes


ONE_OR_TWO_TOPICS = st.sampled_from([*combinations("abcd", 1), *combinations("abcd", 2)])


@st.composite
def decks(draw: st.DrawFn, most: int = 30) -> list[Card]:
    """Any cards: few topics, so that much gets into each other's way."""
    count = draw(st.integers(1, most))
    pairs = draw(st.sets(st.tuples(st.integers(0, count), st.integers(0, count)), max_size=count))
    return [
        Card(
            id=str(n),
            topics=draw(ONE_OR_TWO_TOPICS),
            difficulty=draw(st.sampled_from(LEVELS)),
            is_statement=draw(st.booleans()),
            never_with=frozenset(str(b if a == n else a) for a, b in pairs if n in (a, b) and a != b),
            echoes=draw(st.sampled_from([frozenset(), frozenset("#"), frozenset({"sun", "#"})])),
        )
        for n in range(count)
    ]


@settings(max_examples=examples(300))
@given(decks(), st.data(), st.sampled_from(LEVELS), st.sampled_from([None, "a"]), SEEDS)
def test_the_lightest_rules_give_way_first_and_no_more_than_must(
    cards: list[Card], data: st.DataObject, wanted: Difficulty, topic: str | None, seed: int
) -> None:
    split = data.draw(st.integers(0, len(cards) - 1))
    before, left = cards[:split], cards[split:]
    chosen = left[choose(left, before, wanted, Random(seed), topic=topic)]
    worst = [list(broken(card, before, wanted, topic).values()) for card in left]
    assert list(broken(chosen, before, wanted, topic).values()) == min(worst)


def compose(cards: Sequence[Card], length: int, rng: Random) -> list[Card]:
    """Choose the questions of a whole round, as many as there are up to `length`."""
    left, chosen = list(cards), list[Card]()
    for level in ladder(length)[: len(cards)]:
        chosen.append(left.pop(choose(left, chosen, level, rng)))
    return chosen


def all_broken(chosen: Sequence[Card], length: int) -> list[list[Rule]]:
    """Return which rules each question of a round broke."""
    return [gave_way(card, chosen[:n], ladder(length)[n]) for n, card in enumerate(chosen)]


@settings(max_examples=examples(300))
@given(decks(), st.integers(1, 25), SEEDS)
def test_a_round_is_never_refused(cards: list[Card], length: int, seed: int) -> None:
    chosen = compose(cards, length, Random(seed))
    assert len(chosen) == len({card.id for card in chosen}) == min(length, len(cards))


def rich_deck(rng: Random) -> list[Card]:
    """Three hundred questions on sixteen topics, much as in a real pack."""
    cards = []
    for n in range(300):
        topics = tuple(rng.sample("abcdefghijklmnop", rng.choice((1, 1, 2))))
        near = {str(n ^ 1), *(str(rng.randrange(300)) for _ in range(4))} - {str(n)}
        cards.append(Card(str(n), topics, LEVELS[n % 3], n % 10 == 0, frozenset(near)))
    others = {card.id: {other.id for other in cards if card.id in other.never_with} for card in cards}
    return [replace(card, never_with=card.never_with | others[card.id]) for card in cards]


@settings(max_examples=examples(100))
@given(SEEDS)
def test_a_round_from_a_full_deck_keeps_every_rule(seed: int) -> None:
    rng = Random(seed)
    cards = rich_deck(rng)
    chosen = compose(cards, 10, rng)
    assert not any(all_broken(chosen, 10))
    assert Counter(card.difficulty for card in chosen) == {EASY: 3, MEDIUM: 4, HARD: 3}
    assert max(Counter(topic for card in chosen for topic in card.topics).values()) <= 2


def test_a_round_on_one_topic_may_have_it_throughout_and_still_changes_the_others() -> None:
    cards = [Card(str(n), ("a", "bcde"[n % 4]), EASY, False) for n in range(40)]
    rng = Random(1)
    before: list[Card] = []
    for _ in range(8):
        chosen = cards[choose(cards, before, EASY, rng, topic="a")]
        assert not gave_way(chosen, before, EASY, "a")
        before.append(chosen)
    assert set(Counter(topic for card in before for topic in card.topics).values()) == {8, 2}


@pytest.mark.parametrize(
    ("before", "there", "taken"),
    [
        ([], (EASY, HARD), {EASY, HARD}),
        ([EASY], (EASY, HARD), {EASY, HARD}),
        ([HARD], (EASY, HARD), {HARD}),
        ([HARD], (EASY,), {EASY}),
    ],
)
def test_where_none_is_as_hard_as_its_place_a_round_takes_no_step_back(
    before: list[Difficulty], there: tuple[Difficulty, ...], taken: set[Difficulty]
) -> None:
    asked = [Card(f"before-{n}", (), level, False) for n, level in enumerate(before)]
    cards = [Card(str(n), (), level, False) for n, level in enumerate(there)]
    found = {cards[choose(cards, asked, MEDIUM, Random(seed))].difficulty for seed in range(20)}
    assert found == taken


def test_one_seed_composes_one_round() -> None:
    cards = rich_deck(Random(3))
    today, again, tomorrow = (compose(cards, 5, Random(day)) for day in ("5/film/1", "5/film/1", "5/film/2"))
    assert today == again
    assert today != tomorrow
    assert [card.difficulty for card in today] == [EASY, EASY, MEDIUM, MEDIUM, HARD]
    assert not any(all_broken(today, 5))


def test_every_card_that_keeps_the_rules_is_as_likely() -> None:
    cards = [Card(str(n), (), EASY, False) for n in range(4)]
    counts = Counter(choose(cards, [], EASY, Random(seed)) for seed in range(4_000))
    assert all(850 < counts[place] < 1150 for place in range(4))


LONER = Card("loner", ("rare",), EASY, False, frozenset({"dealt", "long", "ago"}))
CROWD = [Card(f"crowd-{n}", ("common",), HARD, False) for n in range(4)]
STATEMENTS = [Card(f"statement-{n}", (f"topic-{n}",), HARD, True) for n in range(4)]


@pytest.mark.parametrize(
    ("harder", "others"),
    [
        (Card("tied", ("rare",), EASY, False, frozenset(card.id for card in CROWD)), CROWD),
        (Card("common", ("common",), EASY, False), CROWD),
        (Card("statement", ("rare",), EASY, True), STATEMENTS),
    ],
)
def test_a_deck_gives_what_is_hard_to_place_earlier(harder: Card, others: list[Card]) -> None:
    cards = [LONER, harder, *others]
    taken = [cards[choose(cards, [], EASY, Random(seed), tries=3)].id for seed in range(1_000)]
    assert 800 < taken.count(harder.id) < 950
    assert taken.count("loner") == 1_000 - taken.count(harder.id)
    once = [cards[choose(cards, [], EASY, Random(seed))].id for seed in range(1_000)]
    assert 400 < once.count("loner") < 600


@settings(max_examples=examples(50))
@given(SEEDS)
def test_a_deck_dealt_to_its_end_gives_nothing_away(seed: int) -> None:
    rng = Random(seed)
    left = rich_deck(rng)
    found: Counter[Rule] = Counter()
    for _ in range(len(left) // 10):
        before: list[Card] = []
        for level in ladder(10):
            before.append(left.pop(choose(left, before, level, rng, tries=TRIES)))
        found.update(chain.from_iterable(all_broken(before, 10)))
    assert left == []
    assert found[Rule.GIVEAWAY] <= 1
    assert found[Rule.TOPIC] + found[Rule.STATEMENT] <= 6


def test_a_large_deck_is_composed_as_well() -> None:
    large = [replace(card, id=f"{n}-{card.id}") for n in range(20) for card in rich_deck(Random(n))]
    before: list[Card] = []
    for level in ladder(10):
        before.append(large[choose(large, before, level, Random(5), tries=TRIES)])
    assert not any(all_broken(before, 10))


def test_without_a_card_there_is_nothing_to_choose() -> None:
    with pytest.raises(ValueError, match=r"^no question to choose$"):
        choose([], [], EASY, Random(1))


@given(decks(), st.integers(1, 25), SEEDS)
def test_what_was_composed_climbs_as_far_as_it_can(cards: list[Card], length: int, seed: int) -> None:
    chosen = compose(cards, length, Random(seed))
    levels = [LEVELS.index(card.difficulty) for card in chosen]
    steps_back = [n for n, (one, following) in enumerate(pairwise(levels), 1) if following < one]
    found = all_broken(chosen, length)
    assert all(found[n] for n in steps_back)
