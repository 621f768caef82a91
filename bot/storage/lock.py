"""One bot a shard: locks beside SQLite's file, by its real name whichever name led to it.

The name of a shard's lock has the number of all shards in it, so whoever starts with another number sees it.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from bot.core.shards import Shards, by_count, conflict
from bot.storage.connection import DatabaseAway, DatabaseUnusable

STARTING_S = 10.0
"""How long a start waits for another one."""
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
            f"The database {path} has {names} names (hard links). Remove the others, or copy it and "
            "use the copy."
        )
    return file


@contextmanager
def starting(path: Path) -> Iterator[list[Shards]]:
    """Keep every start off this database meanwhile, and yield the shards on which bots are running.

    Raises DatabaseAway while another start is under way, DatabaseUnusable where that cannot be told.
    """
    file = sole_file(path)
    lock = _take(Path(f"{file}.lock"), STARTING_S)
    if lock is None:
        raise DatabaseAway(
            f"Another bot is starting on {path}, or it is being copied. Try again once that is done."
        )
    try:
        yield _held_shards(file)
    finally:
        lock.release()


def hold(path: Path, shards: Shards, others: list[Shards]) -> ExitStack:
    """Take the locks of `shards`, within `starting`, and return what releases them.

    Raises DatabaseUnusable where `others` have one of these shards, or divide the servers differently.
    """
    if problem := conflict(shards, others, str(path)):
        raise DatabaseUnusable(problem)
    file = sole_file(path)
    with ExitStack() as stack:
        for shard in shards.ids:
            lock = _take(Path(f"{file}.{shard}-of-{shards.count}.lock"))
            if lock is None:
                raise DatabaseUnusable(f"Another bot is running on {path}. Stop it first, or use another.")
            stack.callback(lock.release)
        return stack.pop_all()


@contextmanager
def without_bots(path: Path) -> Iterator[None]:
    """Keep every bot off this database meanwhile. Raises DatabaseUnusable if one is there."""
    with starting(path) as others:
        if others:
            raise DatabaseUnusable(f"A bot is running on {path}. Stop every bot on it first.")
        yield


def _held_shards(file: Path) -> list[Shards]:
    """Return the shards on which bots are running; within `starting`, so that no look is taken for a bot."""
    try:
        names = [entry.name for entry in file.parent.iterdir()]
    except OSError as error:
        raise DatabaseUnusable(
            f"The folder {file.parent} cannot be listed ({error.strerror}), so I cannot see who else is "
            "running there. Let me read it, or use another."
        ) from error
    held = []
    for name in names:
        found = SHARD_LOCK.fullmatch(name, len(file.name)) if name.startswith(file.name) else None
        if found is None:
            continue
        lock = _take(file.with_name(name))
        if lock is None:
            held.append((int(found[2]), int(found[1])))
        else:
            lock.release()
    return by_count(held)


def _take(file: Path, patience: float = 0) -> BaseFileLock | None:
    """Take a lock within so many seconds; return None if somebody else has it. Raises DatabaseUnusable."""
    # It may be taken on one thread and released on another.
    lock = FileLock(file, thread_local=False)
    try:
        lock.acquire(timeout=patience)
    except Timeout:
        return None
    except OSError as error:
        raise DatabaseUnusable(
            f"The lock {file} cannot be taken ({error.strerror}). Its folder must be there, and the user "
            "that the bot runs as must be allowed to write to both."
        ) from error
    return lock
