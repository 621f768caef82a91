"""Reads a text as a sequence of words, so that two spellings of one thing are the same words."""

import re
import unicodedata

from bot.core.numerals import NUMBER_WORDS, Number, read

_SIGN = re.compile(r"[^\w\s.,-]|_")
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "’": "'", "‘": "'", "ʼ": "'"}
    | {sign: "·" for sign in map(chr, range(128)) if _SIGN.match(sign) and sign != "'"}
    | {"%": " percent ", "&": " and "}
)
_BREAKS = str.maketrans(".,-·", "    ")
_DIGIT = re.compile(r"\d")
_JOINED = re.compile(r"\d[., ]\d|[-.]\d|\d[^\W\d]|[^\W\d]\d")  # 3,000; 1.5; 3 000; -5; .5; 21st; mp3
_POSSESSIVE = re.compile(r"(?<=\w)'s\b")
_UNSEEN = re.compile(r"'|(?<=[^\W\d_])\.(?=[^\W\d_])")  # don't, L.A.
_ARTICLE = re.compile(r"\s*(?:an?|the)\s+(?=\w)", re.IGNORECASE)

_IDLE = """
    a about after again all also an and any are as at be been before but by can could did do does
    during each ever first for from had has have he her him his how if in into is it its many me
    more most much no not of on one only or other out over she so some than that the their them then
    there these they this those through to too under until up was were what when where which while
    who whom whose why will with would you your
"""
IDLE = frozenset(_IDLE.split())
"""Words that say nothing about what a text is about."""

Words = tuple[str, ...]


def words_of(text: str) -> Words:
    """Return the words of `text` without case, accents and punctuation, each number by its value: "#48".

    "Forty-eight" and "48" are the same word, and so are "3,000" and "three thousand", "21st" and
    "twenty-first". A possessive 's is dropped.
    """
    plain = (text.casefold() if text.isascii() else _bare(text)).translate(_LETTERS)
    if "'" in plain:
        plain = _POSSESSIVE.sub("", plain)
    if "'" in plain or "." in plain:
        plain = _UNSEEN.sub("", plain)
    plain = plain if plain.isascii() else _SIGN.sub("·", plain)
    words = plain.translate(_BREAKS).split()
    # A large pack has a hundred thousand texts; nearly all have no number, or whole ones that stand alone.
    if NUMBER_WORDS.isdisjoint(words):
        if not _DIGIT.search(plain):
            return tuple(words)
        if not _JOINED.search(plain):
            return tuple([f"#{int(word)}" if word.isdecimal() else word for word in words])
    return tuple(map(_word, read(plain, name=False)))


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(character for character in folded if not unicodedata.combining(character))


def _word(token: str | Number) -> str:
    return token if isinstance(token, str) else f"#{token.value}{'th' if token.ordinal else ''}"


def name_words(name: str) -> Words:
    """Return the words of a name or an answer without its article."""
    return words_of(_ARTICLE.sub("", name, count=1) if _ARTICLE.match(name) else name)


def phrase(words: Words) -> str:
    """Return the words as one text, in which `in` finds other phrases.

    The phrase of no words is in no other.
    """
    return f" {' '.join(words)} "
