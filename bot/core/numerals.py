"""Finds the numbers in a text, in digits or in words: "1,500", "fifteen hundred" and "1.5k" are all 1500."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest

_TOKEN = re.compile(
    r"((?:(?<![^\s·])-)?(?:\d{1,3}(?:[, ]\d{3})+(?!\d)|\d+|(?<![^\s·-])(?=\.\d))(?:\.\d+)?)"
    r"(?:(st|nd|rd|th|k|m|mn|b|bn)(?![^\s\d·.,-]))?"
    r"|([^\s\d·.,-]+)"
)
_ROMAN = re.compile(r"(?=..)x{0,3}(?:ix|iv|v?i{0,3})")
_MONTHS = frozenset(
    {"january", "february", "march", "april", "may", "june"}
    | {"july", "august", "september", "october", "november", "december"}
)
_SMALL = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
]
_TENS = {
    word: 10 * tens
    for tens, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2
    )
}
_CARDINALS = (
    {word: n for n, word in enumerate(_SMALL)}
    | _TENS
    | {tens + _SMALL[n]: value + n for tens, value in _TENS.items() for n in range(1, 10)}
    | {"dozen": 12}
)
_SCALES = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_SUFFIXES = {"k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9}
_ENDINGS = [("one", "first"), ("two", "second"), ("three", "third"), ("ve", "fth"), ("eight", "eighth")]
_ENDINGS += [("nine", "ninth"), ("y", "ieth"), ("", "th")]


def _ordinal(cardinal: str) -> str:
    ending, instead = next(pair for pair in _ENDINGS if cardinal.endswith(pair[0]))
    return cardinal.removesuffix(ending) + instead


_ORDINALS = {_ordinal(word): value for word, value in (_CARDINALS | _SCALES).items()}
NUMBER_WORDS = frozenset(
    {*_CARDINALS, *_ORDINALS, *_SCALES}
    | {f"{scale}s" for scale in _SCALES}
    | {f"{tens[:-1]}ies" for tens in _TENS}
)
"""All words that `read` turns into a number in running text."""


@dataclass(frozen=True, slots=True)
class Number:
    """A value found in a text.

    "Fifth" is not "five", unless there is a month in the text: December 9th is December 9.
    """

    value: Fraction
    ordinal: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    value: Fraction
    ordinal: bool = False
    spoken: bool = False  # a word, so "twenty" before it may belong to the same number
    scale: bool = False  # hundred, thousand and so on


def read(folded: str, *, name: bool = True) -> list[str | Number]:
    """Split a text of lower-case words, digits and the signs `. , - ·` into its words and numbers.

    A `name` may end in a Roman numeral or contain a date. Running text is not searched for either, as a word
    would then depend on another far from it.
    """
    tokens = list(_pieces(folded, name=name))
    found: list[str | Number] = []
    run: list[_Piece] = []
    for token, follower in zip_longest(tokens, tokens[1:]):
        match token:
            case _Piece():
                run.append(token)
            case "and" if run and run[-1].scale and isinstance(follower, _Piece):
                pass  # two thousand and sixteen
            case word:
                if run:
                    found += _sum(run)
                    run = []
                found.append(word)
    return found + _sum(run)


def _sum(run: Sequence[_Piece]) -> list[str | Number]:
    """Join the words of one spoken number: twenty one, two hundred and five, nineteen fifty-two."""
    numbers: list[str | Number] = []
    total = current = Fraction(0)
    spoken = False
    room = 0  # a piece below this still belongs to the number
    begun = False
    for piece in run:
        if piece.scale:
            if piece.value == 100:
                current = (current or Fraction(1)) * 100
            else:
                total, current = total + (current or 1) * piece.value, Fraction(0)
            room = min(int(piece.value), 1000)
        elif begun and 0 < piece.value < room:
            current += piece.value
        elif spoken and piece.spoken and total == 0 and 10 <= current < 100 and 10 <= piece.value < 100:
            current = current * 100 + piece.value
        else:
            if begun:
                numbers.append(Number(total + current))
            total, current = Fraction(0), piece.value
        if not piece.scale:
            room = 10 if piece.spoken and piece.value in _TENS.values() else 0
        begun, spoken = True, piece.spoken
        if piece.ordinal:
            numbers.append(Number(total + current, ordinal=True))
            total = current = Fraction(0)
            begun = spoken = False
    return [*numbers, Number(total + current)] if begun else numbers


def _pieces(folded: str, *, name: bool) -> Iterator[str | _Piece]:
    hits: list[tuple[str, str, str]] = _TOKEN.findall(folded)
    dated = name and any(word in _MONTHS for _, _, word in hits)
    for index, (digits, suffix, found) in enumerate(hits):
        match found:
            case "":
                value = Fraction(int(digits) if digits.isdecimal() else re.sub("[, ]", "", digits))
                ordinal = suffix in {"st", "nd", "rd", "th"} and not dated
                yield _Piece(value * _SUFFIXES.get(suffix, 1), ordinal)
            case word if not name and word not in NUMBER_WORDS:
                yield word
            case word if word in _CARDINALS:
                yield _Piece(Fraction(_CARDINALS[word]), spoken=True)
            case word if word in _ORDINALS:
                scale = _ORDINALS[word] in _SCALES.values()
                yield _Piece(Fraction(_ORDINALS[word]), ordinal=not dated, spoken=True, scale=scale)
            case word if word.removesuffix("s") in _SCALES:
                yield _Piece(Fraction(_SCALES[word.removesuffix("s")]), spoken=True, scale=True)
            case word if word.endswith("ies") and word[:-3] + "y" in _TENS:
                yield _Piece(Fraction(_TENS[word[:-3] + "y"]))
                yield "s"  # the eighties are the 80s
            case word if (
                name
                and index
                and (_ROMAN.fullmatch(word) or (word in {"i", "v", "x"} and index == len(hits) - 1))
            ):
                yield _Piece(Fraction(_roman(word)))
            case word:
                yield word


def _roman(word: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10}[letter] for letter in word]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
