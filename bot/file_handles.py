"""How many files this process may have open at once, checked before it runs out of them."""

import sys

from bot.config import CannotStart, Config

FEWEST = 64
"""The database, the pictures' fonts and a few connections take 20; a round of many players more."""
USUAL = 1024


def handles_to_serve(config: Config) -> int:
    """Return how many files a bot needs: each further shard has a connection and, on SQLite, a lock file."""
    return FEWEST + (1 if config.database_url else 2) * (len(config.shards.ids) - 1)


def check_file_handles(needed: int = FEWEST) -> None:
    """Raise CannotStart if the system allows too few; SQLite would not say why it cannot open a file."""
    # Written so that mypy skips it on Windows.
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 (Windows has none)

        allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if 0 <= allowed < needed:
            raise CannotStart(
                f"The system lets me open only {allowed} files at once, and I need at least {needed}. "
                f"Allow more: ulimit -n {max(USUAL, needed)}"
            )
