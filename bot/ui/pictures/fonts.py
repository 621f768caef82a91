"""The packaged fonts, and what becomes of the characters they lack."""

import unicodedata
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

import regex
from fontTools.ttLib import TTFont
from PIL import ImageFont, features

_FOLDER = Path(__file__).parent.parent / "fonts"
_LONGEST = 80  # graphemes: no line of a picture holds more
_MOST_MARKS = 1  # on a letter that is not one with its marks; more would climb into the line above

FEATURES = ["-calt"] if features.check("raqm") else None  # no arrow for "->": a name stays as it was written


class Face(StrEnum):
    """A font file."""

    REGULAR = "Inter-Regular.otf"
    BOLD = "Inter-Bold.otf"


@lru_cache(maxsize=32)
def font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    """Return a font at `size` pixels."""
    return ImageFont.truetype(_FOLDER / face, size)


def drawable(text: str) -> str:
    """Return `text` in characters that both fonts have, with single spaces.

    What is missing is replaced by what it stands for (a mathematical or full-width letter by the letter, one
    under a heap of marks by the letter alone), and left out where there is nothing such.
    """
    shown = graphemes(text)
    cut = "…" if len(shown) > _LONGEST else ""
    return " ".join("".join(map(_drawn, shown[:_LONGEST])).split()) + cut


def player_name(name: str | None, number: int) -> str:
    """Return `name` as it can be drawn, or "Player 4" where fewer than half of its letters and digits can."""
    shown = graphemes(name or "")[:_LONGEST]
    letters = [grapheme for grapheme in shown if unicodedata.category(grapheme[0])[0] in "LN"]
    kept = sum(bool(_drawn(grapheme)) for grapheme in letters)
    drawn = drawable(name or "")
    return drawn if drawn and 2 * kept >= len(letters) else f"Player {number}"


def graphemes(text: str) -> list[str]:
    """Split a text into what people see as one character each. Of a very long text the start is enough."""
    found: list[str] = regex.findall(r"\X", text[:2_000])
    return found


def _drawn(grapheme: str) -> str:
    """Return what is drawn for a grapheme: a space, characters the fonts have, or nothing."""
    if grapheme[0].isspace():
        return " "
    composed = unicodedata.normalize("NFC", grapheme)
    plain = unicodedata.normalize("NFKC", grapheme)
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", grapheme) if unicodedata.category(c)[0] not in "MC"
    )
    return next((form for form in (composed, plain, bare) if _has(form)), "")


def _has(form: str) -> bool:
    kinds = [unicodedata.category(character)[0] for character in form]
    return (
        bool(form)
        and kinds[0] not in "MZ"
        and kinds.count("M") <= _MOST_MARKS
        and all(ord(character) in _covered() for character in form)
    )


@cache
def _covered() -> frozenset[int]:
    """Return the code points both fonts can draw, without the private ones and those that are not seen."""
    both = frozenset(_characters(Face.REGULAR)) & frozenset(_characters(Face.BOLD))
    return frozenset(code for code in both if unicodedata.category(chr(code))[0] not in "CZ") | {ord(" ")}


def _characters(face: Face) -> list[int]:
    with TTFont(_FOLDER / face, lazy=True) as opened:
        return list(opened.getBestCmap())
