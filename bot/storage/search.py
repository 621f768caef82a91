"""Finding facts by the words in them, whatever their accents and case, even with a typo.

The index of a pack's words is in memory and made anew by each start: it takes a few milliseconds, and is the
same whichever database the facts came from.
"""

import re
import sqlite3
import unicodedata
import weakref
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from itertools import islice, pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.content import Fact

LONGEST_QUERY = 100
MOST_WORDS = 8
MOST_FOUND = 10
INDEX = """
    CREATE VIRTUAL TABLE words USING fts5 (
        text, people, films, topics, joined, content = '',
        tokenize = "unicode61 remove_diacritics 2"
    );
    CREATE VIRTUAL TABLE known USING fts5vocab (words, row);
"""
MATCH = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words, 1.0, 3.0, 3.0, 2.0, 2.0), rowid"
"""The numbers say how much a word counts in a fact's text, people, films, topics and joined words."""
WORD = re.compile(r"[^\W_]+")
JOINED_BY_A_SIGN = re.compile(r"(?<![^\W_])[^\W_]++(?:[-.'’][^\W_]++)+")


@dataclass(frozen=True, slots=True)
class Found:
    """Facts' numbers, best first; `exact` is False where they only came near, or there are none."""

    numbers: tuple[int, ...]
    exact: bool


class FactWords:
    """The words of a pack's facts, given by number, and of its topics' names, given by id."""

    def __init__(self, facts: Mapping[int, Fact], topics: Mapping[str, str]) -> None:
        self._index = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._index.close)
        self._index.executescript(INDEX)
        self._index.execute("BEGIN")
        self._index.executemany(
            "INSERT INTO words (rowid, text, people, films, topics, joined) VALUES (?, ?, ?, ?, ?, ?)",
            (_row(number, fact, topics) for number, fact in facts.items()),
        )
        self._index.execute("COMMIT")
        self._known = [term for (term,) in self._index.execute("SELECT term FROM known")]

    def find(self, query: str, allowed: Collection[int]) -> Found:
        """Return those of the `allowed` that have all words of `query`, else those that come near.

        A word also finds what begins with it, and two words what is written as one. A word that no fact has
        stands for the one most like it, within one typo (two in a word of eight letters or more).
        """
        words = _words(query)
        if not words:
            return Found((), exact=False)
        match = partial(self._match, frozenset(allowed))
        without_signs = _words(JOINED_BY_A_SIGN.sub(lambda found: "".join(WORD.findall(found[0])), query))
        for wanted in (without_signs, words, *_with_two_joined(words)):
            if numbers := match(" AND ".join(map(_prefix, wanted))):
                return Found(numbers, exact=True)
        mended = [_mend(word, self._known) for word in words]
        if numbers := match(" AND ".join(map(_prefix, mended))):
            return Found(numbers, exact=True)
        return Found(match(" OR ".join(map(_prefix, mended))), exact=False)

    def _match(self, allowed: AbstractSet[int], expression: str) -> tuple[int, ...]:
        rows = self._index.execute(MATCH, (expression,))
        return tuple(islice((number for (number,) in rows if number in allowed), MOST_FOUND))


def _row(number: int, fact: Fact, topics: Mapping[str, str]) -> Sequence[object]:
    names = " ".join(topics[topic] for topic in fact.topics)
    joined = joined_words(fact.text, (*fact.people, *fact.films))
    return number, fact.text, " ".join(fact.people), " ".join(fact.films), names, joined


def search_words(query: str) -> str:
    """Return what of a query is searched for, in at most 80 characters and with no signs but spaces."""
    return " ".join(_words(query))[:80]


def _words(query: str) -> list[str]:
    """Return the query's words as the index has them: lower case, without accents."""
    return _fold_words(query[:LONGEST_QUERY])[:MOST_WORDS]


def _fold_words(text: str) -> list[str]:
    return WORD.findall(_fold(text))


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in folded if not unicodedata.combining(character))


def joined_words(text: str, names: Iterable[str]) -> str:
    """Return what people may write as one word: a text's Spider-Man, a-ha and J.K., a name's neighbours."""
    by_a_sign = (_fold(found[0]) for found in JOINED_BY_A_SIGN.finditer(text))
    in_names = (first + second for name in names for first, second in pairwise(_fold_words(name)))
    return " ".join(sorted({"".join(WORD.findall(word)) for word in by_a_sign} | set(in_names)))


def _with_two_joined(words: Sequence[str]) -> Iterator[list[str]]:
    """Yield the words with each two neighbours as one: "drop out" finds a dropout."""
    for index in range(len(words) - 1):
        yield [*words[:index], words[index] + words[index + 1], *words[index + 2 :]]


def _prefix(word: str) -> str:
    # Only letters and digits are left of what was typed, so nothing in it is an operator.
    return f'"{word}"*'


def _mend(word: str, known: Sequence[str]) -> str:
    """Return the known word most like `word`, or `word` itself where none is near or a digit is in it."""
    allowed = 0 if len(word) < 4 or not word.isalpha() else 1 if len(word) < 8 else 2
    best = process.extractOne(word, known, scorer=OSA.distance, score_cutoff=allowed)
    return best[0] if best else word
