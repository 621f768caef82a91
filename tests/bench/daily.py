"""What daily facts cost: a tick with nothing due, a start, and ten thousand posts due in one minute.

Printed, not asserted. Run it with `python -m tests.bench.daily`; with a number it posts that many.
"""

import asyncio
import resource
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time

from bot.core.zones import zone_names
from bot.playground.bot_process import BotProcess
from bot.playground.clock import SharedClock
from bot.playground.server import LocalDiscord
from bot.playground.world import Channel
from bot.runners.daily_poster import DailyPoster, _begin
from bot.storage import daily
from bot.storage.catalogue import Catalogue
from bot.storage.daily import Wish
from bot.storage.daily_posts import next_moment
from bot.storage.database import Database
from bot.storage.settings import Settings
from tests.runners.virtual_time import VirtualTime, WatchedDatabase
from tests.wire.daily.acts import SEND, Daily
from tests.wire.harness import Driver

STORED = 100_000
POSTS = 10_000
A_SERVER = 5
TICKS = 201
SLOW = 0.35
"""Seconds that the local Discord takes for a message: long enough for many to be under way at once."""
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


class NobodyThere:
    """A messenger that is never asked, because nothing is due."""

    async def send(self, *_: object) -> int:
        raise AssertionError

    async def find(self, *_: object) -> int | None:
        raise AssertionError

    async def tell_paused(self, *_: object) -> None:
        raise AssertionError


def store(connection: sqlite3.Connection, wishes: Sequence[Wish], now: datetime) -> None:
    """Store many schedules through the function that the command uses."""
    for wish in wishes:
        daily.put_schedule(connection, wish, now, wish.channel_id)


async def measure_tick(folder: Path) -> None:
    """Print what a tick costs that finds nothing to do."""
    database = await WatchedDatabase.open(folder / "trivia.db")
    chance, zones = Random(1), zone_names()
    wishes = [
        Wish(number // A_SERVER + 1, number + 1, chance.choice(zones), time(chance.randrange(24), 0))
        for number in range(STORED)
    ]
    await database.write(lambda connection: store(connection, wishes, NOW))
    clock = VirtualTime(NOW, database)
    poster = DailyPoster(database, Catalogue(()), await Settings.load(database), clock, NobodyThere())
    taken, cpu = [], process_time()
    for _ in range(TICKS):
        began = perf_counter()
        await poster.post_due()
        await database.read(next_moment)
        taken.append((perf_counter() - began) * 1_000)
    cpu = (process_time() - cpu) * 1_000 / TICKS
    print(f"a tick, {STORED:,} stored, none due: {median(taken):.2f} ms median, {max(taken):.2f} ms longest,")
    print(f"  {cpu:.2f} ms of CPU")
    began = perf_counter()
    await database.write(_begin)
    taken_by_start = (perf_counter() - began) * 1_000
    print(f"a start with {STORED:,} stored: {taken_by_start:.0f} ms, all moments worked out anew")
    await database.close()


async def measure_minute(folder: Path, posts: int) -> None:
    """Print how the posts of one minute go out: how fast, how many at once, in how much memory."""
    clock = SharedClock(folder / "clock")
    server = LocalDiscord(clock)
    driver = Driver(server)
    await server.start()
    channels: list[Channel] = []
    for number in range(posts // A_SERVER):
        guild = driver.add_guild(f"Server {number}", channels=[f"daily-{index}" for index in range(A_SERVER)])
        channels += guild.channels.values()
    database = await Database.open(folder / "trivia.db")
    wishes = [Wish(channel.guild_id or 0, channel.id, "Europe/London", time(9)) for channel in channels]
    await database.write(lambda connection: store(connection, wishes, clock.now()))
    await database.close()
    assert clock.path is not None
    bot = BotProcess(
        server.url, driver.world.token, clock.path, folder / "trivia.db", {"LOG_LEVEL": "WARNING"}
    )
    await bot.start()
    try:
        await driver.until(lambda: server.gateway.online, patience=60)
        await asyncio.sleep(10)
        for day in (1, 2):
            driver.log.clear()
            await _watch(driver, bot, channels, day)
    finally:
        await bot.kill()
        await server.stop()
        clock.close()


async def _watch(driver: Driver, bot: BotProcess, channels: Sequence[Channel], day: int) -> None:
    driver.faults.slow(SLOW, f"POST {SEND}")
    post = Daily(driver)
    moment = post.next_moment()
    print(f"day {day}: {len(channels):,} posts due in one minute, {_memory(bot):.0f} MiB before", flush=True)
    post.jump(moment)
    began, most, peak, seconds = perf_counter(), 0, 0.0, 0
    sent = 0
    while sent < len(channels) and perf_counter() - began < len(channels) / 20 + 30:
        await asyncio.sleep(0.05)
        records = driver.log.to("POST", SEND)
        sent = sum(record.status == 200 for record in records)
        most = max(most, sum(record.status == 0 for record in records))
        peak = max(peak, _memory(bot))
        if perf_counter() - began > seconds + 30:
            seconds += 30
            print(f"  after {seconds} s: {sent:,} sent, {_memory(bot):.0f} MiB", flush=True)
    taken = perf_counter() - began
    moments = sorted(record.at for record in driver.log.to("POST", SEND))
    busiest = max(
        sum(start <= other < start + timedelta(seconds=1) for other in moments[number : number + 80])
        for number, start in enumerate(moments)
    )
    once = sum(len(set(post.dates(channel))) == len(post.posts(channel)) == day for channel in channels)
    print(f"  {sent:,} sent in {taken:.0f} s ({sent / taken:.1f} a second, {busiest} in the busiest second)")
    print(f"  {most} under way at once at most, {peak:.0f} MiB at most")
    print(f"  channels with exactly one post a day: {once:,} of {len(channels):,}")


def _memory(bot: BotProcess) -> float:
    """Return the resident memory of the bot's process in MiB."""
    pages = Path(f"/proc/{bot._running().pid}/statm").read_text().split()[1]
    return int(pages) * resource.getpagesize() / 2**20


async def main(posts: int) -> None:
    """Measure everything."""
    for measure in (measure_tick, lambda folder: measure_minute(folder, posts)):
        with tempfile.TemporaryDirectory() as folder:
            await measure(Path(folder))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else POSTS))
