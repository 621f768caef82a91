import pytest

from bot.core.content import Difficulty, Fact, Question, Source, Spoiler, Topic
from bot.storage.catalogue import LoadedPack
from bot.ui.fact_cards import covered, fact_card, fact_text, found_card, report_form, topics_card
from tests.ui.cards import THREE_BYTES, assert_form_sendable, assert_sendable, texts

MARKUP = "**|`_~[<@>" * 100


def longest_pack(filler: str) -> LoadedPack:
    """A pack in which everything is as long as a valid pack can have it, made of `filler`."""

    def fill(length: int) -> str:
        return (filler * length)[:length]

    topics = tuple(Topic(f"{number:02d}-{'t' * 45}", fill(30), "🎹", fill(90)) for number in range(25))
    facts = {
        1_000_000 + number: Fact(
            f"f{number}",
            fill(600),
            tuple(topic.id for topic in topics[number : number + 3]),
            spoiler=Spoiler(number % 3),
            as_of=2017,
            source=Source(fill(120), 2017, "https://example.org/".ljust(300, "x")),
        )
        for number in range(12)
    } | {2_000_000 + number: Fact(f"g{number}", fill(600), (topics[number].id,)) for number in range(25)}
    question = Question("q", "f0", "?", "a", ("b", "c", "d"), Difficulty.EASY)
    return LoadedPack("longest", fill(60), topics, facts, {1: question})


@pytest.mark.parametrize("filler", [THREE_BYTES, "**|`_~[<@>", "M"])
def test_every_card_with_its_longest_content_can_be_sent(filler: str) -> None:
    pack = longest_pack(filler)
    numbers = list(pack.facts)
    for number in numbers:
        assert_sendable(fact_card(pack, number))
        said = list(texts(assert_form_sendable(report_form("fact", number, pack.facts[number]))))
        assert said == [covered(pack.facts[number])]
    assert_sendable(found_card(pack, numbers[:10], exact=False))
    for spoilers in (Spoiler.NONE, Spoiler.ENDING):
        assert_sendable(topics_card(pack, spoilers, in_server=True))


def small_pack(fact: Fact) -> LoadedPack:
    return LoadedPack("film", "The Film", (Topic("music", "Music", "🎵", "Songs."),), {1: fact}, {})


def test_a_spoiler_is_covered_and_says_what_it_gives_away() -> None:
    text = fact_text(
        small_pack(Fact("f", "They part || forever.", ("music",), spoiler=Spoiler.ENDING)),
        Fact("f", "They part || forever.", ("music",), spoiler=Spoiler.ENDING),
    )
    assert r"||They part \|\| forever.||" in text
    assert "ending" in text


def test_markup_in_a_fact_stands_as_text() -> None:
    pack = small_pack(Fact("f", "**Bold** <@1> [here](https://example.org)", ("music",)))
    [text] = texts(assert_sendable(fact_card(pack, 1)))
    assert r"\*\*Bold\*\* \<\@1\> \[here\](https\://example.org)" in text


def test_a_dated_claim_says_when() -> None:
    fact = Fact("f", "It held the record.", ("music",), as_of=2017)
    assert fact_text(small_pack(fact), fact).endswith("-# The Film · as of 2017")


@pytest.mark.parametrize(
    ("url", "line"),
    [
        (None, r"-# Source: A \[long\] talk, 2018"),
        ("https://example.org/a_talk", r"-# Source: [A \[long\] talk](https://example.org/a_talk), 2018"),
    ],
)
def test_where_a_fact_is_from_is_its_last_line(url: str | None, line: str) -> None:
    fact = Fact("f", "It was hot.", ("music",), source=Source("A [long] talk", 2018, url))
    assert fact_text(small_pack(fact), fact).splitlines()[-2:] == ["-# The Film", line]


def test_a_select_never_shows_the_words_of_a_spoiler() -> None:
    facts = {
        1: Fact("a", "Harmless.", ("music",)),
        2: Fact("b", "He dies.", ("music",), spoiler=Spoiler.PLOT),
    }
    pack = LoadedPack("film", "The Film", (Topic("music", "Music", "🎵", "Songs."),), facts, {})
    assert "He dies" not in str(assert_sendable(found_card(pack, [1, 2], exact=True)))


def test_without_questions_nobody_is_offered_a_quiz() -> None:
    view = fact_card(small_pack(Fact("f", "A fact.", ("music",))), 1)
    assert "Quiz me" not in str(assert_sendable(view))
