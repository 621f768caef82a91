"""A made-up pack for tests of the quiz: sixty questions with answers that look alike and are not."""

import json
from pathlib import Path
from random import Random

from bot.core.content import Spoiler
from bot.core.rounds import RoundPlan

QUESTIONS = 60
TRUE_OR_FALSE = 6
SPOILERS = 6
RARE = 3
CONSONANTS, VOWELS = "bdfgklmnprstvz", "aeiou"


PLAN = RoundPlan(
    guild_id=5,
    channel_id=1,
    host_user_id=1,
    pack="orchestra",
    topic=None,
    difficulty=None,
    answer_form="buttons",
    scoring="speed",
    spoilers=Spoiler.NONE,
    questions=10,
    seconds=20,
    started_ms=0,
)
"""A round on this pack, to be changed as a test needs it."""


def write_pack(folder: Path, *, edition: str = "first") -> Path:
    """Write the pack into `folder` and return it; each `edition` has other words for the same facts."""
    folder.mkdir(parents=True, exist_ok=True)
    topics = [
        _table("topics", id=topic, name=topic.capitalize(), emoji=emoji, about=f"All about the {topic}.")
        for topic, emoji in (("strings", "🎻"), ("brass", "🎺"), ("rare", "🪗"))
    ]
    head = 'id = "orchestra"\ntitle = "The Test Orchestra"\n'
    (folder / "pack.toml").write_text("\n".join([head, *topics]), "utf-8")
    names = _names()
    facts, questions = [], []
    for number in range(1, QUESTIONS + 1):
        own = [names.pop() for _ in range(4)]
        facts.append(
            _table(
                "facts",
                id=f"fact-{number}",
                text=f"Musician number {number} of the orchestra is {own[0]}, says its {edition} programme.",
                topics=[_topic(number)],
                people=[own[0]],
                spoiler="plot" if number > QUESTIONS - SPOILERS else "none",
            )
        )
        questions.append(_question(number, own))
    (folder / "facts.toml").write_text("\n".join(facts), "utf-8")
    (folder / "questions.toml").write_text("\n".join(questions), "utf-8")
    return folder


def _topic(number: int) -> str:
    if number <= RARE:
        return "rare"
    return "strings" if number % 2 else "brass"


def _question(number: int, names: list[str]) -> str:
    common = {"id": f"question-{number}", "fact": f"fact-{number}"}
    difficulty = ("easy", "medium", "hard")[number % 3]
    if RARE < number <= RARE + TRUE_OR_FALSE:
        prompt = f"Musician number {number} is called {names[0]}."
        return _table("questions", **common, prompt=prompt, answer="true", difficulty=difficulty)
    return _table(
        "questions",
        **common,
        prompt=f"What is musician number {number} of the orchestra called?",
        answer=names[0],
        distractors=names[1:],
        difficulty=difficulty,
    )


def _names() -> list[str]:
    rng = Random(5)
    names: set[str] = set()
    while len(names) < 4 * QUESTIONS:
        names.add("".join(rng.choice(CONSONANTS) + rng.choice(VOWELS) for _ in range(5)).capitalize())
    return sorted(names)


def _table(table: str, **values: object) -> str:
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join([f"[[{table}]]", *lines, ""])
