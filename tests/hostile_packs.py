"""Packs by a stranger: every text in them is meant to do harm, and yet `check` finds no fault in them."""

import json
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from hypothesis import assume
from hypothesis import strategies as st

from bot.core.content import Pack
from bot.core.looks import unseen
from bot.core.pack_check import check_pack
from tests.hostile import hostile_text

FOLDER = "stranger"
Table = dict[str, object]


@dataclass(frozen=True, slots=True)
class HostilePack:
    """A sound pack, and its files by their names."""

    pack: Pack
    files: dict[str, bytes]

    def write(self, packs_path: Path) -> None:
        """Write it as a folder among the packs."""
        folder = packs_path / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self.files.items():
            (folder / name).write_bytes(content)


EMOJIS = st.sampled_from(["🎹", "👩\u200d🚀", "🇫🇷", "❤\ufe0f", "👍🏽"])
SPOILERS = st.sampled_from(["none", "plot", "ending"])
DIFFICULTIES = st.sampled_from(["easy", "medium", "hard"])
TEXTS = st.lists(hostile_text(300), min_size=6, max_size=12)


class Words:
    """Hostile texts, handed out in turn: one pack needs many, and the same one may come again."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = cycle("".join(letter for letter in text if not unseen(letter)) for text in texts)

    def next(self, longest: int) -> str:
        """Return a text that a pack may have."""
        text = next(self._texts).strip()[:longest].strip()
        return "0" if not text or unseen(text) else text


@st.composite
def hostile_packs(draw: st.DrawFn) -> HostilePack:
    """Packs whose texts are as hostile as the rules let them be."""
    words = Words(draw(TEXTS))
    topics: list[Table] = [
        {"id": f"t{number}", "name": words.next(30), "emoji": draw(EMOJIS), "about": words.next(90)}
        for number in range(draw(st.sampled_from((1, 2, 3, 25))))
    ]
    facts, questions = [], []
    for number in range(draw(st.integers(1, 4))):
        answer = f"{words.next(40)} right{number}"
        facts.append(_fact(words, number, answer, len(topics)) | {"spoiler": draw(SPOILERS)})
        with_choices = draw(st.booleans())
        questions.append(_question(words, number, answer, with_choices=with_choices))
        questions[-1]["difficulty"] = draw(DIFFICULTIES)
    files = {
        "pack.toml": _tables("topics", topics, {"id": FOLDER, "title": words.next(60)}),
        "facts.toml": _tables("facts", facts),
        "questions.toml": _tables("questions", questions),
    }
    pack, _ = check_pack(FOLDER, dict(files))
    assume(pack is not None)
    assert pack is not None
    return HostilePack(pack, files)


def _fact(words: Words, number: int, answer: str, topics: int) -> Table:
    return {
        "id": f"f{number}",
        "text": f"{words.next(200)} {answer} {words.next(300)} ".ljust(40, "."),
        "topics": [f"t{(number + further) % topics}" for further in range(min(topics, 3))],
        "people": [words.next(60)],
        "films": [words.next(80)],
    }


def _question(words: Words, number: int, answer: str, *, with_choices: bool) -> Table:
    common: Table = {"id": f"q{number}", "fact": f"f{number}"}
    if not with_choices:
        return {**common, "prompt": f"{words.next(180)} statement{number}.", "answer": "true"}
    return {
        **common,
        "prompt": f"{words.next(180)} question{number}?",
        "answer": answer,
        "distractors": [f"{words.next(40)} wrong{number}x{other}" for other in range(3)],
        "aliases": [f"{words.next(20)} alias{number}"],
    }


def _tables(name: str, tables: list[Table], head: Table | None = None) -> bytes:
    lines = _pairs(head or {})
    for table in tables:
        lines += [f"[[{name}]]", *_pairs(table)]
    return "\n".join(lines).encode()


def _pairs(table: Table) -> list[str]:
    # JSON's strings are TOML's as well, where nothing but ASCII is written as an escape of four digits.
    return [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items()]
