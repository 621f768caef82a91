"""What the terminal that starts a playground shows, and whether a browser opens by itself."""

import sys
from collections.abc import Mapping

BOLD, PLAIN = "\x1b[1m", "\x1b[0m"


def welcome(url: str, first_command: str | None, *, colour: bool) -> str:
    """Return the line that says where the playground is and what to do there."""
    address = f"{BOLD}{url}{PLAIN}" if colour else url
    hint = f" Type /{first_command} there and press Enter." if first_command else ""
    return f"The playground is at {address} (Ctrl+C stops it).{hint}"


def shows_colour(environment: Mapping[str, str], *, terminal: bool) -> bool:
    """Return whether to use colour: in a terminal that can, unless NO_COLOR asks for none (no-color.org)."""
    return terminal and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def opens_browser(environment: Mapping[str, str], *, terminal: bool, platform: str = sys.platform) -> bool:
    """Return whether to open a browser: not in CI, and not without a display."""
    if not terminal or environment.get("CI"):
        return False
    # Windows and macOS always have a display, others say which.
    return platform in ("win32", "darwin") or any(
        environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
