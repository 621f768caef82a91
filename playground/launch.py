"""A local Discord with its page as parent, a bot as its child, and a clean end for both."""

import asyncio
import contextlib
import errno
import logging
import os
import signal
import sys
import webbrowser
from collections.abc import Callable, Iterator
from pathlib import Path

from playground.clock import SharedClock
from playground.process import BotProcess, address
from playground.server import LocalDiscord
from playground.terminal import opens_browser, shows_colour, welcome
from playground.web.page import Page
from playground.world.scene import Scene

log = logging.getLogger(__name__)

MakeBot = Callable[[LocalDiscord], BotProcess]
PORTS_TRIED = 20
STARTING_AGAIN_IS_NO_USE = 2
"""With this exit code a bot says that something has to be put right first."""


class CannotServe(Exception):  # noqa: N818 (shown to whoever starts it, as one sentence)
    """The playground cannot work like this; the text is a sentence that says what to do."""


class Launcher:
    """One run of a playground. Without `make_bot` it waits for a bot that is started by hand.

    `clock_path` is where the clock's offset is kept from one run to the next. With `browser` the page opens
    by itself where somebody is there to see it.
    """

    def __init__(
        self,
        scene: Scene,
        make_bot: MakeBot | None,
        *,
        port: int,
        clock_path: Path,
        browser: bool = True,
    ) -> None:
        self._browser = browser
        self._scene = scene
        self._make_bot = make_bot
        self._port = port
        self._clock_path = clock_path
        self._stopping = asyncio.Event()
        self._restart = asyncio.Event()

    async def run(self) -> int:
        """Serve until SIGINT or SIGTERM, keep the bot running, and stop everything; return the exit code.

        Raises CannotServe without a free port, or in a folder that cannot be written to.
        """
        clock = _open_clock(self._clock_path)
        discord = LocalDiscord(clock, self._scene)
        discord.mount(Page(discord, self._restart.set if self._make_bot else None))
        try:
            with _signals(self._stopping):
                await self._listen(discord)
                if self._make_bot is not None:
                    return await self._keep_bot(self._make_bot(discord))
                for name, value in address(discord).items():
                    print(f"{name}={value}", flush=True)
                await self._stopping.wait()
                return 0
        finally:
            await discord.stop()
            clock.close()

    async def _listen(self, discord: LocalDiscord) -> None:
        for port in range(self._port, min(self._port + PORTS_TRIED, 65_536)):
            try:
                await discord.start(port=port)
            except OSError as error:
                if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                    raise
                continue
            if port != self._port:
                print(f"Port {self._port} is taken, so the playground took {port}.", flush=True)
            self._welcome(discord.url)
            return
        raise CannotServe(f"The ports from {self._port} on are all taken. Set PLAYGROUND_PORT to a free one.")

    def _welcome(self, url: str) -> None:
        terminal = sys.stdout.isatty()
        colour = shows_colour(os.environ, terminal=terminal)
        print(welcome(url, self._scene.first_command, colour=colour), flush=True)
        if self._browser and opens_browser(os.environ, terminal=terminal):
            webbrowser.open(url)

    async def _keep_bot(self, bot: BotProcess) -> int:
        while True:
            self._restart.clear()
            await bot.start()
            ended = asyncio.create_task(bot.wait(), name="the bot's end")
            code = await self._first_of(ended)
            if code is None:
                await bot.stop()
                await ended
            elif code == STARTING_AGAIN_IS_NO_USE:
                return code
            elif not self._stopping.is_set():
                log.error("The bot ended with code %d. Restart it on the page.", code)
                await self._first_of()
            if self._stopping.is_set():
                return 0

    async def _first_of(self, ended: asyncio.Task[int] | None = None) -> int | None:
        """Wait until the bot ends, and return its exit code, or until a stop or restart is asked for."""
        wishes = [asyncio.create_task(self._stopping.wait()), asyncio.create_task(self._restart.wait())]
        everything: list[asyncio.Task[bool] | asyncio.Task[int]] = [*wishes]
        if ended is not None:
            everything.append(ended)
        await asyncio.wait(everything, return_when=asyncio.FIRST_COMPLETED)
        for wish in wishes:
            wish.cancel()
        return ended.result() if ended is not None and ended.done() else None


def _open_clock(path: Path) -> SharedClock:
    """Open the clock's file. It keeps the offset, so that what a bot stored while ahead stays in its past."""
    try:
        return SharedClock(path.resolve())
    except OSError as error:
        raise CannotServe(
            f"The folder {path.resolve().parent} is not writable ({error.strerror}). Start from another one."
        ) from error


@contextlib.contextmanager
def _signals(stopping: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    handled = (signal.SIGINT, signal.SIGTERM)
    for number in handled:
        # Windows has no such handlers; there Ctrl+C ends asyncio.run itself.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stopping.set)
    yield
    for number in handled:
        with contextlib.suppress(NotImplementedError):
            loop.remove_signal_handler(number)
