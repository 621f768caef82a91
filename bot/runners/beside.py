"""Tasks that run alongside the one that starts them."""

import asyncio
import logging
from collections.abc import Coroutine

log = logging.getLogger(__name__)


class Beside:
    """Tasks whose results nobody waits for; their failures are logged."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """Return how many are running."""
        return len(self._tasks)

    def start(self, work: Coroutine[object, object, None], name: str) -> None:
        """Start a task."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._forget)

    async def one_ends(self) -> None:
        """Wait until the first of them ends."""
        await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def finish(self, patience: float | None = None) -> None:
        """Wait until all have ended, and cancel those that take longer than `patience` (in seconds)."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def cancel(self) -> None:
        """Cancel all of them."""
        for task in self._tasks:
            task.cancel()

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("%s failed", task.get_name(), exc_info=error)
