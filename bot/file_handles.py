"""How many files this process may have open at once, looked at before the first one is missing."""

import sys

from bot.config import CannotStart, Config

FEWEST = 64
"""The database, the pictures' fonts and a few connections take 20; a round of many players more."""
USUAL = 1024


def handles_to_serve(config: Config) -> int:
    """Return how many files a bot needs at least: each further shard has a connection to Discord.

    On SQLite it has a lock's file besides.
    """
    return FEWEST + (1 if config.database_url else 2) * (len(config.shards.ids) - 1)


def check_file_handles(needed: int = FEWEST) -> None:
    """Raise CannotStart where the system allows too few; SQLite would not say why it opens nothing."""
    # mypy takes the branch of the system it runs on.
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 (Windows has none)

        allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if 0 <= allowed < needed:
            raise CannotStart(
                f"The system lets me open {allowed} files at once, and I need {needed} at least. "
                f"Raise that: ulimit -n {max(USUAL, needed)}"
            )
