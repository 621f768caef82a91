"""One bot a database: a lock on what the file is, whichever name it was given by."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.storage.connection import DatabaseUnusable
from bot.storage.sqlite import sole_file


def is_held(path: Path) -> bool:
    """Return whether a bot is running on this database. Raises DatabaseUnusable."""
    lock = FileLock(f"{sole_file(path)}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Keep every other bot off this database meanwhile. Raises DatabaseUnusable if one is there."""
    lock = FileLock(f"{sole_file(path)}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise DatabaseUnusable(
            f"Another bot is running on {path}. Stop it first, or use another file."
        ) from None
    except OSError as error:
        raise DatabaseUnusable(
            f"The folder of {path} cannot be written to ({error.strerror}). Use another file."
        ) from error
    try:
        yield
    finally:
        lock.release()
