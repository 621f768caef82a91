"""That what docs/decisions.md says of the ways through the code is so."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent


def steps() -> Iterator[tuple[str, str]]:
    """Yield each function and class that a way names, with the file that it is said to be in."""
    text = (PROJECT / "docs" / "decisions.md").read_text("utf-8")
    section = text.partition("## Ways through the code")[2].partition("\n## ")[0]
    file = ""
    for line in "".join(section.split("```")[1::2]).splitlines():
        if line:
            path, names, *_ = re.split(r" {2,}", line)
            file = path or file
            yield from ((file, name) for name in re.split(r", |\.", names))


@pytest.mark.parametrize(("file", "name"), list(steps()))
def test_a_way_goes_where_the_code_does(file: str, name: str) -> None:
    tree = ast.parse((PROJECT / file).read_text("utf-8"))
    defined = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, defined)}
