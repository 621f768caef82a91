"""What people put around an answer: "I think it was", "the film", words of the question, prepositions."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from bot.core.numerals import NUMBER_WORDS

_WORD = re.compile(r"[^\s·]+")
_MORE_SAID = re.compile(
    r"[\s·,-]+(?:from|with|by|who|which|called|in|on|at)\s(?!.*\bor\b).*$"
)  # Gigi by Minnelli
_MOST_WORDS = 14  # a longer text is no answer with something around it
_MOST_AROUND = 6  # words that may stand before an answer, and as many after it


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


ARTICLES = _words("a an the")
_POSSESSIVES = _words("his her their my your our its")
_PLACING = _words("in on at by from to with of for during about around as like via using into onto")
_PREPOSITIONS = _PLACING | _words(
    "under beneath underneath below inside above over behind beside through out outside between against"
    " before after near without off up down"
)
SMALL = ARTICLES | _POSSESSIVES | _PREPOSITIONS | {"and"}
"""Words that say nothing by themselves."""

_REFUSING = _words("not no never nor or neither none nobody nothing isnt wasnt")
_PEOPLE = _words(
    "director composer actor actress producer writer screenwriter songwriter lyricist choreographer designer"
    " cinematographer editor singer dancer musician pianist drummer guitarist saxophonist trumpeter conductor"
    " presenter host novelist author painter filmmaker rapper boxer physicist astronaut teacher wife husband"
    " costume production executive music"
)
_KINDS = _words(
    "film films movie movies musical song album band book show city town state country role part character"
    " name surname nickname word answer"
)
_SAYING = _words(
    "it its is was were be that thats this these he she they i we you think guess believe say says said maybe"
    " perhaps probably must um umm uh uhm hmm well just only exactly roughly nearly some called named how own"
    " old famous"
)
_DOING = _words(
    "did does do had has have got gets made makes won wins play played plays playing used uses took takes"
    " went goes gave gives became becomes means"
)
_BEFORE = ARTICLES | _POSSESSIVES | _PEOPLE | _KINDS | _SAYING | _DOING
_AFTER = _BEFORE | _PLACING | _words("them him course please lol all too")


def without_small_word(name: str) -> str:
    """Remove a preposition or a possessive from the start: "under a car" is also "a car"."""
    first, _, rest = name.partition(" ")
    return rest if first in _PREPOSITIONS | _POSSESSIVES else name


def leading_words(firsts: Sequence[str]) -> frozenset[str]:
    """Return the prepositions that may be typed before an answer; `firsts` are its spellings' first words.

    If the answer itself begins with one, the others are wrong: in a car is not under a car.
    """
    own = _PREPOSITIONS & set(firsts)
    return own if firsts[0] in _PREPOSITIONS else own | _PLACING


def told_where(text: str, leading: AbstractSet[str]) -> str:
    """Remove what comes before the first of the `leading` prepositions: "he hid under a car".

    If that denies something, or the answer begins with none of them, the text stays as it is.
    """
    if leading >= _PLACING:
        return text
    words = text.split()
    first = next((index for index, word in enumerate(words) if word in leading), 0)
    return text if _REFUSING & set(words[:first]) else " ".join(words[first:])


def without_more(text: str) -> str:
    """Remove what people add after an answer: "Gigi by Vincente Minnelli" is Gigi."""
    return _MORE_SAID.sub("", text)


def said_already(prompt: AbstractSet[str]) -> AbstractSet[str]:
    """Return the words of a prompt that may be typed with an answer: never a "no", an "or" or a number."""
    forms = {form for word in prompt for form in (word, f"{word}s", word.removesuffix("s"))}
    return forms - _PREPOSITIONS - _REFUSING - NUMBER_WORDS


def unpacked(text: str, said: AbstractSet[str], leading: AbstractSet[str]) -> Iterator[str]:
    """Yield `text` without its first words, its last or both, the least shortened first.

    Only words are removed that say nothing, were `said` by the prompt, or are a `leading` preposition.
    """
    spans = [match.span() for match in _WORD.finditer(text)]
    if len(spans) > _MOST_WORDS:
        return
    words = [text[start:end].strip("-.,") for start, end in spans]
    before = _count(words, said | leading | _BEFORE)
    after = _count(words[::-1], said | _AFTER)
    cuts = [(first, last) for first in range(before + 1) for last in range(after + 1)]
    for first, last in sorted(cuts, key=sum):
        if 0 < first + last < len(words):
            yield text[spans[first][0] : spans[-1 - last][1]].rstrip("-.,")


def _count(words: Sequence[str], packing: AbstractSet[str]) -> int:
    """Count the words at the start that are `packing`, up to the bound."""
    some = words[:_MOST_AROUND]
    return next((index for index, word in enumerate(some) if word not in packing), len(some))
