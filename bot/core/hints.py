"""The hint that a typed question gives at half its time, and the wrong answers that may be repeated."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

MOST_GUESSES = 3
HIDDEN = "_"
TO_HIDE = re.compile(r"(?<=[^\W_])[^\W_]|[^\W_](?![^\W_])")
"""Every letter after another, and every one that stands alone."""
SIGNS = " '’.,!?&()-–"
"""What a guess may contain besides letters and numbers: nothing that marks up, mentions or links."""
LINK_LIKE = re.compile(r"\w\w\.\w\w")


def hint(answer: str) -> str:
    """Return the first letter of each word and how long the words are: 'M__ D____' for 'Mia Dolan'.

    A word of one letter is hidden entirely, or it would be given away.
    """
    letters = "".join(sign for sign in unicodedata.normalize("NFC", answer) if not _is_mark(sign))
    return TO_HIDE.sub(HIDDEN, letters)


def told_guesses(texts: Iterable[str]) -> list[tuple[str, int]]:
    """Return up to three wrong answers that may be repeated to all, and how many people gave each.

    The most frequent come first, then the earliest. One that has more than words and numbers in it, or might
    be an address, is left out.
    """
    spelt: dict[str, str] = {}
    given: Counter[str] = Counter()
    for text in texts:
        words = " ".join(unicodedata.normalize("NFC", text).split())
        if words and _may_be_told(words):
            spelt.setdefault(words.casefold(), words)
            given[words.casefold()] += 1
    return [(spelt[key], times) for key, times in given.most_common(MOST_GUESSES)]


def _may_be_told(words: str) -> bool:
    marks = sum(map(_is_mark, words))
    letters = sum(sign.isalnum() for sign in words)
    # Letters under heaps of marks would cover the lines around them.
    return (
        marks <= letters
        and letters > 0
        and all(sign.isalnum() or sign in SIGNS or _is_mark(sign) for sign in words)
        and not LINK_LIKE.search(words)
    )


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign).startswith("M")
