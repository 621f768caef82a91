"""The bot as a child process of the playground, or of a test."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from playground.child import CLOCK_VARIABLE, URL_VARIABLE, WATCHED

STOP_SECONDS = 10.0


class BotProcess:
    """Starts, stops and restarts the bot at a local Discord. `environment` is added to this process's own."""

    def __init__(
        self,
        url: str,
        token: str,
        clock_path: Path,
        database_path: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._environment = os.environ | {
            URL_VARIABLE: url,
            CLOCK_VARIABLE: str(clock_path),
            "DISCORD_TOKEN": token,
            "DATABASE_PATH": str(database_path),
            **(environment or {}),
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start the process; returns before the bot is connected."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.playground",
            WATCHED,
            env=self._environment,
            # The child ends when this pipe does, so a parent that is killed leaves no bot behind.
            stdin=asyncio.subprocess.PIPE,
        )

    async def wait(self) -> int:
        """Wait for its end and return its exit code, negative for a signal."""
        return await self._running().wait()

    async def stop(self) -> int:
        """Ask it to end, insist after ten seconds, and return its exit code."""
        process = self._running()
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            return await self.kill()

    async def kill(self) -> int:
        """End it without a warning, as a crash or `kill -9` would."""
        process = self._running()
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        return await process.wait()

    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError("The bot was not started.")
        return self._process
