"""What a large pack costs: loading it with its giveaways worked out, and composing rounds from it."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from random import Random
from time import perf_counter

from bot.core.compose import TRIES, Card, choose, ladder
from bot.core.content import Spoiler
from bot.storage.catalogue import LoadedPack
from bot.storage.database import Database
from bot.storage.packs import load_packs
from tests.bench.table import Row

ITEMS = 10_000
ROUNDS = 30
TOPICS = [f"topic-{number}" for number in range(16)]
CONSONANTS, VOWELS = "bdfgklmnprstvz", "aeiou"


class Language:
    """Made-up words, some of them in every sentence and most of them rare, as in any language."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self._words = [self._word(chance.choice((2, 3, 3, 4))) for _ in range(12_000)]
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(len(self._words))))
        names = {f"{self._word(2)} {self._word(3)}".title() for _ in range(30_000)}
        self._names = sorted(names)

    def _word(self, syllables: int) -> str:
        return "".join(self.chance.choice(CONSONANTS) + self.chance.choice(VOWELS) for _ in range(syllables))

    def new_word(self) -> str:
        """Return one that makes a sentence unlike all others."""
        return self._word(6)

    def words(self, count: int) -> list[str]:
        return self.chance.choices(self._words, cum_weights=self._weights, k=count)

    def names(self, count: int) -> list[str]:
        return self.chance.sample(self._names, count)


def write_pack(folder: Path) -> None:
    """Write a pack of ten thousand facts with a question each; three facts of four have a year."""
    language = Language(Random(3))
    facts, questions = [], []
    for number in range(ITEMS):
        answer, *others = language.names(4)
        body = language.words(12)
        year = f" in {language.chance.randint(1900, 2100)}" if number % 4 else ""
        facts.append(
            {
                "id": f"fact-{number}",
                "text": f"{' '.join(body).capitalize()} {answer} {' '.join(language.words(8))}{year}.",
                "topics": language.chance.sample(TOPICS, language.chance.choice((1, 1, 2))),
                "people": [answer],
                "spoiler": "none",
            }
        )
        prompt = f"Who {' '.join(language.chance.sample(body, 6))} {' '.join(language.words(3))}"
        is_statement = number % 10 == 0
        questions.append(
            {
                "id": f"question-{number}",
                "fact": f"fact-{number}",
                "prompt": f"{prompt} {language.new_word()}{'.' if is_statement else '?'}",
                "answer": "true" if is_statement else answer,
                "distractors": [] if is_statement else others,
                "aliases": [] if is_statement else [answer.split()[1]],
                "difficulty": ("easy", "medium", "hard")[number % 3],
            }
        )
    topics = [{"id": topic, "name": topic, "emoji": "🎹", "about": "Words."} for topic in TOPICS]
    folder.mkdir(parents=True)
    _write(folder / "pack.toml", "topics", topics, f'id = "{folder.name}"\ntitle = "Large"\n')
    _write(folder / "facts.toml", "facts", facts)
    _write(folder / "questions.toml", "questions", questions)


def _write(path: Path, name: str, tables: Sequence[Mapping[str, object]], head: str = "") -> None:
    # JSON's strings and lists are TOML's as well.
    blocks = (
        "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in table.items())
        for table in tables
    )
    path.write_text(head + "".join(f"[[{name}]]\n{block}\n" for block in blocks), "utf-8")


async def load(path: Path, packs: Path) -> tuple[float, LoadedPack]:
    """Load the packs into a database, and return how many milliseconds that took, and the pack."""
    database = await Database.open(path)
    began = perf_counter()
    catalogue = await load_packs(database, packs)
    took = (perf_counter() - began) * 1e3
    await database.close()
    return took, catalogue.packs[0]


def compose(cards: Sequence[Card], chance: Random) -> float:
    """Choose a round of ten from a full deck, and return how many milliseconds it took."""
    before: list[Card] = []
    began = perf_counter()
    for level in ladder(10):
        before.append(cards[choose(cards, before, level, chance, tries=TRIES)])
    return (perf_counter() - began) * 1e3


async def rows(folder: Path) -> AsyncIterator[Row]:
    """Measure a new pack, an unchanged one, and rounds from it."""
    write_pack(folder / "packs" / "large")
    new, again = [], []
    for turn in range(5):
        path = folder / f"{turn}.db"
        took, _ = await load(path, folder / "packs")
        new.append(took)
        took, pack = await load(path, folder / "packs")
        again.append(took)
    yield Row(f"loading a new pack of {ITEMS:,} facts and questions", "ms", new, goal="3,000 ms")
    yield Row(f"loading an unchanged pack of {ITEMS:,} facts and questions", "ms", again)
    cards = [pack.card(number) for number in pack.question_numbers(Spoiler.NONE)]
    chance = Random(1)
    composed = [compose(cards, chance) for _ in range(ROUNDS)]
    yield Row(f"composing a round of 10 from {ITEMS:,} questions", "ms", composed, goal="5 ms")
