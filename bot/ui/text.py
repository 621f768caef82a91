"""Text on its way into Discord's markdown."""

import re
from datetime import date, datetime
from functools import lru_cache
from math import ceil

from bot.core.content import Spoiler

ANYWHERE = re.compile(r"[\\*_~|`\[\]<>@]|:(?=//)")
LINE_START = re.compile(r"^(\s*)(-#|[#+-])", re.MULTILINE)
NUMBERED = re.compile(r"^(\s*\d+)\.", re.MULTILINE)
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Characters that change the direction of text, and would affect our own words after them."""


@lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """Return `text` so that Discord shows it as it is: no markup, no mention, no link."""
    escaped = ANYWHERE.sub(r"\\\g<0>", TURNING.sub("", text))
    return NUMBERED.sub(r"\1\\.", LINE_START.sub(r"\1\\\2", escaped))


def cover(markdown: str, spoiler: Spoiler) -> str:
    """Return `markdown`, behind Discord's spoiler cover if it gives something away."""
    return markdown if spoiler is Spoiler.NONE else f"||{markdown}||"


def shorten(text: str, longest: int) -> str:
    """Return `text` in at most `longest` characters, cut between words if possible."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    head, _, _ = cut.rpartition(" ")
    return f"{head if len(head) > longest // 2 else cut}…"


def count(number: int, noun: str) -> str:
    """Return the number with its noun: '1 fact', '2 facts', '1,204 facts'."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def sentence(words: str) -> str:
    """Return the words with a capital at the start and a full stop at the end."""
    return f"{words[0].upper()}{words[1:]}."


def day_text(day: date) -> str:
    """Return a date without its year: 'Thursday, 10 December'."""
    return f"{day:%A}, {day.day} {day:%B}"


def stamp(moment: datetime, style: str) -> str:
    """Return Discord's markup for a moment, which everybody reads in their own time."""
    return f"<t:{ceil(moment.timestamp())}:{style}>"
