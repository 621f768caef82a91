"""Text as somebody types it who wants to do harm, and whether what became of it can do any."""

import re

from hypothesis import Phase
from hypothesis import strategies as st

WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""For tests over the wire, where what came before counts and a smaller example takes minutes to be found."""

PIECES = (
    "@everyone",
    "@here",
    "<@1>",
    "<@!1>",
    "<@&2>",
    "<#3>",
    "</evil:4>",
    "<t:5:R>",
    "<:evil:6>",
    "[evil](https://evil.example)",
    "https://evil.example/",
    "<https://evil.example>",
    "**evil**",
    "__evil__",
    "_evil_",
    "~~evil~~",
    "||evil||",
    "`evil`",
    "```evil```",
    "\n# evil",
    "\n- evil",
    "\n-# evil",
    "\n> evil",
    "\n1. evil",
    "\\",
    "\u202eturned",
    "\u2067turned",
    "\u200f",
    "\u200b",
    "\u0000",
    "\t",
    "é",
    "e\u0301",
    "٣",
    "ﷺ",
    "映",
    "👩\u200d🚀",
    "🎹",
    "w" * 60,
    "'; DROP TABLE answers; --",
    '" OR NEAR(',
    "%s {0} {x}",
    "quiz1:1:1:0",
    " ",
)
"""Each sign of Discord's markdown stands before a marked word, so that it can be told from the bot's own."""

BROKEN_OUT = re.compile(
    r"@everyone|@here|<@!?1>|<@&2>|<#3>|</evil|<t:5|<a?:evil|https?://|\]\(|[*_~|`]evil"
    r"|^[ \t]*(?:#{1,3}|-#|[-+*>]|>>>|\d+\.) evil|[\u202a-\u202e\u2066-\u2069]",
    re.MULTILINE,
)
ESCAPED = re.compile(r"\\[^0-9A-Za-z\s]")


def hostile_text(longest: int = 400) -> st.SearchStrategy[str]:
    """Texts of so many characters at most: what means something to Discord, SQL or Python, or anything."""
    made_of_pieces = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
    any_text = st.text(st.characters(codec="utf-8"), max_size=min(longest, 60))
    return st.one_of(made_of_pieces, any_text).map(lambda text: text[:longest])


SOURCE_LINE = re.compile(r"^-# Source: \[[^\[\]]+\]\(https://[^\s()<>\[\]]+\), \d{4}$", re.MULTILINE)
"""A fact's own link to where it can be read up, the one link that a card has."""


def assert_harmless(shown: str) -> None:
    """Fail if a sign that somebody put in acts as one in what is shown."""
    found = BROKEN_OUT.search(SOURCE_LINE.sub("x", ESCAPED.sub("x", shown)))
    assert found is None, f"{found[0]!r} broke out in {shown!r}"
