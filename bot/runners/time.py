"""Time as the runners are given it: what it is now, and waiting for a moment."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol

LONGEST_NAP = timedelta(minutes=1)


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


async def sleep_or_wake(time: Time, moment: datetime | None, wake: asyncio.Event) -> None:
    """Return at `moment` (None: never), or earlier if `wake` is set."""
    waits: list[asyncio.Task[object]] = [asyncio.create_task(wake.wait(), name="waiting-to-be-woken")]
    if moment is not None:
        waits.append(asyncio.create_task(time.sleep_until(moment), name="sleeping"))
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
