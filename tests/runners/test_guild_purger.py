"""When a server's data goes, and when it does not."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

import pytest

from bot.core.shards import EVERY
from bot.runners.guild_purger import KEPT, GuildPurger
from bot.runners.tools import Tools
from bot.storage import daily, privacy
from bot.storage.catalogue import Catalogue
from bot.storage.connection import Connection
from bot.storage.daily import Wish
from bot.storage.database import Location, StorageFailure
from bot.storage.own_packs import OwnPacks
from bot.storage.settings import Settings
from tests.runners.virtual_time import VirtualTime, WatchedDatabase
from tests.storage.played import Asked, Given, play, totals

START = datetime(2026, 3, 20, 12, tzinfo=UTC)
HOME, OTHER = 11, 22


class InterruptedDatabase(WatchedDatabase):
    """Lets something happen once, while a part of a purge is written or just after it."""

    purges = 0
    interrupt_at = 0
    interrupt: Callable[[], Awaitable[None]] | None = None

    async def write(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        self.purges += function is privacy.purge_guild
        interrupt = self.interrupt
        if interrupt is None or self.purges < self.interrupt_at:
            return await super().write(function, *arguments, **named)
        self.interrupt = None
        written, _ = await asyncio.gather(super().write(function, *arguments, **named), interrupt())
        return written


class World:
    """Two servers with a schedule each; `members` are those that the bot is in."""

    def __init__(self, database: InterruptedDatabase, clock: VirtualTime, settings: Settings) -> None:
        self.database = database
        self.clock = clock
        self.settings = settings
        self.members = {HOME, OTHER}
        tools = Tools(database, Catalogue(()), settings, OwnPacks(database), clock, Random(1))
        self.purger = GuildPurger(tools, self.members.__contains__)
        self._tasks: list[asyncio.Task[None]] = []

    async def stored(self) -> set[int]:
        return await self.database.read(privacy.stored_guilds, EVERY)

    async def start(self) -> None:
        await self.purger.compare(self.members)
        self._tasks = [asyncio.create_task(self.purger.run())]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self._tasks = []

    async def pass_time(self, span: timedelta) -> None:
        await self.clock.run_until(self.clock.now() + span)


@pytest.fixture
async def world(location: Location) -> AsyncIterator[World]:
    database = await InterruptedDatabase.open(location)
    for guild_id in (HOME, OTHER):
        wish = Wish(guild_id, guild_id, "UTC", time(9))
        await database.write(daily.put_schedule, wish, START, 1)
    world = World(database, VirtualTime(START, database), await Settings.load(database, EVERY))
    yield world
    await world.stop()
    await database.close()


async def test_it_goes_after_thirty_days_and_alone(world: World) -> None:
    await world.start()
    world.members.discard(OTHER)
    await world.purger.removed(OTHER)
    await world.pass_time(KEPT - timedelta(seconds=1))
    assert await world.stored() == {HOME, OTHER}
    await world.pass_time(timedelta(seconds=1))
    assert await world.stored() == {HOME}
    assert world.settings.guild_ids() <= {HOME}


async def test_an_invitation_back_cancels_it(world: World) -> None:
    await world.start()
    world.members.discard(OTHER)
    await world.purger.removed(OTHER)
    await world.pass_time(KEPT - timedelta(hours=1))
    world.members.add(OTHER)
    await world.purger.returned(OTHER)
    await world.pass_time(KEPT)
    assert await world.stored() == {HOME, OTHER}


async def test_a_removal_while_down_is_noticed_and_counts_from_then(world: World) -> None:
    world.members.discard(OTHER)
    world.clock.jump_to(START + timedelta(days=100))
    await world.start()
    await world.pass_time(KEPT - timedelta(seconds=1))
    assert await world.stored() == {HOME, OTHER}
    await world.pass_time(timedelta(seconds=1))
    assert await world.stored() == {HOME}


async def test_a_removal_is_remembered_across_a_restart(world: World) -> None:
    await world.start()
    world.members.discard(OTHER)
    await world.purger.removed(OTHER)
    await world.pass_time(timedelta(days=20))
    await world.stop()
    await world.start()
    await world.pass_time(timedelta(days=9, hours=23))
    assert OTHER in await world.stored()
    await world.pass_time(timedelta(hours=1))
    assert await world.stored() == {HOME}


async def test_a_return_while_down_cancels_it(world: World) -> None:
    await world.start()
    await world.purger.removed(OTHER)
    await world.stop()
    world.clock.jump_to(START + 2 * KEPT)
    await world.purger.compare(world.members)
    assert world.settings.get(OTHER).removed_ms is None
    await world.start()
    await world.pass_time(KEPT)
    assert await world.stored() == {HOME, OTHER}


async def test_who_is_a_member_is_asked_again_before_anything_goes(world: World) -> None:
    """Whatever was noted: a server that the bot is in keeps its data."""
    await world.start()
    await world.purger.removed(OTHER)
    await world.pass_time(2 * KEPT)
    assert await world.stored() == {HOME, OTHER}
    assert world.settings.get(OTHER).removed_ms is None


def add_rounds(connection: Connection) -> None:
    for number in range(2 * privacy.ROUNDS_AT_ONCE + 1):
        play(connection, OTHER, START, [Asked("ramp", {number: Given(), number + 1: Given()})])


@pytest.mark.parametrize("is_known_first", [True, False])
@pytest.mark.parametrize("part", [1, 2])
async def test_a_return_in_the_middle_of_it_ends_it_there(
    world: World, part: int, *, is_known_first: bool
) -> None:
    """The parts that were deleted are gone; everything else stays, and memory is what the file says."""
    await world.database.write(add_rounds)
    await world.settings.change(OTHER, time_zone="Europe/London")
    await world.start()
    world.members.discard(OTHER)
    await world.purger.removed(OTHER)

    async def come_back() -> None:
        world.members.add(OTHER)
        if is_known_first:
            await world.purger.returned(OTHER)

    world.database.interrupt_at, world.database.interrupt = part, come_back
    await world.pass_time(2 * KEPT)
    assert world.database.purges == part
    assert OTHER in await world.stored()
    after = world.settings.get(OTHER)
    assert after.time_zone == "Europe/London"
    assert after.removed_ms is None
    assert (await Settings.load(world.database, EVERY)).get(OTHER) == after
    schedules = await world.database.read(daily.schedules_of, OTHER)
    assert len(schedules) == 1


async def test_after_a_return_in_the_middle_the_board_is_of_what_is_left(world: World) -> None:
    await world.database.write(add_rounds)
    await world.start()
    world.members.discard(OTHER)
    await world.purger.removed(OTHER)

    async def come_back() -> None:
        world.members.add(OTHER)
        await world.purger.returned(OTHER)

    world.database.interrupt_at, world.database.interrupt = 1, come_back
    await world.pass_time(KEPT + timedelta(minutes=1))
    left = await world.database.read(
        lambda c: c.execute("SELECT user_id, COUNT(*) FROM answers GROUP BY user_id").fetchall()
    )
    assert 0 < len(left) < 2 * privacy.ROUNDS_AT_ONCE
    board = await world.database.read(totals, OTHER)
    assert {row[2]: row[6] for row in board if row[0] == "all"} == dict(left)


async def test_a_return_at_its_end_leaves_memory_and_file_the_same(world: World) -> None:
    await world.settings.change(OTHER, time_zone="Europe/London")
    await world.start()
    world.members.discard(OTHER)
    await world.purger.removed(OTHER)

    async def come_back() -> None:
        world.members.add(OTHER)
        await world.purger.returned(OTHER)
        await world.settings.change(OTHER, round_questions=5)

    world.database.interrupt_at, world.database.interrupt = 1, come_back
    await world.pass_time(2 * KEPT)
    after = world.settings.get(OTHER)
    assert (after.time_zone, after.round_questions, after.removed_ms) == ("UTC", 5, None)
    assert (await Settings.load(world.database, EVERY)).get(OTHER) == after


async def test_a_fault_in_the_loop_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    purge, failures = privacy.purge_guild, [2]

    def fail(connection: Connection, guild_id: int) -> bool:
        if failures[0]:
            failures[0] -= 1
            raise StorageFailure("disk I/O error")
        return purge(connection, guild_id)

    monkeypatch.setattr(privacy, "purge_guild", fail)
    await world.start()
    world.members.discard(OTHER)
    await world.purger.removed(OTHER)
    await world.pass_time(KEPT)
    assert OTHER in await world.stored()
    assert "The deletion of servers' data failed" in caplog.text
    await world.pass_time(timedelta(minutes=1))
    assert await world.stored() == {HOME}
    assert failures == [0]
