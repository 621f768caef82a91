import re

from hypothesis import given
from hypothesis import strategies as st

from bot.core.content import Spoiler
from bot.ui.text import count, cover, plain, shorten
from tests.hostile import assert_harmless, hostile_text

MARKUP = "\\*_~|`[]<>@#-+ \n0123456789.abc"


def test_markup_stands_as_it_was_typed() -> None:
    assert plain("**bold** _x_ ||cover|| `code` [a](b) <@1> @everyone") == (
        r"\*\*bold\*\* \_x\_ \|\|cover\|\| \`code\` \[a\](b) \<\@1\> \@everyone"
    )


def test_a_line_begins_no_list_heading_or_quote() -> None:
    assert (
        plain("# head\n- list\n-# small\n1. one\n> quote") == r"\# head"
        "\n"
        r"\- list"
        "\n"
        r"\-# small"
        "\n"
        r"1\. one"
        "\n"
        r"\> quote"
    )


def test_an_address_becomes_no_link() -> None:
    assert plain("see https://evil.example/a, 16:9") == r"see https\://evil.example/a, 16:9"


def test_nothing_turns_the_direction_of_our_own_words() -> None:
    assert plain("\u202eevil\u2067, עברית \u200f") == "evil, עברית \u200f"


@given(hostile_text())
def test_no_sign_that_somebody_typed_acts(text: str) -> None:
    assert_harmless(f"“{plain(text)}” **{plain(text)}**")


def test_names_with_hyphens_and_numbers_stay_as_they_are() -> None:
    assert plain("J.K. Simmons' part no. 2 is a well-kept jazz-hater, 1.5 times") == (
        "J.K. Simmons' part no. 2 is a well-kept jazz-hater, 1.5 times"
    )


@given(st.text(alphabet=MARKUP))
def test_no_active_character_is_left_bare(text: str) -> None:
    shown = plain(text)
    # Read as Discord does: a backslash takes the meaning from the character behind it.
    bare = re.sub(r"\\.", "", shown, flags=re.DOTALL)
    assert not re.search(r"[*_~|`\[\]<>@\\]", bare)
    assert re.sub(r"\\(.)", r"\1", shown, flags=re.DOTALL) == text


@given(st.text(), st.integers(2, 120))
def test_what_is_shortened_fits_and_begins_the_same(text: str, longest: int) -> None:
    short = shorten(text, longest)
    assert len(short) <= longest
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


def test_a_cover_hides_what_gives_something_away_and_nothing_else() -> None:
    covered = [cover(plain("He | she"), spoiler) for spoiler in Spoiler]
    assert covered == [r"He \| she", r"||He \| she||", r"||He \| she||"]


def test_counts_agree_with_their_nouns() -> None:
    assert [count(number, "fact") for number in (0, 1, 2, 1204)] == [
        "0 facts",
        "1 fact",
        "2 facts",
        "1,204 facts",
    ]
