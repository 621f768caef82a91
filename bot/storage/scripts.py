"""The scripts by which a database is brought to the newest format."""

from pathlib import Path


def scripts_in(migrations: Path) -> dict[int, Path]:
    """Return the scripts of a folder by their numbers, in order."""
    return {int(script.name[:4]): script for script in sorted(migrations.glob("[0-9][0-9][0-9][0-9]_*.sql"))}
