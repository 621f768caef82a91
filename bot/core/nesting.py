"""How deeply a TOML text is nested, found before parsing, as its square costs tomllib time and memory."""

import re
from itertools import accumulate

MOST_LEVELS = 8
"""Of nested brackets, and of dots in a key; a pack needs two."""

TEXT_OR_COMMENT = re.compile(
    r'"""(?:[^"\\]|\\[\s\S]|"(?!""))*+"{3,5}'
    r"|'''(?:[^']|'(?!''))*+'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'[^'\n]*+'"
    r"|#[^\n]*+"
)
BRACKET = re.compile(r"[\[\]{}]")
LONG_KEY = re.compile(rf"(?:\.[^.=,\[\]{{}}\n]*+){{{MOST_LEVELS + 1}}}")


def is_too_deep(text: str) -> bool:
    """Return whether brackets or dotted keys go deeper than MOST_LEVELS.

    Strings and comments are skipped as TOML reads them. If one has no end, neither has the TOML.
    """
    bare = TEXT_OR_COMMENT.sub("", text)
    steps = (1 if bracket[0] in "[{" else -1 for bracket in BRACKET.finditer(bare))
    return bool(LONG_KEY.search(bare)) or any(depth > MOST_LEVELS for depth in accumulate(steps))
