"""What wakes the poster, the purger and the rounds."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.runners.time import AFTER_FAULT, Alarm
from tests.runners.virtual_time import VirtualTime, WatchedDatabase

START = datetime(2026, 3, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def clock(tmp_path: Path) -> VirtualTime:
    database = await WatchedDatabase.open(tmp_path / "trivia.db")
    await database.close()
    return VirtualTime(START, database)


async def test_work_is_done_at_each_moment_and_at_each_ring(clock: VirtualTime) -> None:
    alarm, done = Alarm(clock), list[datetime]()

    async def work() -> datetime | None:
        done.append(clock.now())
        return clock.now() + MINUTE if len(done) < 3 else None

    task = asyncio.create_task(alarm.keep_doing(work, "The work"))
    await clock.run_until(START + 10 * MINUTE)
    assert done == [START, START + MINUTE, START + 2 * MINUTE]
    alarm.ring()
    await clock.rest()
    assert done[3:] == [START + 10 * MINUTE]
    task.cancel()


async def test_a_ring_during_the_work_has_it_done_once_more(clock: VirtualTime) -> None:
    alarm, done = Alarm(clock), 0

    async def work() -> None:
        nonlocal done
        done += 1
        if done == 1:
            alarm.ring()
            alarm.ring()

    task = asyncio.create_task(alarm.keep_doing(work, "The work"))
    await clock.rest()
    assert done == 2
    task.cancel()


async def test_what_fails_is_logged_and_tried_again(
    clock: VirtualTime, caplog: pytest.LogCaptureFixture
) -> None:
    alarm, done = Alarm(clock), list[datetime]()

    async def work() -> None:
        done.append(clock.now())
        if len(done) < 3:
            raise ValueError("a bug")

    task = asyncio.create_task(alarm.keep_doing(work, "The work"))
    await clock.run_until(START + 10 * MINUTE)
    assert done == [START, START + AFTER_FAULT, START + 2 * AFTER_FAULT]
    assert caplog.text.count("The work failed; trying again in 5 s") == 2
    assert "a bug" in caplog.text
    task.cancel()
