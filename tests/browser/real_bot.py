"""A local Discord with the real bot on it as its own process, as `python -m bot` makes it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

from bot.playground import SCENE
from playground import Driver, LocalDiscord, SharedClock
from tests.browser.kept_page import KeptPage
from tests.engines import bot_on
from tests.wire.quiz.game import Game, reader_at

DATABASE = "playground.db"
START_PATIENCE = 30.0


class RealBot:
    """The bot's process at a local Discord. The page can restart it, as the launcher lets it."""

    def __init__(self, driver: Driver, folder: Path, environment: Mapping[str, str]) -> None:
        database = folder / DATABASE
        self.driver = driver
        self.game = Game(driver, reader_at(database))
        self._process = bot_on(database, driver.server, environment)
        self._restarting: asyncio.Task[None] | None = None
        driver.server.mount(KeptPage(driver.server, self._restart))

    async def start(self) -> None:
        """Start it, and return when it is at the gateway; its commands are registered before that."""
        before = set(self.driver.server.gateway.sessions)
        await self._process.start()
        await self.driver.until(
            lambda: bool(set(self.driver.server.gateway.sessions) - before), patience=START_PATIENCE
        )

    async def kill(self) -> None:
        """End it as a crash would."""
        if self._restarting is not None:
            await self._restarting
        await self._process.kill()

    def _restart(self) -> None:
        self._restarting = asyncio.create_task(self._stop_and_start(), name="restart")

    async def _stop_and_start(self) -> None:
        await self._process.stop()
        await self.start()


@asynccontextmanager
async def real_bot(
    folder: Path, environment: Mapping[str, str], *, ahead: float = 0
) -> AsyncIterator[RealBot]:
    """Serve a new local Discord and the bot, with their files in `folder`; time is `ahead` by seconds."""
    clock = SharedClock(folder / "clock")
    clock.advance(ahead)
    # Else its players might all answer too late.
    server = LocalDiscord(clock, SCENE, strict=True, chance=Random(7))
    bot = RealBot(Driver(server), folder, {"LOG_LEVEL": "WARNING", **environment})
    await server.start()
    try:
        await bot.start()
        yield bot
    finally:
        await bot.kill()
        await server.stop()
        clock.close()
