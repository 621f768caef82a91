import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.hints import HIDDEN, MOST_GUESSES, SIGNS, hint, told_guesses


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("Mia Dolan", "M__ D____"),
        ("A Star Is Born", "_ S___ I_ B___"),
        ("Jean-Luc", "J___-L__"),
        ("J.K. Simmons", "_._. S______"),
        ("1952", "1___"),
        ("8", "_"),
        ("Rocky II", "R____ I_"),
        ("Amélie", "A_____"),
        ("Ame\u0301lie", "A_____"),
        ("...", "..."),
        ("", ""),
    ],
)
def test_first_letters_and_lengths(answer: str, shown: str) -> None:
    assert hint(answer) == shown


@given(st.text(max_size=60))
def test_a_hint_tells_first_letters_alone(answer: str) -> None:
    whole = [
        one for one in unicodedata.normalize("NFC", answer) if not unicodedata.category(one).startswith("M")
    ]
    shown = hint(answer)
    assert len(shown) == len(whole)
    for index, (sign, real) in enumerate(zip(shown, whole, strict=True)):
        if not real.isalnum():
            assert sign == real
            continue
        is_first = index == 0 or not whole[index - 1].isalnum()
        is_last = index + 1 == len(whole) or not whole[index + 1].isalnum()
        assert sign == (real if is_first and not is_last else HIDDEN)


def test_what_most_people_guessed_comes_first_and_three_are_told() -> None:
    texts = ["Emma", " Mia ", "mia", "Sebastian", "Keith", "MIA", "emma"]
    assert told_guesses(texts) == [("Mia", 3), ("Emma", 2), ("Sebastian", 1)]


@pytest.mark.parametrize(
    "text",
    [
        "<@123>", "@everyone", "https://example.org", "example.org", "discord.gg/abc", "**loud**",
        "||cover||", "`code`", "#channel", "a\u202eb", "[a](b)", "", "  ", "?!", "a:b",
        "z\u0300\u0301\u0302\u0303", "\U0001f600",
    ],
)  # fmt: skip
def test_what_marks_up_links_or_mentions_is_not_told(text: str) -> None:
    assert told_guesses([text]) == []


def test_names_in_any_script_are_told() -> None:
    for text in (
        "8",
        "Zoë O’Hara",
        "J.K. Rowling",
        "Лев Толстой",
        "山田",
        "हिन्दी",
        "25 million",
        "Yes, really!",
    ):
        assert told_guesses([text]) == [(unicodedata.normalize("NFC", text), 1)]


@given(st.lists(st.text(max_size=30), max_size=12))
def test_whatever_is_told_is_words_and_was_typed(texts: list[str]) -> None:
    told = told_guesses(texts)
    assert len(told) <= MOST_GUESSES
    typed = {" ".join(unicodedata.normalize("NFC", text).split()) for text in texts}
    for words, times in told:
        assert words in typed
        assert 1 <= times <= len(texts)
        assert not set("<>@#`*_~|[]\\/:\n") & set(words)
        assert all(
            sign.isalnum() or sign in SIGNS or unicodedata.category(sign).startswith("M") for sign in words
        )
