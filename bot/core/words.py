"""Reading a text as a run of words, so that two spellings of one thing are the same words."""

import re
import unicodedata

from bot.core.numerals import Number, read

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "’": "'", "‘": "'", "ʼ": "'"}
    | {"%": " percent ", "&": " and "}
)
_POSSESSIVE = re.compile(r"(?<=\w)'s\b")
_UNSEEN = re.compile(r"'|(?<=[^\W\d_])\.(?=[^\W\d_])")  # don't, L.A.
_SIGN = re.compile(r"[^\w\s.,-]|_")
_ARTICLE = re.compile(r"\s*(?:an?|the)\s+(?=\w)", re.IGNORECASE)

_IDLE = (
    "a an and are as at be but by did do does for from had has have he her him his how in into is it its of"
    " on one or she that the their them they this to was were what when where which who whom whose why with"
)
IDLE = frozenset(_IDLE.split())
"""Words that say nothing of what a text is about."""

Word = str | Number
Words = tuple[Word, ...]


def words_of(text: str) -> Words:
    """Return the words of `text` without case, accents and punctuation, each number by its value.

    "Forty-eight" and "48" are one word, "3,000" and "three thousand" another, "21st" and "twenty-first" a
    third. A possessive 's falls away.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_LETTERS)
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return tuple(read(_SIGN.sub("·", _UNSEEN.sub("", _POSSESSIVE.sub("", plain))), name=False))


def name_words(name: str) -> Words:
    """Return the words of a name or an answer, which is the same with and without an article before it."""
    return words_of(_ARTICLE.sub("", name, count=1) if _ARTICLE.match(name) else name)


def contains(words: Words, part: Words) -> bool:
    """Whether `part` stands in `words` as one run; nothing contains a part without words."""
    starts = range(len(words) - len(part) + 1) if part else ()
    return any(words[start : start + len(part)] == part for start in starts)


def phrase(words: Words) -> str:
    """Return the words as one text, which has the phrase of a part in it where it `contains` the part.

    Numbers are marked, so that none is a word.
    """
    return (
        f" {' '.join(word if isinstance(word, str) else f'#{word.value}.{word.ordinal}' for word in words)} "
    )
