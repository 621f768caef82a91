"""Imports go one way, Discord and SQL stay where they belong, and the core knows no clock, chance or file."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

import playground

PROJECT = Path(__file__).parents[1]
OURS = ("bot", "cogs", "playground")
LAYERS = ("bot.core", "bot.storage", "bot.runners", "bot.ui", "cogs")
"""From the bottom to the top: each may import itself and what stands before it."""
ROOMS = ("schema", "world", "payloads", "gateway", "people", "api", "web")
"""The playground's, from the bottom to the top. What lies beside them imports whatever it needs, and is
imported by none of them but for COMMON; `web` alone knows the server that it is mounted on."""
COMMON = (
    "playground.child",
    "playground.clock",
    "playground.faults",
    "playground.redirect",
    "playground.refused",
)
MEET_THE_PLAYGROUND = ("bot.playground", "bot.playground_child")
MAY_IMPORT_DISCORD = (
    "cogs",
    "bot.ui",
    "bot.app",
    "bot.connection_errors",
    "bot.errors",
    "bot.metrics",
    "bot.doctor",
    "playground",
)
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
GIVEN_TO_FSRS = {"Card": {"card_id", "due"}, "Scheduler": {"enable_fuzzing"}}
"""What fsrs would else take from a clock or from chance; it is handed over by name."""
SQL = re.compile(
    r"\b(?:SELECT\s[\s\S]*\bFROM\s|INSERT\s+(?:OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s"
    r"|(?:CREATE|DROP|ALTER)\s+(?:TABLE|INDEX)\s|PRAGMA\s)"
)


@dataclass(frozen=True)
class Module:
    name: str
    tree: ast.Module

    @cached_property
    def imports(self) -> list[str]:
        """The dotted names that the module imports, with each name that it takes from a module."""
        return list(self._imports())

    def _imports(self) -> Iterator[str]:
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


def modules(*tops: str) -> list[Module]:
    files = sorted(file for top in tops for file in (PROJECT / top).rglob("*.py"))
    return [
        read(
            ".".join(file.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__"),
            file.read_text("utf-8"),
        )
        for file in files
    ]


@pytest.fixture(scope="module")
def ours() -> list[Module]:
    """Every module of the program, parsed once for all of these tests."""
    return modules(*OURS)


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def layer(name: str) -> int | None:
    return next((height for height, package in enumerate(LAYERS) if within(name, package)), None)


def wrong_way(module: Module) -> list[str]:
    """Return the imports that a module of a layer must not have."""
    height = layer(module.name)
    return [
        imported
        for imported in module.imports
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
    return [imported for imported in module.imports if within(imported, "discord")]


def driver_out_of_place(module: Module) -> list[str]:
    """Return the database drivers that a module imports outside of the storage."""
    if within(module.name, "bot.storage"):
        return []
    return [name for name in module.imports if name.split(".")[0] in {"sqlite3", "aiosqlite"}]


def sql_out_of_place(module: Module) -> list[str]:
    return [] if within(module.name, "bot.storage") else [text for text in module.texts() if SQL.search(text)]


def playground_astray(module: Module) -> list[str]:
    """Return what playground and bot import of each other, and what a room imports of a higher one."""
    if not within(module.name, "playground"):
        meets = any(within(module.name, one) for one in MEET_THE_PLAYGROUND)
        return [] if meets else [one for one in module.imports if within(one, "playground")]
    wrong = [one for one in module.imports if within(one, "bot") or within(one, "cogs")]
    parts = module.name.split(".")
    if len(parts) < 3 or parts[1] not in ROOMS:
        return wrong
    below = tuple(f"playground.{room}" for room in ROOMS[: ROOMS.index(parts[1]) + 1])
    allowed = (*below, *COMMON, *(("playground.server",) if parts[1] == "web" else ()))
    return wrong + [
        one
        for one in module.imports
        if within(one, "playground") and not any(within(one, package) for package in allowed)
    ]


def impure(module: Module) -> list[str]:
    """Return what a module of the core uses of the world outside."""
    if not within(module.name, "bot.core"):
        return []
    imported = [name for name in module.imports if name.split(".")[0] in IMPURE and name != "io.StringIO"]
    chance = [name for name in module.imports if within(name, "random") and name != "random.Random"]
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
    return [*imported, *chance, *clocks, *files, *unseeded, *_left_to_fsrs(module)]


def _left_to_fsrs(module: Module) -> list[str]:
    """Return the calls in which fsrs would look at a clock or draw by itself."""
    taken = {name.rpartition(".")[2] for name in module.imports if within(name, "fsrs")}
    wrong = []
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(func=ast.Name(id=name), keywords=given) if name in taken & GIVEN_TO_FSRS.keys():
                fixed = {one.arg for one in given}
                fuzzy = any(
                    one.arg == "enable_fuzzing" and ast.unparse(one.value) != "False" for one in given
                )
                wrong += [f"{name}()"] if fuzzy or not fixed >= GIVEN_TO_FSRS[name] else []
            case ast.Call(func=ast.Attribute(attr="review_card"), args=args) if taken and len(args) < 3:
                wrong.append("review_card()")
    return wrong


Rule = Callable[[Module], list[str]]
RULES: tuple[Rule, ...] = (
    wrong_way,
    discord_out_of_place,
    driver_out_of_place,
    sql_out_of_place,
    playground_astray,
    impure,
)


@pytest.mark.parametrize("rule", RULES)
def test_every_module_keeps_the_rule(rule: Rule, ours: list[Module]) -> None:
    assert {module.name for module in ours} >= {"bot", "bot.core.deck", "bot.storage.database", "bot.app"}
    assert {module.name: wrong for module in ours if (wrong := rule(module))} == {}


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
        (discord_out_of_place, "bot.cli", "from discord.ext import commands", ["discord.ext.commands"]),
        (discord_out_of_place, "bot.app", "import discord", []),
        (driver_out_of_place, "bot.runners.time", "import sqlite3", ["sqlite3"]),
        (driver_out_of_place, "cogs.quiz", "from sqlite3 import Error", ["sqlite3.Error"]),
        (driver_out_of_place, "bot.app", "import aiosqlite", ["aiosqlite"]),
        (driver_out_of_place, "bot.storage.decks", "import sqlite3", []),
        (sql_out_of_place, "cogs.facts", "x = 'SELECT text FROM facts'", ["SELECT text FROM facts"]),
        (sql_out_of_place, "cogs.facts", "x = f'DELETE FROM {table}'", ["DELETE FROM "]),
        (sql_out_of_place, "bot.app", "x = 'PRAGMA user_version'", ["PRAGMA user_version"]),
        (sql_out_of_place, "bot.ui.text", "x = 'UPDATE facts SET a = 1'", ["UPDATE facts SET a = 1"]),
        (sql_out_of_place, "bot.ui.text", "x = 'INSERT OR IGNORE INTO a'", ["INSERT OR IGNORE INTO a"]),
        (sql_out_of_place, "bot.ui.text", "x = 'Select a topic from the list'", []),
        (sql_out_of_place, "bot.storage.decks", "x = 'SELECT text FROM facts'", []),
        (playground_astray, "bot.app", "from playground import Scene", ["playground.Scene"]),
        (playground_astray, "bot.playground", "from playground import Scene", []),
        (playground_astray, "playground.server", "from bot.app import run_bot", ["bot.app.run_bot"]),
        (
            playground_astray,
            "playground.api.http",
            "from playground.web.page import Page",
            ["playground.web.page.Page"],
        ),
        (playground_astray, "playground.world.model", "import playground.server", ["playground.server"]),
        (playground_astray, "playground.world.model", "from playground.schema import limits", []),
        (playground_astray, "playground.web.page", "import playground.server", []),
        (impure, "bot.core.quiz", "import sqlite3", ["sqlite3"]),
        (impure, "bot.core.quiz", "from time import monotonic", ["time.monotonic"]),
        (impure, "bot.core.quiz", "import random", ["random"]),
        (impure, "bot.core.quiz", "from random import choice", ["random.choice"]),
        (impure, "bot.core.quiz", "from random import Random\nRandom()", ["Random()"]),
        (impure, "bot.core.quiz", "datetime.now(UTC)", ["datetime.now()"]),
        (impure, "bot.core.quiz", "open('x')", ["open()"]),
        (impure, "bot.core.missed", "from fsrs import Card\nCard(due=moment)", ["Card()"]),
        (impure, "bot.core.missed", "from fsrs import Scheduler\nScheduler()", ["Scheduler()"]),
        (
            impure,
            "bot.core.missed",
            "from fsrs import Scheduler\nScheduler(enable_fuzzing=True).review_card(card, rating)",
            ["review_card()", "Scheduler()"],
        ),
        (impure, "bot.core.missed", "from fsrs import Card\nCard(card_id=0, due=moment)", []),
        (impure, "bot.core.quiz", "from random import Random\nfrom datetime import datetime", []),
        (impure, "bot.runners.time", "import asyncio", []),
    ],
)
def test_each_rule_bites(rule: Rule, name: str, source: str, wrong: list[str]) -> None:
    assert rule(read(name, source)) == wrong


def circles(found: list[Module]) -> list[list[str]]:
    """Return each group of modules that import one another in a ring, however long."""
    names = {module.name for module in found}
    graph = {
        module.name: {target for one in module.imports if (target := imported_module(one, names))}
        for module in found
    }
    # A module is in a ring if it can be reached from itself.
    reached = {name: reachable(graph, name) for name in graph}
    rings = {
        frozenset(one for one in reached[name] if name in reached[one])
        for name in graph
        if name in reached[name]
    }
    return sorted(sorted(ring) for ring in rings)


def imported_module(imported: str, names: set[str]) -> str | None:
    """Return the module that a dotted name is, or is taken from."""
    if imported in names:
        return imported
    package, _, _ = imported.rpartition(".")
    return package if package in names else None


def reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    """Return what a module imports, at first or at second hand."""
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += graph[name]
    return seen


def test_everybody_comes_into_the_playground_by_its_front_door(ours: list[Module]) -> None:
    through = {f"playground.{name}" for name in playground.__all__}
    entries = {
        module.name: wrong
        for module in (*ours, *modules("tests"))
        if not any(within(module.name, one) for one in ("playground", "tests.playground"))
        and module.name != "tests.test_imports"
        if (wrong := [one for one in module.imports if within(one, "playground") and one not in through])
    }
    assert entries == {}


def test_every_name_at_the_front_door_is_there() -> None:
    assert {name for name in playground.__all__ if not hasattr(playground, name)} == set()
    with pytest.raises(AttributeError, match="nothing_such"):
        _ = playground.nothing_such


def test_no_modules_import_one_another_in_a_circle(ours: list[Module]) -> None:
    assert circles(ours) == []


def test_a_circle_is_found() -> None:
    sources = {
        "a.one": "from a.two import f",
        "a.two": "from b import three",
        "b.three": "def f():\n import a.one",
        "b.four": "import a.one",
    }
    found = [read(name, source) for name, source in sources.items()]
    assert circles(found) == [["a.one", "a.two", "b.three"]]
