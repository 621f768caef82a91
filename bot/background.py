"""The work that goes on by itself while the bot serves: one group, whose failure nobody can overlook."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine

Work = Callable[[], Coroutine[object, object, None]]


class Background:
    """Works that go on for as long as the bot serves. Where one fails, all end, and so does the serving."""

    def __init__(self) -> None:
        self._works: dict[str, Work] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def add(self, name: str, work: Work) -> None:
        """Have `work` done from the start of `serve` on; it goes on until it is cancelled."""
        self._works[name] = work

    async def serve(self, serving: Awaitable[None]) -> None:
        """Return when `serving` does, with all works going on meanwhile. Raises what any of them raises."""
        try:
            async with asyncio.TaskGroup() as group:
                self._tasks = [group.create_task(work(), name=name) for name, work in self._works.items()]
                await serving
                await self.stop()
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from failures

    async def stop(self) -> None:
        """End every work, each of which may take its time to do so."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
