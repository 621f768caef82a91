"""What the terminal says, and when a browser opens."""

import pytest

from playground.terminal import BOLD, PLAIN, opens_browser, shows_colour, welcome

URL = "http://127.0.0.1:8765"


def test_the_line_says_where_and_what_to_type() -> None:
    assert welcome(URL, "fact", colour=False) == (
        f"The playground is at {URL} (Ctrl+C stops it). Type /fact there and press Enter."
    )
    assert welcome(URL, None, colour=True) == f"The playground is at {BOLD}{URL}{PLAIN} (Ctrl+C stops it)."


@pytest.mark.parametrize(
    ("environment", "terminal", "platform", "opens"),
    [
        ({"DISPLAY": ":0"}, True, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True, "linux", True),
        ({}, True, "linux", False),
        ({}, True, "darwin", True),
        ({}, True, "win32", True),
        ({"DISPLAY": ":0"}, False, "linux", False),
        ({"DISPLAY": ":0", "CI": "true"}, True, "linux", False),
    ],
)
def test_a_browser_opens_only_where_somebody_sits(
    environment: dict[str, str], terminal: bool, platform: str, opens: bool
) -> None:
    assert opens_browser(environment, terminal=terminal, platform=platform) is opens


@pytest.mark.parametrize(
    ("environment", "terminal", "shown"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"TERM": "dumb"}, True, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(
    environment: dict[str, str], terminal: bool, shown: bool
) -> None:
    assert shows_colour(environment, terminal=terminal) is shown
