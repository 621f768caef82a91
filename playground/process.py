"""A bot as a child process of a playground, or of a test."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from typing import Any

from playground.child import CLOCK_VARIABLE, URL_VARIABLE, WATCHED_VARIABLE
from playground.server import LocalDiscord

STOP_SECONDS = 10.0


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
        clock_path = self._discord.clock.path
        return os.environ | {
            URL_VARIABLE: self._discord.url,
            WATCHED_VARIABLE: "yes",
            "DISCORD_TOKEN": self._discord.world.token,
            **({} if clock_path is None else {CLOCK_VARIABLE: str(clock_path)}),
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
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            env=self.environment,
            # The child ends when this pipe does, so a parent that is killed leaves no bot behind.
            stdin=asyncio.subprocess.PIPE,
            **options,
        )
        return self._process

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
