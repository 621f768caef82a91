"""Reading a text as a run of words, so that two spellings of one thing are the same words."""

import re
import unicodedata
from fractions import Fraction

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "’": "'", "‘": "'", "ʼ": "'"}
    | {"%": " percent ", "&": " and "}
)
_POSSESSIVE = re.compile(r"(?<=\w)'s\b")
_UNSEEN = re.compile(r"'|(?<=[^\W\d_])\.(?=[^\W\d_])")  # don't, L.A.
_TOKEN = re.compile(r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?[^\W_]*|[^\W_]+")
_DIGITS = re.compile(r"[\d,]+(?:\.\d+)?")
_ARTICLE = re.compile(r"\s*(?:an?|the)\s+(?=\w)", re.IGNORECASE)

_SMALL_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
_TENS_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(_SMALL_WORDS.split())}
_TENS = {word: 10 * tens for tens, word in enumerate(_TENS_WORDS.split(), 2)}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_ORDINAL_UNITS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7}
_ORDINAL_UNITS |= {"eighth": 8, "ninth": 9}
_ORDINALS = (
    _ORDINAL_UNITS
    | {"twelfth": 12, "hundredth": 100, "thousandth": 1000}
    | {f"{word}th": value for word, value in _SMALL.items() if value in {10, 11, *range(13, 20)}}
    | {f"{word[:-1]}ieth": value for word, value in _TENS.items()}
)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of `text` without case, accents and punctuation, each number by its value.

    "Forty-eight", "48" and "48.0" are one word, "3,000" and "three thousand" another, "21st" and
    "twenty-first" a third. A possessive 's falls away.
    """
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    tokens = _TOKEN.findall(_UNSEEN.sub("", _POSSESSIVE.sub("", plain)))
    words: list[str] = []
    place = 0
    while place < len(tokens):
        word, place = _next_word(tokens, place)
        words.append(word)
    return tuple(words)


def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name or an answer, which is the same with and without an article before it."""
    return words_of(_ARTICLE.sub("", name, count=1)) if _ARTICLE.match(name) else words_of(name)


def contains(words: tuple[str, ...], part: tuple[str, ...]) -> bool:
    """Whether `part` stands in `words` as one run; nothing contains a part without words."""
    starts = range(len(words) - len(part) + 1) if part else ()
    return any(words[start : start + len(part)] == part for start in starts)


def _next_word(tokens: list[str], place: int) -> tuple[str, int]:
    """Return the word that begins at `place`, and where the next one begins."""
    value, place_after = _number(tokens, place)
    if value is None:
        ordinal = _ORDINALS.get(tokens[place])
        return (tokens[place] if ordinal is None else _ordinal(ordinal)), place + 1
    following = tokens[place_after] if place_after < len(tokens) else ""
    if tokens[place_after - 1] in _TENS and following in _ORDINAL_UNITS:
        return _ordinal(int(value) + _ORDINAL_UNITS[following]), place_after + 1
    return str(value), place_after


def _number(tokens: list[str], place: int) -> tuple[Fraction | None, int]:
    """Return the value of the number that begins at `place`, None where there is none, and its end."""
    current, place = (Fraction(1), place) if tokens[place] in _SCALES else _part(tokens, place)
    if current is None:
        return None, place
    total, last_scale = Fraction(0), 0
    while place < len(tokens):
        scale = _SCALES.get(tokens[place])
        if scale is not None and (last_scale == 0 or last_scale <= 100 < scale):
            current, last_scale, place = current * scale, scale, place + 1
            continue
        # "two hundred (and) fifty", but not "two fifty": a part is added only after a scale.
        after_and = place + (tokens[place] == "and")
        part, end = _part(tokens, after_and) if last_scale and after_and < len(tokens) else (None, place)
        if part is None or part >= last_scale or tokens[after_and][0].isdigit():
            break
        if last_scale > 100:
            total, current, last_scale = total + current, part, 0
        else:
            current += part
        place = end
    return total + current, place


def _part(tokens: list[str], place: int) -> tuple[Fraction | None, int]:
    """Return a number in digits, or one below a hundred in words, and its end."""
    token = tokens[place]
    if _DIGITS.fullmatch(token):
        return Fraction(token.replace(",", "")), place + 1
    if token in _SMALL:
        return Fraction(_SMALL[token]), place + 1
    if token in _TENS:
        unit = _SMALL.get(tokens[place + 1], 0) if place + 1 < len(tokens) else 0
        if 1 <= unit <= 9:
            return Fraction(_TENS[token] + unit), place + 2
        return Fraction(_TENS[token]), place + 1
    return None, place


def _ordinal(value: int) -> str:
    ending = "th" if value % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"
