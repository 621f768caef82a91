"""Several processes that share out the servers, killed at random and started again by a supervisor.

On both engines: every acknowledged answer is stored once, each date is posted once, the totals are those of
the answers, and no shard is served twice. On PostgreSQL sessions are ended too, and the server is restarted.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from bot.storage.database import Location
from playground import Driver
from tests import postgres
from tests.local_discord import local_discord
from tests.quiz_pack import write_pack
from tests.storm.great_checks import check_totals
from tests.storm.great_storm import Storm, ride_day, see_out
from tests.storm.storm_bot import StormBot

FLEET = ("0-3", "4-7", "8-11", "12-15")
"""The shards of each process."""
SHARDS = 16
LONGEST_DAY = 30.0
AWAY = (0, 0.3, 1)
"""Real seconds before the supervisor starts a process again."""
PATIENCE = 120.0


class Fleet:
    """The processes, each started again whenever it ends, as a service manager would."""

    def __init__(self, discord: Driver, folder: Path, location: Location, rng: Random) -> None:
        self.location = location
        self.ends: Counter[int] = Counter()
        self.twice: set[int] = set()
        self._discord = discord
        self._folder = folder
        self._rng = rng
        self._supervisors: list[asyncio.Task[None]] = []
        self.bots = [self._bot(f"bot-{shards}", shards) for shards in FLEET]
        discord.server.hub.subscribe(lambda _: self._look_for_shards_served_twice())

    def _bot(self, name: str, shards: str, count: int = SHARDS) -> StormBot:
        settings = {"SHARD_COUNT": str(count), "SHARD_IDS": shards}
        folder = self._folder / name
        folder.mkdir(exist_ok=True)
        return StormBot(self._discord.server, folder, self._folder / "packs", self.location, settings)

    def _look_for_shards_served_twice(self) -> None:
        sessions = self._discord.server.gateway.sessions.values()
        served = Counter(session.shard for session in sessions if session.connection is not None)
        self.twice.update(shard for shard, number in served.items() if number > 1)

    async def start(self) -> None:
        """Start all of them at once."""
        self._supervisors = [asyncio.create_task(self._keep_up(bot), name="supervisor") for bot in self.bots]
        await self.all_connected()

    async def _keep_up(self, bot: StormBot) -> None:
        while True:
            await bot.start()
            self.ends[await bot.wait()] += 1
            await asyncio.sleep(self._rng.choice(AWAY))

    async def all_connected(self) -> None:
        """Return once every shard is served."""
        await self._discord.until(self._are_connected, patience=PATIENCE)

    def _are_connected(self) -> bool:
        for supervisor in self._supervisors:
            if supervisor.done():
                supervisor.result()
        sessions = self._discord.server.gateway.sessions.values()
        return {session.shard for session in sessions if session.connection is not None} == set(range(SHARDS))

    async def check_refusals(self) -> None:
        """Fail unless a second process on a shard, and one with another number of shards, end with 2."""
        for shards, count, told in (
            ("3-5", SHARDS, "Another bot is running on shard 3"),
            ("0", 8, "SHARD_COUNT=16"),
        ):
            impostor = self._bot("impostor", shards, count)
            await impostor.start()
            async with asyncio.timeout(PATIENCE):
                assert await impostor.wait() == 2
            assert told in impostor.log_path.read_text("utf-8")

    def query(self, sql: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Return the rows of a query on the database."""
        return self.bots[0].query(sql, values)

    async def stop(self) -> None:
        """Stop all of them, and start none again."""
        for supervisor in self._supervisors:
            supervisor.cancel()
        await asyncio.gather(*self._supervisors, return_exceptions=True)
        running = [bot for bot in self.bots if bot.running]
        assert {await bot.stop() for bot in running} <= {0}


@dataclass
class FleetTroubles:
    """Ends processes at random, and on PostgreSQL its sessions and the server."""

    fleet: Fleet
    rng: Random
    counts: Counter[str] = field(default_factory=Counter)
    _last: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Make trouble until cancelled."""
        kinds = ["killed", "killed", "killed", "stopped"]
        if isinstance(self.fleet.location, str):
            kinds += ["sessions ended", "server restarted"]
        while True:
            await asyncio.sleep(self.rng.uniform(0.5, 4))
            kind = self.rng.choice(kinds)
            self.counts[kind] += 1
            # A server that was stopped must be started again whatever happens here.
            self._last = asyncio.create_task(self._make(kind), name="trouble")
            await asyncio.shield(self._last)

    async def _make(self, kind: str) -> None:
        bot = self.rng.choice(self.fleet.bots)
        match kind:
            case "killed" if bot.running:
                await bot.kill()
            case "stopped" if bot.running:
                await bot.stop()
            case "sessions ended":
                await asyncio.to_thread(postgres.end_sessions, str(self.fleet.location))
            case "server restarted":
                server = postgres.shared_server()
                await asyncio.to_thread(server.stop)
                await asyncio.to_thread(server.start)

    async def calm(self) -> None:
        """Have every shard served."""
        if self._last is not None:
            await self._last
        await self.fleet.all_connected()
        await self.fleet.check_refusals()


async def ride_fleet_storm(
    seed: int, seconds: float, folder: Path, location: Location, servers: int = 24
) -> list[str]:
    """Ride a storm of about so many real seconds; return what happened in it. Raises AssertionError."""
    async with _raised(seed, folder, location, servers) as (storm, fleet, troubles):
        await storm.set_daily_facts()
        loop = asyncio.get_running_loop()
        begun, days = loop.time(), 0
        while loop.time() - begun < seconds:
            await ride_day(storm, min(LONGEST_DAY, seconds))
            days += 1
        await see_out(storm)
        await fleet.stop()
        assert not fleet.twice, f"shards served twice: {fleet.twice}"
        complaints = [line for bot in fleet.bots for line in bot.complaints()]
        assert not complaints, "\n".join(complaints)
        storm.report += check_totals(fleet)
        starts = sum(bot.starts for bot in fleet.bots)
        storm.report.append(
            f"{days} days, {starts} starts, ends by code {dict(fleet.ends)}, troubles {dict(troubles.counts)}"
        )
        return storm.report


@contextlib.asynccontextmanager
async def _raised(
    seed: int, folder: Path, location: Location, servers: int
) -> AsyncIterator[tuple[Storm, Fleet, FleetTroubles]]:
    rng = Random(seed)
    write_pack(folder / "packs" / "orchestra")
    async with local_discord(folder) as discord:
        guilds = []
        for number in range(servers):
            guilds.append(discord.add_guild(f"Server {number}", channels=("trivia", "club")))
            discord.advance(0.001 * (1 + rng.randrange(SHARDS)))
        fleet = Fleet(discord, folder, location, Random(rng.getrandbits(64)))
        troubles = FleetTroubles(fleet, Random(rng.getrandbits(64)))
        storm = Storm(discord, fleet, guilds, troubles, rng)
        try:
            await fleet.start()
            yield storm, fleet, troubles
        finally:
            for table in storm.tables:
                await table.leave()
            with contextlib.suppress(AssertionError):
                await fleet.stop()
