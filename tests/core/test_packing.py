"""What may stand around a typed answer, by each of the rules alone."""

from collections.abc import Set as AbstractSet

import pytest

from bot.core.packing import (
    leading_words,
    said_already,
    told_where,
    unpacked,
    without_more,
    without_small_word,
)

NOTHING = frozenset[str]()
PLACING = leading_words(["gigi"])


def test_a_prompts_words_may_be_typed_in_either_number_but_none_that_says_something() -> None:
    prompt = frozenset({"dances", "dog", "not", "in", "two"})
    assert said_already(prompt) == {"dances", "dance", "dancess", "dog", "dogs", "nots", "ins", "twos"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("i think it was gigi", ["think it was gigi", "it was gigi", "was gigi", "gigi"]),
        (
            "the film, gigi - lol",
            ["the film, gigi ", "film, gigi - lol", "film, gigi ", "gigi - lol", "gigi "],
        ),
        ("film. gigi -- lol.", ["film. gigi ", "gigi -- lol", "gigi "]),
        ("the·film·gigi", ["film·gigi", "gigi"]),
        ("the gigi lol lol", ["the gigi lol", "gigi lol lol", "the gigi", "gigi lol", "gigi"]),
        ("gigi", []),
        ("the the", ["the", "the"]),
    ],
)
def test_words_that_say_nothing_go_from_both_ends_the_fewest_first(text: str, left: list[str]) -> None:
    assert [one.rstrip() for one in unpacked(text, NOTHING, NOTHING)] == [one.rstrip() for one in left]


@pytest.mark.parametrize(
    ("text", "said", "leading", "last"),
    [
        ("hepburns gigi", {"hepburns"}, NOTHING, "gigi"),
        ("gigi hepburns", {"hepburns"}, NOTHING, "gigi"),
        ("under it gigi", NOTHING, {"under"}, "gigi"),
        ("under it gigi", NOTHING, NOTHING, None),
        ("gigi please", NOTHING, NOTHING, "gigi"),
        ("please gigi", NOTHING, NOTHING, None),
        ("gigi under", NOTHING, {"under"}, None),
    ],
)
def test_what_the_prompt_said_and_a_preposition_that_fits_go_too(
    text: str, said: AbstractSet[str], leading: AbstractSet[str], last: str | None
) -> None:
    assert [*unpacked(text, said, leading)][-1:] == ([last] if last else [])


def test_six_words_go_at_each_end_of_fourteen_at_most() -> None:
    assert [*unpacked("the " * 7 + "gigi", NOTHING, NOTHING)][-1] == "the gigi"
    assert [*unpacked("gigi" + " lol" * 7, NOTHING, NOTHING)][-1] == "gigi lol"
    assert len([*unpacked("the " * 13 + "gigi", NOTHING, NOTHING)]) == 6
    assert [*unpacked("the " * 14 + "gigi", NOTHING, NOTHING)] == []


@pytest.mark.parametrize(
    ("firsts", "leading"),
    [
        (["in", "a"], {"in"}),
        (["in", "under", "gigi"], {"in", "under"}),
        (["gigi", "under"], PLACING | {"under"}),
        (["gigi"], PLACING),
    ],
)
def test_which_prepositions_an_answer_lets_through(firsts: list[str], leading: AbstractSet[str]) -> None:
    assert leading_words(firsts) == leading
    assert {"in", "with", "into"} <= PLACING
    assert not {"under", "without", "the"} & PLACING


@pytest.mark.parametrize(
    ("text", "leading", "left"),
    [
        ("he hid under a car", {"under"}, "under a car"),
        ("he hid under a car in it", {"under", "in"}, "under a car in it"),
        ("under a car", {"under"}, "under a car"),
        ("he did not hide under a car", {"under"}, "he did not hide under a car"),
        ("under a car not in it", {"under"}, "under a car not in it"),
        ("he hid", {"under"}, "he hid"),
        ("he hid in it", PLACING, "he hid in it"),
        ("he hid in it", PLACING | {"under"}, "he hid in it"),
    ],
)
def test_what_stands_before_a_place_goes_unless_it_denies(
    text: str, leading: AbstractSet[str], left: str
) -> None:
    assert told_where(text, leading) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("under a car", "a car"),
        ("his car", "car"),
        ("the car", "the car"),
        ("in", ""),
        ("car in it", "car in it"),
    ],
)
def test_one_small_word_goes_from_the_start(text: str, left: str) -> None:
    assert without_small_word(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("gigi by minnelli", "gigi"),
        ("gigi, with gene kelly", "gigi"),
        ("gigi·from paris", "gigi"),
        ("gigi who or what", "gigi who or what"),
        ("gigi in", "gigi in"),
        ("on the roof", "on the roof"),
    ],
)
def test_what_is_said_after_an_answer_goes_unless_it_is_another(text: str, left: str) -> None:
    assert without_more(text) == left
