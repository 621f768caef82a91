"""What concerns the whole run: its engines, and how many requests fitted Discord's OpenAPI file."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from bot.storage.database import Location
from tests import postgres
from tests.engines import location_in
from tests.wire.openapi import counts, write_report

KEY = "openapi_counts"
TESTS = Path(__file__).parent
LONGEST_FIRST = ("storm", "wire", "browser", "ui", "core")

# Without bytecode on disk each program that a test starts would compile the bot, and each run all tests.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# How long a case takes says more about the machine than about the code.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run take everything over the wire to both engines."""
    parser.addoption(
        "--all-engines", action="store_true", help="run all tests over the wire on PostgreSQL as well"
    )


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """The engine of this test: SQLite, unless it runs on both."""
    return getattr(request, "param", "sqlite")


@pytest.fixture
def location(engine: str, tmp_path: Path) -> Iterator[Location]:
    """Where this test's database is made, on its engine."""
    with location_in(tmp_path, engine) as made:
        yield made


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process is left alone with it at the end."""
    ranks = {folder: rank for rank, folder in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: ranks.get(item.path.relative_to(TESTS).parts[0], len(ranks)))


def pytest_collection_finish() -> None:
    """Have the garbage collector pass by what is there until the end: all modules and tests."""
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """End PostgreSQL; in a process of pytest-xdist, hand the counts to the one that started it."""
    # Here and not as the process ends: pytest-xdist kills those that take long over that.
    postgres.end_shared_server()
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[KEY] = dict(counts)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add up what a process of pytest-xdist counted."""
    counts.update(getattr(node, "workeroutput", {}).get(KEY, {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many requests were held against the OpenAPI file, by route."""
    write_report(terminalreporter.write_line)
