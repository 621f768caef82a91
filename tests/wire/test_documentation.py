"""What the documents say is so: commands with their options, settings, files."""

import ast
import re
from pathlib import Path

import pytest

from bot.app import TriviaBot
from bot.cli import parser
from bot.config import PROJECT
from bot.ui.command_names import NAMED
from playground import Driver, Json

DOCUMENTS = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md"), *PROJECT.glob("bot/**/*.md")])
README = (PROJECT / "README.md").read_text("utf-8")
SUBCOMMAND = 1
PLAIN = ("doctor.py", "privacy.py", "settings_cards.py", "playground.py")
"""Whose commands stand where nothing can be clicked: a terminal, a file, a menu, a channel's topic."""


def paths(command: Json, before: str = "") -> dict[str, list[str]]:
    """Return each command that can be run, by its full name, with the names of its options."""
    name = f"{before}{command['name']}"
    options = command.get("options") or []
    if any(option["type"] == SUBCOMMAND for option in options):
        return {path: names for option in options for path, names in paths(option, f"{name} ").items()}
    return {name: [option["name"] for option in options]}


def written_commands() -> dict[str, list[str]]:
    """Return the commands of the README's table in the same form; `· more` stands for further subcommands."""
    written: dict[str, list[str]] = {}
    for cell in re.findall(r"^\| (`/.*?) \|", README, re.MULTILINE):
        group = ""
        for code in re.findall(r"`([^`]+)`", cell):
            words = code.split()
            if words[0].startswith("/"):
                names = [word for word in words if not word.startswith("[")]
                group = names[0]
            else:
                names = [group, *words]
            subcommands = {"quiz", "daily", "privacy", "questions"}
            depth = 2 if names[0].lstrip("/") in subcommands else 1
            path = " ".join(names[:depth]).lstrip("/")
            options = [word.strip("[]") for word in words if word.startswith("[")]
            written[path] = names[depth:] + options
    return written


async def test_every_command_stands_in_the_readme_with_its_options(
    discord: Driver, trivia: TriviaBot
) -> None:
    registered = {
        path: options for command in discord.world.commands[None] for path, options in paths(command).items()
    }
    written = written_commands()
    assert written.keys() == registered.keys()
    for path, options in registered.items():
        # A moderator's further commands stand in one line, where options would be noise.
        if path.startswith("daily") and path != "daily set":
            continue
        assert sorted(written[path]) == sorted(options), path


def test_every_command_of_the_program_stands_in_the_readme() -> None:
    [subcommands] = [action.choices for action in parser()._actions if action.choices]
    table = README[README.index("| (nothing) |") :]
    written = set(re.findall(r"^\| `([a-z-]+)[^`]*` \|", table, re.MULTILINE))
    assert written == set(subcommands)


def test_every_setting_of_the_example_is_read_and_the_other_way_round() -> None:
    source = (PROJECT / "bot" / "config.py").read_text("utf-8")
    read = set(re.findall(r'value\("([A-Z_]+)"', source))
    example = (PROJECT / ".env.example").read_text("utf-8")
    assert set(re.findall(r"^#? ?([A-Z_]+)=", example, re.MULTILINE)) == read


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_file_that_a_document_names_is_there(document: Path) -> None:
    text = document.read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []
    named = set(re.findall(r"`((?:bot|cogs|data|tests|docs)/[\w./-]+)`", text))
    assert [name for name in sorted(named) if not (PROJECT / name).exists()] == []


def sentences(file: Path) -> list[str]:
    """Return every text that a file of the program has, its docstrings left out."""
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    documentation = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    constants = [node for node in nodes if isinstance(node, ast.Constant) and id(node) not in documentation]
    return [node.value for node in constants if isinstance(node.value, str)]


async def test_a_command_is_named_so_that_it_can_be_clicked(discord: Driver, trivia: TriviaBot) -> None:
    leaves = {path for command in discord.world.commands[None] for path in paths(command)}
    roots = "|".join(sorted({path.split()[0] for path in leaves}))
    for file in (*PROJECT.glob("bot/**/*.py"), *PROJECT.glob("cogs/*.py")):
        for text in sentences(file):
            assert set(NAMED.findall(text)) <= leaves, f"{file}: {text}"
            if file.name not in PLAIN:
                assert not re.search(rf"(?<![`<\w])/(?:{roots})\b", text), f"{file}: {text}"
