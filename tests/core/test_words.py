import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.words import Words, name_words, phrase, words_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Forty-eight", "48"),
        ("three thousand", "3,000"),
        ("thirty million", "$30 million"),
        ("two hundred and fifty", "250"),
        ("1.5 million", "1,500,000"),
        ("the sixth", "the 6th"),
        ("Twenty-first", "21st"),
        ("35mm", "35 mm"),
        ("Beyoncé", "BEYONCE"),
        ("‘Singin’ in the Rain’", "singin in the rain"),
        ("Sebastian's", "Sebastian’s"),
        ("Sebastian's", "Sebastian"),
        ("L.A.", "LA"),
        ("Søren & Straße", "soren and strasse"),
        ("5 %", "five percent"),
    ],
)
def test_two_spellings_are_the_same_words(one: str, other: str) -> None:
    assert words_of(one) == words_of(other)


@pytest.mark.parametrize(
    ("one", "other"), [("six", "sixth"), ("8", "80"), ("1.5", "15"), ("30", "30 million"), ("Nolan", "Dolan")]
)
def test_different_things_are_different_words(one: str, other: str) -> None:
    assert words_of(one) != words_of(other)


def stands_in(text: str, part: str) -> bool:
    return phrase(words_of(part)) in phrase(words_of(text))


def test_words_of_a_text_do_not_depend_on_what_stands_far_away() -> None:
    assert stands_in("Malcolm X was the sixth on the list in May", "Malcolm X")
    assert stands_in("In May it was the sixth.", "sixth")


def test_an_article_before_a_name_does_not_count() -> None:
    assert name_words("The Notebook") == name_words("notebook")
    assert name_words("a-ha") != name_words("ha")
    assert name_words("A") == words_of("A")


def test_only_a_run_of_whole_words_stands_in_a_text() -> None:
    text = "Emma Stone sang it live, and Ryan Gosling played."
    assert stands_in(text, "it live")
    assert not stands_in(text, "Emma Gosling")
    assert not stands_in(text, "it li")
    assert not stands_in(text, "...")
    assert not stands_in("", "Emma")


@given(st.text())
def test_any_text_has_words(text: str) -> None:
    words = words_of(text)
    assert (phrase(words) in phrase(("word", *words, "word"))) == bool(words)
    name_words(text)


@given(st.integers(0, 10**9))
def test_thousands_separators_change_nothing(number: int) -> None:
    assert words_of(f"{number:,}") == words_of(str(number))


NUMBERS = st.text("0123456789 .,-·ast%$'²½", max_size=12)


@given(NUMBERS)
def test_a_number_is_the_same_whatever_else_a_text_holds(text: str) -> None:
    assert words_of(f"{text} the seven") == (*words_of(text), "the", "#7")


def contains(words: Words, part: Words) -> bool:
    """Say the same as the phrases, in another way: whether `part` stands in `words` as one run."""
    starts = range(len(words) - len(part) + 1) if part else ()
    return any(words[start : start + len(part)] == part for start in starts)


WORDS = st.lists(st.sampled_from(["piano", "5", "fifth", "five hundred", "hands", "and", "."]), max_size=6)


@given(WORDS, WORDS)
def test_a_phrase_has_a_part_where_the_words_contain_it(text: list[str], part: list[str]) -> None:
    words, wanted = words_of(" ".join(text)), words_of(" ".join(part))
    assert (phrase(wanted) in phrase(words)) == (contains(words, wanted) or not words + wanted)
