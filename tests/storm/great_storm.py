"""The great storm: many servers with rounds and daily facts at once while everything goes wrong.

A seed decides what goes wrong and what people do; when exactly the one meets the other is up to the machine,
so a seed that broke something may have to be ridden more than once.

Time passes `PACE` times as fast as in the world. A day is a stretch of storm around the moment at which all
daily facts are due, then a lull in which what was delayed arrives; a further jump leads to the next day.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.playground import SCENE
from bot.storage.database import Location
from playground import Channel, Driver, Guild
from tests.local_discord import local_discord
from tests.quiz_pack import write_pack
from tests.storm.great_checks import check_day, check_rounds, check_totals, unfinished
from tests.storm.great_players import ZONES, Promises, Table
from tests.storm.great_troubles import Troubles
from tests.storm.storm_bot import Footprint, Stored, StormBot
from tests.wire.daily.acts import Daily

PACE = 5.0
TICK = 0.05
LONGEST_DAY = 30.0
LONG = 60.0
"""From how many seconds on a storm shows whether the process grows."""
DUE = time(12)
"""When all daily facts are due, in UTC."""
LEAD = timedelta(seconds=10)
LULL_STEP = 5.0
ENDING_STEP = 20.0
LONGEST_LULL = timedelta(hours=5)
BLOCKS_MAY_GROW = 0.05
MEMORY_MAY_GROW = 32 * 1024 * 1024
"""For what no block tells of. Pages rise for minutes while blocks do not, as memory gets cut up."""
KEPT_ALIVE = 34.0
MOST_SOCKETS = 8
LONGEST_END = 15
"""Seconds in which what was under way has to end."""
AT_REST = {
    "_serve": 1,
    "TriviaBot.serve": 1,
    "AutoShardedClient.connect": 1,
    "Shard.worker": 1,
    "RoundRunner.run": 1,
    "Database.stay_alone": 1,
    "TriviaBot._when_ready": 2,  # the poster and the purger
    "SharedTime._look_for_jumps": 1,
    "SharedTime.sleep_until": 2,  # the poster's and the purger's
    "Event.wait": 3,  # theirs, to be woken, and the one that a signal ends
}
"""The tasks of a bot that has nothing to do, by what they run."""


class Trouble(Protocol):
    """What goes wrong meanwhile."""

    async def run(self) -> None:
        """Make trouble until cancelled."""

    async def calm(self) -> None:
        """End whatever goes wrong, and have all servers served."""


@dataclass
class Storm:
    """The people of many servers, and what the bot that they use goes through."""

    discord: Driver
    bot: Stored
    guilds: list[Guild]
    troubles: Trouble
    rng: Random
    tables: list[Table] = field(init=False)
    clubs: list[Channel] = field(init=False)
    promises: Promises = field(init=False, default_factory=Promises)
    report: list[str] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        """Seat people at a table in each server."""
        self.tables = [
            Table(self.discord, guild, self.promises, Random(self.rng.getrandbits(64)))
            for guild in self.guilds
        ]
        self.clubs = [
            self.discord.channel("club", self.discord.member("Ada", guild)) for guild in self.guilds
        ]

    @property
    def daily(self) -> Daily:
        return Daily(self.discord)

    async def set_daily_facts(self) -> None:
        """Have a daily fact in each server, all due at one moment, by clocks all over the world."""
        for table, club in zip(self.tables, self.clubs, strict=True):
            zone = self.rng.choice(ZONES)
            wall = datetime.combine(self.discord.clock.now().date(), DUE, UTC).astimezone(ZoneInfo(zone))
            reply = await self.daily.set(table.moderator, club, time=f"{wall:%H:%M}", timezone=zone)
            assert "next one comes" in reply.text, reply.text


@dataclass
class GreatStorm(Storm):
    """A storm over one bot."""

    bot: StormBot
    troubles: Troubles


async def ride_great_storm(
    seed: int, seconds: float, folder: Path, location: Location, servers: int = 20
) -> list[str]:
    """Ride a storm of about so many real seconds; return what happened in it. Raises AssertionError."""
    async with _raised(seed, folder, servers, location) as storm:
        await storm.set_daily_facts()
        loop = asyncio.get_running_loop()
        begun = loop.time()
        days, held = 0, []
        while (elapsed := loop.time() - begun) < seconds:
            # In the last part nothing kills the process, so that it can be seen to grow.
            if seconds >= LONG and elapsed > seconds / 2:
                storm.troubles.deadly = False
            await ride_day(storm, min(LONGEST_DAY, seconds))
            days += 1
            if not storm.troubles.deadly:
                held.append(await _footprint(storm))
        limited = storm.discord.server.rates.refused
        storm.report += [
            f"{days} days, {storm.bot.starts} starts, troubles: {storm.troubles.counts}",
            f"{limited} requests refused by rate limits",
        ]
        await _finish(storm, held)
        return storm.report


@contextlib.asynccontextmanager
async def _raised(seed: int, folder: Path, servers: int, location: Location) -> AsyncIterator[GreatStorm]:
    rng = Random(seed)
    write_pack(folder / "packs" / "orchestra")
    async with local_discord(folder, replace(SCENE, rate_limits=True)) as discord:
        bot = StormBot(discord.server, folder, folder / "packs", location)
        guilds = [
            discord.add_guild(f"Server {number}", channels=("trivia", "club")) for number in range(servers)
        ]
        troubles = Troubles(discord, bot, guilds, Random(rng.getrandbits(64)))
        storm = GreatStorm(discord, bot, guilds, troubles, rng)
        try:
            await bot.start_and_connect(discord)
            yield storm
        finally:
            for table in storm.tables:
                await table.leave()
            if bot.running:
                await bot.kill()


async def ride_day(storm: Storm, seconds: float) -> None:
    """Let everything happen around the moment at which the daily facts are due, then see the day through."""
    now = storm.discord.clock.now()
    due = datetime.combine(now.date(), DUE, UTC)
    if due - LEAD <= now:
        due += timedelta(days=1)
    storm.discord.clock.jump_to(due - LEAD)
    people = [asyncio.create_task(table.run(), name="table") for table in storm.tables]
    trouble = asyncio.create_task(storm.troubles.run(), name="troubles")
    passing = asyncio.create_task(_pass_time(storm), name="time")
    done, _ = await asyncio.wait(
        (*people, trouble, passing), timeout=seconds, return_when=asyncio.FIRST_COMPLETED
    )
    for task in (*people, trouble):
        task.cancel()
    await asyncio.gather(*people, trouble, return_exceptions=True)
    passing.cancel()
    for task in done:
        await task
    await storm.troubles.calm()
    await _lull(storm, due)
    storm.report += check_day(storm.discord, storm.bot, storm.clubs, due)
    await _resume_all(storm)


async def _pass_time(storm: Storm) -> None:
    while True:
        await asyncio.sleep(TICK)
        storm.discord.advance(TICK * (PACE - 1))


async def _lull(storm: Storm, due: datetime) -> None:
    """Let time pass until nothing is left of the day: every post is out, or its schedule is paused."""
    while storm.bot.query(
        "SELECT 1 FROM daily_schedules LEFT JOIN daily_posts USING (schedule_id)"
        " WHERE pause_reason IS NULL AND (next_ms <= ? OR state = 'claimed') LIMIT 1",
        (int(due.timestamp() * 1_000),),
    ):
        assert storm.discord.clock.now() < due + LONGEST_LULL, "a daily fact does not come"
        await asyncio.sleep(TICK)
        storm.discord.advance(LULL_STEP)


async def _resume_all(storm: Storm) -> None:
    """Have the moderators let paused schedules go on."""
    for table, club in zip(storm.tables, storm.clubs, strict=True):
        paused = "SELECT 1 FROM daily_schedules WHERE channel_id = ? AND pause_reason IS NOT NULL"
        for _ in range(100):
            if not storm.bot.query(paused, (club.id,)):
                break
            await storm.daily.run(table.moderator, "daily resume", where=table.channel)
        else:
            raise AssertionError("a schedule cannot be resumed")


async def _let_rounds_end(storm: Storm) -> None:
    for _ in range(600):
        left = unfinished(storm.bot)
        if not left:
            return
        await asyncio.sleep(TICK)
        storm.discord.advance(max(ENDING_STEP, _nothing_happens_for(storm, len(left))))
    raise AssertionError(f"rounds that do not end: {unfinished(storm.bot)}")


def _nothing_happens_for(storm: Storm, rounds: int) -> float:
    """Return the seconds until a question's time is up where each of so many rounds has one open, else 0."""
    now = storm.discord.clock.now().timestamp()
    deadlines = storm.bot.query("SELECT deadline_ms FROM asked_questions WHERE state = 'open'")
    return min(deadline / 1_000 for (deadline,) in deadlines) - now if len(deadlines) == rounds else 0


