"""A bot under measurement: a process of its own on a local Discord of its own."""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from bot.playground.child import CLOCK_VARIABLE, URL_VARIABLE
from bot.playground.clock import SharedClock
from bot.playground.server import LocalDiscord
from tests.bench.table import Row
from tests.wire.harness import Actor, Driver

OURS = "bot.playground.child"
NULL = "tests.bench.null_bot"
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Subject:
    """A connected bot process and the Discord around it."""

    driver: Driver
    pid: int
    players: list[Actor]

    def cpu_seconds(self) -> float:
        """Return the CPU time that all of the process's threads have used (Linux)."""
        # The kernel's id of another process's CPU clock: clock_getcpuclockid(3), which Python lacks.
        return time.clock_gettime((~self.pid << 3) | 2)

    def memory_bytes(self) -> int:
        """Return the process's own memory: what it does not share with others (Linux)."""
        rollup = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        private = [line.split()[1] for line in rollup.splitlines() if line.startswith("Private_")]
        return sum(map(int, private)) * 1024


@contextlib.asynccontextmanager
async def subject(
    module: str, folder: Path, *, players: int = 500, guilds: int = 0, **environment: str
) -> AsyncIterator[Subject]:
    """Start the bot `module` in `folder`, with so many players in its server and so many further servers."""
    clock = SharedClock(folder / "clock")
    server = LocalDiscord(clock)
    await server.start()
    driver = Driver(server)
    for number in range(guilds):
        driver.add_guild(f"Server {number}")
    actors = driver.add_members(players)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        # Our bot ends when this pipe does.
        stdin=asyncio.subprocess.PIPE,
        env=os.environ
        | {
            URL_VARIABLE: server.url,
            CLOCK_VARIABLE: str(clock.path),
            "DISCORD_TOKEN": server.world.token,
            "DATABASE_PATH": str(folder / "bench.db"),
            "LOG_LEVEL": "ERROR",
        }
        | environment,
    )
    try:
        await driver.until(
            lambda: server.gateway.online and bool(server.world.commands.get(None)), patience=60
        )
        yield Subject(driver, process.pid, actors)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await server.stop()
        clock.close()


async def alternate(
    name: str,
    work: Callable[[Subject], Awaitable[int]],
    ours: Subject,
    null: Subject,
    goal: float | None = None,
    prepare: Callable[[Subject], Awaitable[None]] | None = None,
) -> Row:
    """Run `work` on both bots in turn, first once uncounted, and return the CPU of each operation.

    `work` returns how many operations it did; what `prepare` does before it is not measured.
    """
    figures: dict[int, list[float]] = {ours.pid: [], null.pid: []}
    for turn in range(ROUNDS + 1):
        for bot in (ours, null):
            if prepare is not None:
                await prepare(bot)
            before = bot.cpu_seconds()
            operations = await work(bot)
            if turn:
                figures[bot.pid].append((bot.cpu_seconds() - before) / operations * 1e6)
    return Row(name, "µs CPU", figures[ours.pid], figures[null.pid], goal)
