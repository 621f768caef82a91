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
