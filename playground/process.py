"""A bot as a child process of a playground, or of a test."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from playground.child import (
    API_VARIABLE,
    CDN_VARIABLE,
    CLOCK_VARIABLE,
    GATEWAY_VARIABLE,
    URL_VARIABLE,
    WATCHED_VARIABLE,
)
from playground.redirect import API_PATH, CDN_PATH, gateway_url
from playground.server import LocalDiscord

STOP_SECONDS = 10.0
INSIDE = Path(__file__).resolve().with_name("inside")


class BotProcess:
    """Starts, stops and restarts a bot at a local Discord that is being served.

    The command's environment is this process's own, what says where Discord is, and `environment`.
    """

    def __init__(
        self, discord: LocalDiscord, command: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> None:
        self._discord = discord
        self._command = command
        self._environment = environment or {}
        self._process: asyncio.subprocess.Process | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What the process is told."""
        paths = [str(INSIDE), *filter(None, [os.environ.get("PYTHONPATH")])]
        return {
            **os.environ,
            **address(self._discord),
            # Python imports what lies there before any of the bot's code.
            "PYTHONPATH": os.pathsep.join(paths),
            **self._environment,
        }

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._started().pid

    async def start(self) -> None:
        """Start the process; returns before the bot is connected."""
        await self._spawn()

    async def _spawn(self, **options: Any) -> asyncio.subprocess.Process:
        """Start the process, with further options of asyncio's `create_subprocess_exec`."""
        # The child ends when its input closes, so a parent that is killed leaves no bot behind.
        self._process = await self._begin(self.environment | {WATCHED_VARIABLE: "yes"}, **options)
        return self._process

    async def _begin(self, environment: Mapping[str, str], **options: Any) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *self._command,
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            # Ctrl+C in a terminal is for the parent, which then stops the bot cleanly.
            start_new_session=True,
            **options,
        )

    async def wait(self) -> int:
        """Wait for its end and return its exit code, negative for a signal."""
        return await self._started().wait()

    async def stop(self) -> int:
        """Ask it to end, insist after ten seconds, and return its exit code."""
        process = self._started()
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            return await self.kill()

    async def kill(self) -> int:
        """End it without a warning, as a crash or `kill -9` would."""
        process = self._started()
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        return await process.wait()

    def _started(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError("The bot was not started.")
        return self._process


def address(discord: LocalDiscord) -> dict[str, str]:
    """Return the environment variables that tell a bot where Discord is, and its token."""
    found = {
        "DISCORD_TOKEN": discord.world.token,
        URL_VARIABLE: discord.url,
        API_VARIABLE: discord.url + API_PATH,
        GATEWAY_VARIABLE: gateway_url(discord.url),
        CDN_VARIABLE: discord.url + CDN_PATH,
    }
    if discord.clock.path is not None:
        found[CLOCK_VARIABLE] = str(discord.clock.path)
    return found
