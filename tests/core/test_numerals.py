"""Numbers in a text, one by one: which belong together, and which are ordinals."""

import pytest

from bot.core.numerals import Number, read


def values(text: str) -> list[float]:
    return [float(found.value) for found in read(text) if isinstance(found, Number)]


ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "eighth": 8,
    "ninth": 9,
    "twelfth": 12,
    "nineteenth": 19,
    "twentieth": 20,
    "twenty-first": 21,
    "fortieth": 40,
    "ninety-ninth": 99,
    "hundredth": 100,
    "two hundredth": 200,
    "nineteen fiftieth": 1950,
    "thousandth": 1_000,
    "two millionth": 2_000_000,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
}


@pytest.mark.parametrize(("text", "value"), list(ORDINALS.items()))
def test_ordinals(text: str, value: int) -> None:
    assert read(text) == [Number(value, ordinal=True)]  # type: ignore[arg-type] # a Fraction equals its int


def test_a_single_letter_within_a_name_is_no_numeral() -> None:
    assert read("malcolm x story") == ["malcolm", "x", "story"]


def test_an_ordinal_is_a_number_of_its_own() -> None:
    assert read("first thousand") == [Number(1, ordinal=True), Number(1_000)]  # type: ignore[arg-type]
    assert read("first second") == [Number(1, ordinal=True), Number(2, ordinal=True)]  # type: ignore[arg-type]


def test_only_a_month_makes_an_ordinal_a_date() -> None:
    assert read("december 9th") == ["december", Number(9)]  # type: ignore[arg-type]
    assert read("december ninth") == ["december", Number(9)]  # type: ignore[arg-type]
    assert read("9th floor") == [Number(9, ordinal=True), "floor"]  # type: ignore[arg-type]
    assert read("december 9th", name=False) == ["december", Number(9, ordinal=True)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("hundred", [100]),
        ("thousand", [1_000]),
        ("two hundreds", [200]),
        ("millions", [1_000_000]),
        ("dozen", [12]),
        ("twenty ten", [2010]),
        ("ten ten", [1010]),
        ("twenty one", [21]),
        ("twenty zero", [20, 0]),
        ("two three", [2, 3]),
        ("five four", [5, 4]),
        ("two 5", [2, 5]),
        ("20 5", [20, 5]),
        ("20 30", [20, 30]),
        ("20 thirty", [20, 30]),
        ("5 .5", [5, 0.5]),
        ("two thousand twenty thirty", [2020, 30]),
        ("two million 1000", [2_000_000, 1_000]),
        ("two hundred and five", [205]),
    ],
)
def test_what_is_one_number_and_what_is_two(text: str, numbers: list[float]) -> None:
    assert values(text) == numbers


def test_an_and_between_two_numbers_is_a_word() -> None:
    assert read("two and three") == [Number(2), "and", Number(3)]  # type: ignore[arg-type]


def test_the_eighties_are_the_80s() -> None:
    assert read("eighties") == read("80s") == [Number(80), "s"]  # type: ignore[arg-type]
    assert read("families") == ["families"]


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("i", 1), ("ii", 2), ("iii", 3), ("iv", 4), ("v", 5), ("viii", 8), ("ix", 9), ("x", 10), ("xx", 20)],
)
def test_a_name_may_end_in_a_roman_numeral(numeral: str, value: int) -> None:
    assert values(f"rocky {numeral}") == [value]
    assert values(f"the new rocky {numeral}") == [value]
    assert read(numeral) == [numeral]
    assert read(f"rocky {numeral}", name=False) == ["rocky", numeral]
