"""When a server's data goes, and when it does not."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.runners.guild_purger import KEPT, GuildPurger
from bot.storage import daily, privacy
from bot.storage.daily import Wish
from bot.storage.settings import Settings
from tests.runners.virtual_time import VirtualTime, WatchedDatabase

START = datetime(2026, 3, 20, 12, tzinfo=UTC)
HOME, OTHER = 11, 22


class World:
    """Two servers with a schedule each; `members` are those that the bot is in."""

    def __init__(self, database: WatchedDatabase, clock: VirtualTime, settings: Settings) -> None:
        self.database = database
        self.clock = clock
        self.settings = settings
        self.members = {HOME, OTHER}
        self.purger = GuildPurger(database, settings, clock, self.members.__contains__)
        self._task: asyncio.Task[None] | None = None

    async def stored(self) -> set[int]:
        return await self.database.read(privacy.stored_guilds)

    async def start(self) -> None:
        await self.purger.compare(self.members)
        self._task = asyncio.create_task(self.purger.run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def pass_time(self, span: timedelta) -> None:
        await self.clock.run_until(self.clock.now() + span)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    database = await WatchedDatabase.open(tmp_path / "trivia.db")
    for guild_id in (HOME, OTHER):
        wish = Wish(guild_id, guild_id, "UTC", time(9))
        await database.write(lambda connection, wish=wish: daily.put_schedule(connection, wish, START, 1))  # type: ignore[misc]
    world = World(database, VirtualTime(START, database), await Settings.load(database))
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
