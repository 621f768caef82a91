import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.words import contains, name_words, phrase, words_of


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


def test_words_of_a_text_do_not_depend_on_what_stands_far_away() -> None:
    assert contains(words_of("Malcolm X was the sixth on the list in May"), words_of("Malcolm X"))
    assert contains(words_of("In May it was the sixth."), words_of("sixth"))


def test_an_article_before_a_name_does_not_count() -> None:
    assert name_words("The Notebook") == name_words("notebook")
    assert name_words("a-ha") != name_words("ha")
    assert name_words("A") == words_of("A")


def test_only_a_run_of_whole_words_is_contained() -> None:
    text = words_of("Emma Stone sang it live, and Ryan Gosling played.")
    assert contains(text, words_of("it live"))
    assert not contains(text, words_of("Emma Gosling"))
    assert not contains(text, words_of("it li"))
    assert not contains(text, words_of("..."))
    assert not contains((), words_of("Emma"))


@given(st.text())
def test_any_text_has_words(text: str) -> None:
    words = words_of(text)
    assert contains(words, words) == bool(words)
    name_words(text)


@given(st.integers(0, 10**9))
def test_thousands_separators_change_nothing(number: int) -> None:
    assert words_of(f"{number:,}") == words_of(str(number))


WORDS = st.lists(st.sampled_from(["piano", "5", "fifth", "five hundred", "hands", "and", "."]), max_size=6)


@given(WORDS, WORDS)
def test_a_phrase_has_a_part_where_the_words_contain_it(text: list[str], part: list[str]) -> None:
    words, wanted = words_of(" ".join(text)), words_of(" ".join(part))
    assert (phrase(wanted) in phrase(words)) == (contains(words, wanted) or not words + wanted)
