"""What concerns the whole run: how many requests fitted Discord's OpenAPI file, over all its processes."""

from typing import Any

import pytest
from hypothesis import settings

from tests.wire.openapi import counts, write_report

KEY = "openapi_counts"

# How long a case takes says more about the machine than about the code.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In a process of pytest-xdist, hand the counts to the one that started it."""
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
