"""A local Discord for storms and benches, which are no fixtures of pytest."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from bot.playground import SCENE
from playground import Driver, LocalDiscord, Scene, SharedClock


@contextlib.asynccontextmanager
async def local_discord(folder: Path, scene: Scene = SCENE) -> AsyncIterator[Driver]:
    """Run a local Discord with a clock of its own, kept in `folder`."""
    clock = SharedClock(folder / "clock")
    server = LocalDiscord(clock, scene, strict=True)
    await server.start()
    try:
        yield Driver(server)
    finally:
        await server.stop()
        clock.close()
