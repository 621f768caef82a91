"""The local Discord as parent, the bot as its child, and a clean end for both."""

import asyncio
import contextlib
import errno
import logging
import signal
from collections.abc import Iterator
from pathlib import Path

from playground.clock import SharedClock
from playground.process import BotProcess
from playground.server import LocalDiscord

log = logging.getLogger(__name__)

DATABASE = Path("playground.db")
PORTS_TRIED = 20
CANNOT_START = 2


class CannotServe(Exception):  # noqa: N818 (told to whoever starts it, as one sentence)
    """The playground cannot work like this; the text is a sentence that says what to do."""


class Launcher:
    """One run of the playground."""

    def __init__(self, port: int, packs_path: Path) -> None:
        self._port = port
        self._packs_path = packs_path
        self._stopping = asyncio.Event()
        self._restart = asyncio.Event()

    async def run(self) -> int:
        """Serve until SIGINT or SIGTERM, keep the bot running, and stop everything; return the exit code.

        Raises CannotServe without a free port, or in a folder that cannot be written to.
        """
        clock = _open_clock()
        discord = LocalDiscord(clock)
        discord.page.faults.restart_bot = self._restart.set
        try:
            with _signals(self._stopping):
                await self._listen(discord)
                return await self._keep_bot(discord, clock)
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
            print(f"The playground is at {discord.url}  (Ctrl+C stops it)", flush=True)
            return
        raise CannotServe(
            f"The ports from {self._port} on are all taken. Set PLAYGROUND_PORT to one that is free."
        )

    async def _keep_bot(self, discord: LocalDiscord, clock: SharedClock) -> int:
        while True:
            bot = BotProcess(
                discord.url,
                discord.world.token,
                _path_of(clock),
                DATABASE,
                {"PACKS_PATH": str(self._packs_path)},
            )
            self._restart.clear()
            await bot.start()
            ended = asyncio.create_task(bot.wait(), name="the bot's end")
            code = await self._first_of(ended)
            if code is None:
                await bot.stop()
                await ended
            elif code == CANNOT_START:
                return code
            elif not self._stopping.is_set():
                log.error("The bot ended with code %d. Restart it on the page.", code)
                await self._first_of()
            if self._stopping.is_set():
                return 0

    async def _first_of(self, ended: asyncio.Task[int] | None = None) -> int | None:
        """Wait for a wish to stop or to restart, or for the bot's own end; return its code in that case."""
        wishes = [asyncio.create_task(self._stopping.wait()), asyncio.create_task(self._restart.wait())]
        everything: list[asyncio.Task[bool] | asyncio.Task[int]] = [*wishes]
        if ended is not None:
            everything.append(ended)
        await asyncio.wait(everything, return_when=asyncio.FIRST_COMPLETED)
        for wish in wishes:
            wish.cancel()
        return ended.result() if ended is not None and ended.done() else None


def _open_clock() -> SharedClock:
    """Keep the clock's offset beside the database: what the bot stored of a day ahead stays in its past."""
    try:
        return SharedClock(Path(f"{DATABASE}.clock").resolve())
    except OSError as error:
        raise CannotServe(
            f"The folder {Path.cwd()} cannot be written to ({error.strerror}). Start in another one."
        ) from error


def _path_of(clock: SharedClock) -> Path:
    if clock.path is None:
        raise ValueError("The bot's process can only read a clock that lies in a file.")
    return clock.path


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
