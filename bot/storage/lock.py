"""One bot a shard: locks beside SQLite's file, on what the file is, whichever name it was given by.

The name of a shard's lock has the number of all shards in it, so whoever starts with another number sees it.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from bot.core.shards import Shards, by_count, conflict
from bot.storage.connection import DatabaseUnusable

STARTING_S = 10.0
"""For how long a start waits while another one is under way."""
LOOKED_AT_S = 1.0
"""For how long somebody who only looks whether a lock is held may have it."""
SHARD_LOCK = re.compile(r"\.(\d+)-of-(\d+)\.lock")


def sole_file(path: Path) -> Path:
    """Return where the file at `path` really is. Raises DatabaseUnusable if it has a second name.

    SQLite keeps its log beside the name by which a file was opened: two names are two logs, and the ruin of
    the file.
    """
    try:
        file = path.resolve()
        names = file.stat().st_nlink if file.is_file() else 1
    except (OSError, RuntimeError) as error:
        raise DatabaseUnusable(
            f"The database {path} cannot be opened ({error}). Use another file."
        ) from error
    if names > 1:
        raise DatabaseUnusable(
            f"The database {path} is a file of {names} names (hard links). Remove the others, or copy it and "
            "use the copy."
        )
    return file


def held_shards(path: Path) -> list[Shards]:
    """Return the shards on which bots are running. Raises DatabaseUnusable."""
    file = sole_file(path)
    named = ((lock, SHARD_LOCK.fullmatch(lock.name, len(file.name))) for lock in file.parent.glob("*.lock"))
    return by_count(
        (int(name[2]), int(name[1]))
        for lock, name in named
        if name and lock.name.startswith(file.name) and _is_held(lock)
    )


def hold_shards(path: Path, shards: Shards, prepare: Callable[[list[Shards]], None]) -> ExitStack:
    """Take the locks of `shards`, and return what releases them.

    `prepare` is handed the shards of others, and runs while nobody else starts. Raises DatabaseUnusable where
    somebody has one of these shards, or divides the servers among another number of them.
    """
    file = sole_file(path)
    with _starting(file, path), ExitStack() as stack:
        others = held_shards(file)
        if problem := conflict(shards, others, str(path)):
            raise DatabaseUnusable(problem)
        for shard in shards.ids:
            lock = _lock(Path(f"{file}.{shard}-of-{shards.count}.lock"))
            stack.enter_context(lock.acquire(timeout=LOOKED_AT_S))
        prepare(others)
        return stack.pop_all()


@contextmanager
def _starting(file: Path, path: Path) -> Iterator[None]:
    """Keep every other start off this database meanwhile."""
    try:
        with _lock(Path(f"{file}.lock")).acquire(timeout=STARTING_S):
            yield
    except Timeout:
        raise DatabaseUnusable(
            f"Another bot is starting on {path}. Wait until it has, then start this one."
        ) from None
    except OSError as error:
        raise DatabaseUnusable(
            f"The folder of {path} cannot be written to ({error.strerror}). Use another file."
        ) from error


def _is_held(file: Path) -> bool:
    try:
        with _lock(file).acquire(timeout=0):
            return False
    except Timeout:
        return True


def _lock(file: Path) -> BaseFileLock:
    """Return a lock that may be taken on one thread and released on another."""
    return FileLock(file, thread_local=False)
