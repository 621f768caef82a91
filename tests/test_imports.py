"""Imports go one way, Discord and SQL stay where they belong, and the core knows no clock, chance or file."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
LAYERS = ("bot.core", "bot.storage", "bot.runners", "bot.ui", "cogs")
"""From the bottom to the top: each may import itself and what stands before it."""
MAY_IMPORT_DISCORD = ("cogs", "bot.ui", "bot.app", "bot.errors", "playground")
IMPURE = {
    "aiohttp",
    "aiosqlite",
    "asyncio",
    "concurrent",
    "discord",
    "io",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "secrets",
    "socket",
    "sqlite3",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "uuid",
}
NOW = {"now", "utcnow", "today", "fromtimestamp"}
SQL = re.compile(
    r"\b(?:SELECT\s[\s\S]*\bFROM\s|INSERT\s+(?:OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s"
    r"|(?:CREATE|DROP|ALTER)\s+(?:TABLE|INDEX)\s|PRAGMA\s)"
)


@dataclass(frozen=True)
class Module:
    name: str
    tree: ast.Module

    def imports(self) -> Iterator[str]:
        """Yield the dotted names that the module imports, with each name that it takes from a module."""
        for node in ast.walk(self.tree):
            match node:
                case ast.Import(names=names):
                    yield from (alias.name for alias in names)
                case ast.ImportFrom(module=str(module), names=names, level=0):
                    yield from (f"{module}.{alias.name}" for alias in names)
                case ast.ImportFrom():
                    yield "a relative import"

    def texts(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            match node:
                case ast.Constant(value=str(text)):
                    yield text


def read(name: str, source: str) -> Module:
    return Module(name, ast.parse(source))


def modules() -> list[Module]:
    files = sorted(file for top in ("bot", "cogs", "playground") for file in (PROJECT / top).rglob("*.py"))
    return [
        read(
            ".".join(file.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__"),
            file.read_text("utf-8"),
        )
        for file in files
    ]


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def layer(name: str) -> int | None:
    return next((height for height, package in enumerate(LAYERS) if within(name, package)), None)


def wrong_way(module: Module) -> list[str]:
    """Return the imports that a module of a layer must not have."""
    height = layer(module.name)
    return [
        imported
        for imported in module.imports()
        if imported == "a relative import"
        or (
            height is not None
            and (within(imported, "bot") or within(imported, "cogs"))
            and ((target := layer(imported)) is None or target > height)
        )
    ]


def discord_out_of_place(module: Module) -> list[str]:
    if any(within(module.name, package) for package in MAY_IMPORT_DISCORD):
        return []
    return [imported for imported in module.imports() if within(imported, "discord")]


def sql_out_of_place(module: Module) -> list[str]:
    return [] if within(module.name, "bot.storage") else [text for text in module.texts() if SQL.search(text)]


def impure(module: Module) -> list[str]:
    """Return what a module of the core uses of the world outside."""
    if not within(module.name, "bot.core"):
        return []
    imported = [name for name in module.imports() if name.split(".")[0] in IMPURE]
    chance = [name for name in module.imports() if within(name, "random") and name != "random.Random"]
    calls = [node.func for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    clocks = [
        f"{ast.unparse(call)}()" for call in calls if isinstance(call, ast.Attribute) and call.attr in NOW
    ]
    files = [
        f"{call.id}()"
        for call in calls
        if isinstance(call, ast.Name) and call.id in {"open", "print", "input"}
    ]
    unseeded = [
        ast.unparse(node)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node) in {"Random()", "random.Random()"}
    ]
    return [*imported, *chance, *clocks, *files, *unseeded]


Rule = Callable[[Module], list[str]]
RULES: tuple[Rule, ...] = (wrong_way, discord_out_of_place, sql_out_of_place, impure)


@pytest.mark.parametrize("rule", RULES)
def test_every_module_keeps_the_rule(rule: Rule) -> None:
    found = modules()
    assert {module.name for module in found} >= {"bot", "bot.core.deck", "bot.storage.database", "bot.app"}
    assert {module.name: wrong for module in found if (wrong := rule(module))} == {}


@pytest.mark.parametrize(
    ("rule", "name", "source", "wrong"),
    [
        (wrong_way, "bot.core.deck", "from bot.storage.decks import deal", ["bot.storage.decks.deal"]),
        (wrong_way, "bot.core.deck", "def f():\n import bot.ui.router", ["bot.ui.router"]),
        (wrong_way, "bot.storage.decks", "from bot import runners", ["bot.runners"]),
        (wrong_way, "bot.runners.rounds", "from bot.ui import cards", ["bot.ui.cards"]),
        (wrong_way, "bot.ui.router", "from cogs.facts import Facts", ["cogs.facts.Facts"]),
        (wrong_way, "cogs.facts", "from bot.app import TriviaBot", ["bot.app.TriviaBot"]),
        (wrong_way, "bot.ui.router", "from . import cards", ["a relative import"]),
        (wrong_way, "cogs.facts", "from bot.core.deck import Deck\nfrom bot.ui import cards", []),
        (wrong_way, "bot.app", "from cogs.facts import Facts", []),
        (discord_out_of_place, "bot.runners.time", "import discord", ["discord"]),
        (discord_out_of_place, "bot.commands", "from discord.ext import commands", ["discord.ext.commands"]),
        (discord_out_of_place, "bot.app", "import discord", []),
        (sql_out_of_place, "cogs.facts", "x = 'SELECT text FROM facts'", ["SELECT text FROM facts"]),
        (sql_out_of_place, "cogs.facts", "x = f'DELETE FROM {table}'", ["DELETE FROM "]),
        (sql_out_of_place, "bot.app", "x = 'PRAGMA user_version'", ["PRAGMA user_version"]),
        (sql_out_of_place, "bot.ui.text", "x = 'UPDATE facts SET a = 1'", ["UPDATE facts SET a = 1"]),
        (sql_out_of_place, "bot.ui.text", "x = 'INSERT OR IGNORE INTO a'", ["INSERT OR IGNORE INTO a"]),
        (sql_out_of_place, "bot.ui.text", "x = 'Select a topic from the list'", []),
        (sql_out_of_place, "bot.storage.decks", "x = 'SELECT text FROM facts'", []),
        (impure, "bot.core.quiz", "import sqlite3", ["sqlite3"]),
        (impure, "bot.core.quiz", "from time import monotonic", ["time.monotonic"]),
        (impure, "bot.core.quiz", "import random", ["random"]),
        (impure, "bot.core.quiz", "from random import choice", ["random.choice"]),
        (impure, "bot.core.quiz", "from random import Random\nRandom()", ["Random()"]),
        (impure, "bot.core.quiz", "datetime.now(UTC)", ["datetime.now()"]),
        (impure, "bot.core.quiz", "open('x')", ["open()"]),
        (impure, "bot.core.quiz", "from random import Random\nfrom datetime import datetime", []),
        (impure, "bot.runners.time", "import asyncio", []),
    ],
)
def test_each_rule_bites(rule: Rule, name: str, source: str, wrong: list[str]) -> None:
    assert rule(read(name, source)) == wrong
