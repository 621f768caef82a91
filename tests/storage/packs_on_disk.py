"""Packs as files, for tests that load them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

FACT = """
[[facts]]
id = "{id}"
text = "{text}"
topics = ["{topic}"]
spoiler = "{spoiler}"
"""
HEAD = """
id = "{id}"
title = "{title}"
topics = [
    {{ id = "music", name = "Music and songs", emoji = "🎹", about = "What was sung and played." }},
    {{ id = "story", name = "The story", emoji = "📖", about = "What happens, and to whom." }},
]
"""
QUESTION = """
[[questions]]
id = "{id}"
fact = "{fact}"
prompt = "{prompt}"
answer = "{answer}"
distractors = []
difficulty = "easy"
"""


@dataclass(frozen=True)
class FactOnDisk:
    """A fact to be written; the text is padded where it is shorter than a fact may be."""

    id: str
    text: str
    topic: str = "music"
    spoiler: str = "none"
    more: str = ""


@dataclass(frozen=True)
class PackOnDisk:
    """A pack's files in `folder`."""

    folder: Path
    title: str = "A Film"
    statements: tuple[tuple[str, str, str], ...] = field(default=())
    """Questions that are true: their id, fact and prompt."""

    def write(self, facts: Iterable[FactOnDisk]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        head = HEAD.format(id=self.folder.name, title=self.title)
        (self.folder / "pack.toml").write_text(head, "utf-8")
        texts = (
            FACT.format(id=fact.id, text=fact.text.ljust(40, "."), topic=fact.topic, spoiler=fact.spoiler)
            + fact.more
            for fact in facts
        )
        (self.folder / "facts.toml").write_text("".join(texts), "utf-8")
        if self.statements:
            questions = (
                QUESTION.format(id=id_, fact=fact, prompt=prompt, answer="true")
                for id_, fact, prompt in self.statements
            )
            (self.folder / "questions.toml").write_text("".join(questions), "utf-8")
