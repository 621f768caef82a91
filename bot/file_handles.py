"""How many files this process may have open at once, looked at before the first one is missing."""

import sys

from bot.config import CannotStart

FEWEST = 64
"""The database, the pictures' fonts and a few connections take 20; a round of many players more."""


def check_file_handles() -> None:
    """Raise CannotStart where the system allows too few; SQLite would not say why it opens nothing."""
    # mypy takes the branch of the system it runs on.
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 (Windows has none)

        allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if 0 <= allowed < FEWEST:
            raise CannotStart(
                f"The system lets me open {allowed} files at once, and I need {FEWEST} at least. "
                "Raise that: ulimit -n 1024"
            )
