"""The shared clock: one offset for two processes, sleepers that wake at a jump, ids that carry its time."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.clock import SharedClock, SharedTime
from playground.world.snowflakes import DISCORD_EPOCH, Snowflakes, moment_of, snowflake

DAY = 86_400.0
READ = """
import sys; from pathlib import Path; from playground.clock import SharedClock
print(SharedClock(Path(sys.argv[1])).offset)
"""
MOMENTS = st.integers(0, 100 * 365 * 86_400 * 1_000_000).map(
    lambda microseconds: DISCORD_EPOCH + timedelta(microseconds=microseconds)
)


def test_another_process_reads_the_offset_and_a_new_run_keeps_it(tmp_path: Path) -> None:
    clock = SharedClock(tmp_path / "clock")
    clock.advance(DAY)
    seen = subprocess.run(
        [sys.executable, "-c", READ, str(clock.path)], capture_output=True, text=True, check=True
    )
    assert float(seen.stdout) == DAY
    clock.close()
    assert SharedClock(tmp_path / "clock").offset == DAY


def test_the_clock_only_moves_forward() -> None:
    clock = SharedClock()
    clock.advance(DAY)
    with pytest.raises(ValueError, match="forward"):
        clock.advance(-1)
    with pytest.raises(ValueError, match="forward"):
        clock.jump_to(datetime.now(UTC))
    assert clock.offset == DAY


async def test_a_jump_wakes_who_sleeps() -> None:
    clock = SharedClock()
    time = SharedTime(clock)
    moment = time.now() + timedelta(days=2)
    asleep = asyncio.create_task(time.sleep_until(moment))
    await asyncio.sleep(0)
    clock.advance(DAY)
    await asyncio.sleep(0.01)
    assert not asleep.done()
    clock.advance(DAY)
    await asyncio.wait_for(asleep, 1)
    assert time.now() >= moment


async def test_a_jump_is_time_that_has_passed_also_for_a_timer() -> None:
    clock = SharedClock()
    time = SharedTime(clock)
    before = time.steady()
    asleep = asyncio.create_task(time.sleep(timedelta(days=1)))
    await asyncio.sleep(0)
    clock.advance(DAY)
    await asyncio.wait_for(asleep, 1)
    assert time.steady() - before >= timedelta(days=1)


async def test_the_time_tells_who_wakes_first() -> None:
    clock = SharedClock()
    time = SharedTime(clock)
    first = asyncio.create_task(time.sleep(timedelta(seconds=60)))
    second = asyncio.create_task(time.sleep_until(time.now() + timedelta(seconds=90)))
    await asyncio.sleep(0)
    for asleep in (first, second):
        wake = time.next_wake
        assert wake is not None
        clock.advance(wake.total_seconds())
        await asyncio.wait_for(asleep, 1)
    assert time.next_wake is None


async def test_a_jump_made_elsewhere_wakes_who_sleeps(tmp_path: Path) -> None:
    parent, child = SharedClock(tmp_path / "clock"), SharedClock(tmp_path / "clock")
    time = SharedTime(child)
    asleep = asyncio.create_task(time.sleep_until(time.now() + timedelta(days=1)))
    await asyncio.sleep(0)
    parent.advance(DAY)
    await asyncio.wait_for(asleep, 1)


async def test_a_moment_that_has_passed_is_not_waited_for() -> None:
    time = SharedTime(SharedClock())
    await asyncio.wait_for(time.sleep_until(time.now() - timedelta(days=1)), 0.1)


@given(MOMENTS, st.integers(0, 4_095))
def test_an_id_carries_its_moment(moment: datetime, counter: int) -> None:
    carried = moment_of(snowflake(moment, counter))
    assert timedelta() <= moment - carried < timedelta(milliseconds=1)


@given(st.lists(st.integers(0, 5), max_size=50))
def test_ids_never_repeat_and_always_grow(steps: list[int]) -> None:
    now = DISCORD_EPOCH + timedelta(days=3_650)

    def tick() -> datetime:
        nonlocal now
        now += timedelta(milliseconds=steps.pop() - 2 if steps else 0)
        return now

    source = Snowflakes(tick)
    made = [source.next() for _ in range(60)]
    assert made == sorted(set(made))


async def test_who_is_cancelled_as_the_clock_jumps_sleeps_no_longer() -> None:
    clock = SharedClock()
    time = SharedTime(clock)

    async def sleep_for_ever() -> None:
        while True:
            await time.sleep_until(clock.now() + timedelta(seconds=60))

    sleeper = asyncio.create_task(sleep_for_ever())
    await asyncio.sleep(0)
    clock.advance(1)
    # Python 3.11's wait_for lets a cancellation go under where what it waits for is done at the same time.
    sleeper.cancel()
    await asyncio.wait([sleeper], timeout=1)
    assert sleeper.cancelled()
