"""Reading a pack that is still being written: what can be read counts, `bot check` names the rest."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.core.content import Difficulty, Fact, Pack, Question, Spoiler
from bot.core.pack_check import BUTTONS


def read_leniently(folder: Path) -> Pack:
    """Return the facts and questions in `folder` that have what a cheat would see."""
    tables = {
        name: tomllib.loads((folder / f"{name}.toml").read_text("utf-8")) for name in ("facts", "questions")
    }
    facts = {table["id"]: _fact(table) for table in tables["facts"]["facts"]}
    questions = {
        table["id"]: _question(table)
        for table in tables["questions"]["questions"]
        if table["fact"] in facts and len(table.get("distractors", ())) in (0, 3)
    }
    return Pack(folder.name, folder.name, (), tuple(facts.values()), tuple(questions.values()))


def _fact(table: Mapping[str, Any]) -> Fact:
    return Fact(
        table["id"],
        table["text"],
        tuple(table["topics"]),
        tuple(table.get("people", ())),
        tuple(table.get("films", ())),
        Spoiler[table["spoiler"].upper()],
    )


def _question(table: Mapping[str, Any]) -> Question:
    return Question(
        table["id"],
        table["fact"],
        table["prompt"],
        table["answer"],
        tuple(table.get("distractors", ())),
        Difficulty(table["difficulty"]),
        tuple(table.get("aliases", ())),
        table.get("answers") == BUTTONS,
        tuple(table.get("never_with", ())),
    )
