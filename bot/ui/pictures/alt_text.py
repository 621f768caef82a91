"""Pieces of the pictures' alt texts, for those who hear them."""

import unicodedata

from bot.ui.pictures.fonts import graphemes

LONGEST = 1_024  # what Discord allows


def ordinal(number: int) -> str:
    """Return "1st", "22nd", "113th"."""
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def spoken_name(name: str | None, number: int) -> str:
    """Return `name` as it was written, since a reader can say what a font cannot show, or "Player 4"."""
    return clipped(name or "", 32) or f"Player {number}"


def clipped(text: str, longest: int) -> str:
    """Return what can be seen of a text, in at most `longest` graphemes and twice as many characters."""
    seen = "".join(c for c in text if c in "\u200d\n" or unicodedata.category(c)[0] != "C")
    kept = ""
    shown = graphemes(" ".join(seen.split()))
    for grapheme in shown[:longest]:
        if len(kept) + len(grapheme) > 2 * longest:
            break
        kept += grapheme
    return kept.strip("\u200d ")


def joined(*sentences: str) -> str:
    """Return the sentences that are not empty as one text that Discord takes."""
    text = " ".join(filter(None, sentences))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
