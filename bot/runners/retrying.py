"""The database for work that must outlast its failures: each is waited out."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import ParamSpec, TypeVar

from bot.runners.tools import Tools
from bot.storage.database import Damaged, StorageFailure, Work

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(seconds=30)


class RetryingDatabase:
    """Reads and writes that are tried again until they work, unless that part of the file is damaged.

    A full disk must not make us forget what has happened at Discord, and a round outlives a failed read.
    """

    def __init__(self, tools: Tools) -> None:
        self._database = tools.database
        self._time = tools.time

    async def write(self, function: Work[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Return what `function` returns, once that is committed. Raises Damaged."""
        return await self._until_it_works(lambda: self._database.write(function, *arguments, **named))

    async def read(self, function: Work[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Return what `function` returns of one state of the database. Raises Damaged."""
        return await self._until_it_works(lambda: self._database.read(function, *arguments, **named))

    async def _until_it_works(self, attempt: Callable[[], Awaitable[T]]) -> T:
        wait = FIRST_WAIT
        while True:
            try:
                return await attempt()
            except Damaged:
                raise
            except StorageFailure:
                log.exception("The database failed; trying again in %d s", wait.total_seconds())
            await self._time.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)
