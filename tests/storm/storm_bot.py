"""The bot as a storm sees it from outside: started, killed, short of disk, measured."""

import asyncio
import contextlib
import json
import os
import resource
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Protocol

from bot.storage.database import Location
from playground import BotProcess, Driver, LocalDiscord
from tests.engines import query, settings_of
from tests.storm.child import HOLDINGS_VARIABLE

PAGE = 4_096
REPORT_SECONDS = 10.0
TRIES = 10
PATIENCE = 90.0
"""Real seconds for a connection: after some failed attempts discord.py waits long for the next."""
LONGEST_LINE = 2**20
EXPECTED = ("StorageFailure", "aiohttp.client_exceptions", "discord.errors.DiscordServerError")
"""What a log may tell of in a storm: a disk that is full, a database in use, a gateway that is away."""


@dataclass(frozen=True, slots=True)
class Footprint:
    """What the process holds: pages of memory in bytes, blocks that Python has allocated, open files and
    sockets, tasks by what they run.
    """

    memory: int
    blocks: int
    files: int
    sockets: int
    tasks: dict[str, int]


class Stored(Protocol):
    """What is asked of a bot, or of several on one database, about what they stored."""

    location: Location

    def query(self, sql: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Return the rows of a query on the database."""


class StormBot(BotProcess):
    """The real bot as a child process, with its log in a file of `folder`.

    Several on one database have a folder each, and are told apart by their `environment`.
    """

    def __init__(
        self,
        server: LocalDiscord,
        folder: Path,
        packs_path: Path,
        location: Location,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.location = location
        self.log_path = folder / "bot.log"
        self._holdings_path = folder / "holdings.json"
        self._server = server
        told = {
            **settings_of(location),
            "PACKS_PATH": str(packs_path),
            "LOG_LEVEL": "INFO",
            "LOG_FORMAT": "json",
            HOLDINGS_VARIABLE: str(self._holdings_path),
            **(environment or {}),
        }
        super().__init__(server, (sys.executable, "-m", "tests.storm.child"), told)
        self.starts = 0
        self._copying: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start the process, its log appended to the file."""
        # Through a pipe, as a full disk would keep the process from writing to a file.
        process = await self._spawn(stderr=asyncio.subprocess.PIPE, limit=LONGEST_LINE)
        self.starts += 1
        assert process.stderr is not None
        copying = asyncio.create_task(self._keep_log(process.stderr), name="bot log")
        self._copying.add(copying)
        copying.add_done_callback(self._copying.discard)

    async def _keep_log(self, stream: asyncio.StreamReader) -> None:
        with self.log_path.open("ab") as log:
            async for line in stream:
                log.write(line)
                log.flush()

    async def start_and_connect(self, discord: Driver) -> None:
        """Start, and return once this very process is at the gateway."""
        # The dead one's sessions would be served for ever; Discord forgets them as well.
        self._server.gateway.drop(1001, resumable=False)
        await self.start()
        await self.keep_connected(discord)

    async def keep_connected(self, discord: Driver) -> None:
        """Return once the process is at the gateway; where it has ended it is started again first.

        It ends, with a sentence, where Discord or the disk does not let it start.
        """
        for _ in range(TRIES):
            ended = asyncio.create_task(self.wait(), name="bot ended")
            connected = asyncio.create_task(discord.until(self._is_connected, patience=PATIENCE))
            try:
                await asyncio.wait((ended, connected), return_when=asyncio.FIRST_COMPLETED)
            finally:
                ended.cancel()
                connected.cancel()
            if not ended.done() and self.running:
                await connected
                return
            await self.start()
        raise AssertionError(f"the bot does not start: {self.log_path.read_text('utf-8')[-3_000:]}")

    def _is_connected(self) -> bool:
        return self.running and self._server.gateway.online

    @contextlib.asynccontextmanager
    async def full_disk(self, rng: Random) -> AsyncIterator[None]:
        """Let no file of the process grow meanwhile: a write fails at once, or in the middle of a page."""
        log = Path(f"{self.location}-wal")
        size = log.stat().st_size if log.exists() else 0
        limit = rng.choice((0, size, size + PAGE // 2))
        pid = self.pid
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, hard))
        try:
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))

    @contextlib.asynccontextmanager
    async def busy_database(self) -> AsyncIterator[None]:
        """Keep the write lock meanwhile, as another program on the same file would."""
        with contextlib.closing(
            sqlite3.connect(self.location, isolation_level=None, timeout=1)
        ) as connection:
            with contextlib.suppress(sqlite3.OperationalError):
                connection.execute("BEGIN IMMEDIATE")
            yield

    def query(self, sql: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Return the rows of a query on the bot's database."""
        return query(self.location, sql, values)

    def complaints(self) -> list[str]:
        """Return what the log tells of that even a storm is no excuse for."""
        found = []
        for line in self.log_path.read_text("utf-8").splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                # Not through the log: a warning of Python's, a traceback, or a sentence before an end.
                found += [line] if "never" in line or line.startswith("Traceback") else []
                continue
            if entry["level"] in ("ERROR", "CRITICAL"):
                cause = entry.get("trace", "").strip().splitlines()[-1:]
                if not any(name in line for name in EXPECTED for line in cause):
                    found.append(f"{entry['logger']}: {entry['message']}\n{entry.get('trace', '')}")
        return found

    async def footprint(self) -> Footprint:
        """Return what the process holds at present."""
        self._holdings_path.unlink(missing_ok=True)
        os.kill(self.pid, signal.SIGUSR1)
        async with asyncio.timeout(REPORT_SECONDS):
            while not self._holdings_path.exists():  # noqa: ASYNC110 (a file of another process sets no event)
                await asyncio.sleep(0.02)
        status = Path(f"/proc/{self.pid}/status").read_text("utf-8")
        memory = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
        handles = [_target(handle) for handle in Path(f"/proc/{self.pid}/fd").iterdir()]
        sockets = sum(target.startswith("socket:") for target in handles)
        holdings = json.loads(self._holdings_path.read_text("utf-8"))
        return Footprint(
            memory * 1024, holdings["blocks"], len(handles) - sockets, sockets, holdings["tasks"]
        )


def _target(handle: Path) -> str:
    try:
        return str(handle.readlink())
    except FileNotFoundError:
        return ""
