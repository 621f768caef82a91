"""Time as the runners are given it: what it is now, and waiting for a moment."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

log = logging.getLogger(__name__)

LONGEST_NAP = timedelta(minutes=1)
AFTER_FAULT = timedelta(seconds=5)


class Time(Protocol):
    """A clock and the means to wait for it; tests and the playground bring their own."""

    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""

    async def sleep_until(self, moment: datetime) -> None:
        """Return once `now()` has reached `moment`, at once if it has."""


class SystemTime:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""
        return datetime.now(UTC)

    async def sleep_until(self, moment: datetime) -> None:
        """Return once the machine's clock has reached `moment`.

        It naps a minute at most: a clock that is set, or a machine that slept, is noticed by then.
        """
        while (left := moment - self.now()) > timedelta():  # noqa: ASYNC110 (a clock sets no event)
            await asyncio.sleep(min(left, LONGEST_NAP).total_seconds())


class Alarm:
    """Wakes one task at a moment, or earlier if somebody rings."""

    def __init__(self, time: Time) -> None:
        self._time = time
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """End the wait that is going on; without one, the next ends at once."""
        self._rung.set()

    async def wait_until(self, moment: datetime | None) -> None:
        """Return at `moment` (None: never), or earlier if it rings."""
        waits: list[asyncio.Task[object]] = [asyncio.create_task(self._rung.wait(), name="waiting")]
        if moment is not None:
            waits.append(asyncio.create_task(self._time.sleep_until(moment), name="sleeping"))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        self._rung.clear()

    async def keep_doing(self, work: Callable[[], Awaitable[datetime | None]], what: str) -> None:
        """Do `work` now, at each moment that it returns and whenever it rings, until cancelled.

        Where it fails, the log says that `what` failed, and it is tried again.
        """
        while True:
            try:
                moment = await work()
            except Exception:
                log.exception("%s failed; trying again in %d s", what, AFTER_FAULT.total_seconds())
                moment = self._time.now() + AFTER_FAULT
            await self.wait_until(moment)
