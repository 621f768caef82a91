"""Boards are counted part by part, while others write, across restarts and faults."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.runners.recounter import AFTER_FAULT, PAUSE, Recounter, rebuild_all
from bot.runners.time import SystemTime
from bot.storage import recounts
from bot.storage.database import Database
from bot.storage.scores import board_of
from bot.storage.settings import Settings
from tests.runners.virtual_time import VirtualTime, WatchedDatabase
from tests.storage.played import Asked, Given, play, totals

GUILD = 5_000
START = datetime(2026, 8, 2, 22, 30, tzinfo=UTC)
"""A Sunday in UTC, Monday in Berlin."""
ROUNDS = 6
ROUND = [Asked("ramp", {1: Given(100), 2: Given(10)})]


class World:
    """A server with some rounds, each of which is a part, and a recounter."""

    def __init__(self, database: WatchedDatabase, clock: VirtualTime, settings: Settings) -> None:
        self.database = database
        self.clock = clock
        self.settings = settings
        self.recounter = Recounter(database, clock)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self.recounter.run())
        await self.clock.rest()

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def play(self) -> None:
        await self.database.write(lambda connection: play(connection, GUILD, START, ROUND))

    async def zone(self) -> str:
        board = await self.database.read(lambda connection: board_of(connection, GUILD))
        assert board is not None
        return board.time_zone

    async def points(self) -> int:
        rows = await self.database.read(lambda connection: totals(connection, GUILD))
        return int(str(next(row[3] for row in rows if row[:3] == ("all", "", 1))))

    async def boards(self) -> list[str]:
        rows = await self.database.read(lambda c: c.execute("SELECT state FROM boards").fetchall())
        return [row[0] for row in rows]


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    monkeypatch.setattr(recounts, "WORK_AT_ONCE", 20)
    database = await WatchedDatabase.open(tmp_path / "trivia.db")
    world = World(database, VirtualTime(START, database), await Settings.load(database))
    for _ in range(ROUNDS):
        await world.play()
    yield world
    await world.stop()
    await database.close()


async def test_a_change_of_zone_is_counted_while_others_write(world: World) -> None:
    await world.start()
    await world.settings.change(GUILD, time_zone="Europe/Berlin")
    world.recounter.wake()
    await world.clock.rest()
    for played in range(1, 3):
        await world.play()
        assert (await world.zone(), await world.points()) == ("UTC", 100 * (ROUNDS + played))
        await world.clock.run_until(world.clock.now() + PAUSE)
    await world.clock.run_until(START + timedelta(seconds=10))
    assert (await world.zone(), await world.points()) == ("Europe/Berlin", 100 * (ROUNDS + 2))
    assert await world.boards() == ["current"]


async def test_a_start_goes_on_with_what_a_kill_left(world: World) -> None:
    await world.start()
    await world.settings.change(GUILD, time_zone="Europe/Berlin")
    world.recounter.wake()
    await world.clock.rest()
    await world.stop()
    assert await world.boards() == ["current", "counting"]
    await world.clock.run_until(START + timedelta(seconds=10))
    assert await world.zone() == "UTC"
    world.recounter = Recounter(world.database, world.clock)
    await world.start()
    await world.clock.run_until(START + timedelta(seconds=20))
    assert (await world.zone(), await world.points()) == ("Europe/Berlin", 100 * ROUNDS)
    assert await world.boards() == ["current"]


async def test_a_fault_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    do_part = recounts.do_part

    def fail(connection: sqlite3.Connection) -> bool:
        do_part(connection)
        raise sqlite3.OperationalError("database or disk is full")

    await world.settings.change(GUILD, time_zone="Europe/Berlin")
    monkeypatch.setattr(recounts, "do_part", fail)
    await world.start()
    assert "A board could not be counted; trying again soon" in caplog.text
    monkeypatch.setattr(recounts, "do_part", do_part)
    await world.clock.run_until(START + AFTER_FAULT - PAUSE)
    assert await world.boards() == ["current", "counting"]
    await world.clock.run_until(START + AFTER_FAULT + timedelta(seconds=10))
    assert (await world.zone(), await world.points()) == ("Europe/Berlin", 100 * ROUNDS)


async def test_a_rebuild_beside_a_running_bot_counts_what_ends_meanwhile(world: World) -> None:
    await world.database.write(lambda c: c.execute("UPDATE totals SET points = 0 WHERE user_id = 1"))
    beside = await Database.open(world.database.path)
    try:
        rebuilding = asyncio.create_task(rebuild_all(beside, SystemTime()))
        played = 0
        while played < 20 and not rebuilding.done():
            await world.play()
            played += 1
        assert await rebuilding == 1
    finally:
        await beside.close()
    assert await world.points() == 100 * (ROUNDS + played)
    assert await world.boards() == ["current"]
