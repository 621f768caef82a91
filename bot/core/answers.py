"""Decides whether a typed answer is right.

Both sides are read in the same way: case, accents, punctuation, spaces and an article at the start fall away,
and numbers are taken out as values. Then the values must be equal, and the letters between them may differ by
a few slips.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
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


def accept(text: str, answer: str, aliases: Sequence[str] = (), others: Sequence[str] = ()) -> bool:
    """Say whether `text` is right for a question whose answer is `answer` or one of `aliases`.

    `others` are names it must not be mistaken for (distractors, other names of the pack): a text as near to
    one of them as to the answer is wrong. They may hold the answer itself. It never raises.
    """
    folded = _fold(text)
    if not folded or len(folded) > _LONGEST:
        return False
    typed = [_read(folded)]
    said = _LEAD_IN.sub("", folded, count=1)
    if said not in {"", folded}:
        typed.append(_read(said))
    right = [_known(name) for name in (answer, *aliases)]
    near = [(_nearness(typed, name), name.bare.forgiven()) for name in right]
    best = min((nearness for nearness, forgiven in near if nearness[0] <= forgiven), default=None)
    if best is None or best == (0, 0):
        return best is not None
    names = {name.full for name in right}
    rivals = (_known(name) for name in others)
    return all(best < _nearness(typed, rival) for rival in rivals if rival.full not in names)


def _nearness(typed: Sequence[_Reading], name: _Reading) -> tuple[int, int]:
    """Measure the slips, and between readings without a slip the liberties taken (a lead-in, an article)."""
    found = []
    for lead_in, reading in enumerate(typed):
        same = reading.full == name.full
        slips = 0 if same else reading.bare.slips_to(name.bare)
        found.append((slips, 0 if slips else lead_in + (not same)))
    return min(found)


@lru_cache(maxsize=4096)
def _known(name: str) -> _Reading:
    """Read a name of the pack. What people type goes past this memory."""
    return _read(_fold(name))


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
