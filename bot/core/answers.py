"""Decides whether a typed answer is right.

Both sides are read in the same way: case, accents, punctuation, spaces and an article at the start fall away,
and numbers are taken out as values. Then the values must be equal, and the letters between them may differ by
a few slips.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.core.numerals import Number, read

_LONGEST = 2_000  # characters after folding: no answer comes near it, and int() refuses 4,300 digits
_FAR = 3  # more slips than any answer forgives

_ARTICLES = frozenset({"a", "an", "the"})
_LEAD_IN = re.compile(
    r"(?:(?:u+m+|u+h+|h+m+|maybe|perhaps|probably|i (?:think|guess|believe)(?: that)?)[\s·,]+)*"
    r"(?:(?:(?:my|the) answer|answer|it|that|this|he|she)(?:s| is| was| must be)[\s·,]+|(?:is|was) it )?"
)
_YEAR_LAST = re.compile(r"[\s·,-]+(?:1[89]|20)\d\d$")
_SMALL_WORD_FIRST = re.compile(
    r"^(?:in|on|at|by|from|to|with|of|for|during|under|inside|into|about|around|exactly"
    r"|his|her|their|my|your|our)\s+"
)
_ROLE_FIRST = re.compile(
    r"^(?:the )?(?:(?:film|costume|production|executive|music) )?"
    r"(?:director|composer|actor|actress|producer|writer|screenwriter|songwriter|lyricist|choreographer"
    r"|cinematographer|designer|editor|singer|dancer|musician|pianist|drummer|guitarist|trumpeter|presenter"
    r"|host|novelist|author|painter)s? "
)
_SHORT_FIRST = {"st": "saint", "dr": "doctor", "mr": "mister", "mt": "mount"}
_SHORT_LAST = {"st": "street", "dr": "drive", "ave": "avenue", "blvd": "boulevard", "jr": "junior"}
_SIGNS = {"&": " and ", "%": " percent ", "€": " euros ", "£": " pounds ", "$": "", "\u2212": "-"}
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


@dataclass(frozen=True, slots=True)
class _Form:
    letters: tuple[str, ...]  # what stands before, between and after the numbers, without spaces
    numbers: tuple[Number, ...]
    words: tuple[str, ...]

    def slips_to(self, other: "_Form") -> int:
        """Count the slips: a letter more, less or other, two swapped. A part or another number is `_FAR`."""
        if self.numbers != other.numbers:
            return _FAR
        pairs = zip(self.letters, other.letters, strict=True)
        slips = sum(OSA.distance(mine, theirs, score_cutoff=2) for mine, theirs in pairs)
        if not 0 < slips < _FAR:
            return min(slips, _FAR)
        mine, theirs = (Counter(w for w in form.words if w not in _ARTICLES) for form in (self, other))
        return _FAR if mine < theirs or mine > theirs else slips

    def forgiven(self) -> int:
        """Say how many slips an answer of this length forgives."""
        size = sum(map(len, self.words))
        return 0 if size <= 4 else 1 if size <= 8 else 2


@dataclass(frozen=True, slots=True)
class _Reading:
    full: _Form
    bare: _Form  # without an article at the start


@dataclass(frozen=True, slots=True)
class _Name:
    readings: tuple[_Reading, ...]  # as it is written, then with liberties
    surname: tuple[_Reading, ...]  # the last word alone, by which somebody else could be meant
    is_exact: bool  # forgives nothing


def accept(
    text: str, answer: str, aliases: Sequence[str] = (), others: Sequence[str] = (), prompt: str = ""
) -> bool:
    """Say whether `text` is right for a question whose answer is `answer` or one of `aliases`.

    `others` are names it must not be mistaken for (distractors, other names of the pack): a text as near to
    one of them as to the answer is wrong. They may hold the answer itself. `prompt` says which units need not
    be typed, or may. It never raises.
    """
    folded = _fold(text)
    if not folded or len(folded) > _LONGEST:
        return False
    asked = frozenset(_fold(prompt).split())
    typed = _as_typed(folded, asked)
    right = [_known(name) for name in (answer, *aliases)]
    near = [_near_enough(typed, name) for name in right]
    near += [_near_enough(typed, counted) for name in right for counted in _without_unit(name, asked)]
    best = min((nearness for nearness in near if nearness is not None), default=None)
    if best is None or best == (0, 0):
        return best is not None
    names = {reading.full for name in right for reading in name.readings}
    written = {name.readings[0].full for name in right}
    for rival in map(_known, others):
        if rival.readings[0].full in names:
            continue
        meant = [reading for reading in (*rival.readings, *rival.surname) if reading.full not in written]
        if min(_nearness(typed, reading, liberties) for liberties, reading in enumerate(meant)) <= best:
            return False
    return True


def _near_enough(typed: Sequence[_Reading], name: _Name) -> tuple[int, int] | None:
    """Measure how near what was typed comes to a right name; None if no reading forgives so many slips."""
    found = [
        nearness
        for liberties, reading in enumerate(name.readings)
        if (nearness := _nearness(typed, reading, liberties))[0]
        <= (0 if name.is_exact else reading.bare.forgiven())
    ]
    return min(found, default=None)


def _nearness(typed: Sequence[_Reading], name: _Reading, liberties: int) -> tuple[int, int]:
    """Measure the slips, and without a slip the liberties taken: a lead-in, an article, what was left out."""
    found = []
    for said, reading in enumerate(typed):
        same = reading.full == name.full
        slips = 0 if same else reading.bare.slips_to(name.bare)
        found.append((slips, 0 if slips else said + liberties + (not same)))
    return min(found)


def _as_typed(folded: str, asked: frozenset[str]) -> list[_Reading]:
    """Read what was typed as it stands, and without what people put around an answer."""
    ways = [folded]
    for strip in (_LEAD_IN, _SMALL_WORD_FIRST, _ROLE_FIRST, _YEAR_LAST):
        ways += [shorter for way in ways if (shorter := strip.sub("", way, count=1)) not in {"", *ways}]
    readings = [_read(way) for way in ways]
    return [*readings, *(number for reading in readings for number in _number_alone(reading, asked))]


@lru_cache(maxsize=4096)
def _known(name: str) -> _Name:
    """Read a name of the pack. What people type goes past this memory."""
    folded = _fold(name)
    ways = [folded]
    if re.search(r"['’]s$", name):
        ways.append(folded[:-1])
    if name.endswith(")"):  # a film's year; any other year is part of what is asked for
        ways.append(_YEAR_LAST.sub("", folded))
    ways += [shorter for way in ways if (shorter := _SMALL_WORD_FIRST.sub("", way)) not in {"", *ways}]
    last = folded.rpartition(" ")[2]
    return _Name(
        tuple(map(_read, ways)),
        () if last in ways else (_read(last),),
        # A call sign or an initialism with another letter is another one.
        is_exact=len(name) > 1 and name.isupper(),
    )


def _without_unit(name: _Name, asked: frozenset[str]) -> Iterator[_Name]:
    for number in _number_alone(name.readings[0], asked):
        yield _Name((number,), (), is_exact=True)


def _number_alone(reading: _Reading, asked: frozenset[str]) -> Iterator[_Reading]:
    """Yield the number of "6 Oscars" where the prompt asks for Oscars."""
    form = reading.full
    if len(form.numbers) == 1 and not form.letters[0] and form.words and _are_asked(form.words, asked):
        number = _Form(("", ""), form.numbers, ())
        yield _Reading(number, number)


def _are_asked(words: Sequence[str], asked: frozenset[str]) -> bool:
    return all({word, f"{word}s", word.removesuffix("s")} & asked for word in words)


def _read(folded: str) -> _Reading:
    first, _, rest = folded.partition(" ")
    full = _form(folded)
    return _Reading(full, _form(rest) if first in _ARTICLES and rest else full)


def _form(folded: str) -> _Form:
    letters, numbers, words = [""], [], []
    tokens = read(folded)
    for index, token in enumerate(tokens):
        if isinstance(token, Number):
            letters.append("")
            numbers.append(token)
        elif not (token in {"dollar", "dollars"} and numbers and tokens[index - 1] == numbers[-1]):
            short = _SHORT_LAST if 0 < index == len(tokens) - 1 else _SHORT_FIRST
            letters[-1] += short.get(token, token)
            words.append(short.get(token, token))
    if not tokens:  # an answer of signs alone, "?" or "!!!", is compared as it stands
        letters = [folded]
    return _Form(tuple(letters), tuple(numbers), tuple(words))


def _fold(text: str) -> str:
    """Lower the case, drop accents, apostrophes and what cannot be seen; other signs become a middle dot."""
    text = re.sub("[¼-¾⅐-⅞]", r" \g<0>", " ".join(text.split()))  # 8½ is 8 1/2, not 81/2
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    text = re.sub("[\u0300-\u036f\u20d0-\u20ff\ufe00-\ufe0f]", "", unicodedata.normalize("NFKD", text))
    text = unicodedata.normalize("NFC", text).translate(_LETTERS)
    text = re.sub(r"(?<=\w)['’ ]+n['’ ]+(?=\w)", " and ", text)  # rock 'n' roll
    bare = re.sub(r"['’‘ʼʻ`´]|(?<=[^\W\d_])\.", "", text)
    signs = re.sub(r"·+|\.{2,}", "·", "".join(map(_sign, bare)))
    words = re.sub(r"^[·., -]*?(?=-?\.?\d|[^\s·.,-])", "", " ".join(signs.split()), count=1).rstrip("·., -")
    return words or " ".join(text.split())


def _sign(character: str) -> str:
    match unicodedata.category(character)[0]:
        case "C":
            return ""
        case "P" | "S":
            return _SIGNS.get(character, character if character in "-.," else "·")
        case _:
            return character
