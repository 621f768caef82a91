"""Decides whether a typed answer is right.

Both sides are read in the same way: case, accents, punctuation, spaces and articles fall away, and numbers
are taken out as values. Then the values must be equal, and the words between them may differ by a few slips.
What people put around an answer is removed bit by bit, as `bot.core.packing` says.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.core.numerals import Number, read
from bot.core.packing import (
    ARTICLES,
    SMALL,
    leading_words,
    said_already,
    told_where,
    unpacked,
    without_more,
    without_small_word,
)

_LONGEST = 2_000  # characters after folding: no answer comes near it, and int() refuses 4,300 digits
_FAR = 3  # more slips than any answer forgives

_JOINERS = ARTICLES | {"and"}
_ALIKE = (frozenset("aeiouy"), frozenset("ck"), frozenset("sz"))
_YEAR_LAST = re.compile(r"[\s·,-]+(?:1[89]|20)\d\d$")
_OWNER_FIRST = re.compile(r"^(?:[\w.]+ ){0,2}[\w.]+['’]s\s+(?=\w)")  # Bob Fosse's Cabaret
_BRACKET_LAST = re.compile(r"(?<=\S)\s*\((?![^()]*\bor\b)[^()]*\)\W*$")
_SHORT_FIRST = {"st": "saint", "dr": "doctor", "mr": "mister", "mt": "mount"}
_SHORT_LAST = {"st": "street", "dr": "drive", "ave": "avenue", "blvd": "boulevard", "jr": "junior"}
_SIGNS = {"&": " and ", "%": " percent ", "€": " euros ", "£": " pounds ", "$": "", "\u2212": "-"}
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


@dataclass(frozen=True, slots=True)
class _Form:
    runs: tuple[tuple[str, ...], ...]  # the words before, between and after the numbers
    numbers: tuple[Number, ...]
    words: tuple[str, ...]
    letters: str  # of all words, a # for each number

    def slips_to(self, other: "_Form") -> int:
        """Count the slips: letters added, missing, wrong or swapped. A part or another number is `_FAR`."""
        if self.letters == other.letters and self.numbers == other.numbers:
            return 0
        is_near = self.letters[:1] == other.letters[:1] and abs(len(self.letters) - len(other.letters)) < _FAR
        if not is_near or self.numbers != other.numbers:
            return _FAR
        if tuple(map(len, self.runs)) == tuple(map(len, other.runs)):
            alone = sum(word not in SMALL for word in self.words) < 2
            pairs = zip(self.words, other.words, strict=True)
            return min(sum(_slips(mine, theirs, alone=alone) for mine, theirs in pairs), _FAR)
        mine, theirs = Counter(self.words), Counter(other.words)
        return _FAR if mine < theirs or mine > theirs else _slips(self.letters, other.letters, alone=True)

    def forgiven(self) -> int:
        """Return how many slips an answer of this length forgives."""
        size = sum(map(len, self.words))
        return 0 if size <= 4 else 1 if size <= 8 else 2


def _slips(mine: str, theirs: str, *, alone: bool) -> int:
    """Count the slips between two words: `_FAR` if it is more likely to be a different word.

    People rarely mistype a first letter, and in a short word a wrong letter makes another word: Dolan and
    Nolan, Selma and Salma, truck and track.
    """
    if mine == theirs:
        return 0
    shorter, longer = sorted((len(mine), len(theirs)))
    if (
        mine[:1] != theirs[:1]
        or (alone and shorter <= 4)
        or (longer <= 6 and _is_another(mine, theirs, alone=alone))
    ):
        return _FAR
    return OSA.distance(mine, theirs, score_cutoff=2)


def _is_another(mine: str, theirs: str, *, alone: bool) -> bool:
    """Return whether short words differ by a letter that is nothing like the other: Lovely and Lonely.

    In the shortest words that stand alone, any letter counts: truck and track.
    """
    if len(mine) != len(theirs) or sorted(mine) == sorted(theirs):
        return False
    replaced = {letter for pair in zip(mine, theirs, strict=True) if pair[0] != pair[1] for letter in pair}
    return (alone and len(mine) <= 5) or not any(replaced <= alike for alike in _ALIKE)


@dataclass(frozen=True, slots=True)
class _Reading:
    full: _Form
    bare: _Form  # without articles and the word and


@dataclass(frozen=True, slots=True)
class _Name:
    first: str
    readings: tuple[_Reading, ...]  # as it is written, then with liberties
    surname: tuple[_Reading, ...]  # the last word alone, by which somebody else could be meant
    is_exact: bool  # forgives nothing


def accept(
    text: str, answer: str, aliases: Sequence[str] = (), others: Sequence[str] = (), prompt: str = ""
) -> bool:
    """Return whether `text` is right for a question whose answer is `answer` or one of `aliases`.

    `others` are names it must not be mistaken for (distractors, other names of the pack): a text as near to
    one of them as to the answer is wrong. They may hold the answer itself. `prompt` says which units need not
    be typed, or may. It never raises.
    """
    folded = _fold(text)
    if not folded or len(folded) > _LONGEST:
        return False
    asked = frozenset(word.strip("-.,") for word in re.split(r"[\s·]+", _fold(prompt)))
    right = [_known(name) for name in (answer, *aliases)]
    typed = _as_typed(text, said_already(asked), leading_words([name.first for name in right]))
    right += [counted for name in right for counted in _without_unit(name, asked)]
    near = [_near_enough(typed, name) for name in right]
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
    """Measure how close the typed text is to a right name; None if no reading forgives so many slips."""
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
        slips = 0 if same else min(reading.full.slips_to(name.full), reading.bare.slips_to(name.bare))
        found.append((slips, 0 if slips else said + liberties + (not same)))
    return min(found)


def _as_typed(text: str, said: AbstractSet[str], leading: AbstractSet[str]) -> list[_Reading]:
    """Read the typed text as it is, then with less and less of what people put around an answer."""
    folded = _fold(text)
    ways = [
        folded,
        told_where(folded, leading),
        _fold(_BRACKET_LAST.sub("", text)),
        _fold(_OWNER_FIRST.sub("", text)),
    ]
    ways += [_YEAR_LAST.sub("", way) for way in ways]
    ways += [without_more(folded)]
    ways += [shorter for way in ways for shorter in unpacked(way, said, leading)]
    return [_read(way) for way in dict.fromkeys(ways) if way]


@lru_cache(maxsize=4096)
def _known(name: str) -> _Name:
    """Read a name of the pack. What people type is not cached."""
    folded = _fold(name)
    ways = [folded]
    if re.search(r"['’]s$", name):
        ways.append(folded[:-1])
    if name.endswith(")"):  # a film's year; any other year is part of what is asked for
        ways.append(_YEAR_LAST.sub("", folded))
    ways += [shorter for way in ways if (shorter := without_small_word(way)) not in {"", *ways}]
    last = folded.rpartition(" ")[2]
    return _Name(
        folded.partition(" ")[0],
        tuple(map(_read, ways)),
        () if last in ways else (_read(last),),
        # A call sign or an initialism with another letter is another one.
        is_exact=len(name) > 1 and name.isupper(),
    )


def _without_unit(name: _Name, asked: frozenset[str]) -> Iterator[_Name]:
    """Yield the number of "6 Oscars" where the prompt asks for Oscars."""
    form = name.readings[0].full
    are_asked = all({word, f"{word}s", word.removesuffix("s")} & asked for word in form.words)
    if len(form.numbers) == 1 and not form.runs[0] and form.words and are_asked:
        number = _Form(((), ()), form.numbers, (), "#")
        yield _Name("#", (_Reading(number, number),), (), is_exact=True)


def _read(folded: str) -> _Reading:
    full = _form(folded)
    bare = " ".join(word for word in folded.split() if word not in _JOINERS)
    return _Reading(full, _form(bare) if bare else full)


def _form(folded: str) -> _Form:
    runs: list[list[str]] = [[]]
    numbers = []
    tokens = read(folded)
    for index, token in enumerate(tokens):
        if isinstance(token, Number):
            runs.append([])
            numbers.append(token)
        elif not (
            token in {"dollar", "dollars", "buck", "bucks"} and numbers and tokens[index - 1] == numbers[-1]
        ):
            short = _SHORT_LAST if 0 < index == len(tokens) - 1 else _SHORT_FIRST
            runs[-1].append(short.get(token, token))
    if not tokens:  # an answer of signs alone, "?" or "!!!", is compared as it stands
        runs = [[folded]]
    return _Form(
        tuple(map(tuple, runs)),
        tuple(numbers),
        tuple(word for run in runs for word in run),
        "#".join("".join(run) for run in runs),
    )


def _fold(text: str) -> str:
    """Lower the case, drop accents, apostrophes and invisible characters; other signs become a middle dot."""
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
