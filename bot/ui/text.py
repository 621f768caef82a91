"""Text on its way into Discord's markdown."""

import re
from functools import lru_cache

ANYWHERE = re.compile(r"[\\*_~|`\[\]<>@]")
LINE_START = re.compile(r"^(\s*)(-#|[#+-]|\d+\.)", re.MULTILINE)


@lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """Return `text` so that Discord shows it as it stands: no markup, no mention, no link label."""
    return LINE_START.sub(r"\1\\\2", ANYWHERE.sub(r"\\\g<0>", text))


def shorten(text: str, longest: int) -> str:
    """Return `text` in at most `longest` characters, cut at a word where one ends late enough."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    head, _, _ = cut.rpartition(" ")
    return f"{head if len(head) > longest // 2 else cut}…"


def count(number: int, noun: str) -> str:
    """Return the number with its noun: '1 fact', '2 facts', '1,204 facts'."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
