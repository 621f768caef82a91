"""The playground's time: real UTC plus an offset that only grows.

The offset is a double in a small mapped file, written by the parent and read by the bot's own process, so
that a day can be jumped in both. What it says has passed in every way: timers hear of it as clocks do.
"""

import asyncio
import mmap
import os
import struct
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playground.child import CLOCK_VARIABLE

OFFSET = struct.Struct("<d")
WATCH_SECONDS = 0.05
LONGEST_WAIT = timedelta(hours=1)


class SharedClock:
    """Real UTC plus an offset in seconds.

    `path` makes it visible to other processes, `None` keeps it in this one.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._listeners: list[Callable[[], None]] = []
        if path is None:
            self._map = mmap.mmap(-1, OFFSET.size)
            return
        if not path.exists() or path.stat().st_size != OFFSET.size:
            path.write_bytes(OFFSET.pack(0.0))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), OFFSET.size)

    @property
    def offset(self) -> float:
        """Seconds that this clock is ahead of the real one."""
        return float(OFFSET.unpack_from(self._map)[0])

    def now(self) -> datetime:
        """Return the playground's present moment, aware, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.offset)

    def advance(self, seconds: float) -> None:
        """Jump forward; raises ValueError for a jump back."""
        if seconds < 0:
            raise ValueError("The playground's clock only moves forward.")
        OFFSET.pack_into(self._map, 0, self.offset + seconds)
        for listener in tuple(self._listeners):
            listener()

    def jump_to(self, moment: datetime) -> None:
        """Jump forward to an aware moment; raises ValueError when it has passed."""
        self.advance((moment - self.now()).total_seconds())

    def on_jump(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each jump made in this process."""
        self._listeners.append(listener)

    @property
    def closed(self) -> bool:
        """Whether the mapped file was let go."""
        return self._map.closed

    def close(self) -> None:
        """Let go of the mapped file; the file itself stays."""
        self._map.close()


class SharedTime:
    """The bot's `Time` on a SharedClock.

    Sleepers wake when the moment comes, also by a jump made elsewhere.
    """

    def __init__(self, clock: SharedClock) -> None:
        self._clock = clock
        self._began = datetime.now(UTC) - timedelta(seconds=time.monotonic())
        self._sleepers: dict[asyncio.Future[None], datetime] = {}
        self._watcher: asyncio.Task[None] | None = None
        clock.on_jump(self._wake)

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return self._clock.now()

    def steady(self) -> datetime:
        """Return where a clock stands that jumps with the playground, and that nobody sets beside it."""
        return self._began + timedelta(seconds=time.monotonic() + self._clock.offset)

    @property
    def next_wake(self) -> timedelta | None:
        """How long the first who sleeps has still to sleep, `None` while nobody does."""
        return min(self._sleepers.values()) - self.steady() if self._sleepers else None

    async def sleep(self, span: timedelta) -> None:
        """Return once so much time has passed, or was jumped over."""
        ends = self.steady() + span
        while (remaining := ends - self.steady()) > timedelta():
            await self._doze(min(remaining, LONGEST_WAIT))
        await asyncio.sleep(0)

    async def sleep_until(self, moment: datetime) -> None:
        """Return once `moment` (aware) has come."""
        while (remaining := moment - self._clock.now()) > timedelta():
            await self._doze(min(remaining, LONGEST_WAIT))
        await asyncio.sleep(0)

    async def _doze(self, span: timedelta) -> None:
        jump: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers[jump] = self.steady() + span
        self._watch()
        try:
            # Not wait_for: on Python 3.11 it loses a cancellation that comes together with the jump.
            async with asyncio.timeout(span.total_seconds()):
                await jump
        except TimeoutError:
            pass
        finally:
            del self._sleepers[jump]

    def _wake(self) -> None:
        for jump in tuple(self._sleepers):
            if not jump.done():
                jump.set_result(None)

    def _watch(self) -> None:
        """Look at the file while somebody sleeps: a jump by another process leaves no event."""
        if self._clock.path is not None and (self._watcher is None or self._watcher.done()):
            self._watcher = asyncio.create_task(
                self._look_for_jumps(self._clock.offset), name="playground clock watcher"
            )

    async def _look_for_jumps(self, seen: float) -> None:
        while self._sleepers:
            await asyncio.sleep(WATCH_SECONDS)
            if self._clock.closed:
                return
            if self._clock.offset != seen:
                seen = self._clock.offset
                self._wake()


def parents_time() -> SharedTime:
    """Return the time of the playground that started this process."""
    return SharedTime(SharedClock(Path(os.environ[CLOCK_VARIABLE])))
