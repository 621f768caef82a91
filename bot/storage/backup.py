"""A consistent copy of the database, while the bot runs or not."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

from bot.storage.connection import DatabaseUnusable
from bot.storage.lock import sole_file
from bot.storage.sqlite import read_only


def back_up(source: Path, target: Path) -> int:
    """Copy the database at `source` to the new file `target` and return its size in bytes.

    The copy is checked and complete, or `target` is not there. Raises DatabaseUnusable with what to do.
    """
    if not source.is_file():
        raise DatabaseUnusable(f"There is no database {source} to copy; set DATABASE_PATH to the one in use.")
    if target.exists():
        raise _taken(target)
    if not target.parent.is_dir():
        raise DatabaseUnusable(f"There is no folder {target.parent}; make it first, or name another file.")
    # A name of its own, as somebody else may be copying to the same target.
    unfinished = target.with_name(f"{target.name}.{uuid4().hex}.unfinished")
    try:
        # SQLite would only say that it cannot open some file.
        unfinished.touch()
        _copy(sole_file(source), unfinished)
        _write_through(unfinished)
        # Whoever makes the file owns its name; anybody else finds it taken.
        target.touch(exist_ok=False)
        unfinished.replace(target)
    except FileExistsError as error:
        raise _taken(target) from error
    except (sqlite3.Error, OSError) as error:
        raise DatabaseUnusable(f"The copy could not be made ({error}); {target} was not written.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return target.stat().st_size


def _taken(target: Path) -> DatabaseUnusable:
    return DatabaseUnusable(f"The file {target} exists already; name another one, or move it away first.")


def _copy(source: Path, target: Path) -> None:
    # SQLite's own backup, in one step: it sees one state of the database whatever the bot writes meanwhile.
    with closing(read_only(source)) as original, closing(sqlite3.connect(target)) as copy:
        original.backup(copy)
        # A single file without a log beside it is easier to keep and to move.
        copy.execute("PRAGMA journal_mode = DELETE")
        verdict = copy.execute("PRAGMA quick_check").fetchone()[0]
    if verdict != "ok":
        raise sqlite3.DatabaseError(f"the copy is damaged: {verdict}")


def _write_through(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
