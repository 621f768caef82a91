"""The work that goes on by itself while the bot serves, as one group whose failure nobody can overlook."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine

Work = Callable[[], Coroutine[object, object, None]]

SECONDS_TO_END = 1.0
"""How long the serving may take to end before it is cancelled again."""


class Background:
    """Work that goes on while the bot serves. If any fails, all of it and the serving end."""

    def __init__(self) -> None:
        self._works: dict[str, Work] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def add(self, name: str, work: Work) -> None:
        """Have `serve` start this work, which may go on until it is cancelled."""
        self._works[name] = work

    async def serve(self, serving: Awaitable[None]) -> None:
        """Do all the work until `serving` returns. Raises what any of it raises."""
        served = asyncio.ensure_future(serving)
        try:
            async with asyncio.TaskGroup() as group:
                self._tasks = [group.create_task(work(), name=name) for name, work in self._works.items()]
                await asyncio.shield(served)
                await self.stop()
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from failures
        finally:
            await _end(served)

    async def stop(self) -> None:
        """Cancel all the work, and wait until it has ended."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _end(served: asyncio.Future[None]) -> None:
    """Cancel until it ends, as a cancellation can get lost.

    While discord.py reconnects, it takes one for the end of that attempt only, and Python 3.11's `wait_for`
    loses one that comes together with its result.
    """
    while not served.done():
        served.cancel()
        await asyncio.wait((served,), timeout=SECONDS_TO_END)
