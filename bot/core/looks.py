"""What people see of a text: which parts are invisible, and which texts look alike.

`skeleton` is a heuristic for fair choices, not Unicode's whole table of confusable characters.
"""

import unicodedata

import regex

ONE_EMOJI = regex.compile(
    r"(?:\p{RI}{2}|[0-9#*]\uFE0F?\u20E3"
    r"|\p{ExtPict}[\uFE0F\p{EMod}\U000E0020-\U000E007F]*(?:\u200D\p{ExtPict}[\uFE0F\p{EMod}]*)*)"
)
_SHAPING = regex.compile(
    r"(?<=[^\P{L}\p{Latin}\p{Greek}\p{Cyrillic}]\p{M}*)[\u200C\u200D](?=[\p{L}\p{M}])|(?<=\p{ExtPict})\uFE0E"
)
"""Many scripts use joiners within words, and some systems write a sign so that it is no emoji."""
_UNSEEN = regex.compile(
    r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180F\u2800\u3164\uFFA0"
    r"\uFE00-\uFE0F\U000E0100-\U000E01EF]"
)
_FALLS_AWAY = regex.compile(r"[\p{C}\u0300-\u036F\uFE00-\uFE0F]")
_HEAP = regex.compile(r"\p{M}{5}")
_TWINS = str.maketrans(
    "Il1|ІӀΙι0OoОоΟοАаВЕеКМНРрСсТХхУуЅѕЈјһԁԛԝіΑαΒΕΖΗΚκΜΝνΡρΤΥυΧχ",
    "||||||||oooooooaaBeeKMHppccTxxyySsJjhdqwiaaBeZHKkMNvppTYuxx",
)


def unseen(text: str) -> str | None:
    """Return a few words on what in `text` is invisible, or None if nothing is."""
    # Few texts have any, and only those are read again without what belongs to an emoji or a word.
    if _UNSEEN.search(text) and (found := _UNSEEN.search(ONE_EMOJI.sub("", _SHAPING.sub("", text)))):
        name = unicodedata.name(found[0], "line break or control character").lower()
        return f"has an invisible {name} in it (U+{ord(found[0]):04X})"
    return "has a heap of accents on one letter" if _HEAP.search(text) else None


def skeleton(text: str) -> str:
    """Return the same text for all that look alike: "lIl" and "111", a Latin "a" and a Cyrillic one."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(_FALLS_AWAY.sub("", letters).translate(_TWINS).casefold().split())
