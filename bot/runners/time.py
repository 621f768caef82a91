"""Time as the runners are given it: what time it is, how much has passed, and waiting for either.

There are two clocks. The *wall clock* names moments, and somebody may set it. The *steady clock* goes on at
its own pace whatever happens to the other; durations are measured by it.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Protocol

log = logging.getLogger(__name__)

LONGEST_NAP = timedelta(minutes=1)
AFTER_FAULT = timedelta(seconds=5)


class Time(Protocol):
    """Both clocks and the means to wait for them; tests and the playground bring their own."""

    def now(self) -> datetime:
        """Return the present moment by the wall clock, aware and in UTC."""

    def steady(self) -> datetime:
        """Return what the steady clock says; it began with what the wall clock said then."""

    async def sleep(self, span: timedelta) -> None:
        """Return once that much time has passed by the steady clock."""

    async def sleep_until(self, moment: datetime) -> None:
        """Return once `now()` has reached `moment`, at once if it has."""


class SystemTime:
    """The machine's clocks."""

    def __init__(self) -> None:
        self._began = datetime.now(UTC) - timedelta(seconds=time.monotonic())

    def now(self) -> datetime:
        """Return the present moment by the wall clock, aware and in UTC."""
        return datetime.now(UTC)

    def steady(self) -> datetime:
        """Return what the steady clock says, which began with this object."""
        return self._began + timedelta(seconds=time.monotonic())

    async def sleep(self, span: timedelta) -> None:
        """Return once that much time has passed by the steady clock."""
        await asyncio.sleep(span.total_seconds())

    async def sleep_until(self, moment: datetime) -> None:
        """Return once the machine's clock has reached `moment`.

        It naps for a minute at most, so that it notices a clock that was set or a machine that slept.
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

    async def wait(self, span: timedelta | None) -> None:
        """Return once that much time has passed (None: never), or earlier if it rings."""
        await self._wait(None if span is None else self._time.sleep(span))

    async def _wait(self, sleep: Coroutine[object, object, None] | None) -> None:
        waits: list[asyncio.Task[object]] = [asyncio.create_task(self._rung.wait(), name="waiting")]
        if sleep is not None:
            waits.append(asyncio.create_task(sleep, name="sleeping"))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        self._rung.clear()

    async def keep_doing(self, work: Callable[[], Awaitable[datetime | None]], what: str) -> None:
        """Do `work` now, at each moment of the wall clock that it returns and when it rings, until cancelled.

        When it fails, the log says that `what` failed, and it is tried again.
        """
        while True:
            try:
                moment = await work()
            except Exception:
                log.exception("%s failed; trying again in %d s", what, AFTER_FAULT.total_seconds())
                moment = self._time.now() + AFTER_FAULT
            await self._wait(None if moment is None else self._time.sleep_until(moment))
