"""A bot under measurement: a process of its own on a local Discord of its own."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground import Actor, BotProcess, Driver
from tests.bench.table import Row
from tests.local_discord import local_discord

OURS = "bot.playground_child"
NULL = "tests.bench.null_bot"
ROUNDS = 9
DATABASE = "bench.db"
"""Our bot's database within the folder that it was started in."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A connected bot process and the Discord around it.

    `connected_seconds` is how long it took from the start of the process until it was connected to the
    gateway with its commands registered.
    """

    driver: Driver
    pid: int
    players: list[Actor]
    database: Path
    connected_seconds: float

    def cpu_seconds(self) -> float:
        """Return the CPU time that all of the process's threads have used (Linux)."""
        # The kernel's id of another process's CPU clock: clock_getcpuclockid(3), which Python lacks.
        return time.clock_gettime((~self.pid << 3) | 2)

    def memory_bytes(self) -> int:
        """Return the memory that the process has filled itself, without what it maps of files (Linux)."""
        rollup = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        return (
            next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Anonymous:")) * 1024
        )

    async def settle(self) -> None:
        """Wait until the process has been idle for a second."""
        before = -1.0
        while self.cpu_seconds() - before > 0.02:
            before = self.cpu_seconds()
            await asyncio.sleep(1)


@contextlib.asynccontextmanager
async def started(
    module: str, driver: Driver, folder: Path, players: list[Actor], **environment: str
) -> AsyncIterator[Subject]:
    """Start the bot `module` with its database in `folder`, and kill it in the end."""
    gateway, commands = driver.server.gateway, driver.world.commands
    known = set(gateway.sessions)

    def connected() -> bool:
        return bool(set(gateway.sessions) - known) and bool(commands.get(None))

    began = time.perf_counter()
    process = BotProcess(
        driver.server,
        (sys.executable, "-m", module),
        {"DATABASE_PATH": str(folder / DATABASE), "LOG_LEVEL": "ERROR", **environment},
    )
    await process.start()
    try:
        await _or_ended(process, driver.until(connected, patience=120))
        seconds = time.perf_counter() - began
        yield Subject(driver, process.pid, players, folder / DATABASE, seconds)
    finally:
        await process.kill()


async def _or_ended(process: BotProcess, waiting: Coroutine[Any, Any, None]) -> None:
    """Wait, but no longer than the process lives."""
    tasks = [asyncio.create_task(waiting), asyncio.create_task(process.wait())]
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    if tasks[0] not in done:
        raise AssertionError(f"the bot ended with {await process.wait()} before it was connected")
    await tasks[0]


@contextlib.asynccontextmanager
async def subject(
    module: str, folder: Path, *, players: int = 500, **environment: str
) -> AsyncIterator[Subject]:
    """Start the bot `module` in `folder`, made for it, with so many players in its server."""
    folder.mkdir()
    async with (
        local_discord(folder) as driver,
        started(module, driver, folder, driver.add_members(players), **environment) as bot,
    ):
        yield bot


async def in_turn(
    work: Callable[[Subject], Awaitable[int]],
    bots: Sequence[Subject],
    prepare: Callable[[Subject], Awaitable[None]] | None = None,
    rounds: int = ROUNDS,
) -> list[list[float]]:
    """Run `work` on the bots in turn, first once uncounted; return the µs of CPU of an operation of each.

    `work` returns how many operations it did; what `prepare` does before it is not measured.
    """
    figures: list[list[float]] = [[] for _ in bots]
    for turn in range(rounds + 1):
        for bot, kept in zip(bots, figures, strict=True):
            if prepare is not None:
                await prepare(bot)
            before = bot.cpu_seconds()
            operations = await work(bot)
            if turn:
                kept.append((bot.cpu_seconds() - before) / operations * 1e6)
    return figures


async def alternate(
    name: str,
    work: Callable[[Subject], Awaitable[int]],
    ours: Subject,
    null: Subject,
    goal: str = "",
    prepare: Callable[[Subject], Awaitable[None]] | None = None,
    rounds: int = ROUNDS,
) -> Row:
    """Return what an operation of `work` costs on both bots, run as `in_turn` does."""
    figures = await in_turn(work, (ours, null), prepare, rounds)
    return Row(name, "µs CPU", figures[0], figures[1], goal)
