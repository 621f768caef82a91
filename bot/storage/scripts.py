"""The scripts by which a database is brought to the newest format, and whether they may be run."""

from pathlib import Path

from bot.storage.connection import DatabaseAway, DatabaseUnusable


def scripts_in(migrations: Path) -> dict[int, Path]:
    """Return the scripts of a folder by their numbers, in order."""
    return {int(script.name[:4]): script for script in sorted(migrations.glob("[0-9][0-9][0-9][0-9]_*.sql"))}


def check_format(database: Path | str, version: int, newest: int, *, in_use: bool) -> None:
    """Raise DatabaseUnusable for a format newer than this code, DatabaseAway for an older one that is in use.

    In an update of several processes the last older one may be about to end.
    """
    if version > newest:
        raise DatabaseUnusable(
            f"The database {database} comes from a newer version of this bot (its format is {version}, this "
            f"one knows {newest}). Start the newer bot, or use another database."
        )
    if version < newest and in_use:
        raise DatabaseAway(
            f"The database {database} needs a newer format, and an older bot is running on it. Stop every "
            "older bot on it, then start me again."
        )