async def see_out(storm: Storm) -> None:
    """See every round to its end, hold the answers against what must be, and have every channel free."""
    for table in storm.tables:
        await table.leave()
    await _let_rounds_end(storm)
    storm.report += check_rounds(
        storm.discord, storm.bot, storm.promises, [table.channel for table in storm.tables]
    )
    for table in storm.tables:
        [host] = storm.discord.add_members(1, table.guild)
        started = await table.start_round(host, 1)
        assert started is not None, "the channel is locked"
        assert started.state == "done", started.state
        assert not started.ephemeral, f"the channel is locked: {started.text}"
        await table.stop_round()
    await _let_rounds_end(storm)


async def _finish(storm: GreatStorm, held: Sequence[Footprint]) -> None:
    """See all to its end and hold everything against what must be."""
    await see_out(storm)
    await _check_footprint(storm, held)
    assert await storm.bot.stop() == 0
    if isinstance(storm.bot.location, Path):
        assert storm.bot.query("PRAGMA integrity_check") == [("ok",)]
    storm.report += check_totals(storm.bot)
    complaints = storm.bot.complaints()
    assert not complaints, "\n".join(complaints)


async def _footprint(storm: GreatStorm) -> Footprint:
    """Return what the bot holds once nothing is going on; fails if a task does not end."""
    await _let_rounds_end(storm)
    for _ in range(LONGEST_END):
        await asyncio.sleep(1)
        held = await storm.bot.footprint()
        left_over = {name: count for name, count in held.tasks.items() if count > AT_REST.get(name, 0)}
        if not left_over:
            return held
    raise AssertionError(f"tasks left over: {left_over}")


async def _check_footprint(storm: GreatStorm, held: Sequence[Footprint]) -> None:
    """Fail if the process holds more than after its first day undisturbed, when all was used once."""
    if held:
        # Connections that nobody uses are kept for a while, by aiohttp.
        await asyncio.sleep(KEPT_ALIVE)
    last = await _footprint(storm)
    storm.report += [f"held: {_described(one)}" for one in (*held, last)]
    if not held:
        return
    assert last.files <= held[0].files, f"files: {held[0].files}, then {last.files}"
    assert last.sockets <= MOST_SOCKETS, f"{last.sockets} sockets are left"
    assert last.blocks <= held[0].blocks * (1 + BLOCKS_MAY_GROW), (
        f"blocks: {held[0].blocks}, then {last.blocks}"
    )
    assert last.memory <= held[0].memory + MEMORY_MAY_GROW, f"bytes: {held[0].memory}, then {last.memory}"


def _described(held: Footprint) -> str:
    return (
        f"{held.memory / 2**20:.1f} MiB, {held.blocks:,} blocks, {held.files} files, {held.sockets} sockets"
    )
