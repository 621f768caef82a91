"""Finding a browser, and what to say where there is none."""

import os
import shutil
from importlib.util import find_spec

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PACKAGES = ("playwright", "axe_playwright_python")
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
INSTALL = "install them with: apt-get install chromium && pip install -e '.[browser]'"


def find_chromium() -> str:
    """A Chromium's path. Without one, or Playwright, the test is skipped (REQUIRE_BROWSER=1: fails)."""
    missing = [package for package in PACKAGES if find_spec(package) is None]
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        missing.append("chromium")
    if missing or found is None:
        reason = f"no {', '.join(missing)} here; {INSTALL}"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return found
