"""Every statement in `bot/storage`, as its text stands in the code."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

STORAGE = Path(__file__).parents[2] / "bot" / "storage"
OF_ONE_ENGINE = {"backup", "copying", "search", "sqlite", "sqlite_scripts"}
"""Modules that speak to an engine in its own words, as those do whose names begin with `postgres`."""
BEGINNINGS = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "FROM", "WHERE", "NOT EXISTS", "CASE")


@dataclass(frozen=True)
class Statement:
    """A statement, or a part that others are made of; what an f-string puts in is left as `x`."""

    module: str
    line: int
    text: str


def statements() -> Iterator[Statement]:
    """Yield every statement that both engines run."""
    for path in sorted(STORAGE.glob("*.py")):
        if path.stem not in OF_ONE_ENGINE and not path.stem.startswith("postgres"):
            yield from statements_in(path.stem, path.read_text("utf-8"))


def statements_in(module: str, source: str) -> Iterator[Statement]:
    """Yield every statement of a module's source."""
    for line, text in _texts(ast.parse(source)):
        if text.lstrip().startswith(BEGINNINGS):
            yield Statement(module, line, " ".join(text.split()))


def _texts(node: ast.AST) -> Iterator[tuple[int, str]]:
    match node:
        case ast.Constant(value=str(text)):
            yield node.lineno, text
        case ast.JoinedStr(values=parts):
            yield (
                node.lineno,
                "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in parts),
            )
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _texts(child)
