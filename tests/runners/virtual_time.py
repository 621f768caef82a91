"""A clock that moves only when a test says so, and a database that knows when it is at rest."""

import asyncio
import heapq
from datetime import datetime, timedelta
from itertools import count
from typing import ParamSpec, TypeVar

from bot.storage.database import Database, Work

P = ParamSpec("P")
T = TypeVar("T")

ROUNDS = 25
"""Turns of the event loop without work for the database after which everything waits for the clock."""


class WatchedDatabase(Database):
    """A database that counts what is under way."""

    busy = 0
    calls = 0

    async def write(self, function: Work[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        self.busy += 1
        self.calls += 1
        try:
            return await super().write(function, *arguments, **named)
        finally:
            self.busy -= 1

    async def read(self, function: Work[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        self.busy += 1
        self.calls += 1
        try:
            return await super().read(function, *arguments, **named)
        finally:
            self.busy -= 1

    async def forget_deleted(self) -> None:
        self.busy += 1
        try:
            await super().forget_deleted()
        finally:
            self.busy -= 1


class VirtualTime:
    """Time that jumps from one awaited moment to the next once all else is at rest.

    `step` sets the wall clock and leaves the steady one alone.
    """

    def __init__(self, now: datetime, database: WatchedDatabase) -> None:
        self._steady = now
        self._ahead = timedelta()
        self._database = database
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._by_wall: set[asyncio.Future[None]] = set()
        self._order = count()

    def now(self) -> datetime:
        return self._steady + self._ahead

    def steady(self) -> datetime:
        return self._steady

    async def sleep(self, span: timedelta) -> None:
        if span > timedelta():
            await self._sleeper(span)

    async def sleep_until(self, moment: datetime) -> None:
        while (left := moment - self.now()) > timedelta():
            sleeper = self._sleeper(left)
            self._by_wall.add(sleeper)
            try:
                await sleeper
            finally:
                self._by_wall.discard(sleeper)

    async def rest(self) -> None:
        """Return once nothing happens any more without the clock moving."""
        quiet = 0
        while quiet < ROUNDS:
            calls = self._database.calls
            await asyncio.sleep(0.0005 if self._database.busy else 0)
            quiet = quiet + 1 if not self._database.busy and calls == self._database.calls else 0

    async def run_until(self, end: datetime) -> None:
        """Let the time pass until the wall clock says `end`, stopping wherever somebody waits for it."""
        await self.rest()
        while self._sleepers and self._sleepers[0][0] + self._ahead <= end:
            moment, _, future = heapq.heappop(self._sleepers)
            if future.done():
                continue
            self._steady = max(self._steady, moment)
            future.set_result(None)
            await self.rest()
        self._steady = max(self._steady, end - self._ahead)

    def jump_to(self, moment: datetime) -> None:
        """Be at `moment` at once, as after a stop of the process: the steady clock begins anew."""
        self._steady, self._ahead = moment, timedelta()

    def step(self, by: timedelta) -> None:
        """Set the wall clock, and have whoever waits for a moment of it look at it anew."""
        self._ahead += by
        for sleeper in self._by_wall:
            if not sleeper.done():
                sleeper.set_result(None)

    def _sleeper(self, span: timedelta) -> asyncio.Future[None]:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._steady + span, next(self._order), future))
        return future


async def lose_patience(seconds: float) -> None:
    """Move the event loop's own clock for the rest of the test, and let what has run out of time end."""
    loop = asyncio.get_running_loop()
    before = loop.time
    setattr(loop, "time", lambda: before() + seconds)  # noqa: B010 (mypy forbids to assign to a method)
    for _ in range(ROUNDS):
        await asyncio.sleep(0)
