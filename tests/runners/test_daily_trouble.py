"""Daily posts through trouble: processes that die, a Discord that fails, clocks that are set, full disks."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from bot.core.schedule import LATEST
from bot.runners import daily_poster
from bot.runners.daily_poster import Invitation, NotTaken
from bot.storage import daily_posts
from bot.storage.connection import Connection
from bot.storage.daily import Missed, MissReason, Schedule
from bot.storage.daily_posts import Post, PostState
from bot.storage.database import StorageFailure
from tests.runners.daily_world import (
    DAY,
    FACTS,
    START,
    World,
    moment,
)


@pytest.mark.parametrize(
    "away", [timedelta(), timedelta(seconds=100), timedelta(minutes=10), timedelta(hours=5)]
)
@pytest.mark.parametrize("point", ["claimed", "sent"])
async def test_a_process_that_dies_in_the_middle_posts_once(
    world: World, point: str, away: timedelta
) -> None:
    """The claim is stored, and the message sent or not, when everything stops."""
    schedule = await world.put()
    never = asyncio.Event()

    async def hang(_: Post, __: int) -> None:
        await never.wait()

    if point == "claimed":
        world.discord.trouble = hang
    else:
        world.discord.after_send = hang
    poster = world.poster()
    task = asyncio.create_task(poster.run())
    await world.clock.run_until(moment(date(2026, 3, 21)))
    poster._sends.cancel()
    task.cancel()
    await asyncio.wait([task])
    world.discord.trouble = world.discord.after_send = None
    assert len(world.discord.messages) == (point == "sent")

    world.clock.jump_to(world.clock.now() + away)
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 22)))
    assert world.discord.dates(schedule) == [date(2026, 3, 21), date(2026, 3, 22)]
    newest = await world.newest(schedule)
    assert newest is not None
    assert newest.state is PostState.POSTED


async def test_what_cannot_be_looked_for_counts_as_sent(world: World) -> None:
    schedule = await world.put()
    cancelled = asyncio.Event()

    async def fail(_: Post, __: int) -> None:
        cancelled.set()
        raise NotTaken

    world.discord.trouble = fail
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 21)) + timedelta(seconds=5))
    world.discord.trouble = None
    world.discord.can_look = False
    world.clock.jump_to(world.clock.now() + timedelta(minutes=30))
    async with world.running():
        await world.clock.run_until(world.clock.now() + timedelta(hours=1))
    assert world.discord.messages == []
    newest = await world.newest(schedule)
    assert newest is not None
    assert newest.state is PostState.ASSUMED


@pytest.mark.parametrize("arrives", [True, False])
@pytest.mark.parametrize("failures", [1, 4, 9])
async def test_trouble_at_discord_delays_and_never_doubles(
    world: World, failures: int, *, arrives: bool
) -> None:
    """An error may come although the message was made: the next attempt finds it or sends it, once."""
    schedule = await world.put()

    async def fail(_: Post, attempt: int) -> None:
        if attempt <= failures:
            raise NotTaken

    if arrives:
        world.discord.after_send = fail
    else:
        world.discord.trouble = fail
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 21)) + LATEST)
    assert world.discord.dates(schedule) == [date(2026, 3, 21)]
    newest = await world.newest(schedule)
    assert newest is not None
    assert newest.state is PostState.POSTED


@pytest.mark.parametrize("hours", [1, 5, -1, -5, -30])
@pytest.mark.parametrize("failures", [1, 4, 9])
async def test_a_step_of_the_clock_between_two_attempts_doubles_nothing(
    world: World, failures: int, hours: int
) -> None:
    """Discord has the message from the first attempt on, and forgets its nonce whatever our clock says."""
    schedule = await world.put()

    async def fail(_: Post, attempt: int) -> None:
        if attempt <= failures:
            raise NotTaken

    world.discord.after_send = fail
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 21)) + timedelta(seconds=5))
        assert len(world.discord.messages) == 1
        world.clock.step(timedelta(hours=hours))
        await world.clock.run_until(moment(date(2026, 3, 21)) + LATEST)
        assert world.discord.dates(schedule) == [date(2026, 3, 21)]
        await world.clock.run_until(moment(date(2026, 3, 22)))
    assert world.discord.dates(schedule) == [date(2026, 3, 21), date(2026, 3, 22)]


@pytest.mark.parametrize("hours", [1, 5, 25, -1, -5])
async def test_a_clock_that_is_set_posts_each_of_its_dates_once(world: World, hours: int) -> None:
    """Whatever is set is set right a day later; a date that the clock showed twice is posted once."""
    schedule = await world.put()
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 21)) + timedelta(minutes=1))
        world.clock.step(timedelta(hours=hours))
        await world.clock.run_until(moment(date(2026, 3, 23)) - timedelta(hours=2))
        world.clock.step(-timedelta(hours=hours))
        await world.clock.run_until(moment(date(2026, 3, 25)))
    assert world.discord.dates(schedule) == [date(2026, 3, day) for day in range(21, 26)]


async def test_an_outage_of_more_than_six_hours_skips_the_post_and_keeps_its_fact(world: World) -> None:
    schedule = await world.put()

    async def fail(_: Post, __: int) -> None:
        if world.clock.now() < moment(date(2026, 3, 21)) + timedelta(hours=7):
            raise NotTaken

    world.discord.trouble = fail
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 21)) + timedelta(hours=8))
        attempts = sum(world.discord.attempts.values())
        assert attempts < 60
        assert (await world.stored(schedule)).missed == Missed(date(2026, 3, 21), MissReason.NOT_TAKEN)
        await world.clock.run_until(moment(date(2026, 3, 21)) + FACTS * DAY)
    assert world.discord.dates(schedule) == [date(2026, 3, 22) + n * DAY for n in range(FACTS)]
    assert len({post.fact for _, post in world.discord.messages}) == FACTS


async def test_a_full_disk_after_the_send_is_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = await world.put()
    confirm, failures = daily_posts.confirm, [3]

    def full(connection: Connection, post: Post, message_id: int) -> None:
        if failures[0]:
            failures[0] -= 1
            raise StorageFailure("database or disk is full")
        confirm(connection, post, message_id)

    monkeypatch.setattr(daily_posts, "confirm", full)
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 21)) + timedelta(minutes=1))
    newest = await world.newest(schedule)
    assert newest is not None
    assert newest.state is PostState.POSTED
    assert world.discord.dates(schedule) == [date(2026, 3, 21)]


@pytest.mark.parametrize("step", ["take_up_after_start", "to_try", "claim", "next_moment"])
async def test_a_fault_in_the_loop_delays_a_post_and_no_more(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, step: str
) -> None:
    schedule = await world.put()
    sound, failures = getattr(daily_posts, step), [2]

    def broken(*arguments: object) -> object:
        if failures[0] and world.clock.now() >= begin:
            failures[0] -= 1
            raise StorageFailure("disk I/O error")
        return sound(*arguments)

    begin = START if step == "take_up_after_start" else moment(date(2026, 3, 21))
    monkeypatch.setattr(daily_posts, step, broken)
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 21)) + timedelta(minutes=1))
        assert caplog.text.count("The work on daily facts failed") == 2
        await world.clock.run_until(moment(date(2026, 3, 22)) + timedelta(minutes=1))
    assert world.discord.dates(schedule) == [date(2026, 3, 21), date(2026, 3, 22)]


async def test_a_claim_that_fails_holds_up_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = await world.put(1), await world.put(2)
    claim = daily_posts.claim

    def fail(connection: Connection, schedule: Schedule, *others: Any) -> Post | None:
        if schedule.id == broken.id:
            raise LookupError("a bug")
        return claim(connection, schedule, *others)

    monkeypatch.setattr(daily_posts, "claim", fail)
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 21)) + timedelta(seconds=30))
    assert world.discord.dates(sound) == [date(2026, 3, 21)]
    assert world.discord.dates(broken) == []
    assert "a bug" in caplog.text


async def test_an_unexpected_failure_of_a_send_is_logged_and_tried_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    schedule = await world.put()

    async def fail(_: Post, attempt: int) -> None:
        if attempt == 1:
            raise LookupError("a bug")

    world.discord.trouble = fail
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 21)) + timedelta(minutes=1))
    assert "Unexpected failure of the daily fact of 2026-03-21" in caplog.text
    assert "a bug" in caplog.text
    assert world.discord.dates(schedule) == [date(2026, 3, 21)]


@pytest.mark.parametrize("in_time", [True, False])
async def test_a_stop_gives_sends_under_way_a_moment_and_loses_none(
    world: World, monkeypatch: pytest.MonkeyPatch, *, in_time: bool
) -> None:
    monkeypatch.setattr(daily_poster, "LAST_SENDS", 0.2)
    schedule = await world.put()
    answer = asyncio.Event()

    async def wait(_: Post, __: int) -> None:
        await answer.wait()

    world.discord.after_send = wait
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 21)))
        assert world.discord.under_way == 1
        if in_time:
            asyncio.get_running_loop().call_later(0.01, answer.set)
    assert world.discord.under_way == 0
    newest = await world.newest(schedule)
    assert newest is not None
    assert newest.state is (PostState.POSTED if in_time else PostState.CLAIMED)
    world.discord.after_send = None
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 22)))
    assert world.discord.dates(schedule) == [date(2026, 3, 21), date(2026, 3, 22)]
    newest = await world.newest(schedule)
    assert newest is not None
    assert newest.state is PostState.POSTED


async def test_a_post_waits_for_nothing_of_the_challenge(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Yesterday's cannot be read: it goes in time, once, with the invitation alone."""

    def fails(*_: object) -> None:
        raise StorageFailure

    monkeypatch.setattr(daily_poster, "recap", fails)
    schedule = await world.put(challenge=1)
    async with world.running():
        await world.clock.run_until(schedule.next.moment + timedelta(seconds=1))
        assert world.discord.dates(schedule) == [schedule.next.date]
        assert world.discord.invitations == [Invitation()]
        await world.settings.change(7, challenge=False)
        await world.clock.run_until(schedule.next.moment + DAY + timedelta(seconds=1))
        assert world.discord.invitations == [Invitation(), None]
