"""Daily posts as the days go by: when they come, what pauses them, and what they are drawn from."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest

from bot.core.content import Fact, Spoiler
from bot.core.schedule import LATEST
from bot.runners.daily_poster import AT_ONCE, Lost, NotTaken
from bot.storage import daily, daily_posts
from bot.storage.catalogue import Catalogue, LoadedPack
from bot.storage.connection import Connection
from bot.storage.daily import Missed, MissReason, PauseReason, Wish
from bot.storage.daily_posts import Post
from tests.runners.daily_world import (
    DAY,
    FACTS,
    START,
    World,
    moment,
)


async def test_thirty_days_over_a_clock_change(world: World) -> None:
    schedule = await world.put()
    async with world.running():
        await world.clock.run_until(START + 30 * DAY)
    dates = [date(2026, 3, 21) + n * DAY for n in range(30)]
    assert world.discord.dates(schedule) == dates
    assert [sent for sent, _ in world.discord.messages] == [moment(day) for day in dates]
    assert {sent.hour for sent, _ in world.discord.messages} == {8, 9}
    facts = [post.fact for _, post in world.discord.messages]
    assert [len(set(facts[n : n + FACTS])) for n in (0, FACTS)] == [FACTS, FACTS]


async def test_a_change_wakes_the_loop(world: World) -> None:
    async with world.running() as poster:
        await world.clock.run_until(START + timedelta(hours=1))
        schedule = await world.put(wall=time(14))
        poster.wake()
        await world.clock.run_until(START + timedelta(hours=3))
    assert world.discord.dates(schedule) == [START.date()]


async def test_the_preview_shows_what_is_posted(world: World) -> None:
    schedule = await world.put()
    cards = daily_posts.Cards("la-la-land", tuple(world.catalogue.packs[0].facts))
    async with world.running():
        for _ in range(FACTS + 3):
            schedule = await world.stored(schedule)
            foretold = await world.database.read(
                partial(daily_posts.preview_fact, schedule=schedule, cards=cards)
            )
            await world.clock.run_until(schedule.next.moment)
            assert world.discord.messages[-1][1].fact == foretold


async def test_late_is_within_six_hours_also_past_midnight(world: World) -> None:
    late = await world.put(1, time(23))
    skipped = await world.put(2, time(20))
    midnight = datetime(2026, 3, 21, tzinfo=UTC)
    world.clock.jump_to(midnight + timedelta(hours=4, minutes=59))
    async with world.running():
        await world.clock.run_until(midnight + timedelta(hours=12))
    assert world.discord.dates(late) == [date(2026, 3, 20)]
    assert world.discord.dates(skipped) == []
    assert (await world.stored(skipped)).missed == Missed(date(2026, 3, 20), MissReason.AWAY)
    assert (await world.stored(late)).missed is None


async def test_after_days_away_only_the_newest_is_made_up_for(world: World) -> None:
    schedule = await world.put()
    world.clock.jump_to(moment(date(2026, 3, 25)) + LATEST)
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 26)))
    assert world.discord.dates(schedule) == [date(2026, 3, 25), date(2026, 3, 26)]
    assert (await world.stored(schedule)).missed == Missed(date(2026, 3, 24), MissReason.AWAY)


async def test_a_lost_thing_pauses_once_and_resume_goes_on(world: World) -> None:
    schedule = await world.put()

    async def lose(_: Post, __: int) -> None:
        raise Lost(PauseReason.CANNOT_SEND)

    world.discord.trouble = lose
    async with world.running() as poster:
        await world.clock.run_until(moment(date(2026, 3, 25)))
        assert sum(world.discord.attempts.values()) == 1
        assert world.discord.told == [(1, PauseReason.CANNOT_SEND)]
        lost = await world.stored(schedule)
        assert lost.pause is PauseReason.CANNOT_SEND
        assert lost.missed == Missed(date(2026, 3, 21), PauseReason.CANNOT_SEND)
        world.discord.trouble = None
        now = world.clock.now() + timedelta(minutes=1)
        await world.database.write(daily.resume, schedule.id, now)
        poster.wake()
        await world.clock.run_until(moment(date(2026, 3, 26)))
    assert world.discord.dates(schedule) == [date(2026, 3, 26)]


async def test_a_topic_that_left_the_pack_pauses(world: World, caplog: pytest.LogCaptureFixture) -> None:
    wish = Wish(7, 1, "Europe/London", time(9), topic="gone")
    schedule = await world.database.write(daily.put_schedule, wish, START, 1)
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 22)))
    paused = await world.stored(schedule)
    assert paused.pause is PauseReason.NO_FACTS
    assert paused.missed == Missed(schedule.next.date, PauseReason.NO_FACTS)
    assert world.discord.told == [(1, PauseReason.NO_FACTS)]
    assert "Daily facts in channel 1 are paused: no facts" in caplog.text


async def test_a_zone_that_is_no_more_pauses_and_holds_nobody_up(world: World) -> None:
    schedule = await world.put(1)
    other = await world.put(2)
    await world.database.write(
        lambda connection: connection.execute(
            "UPDATE daily_schedules SET time_zone = 'Mars/Base' WHERE channel_id = 1"
        )
    )
    world.discord.slow_to_tell = asyncio.Event()
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 22)))
        world.discord.slow_to_tell.set()
    assert (await world.stored(schedule)).pause is PauseReason.ZONE_GONE
    assert world.discord.told == [(1, PauseReason.ZONE_GONE)]
    assert len(world.discord.dates(other)) == 2


async def test_a_fact_that_left_its_pack_is_exchanged(world: World) -> None:
    schedule = await world.put()

    async def fail(_: Post, __: int) -> None:
        raise NotTaken

    world.discord.trouble = fail
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 21)) + timedelta(seconds=1))
    claimed = await world.newest(schedule)
    assert claimed is not None
    pack = world.catalogue.packs[0]
    kept = {number: fact for number, fact in pack.facts.items() if number != claimed.fact}
    world.catalogue = Catalogue((LoadedPack(pack.id, pack.title, pack.topics, kept, {}),))
    world.discord.trouble = None
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 21)) + timedelta(hours=1))
    assert world.discord.dates(schedule) == [date(2026, 3, 21)]
    assert world.discord.messages[0][1].fact != claimed.fact


@pytest.mark.parametrize("left", [2, 0])
async def test_a_post_that_waited_goes_by_the_spoilers_of_the_moment(world: World, left: int) -> None:
    """They were forbidden after its fact was drawn: another is posted, or none, and the first comes later."""
    pack = world.catalogue.packs[0]
    facts = {
        number: replace(fact, spoiler=Spoiler.NONE if number <= left else Spoiler.ENDING)
        for number, fact in pack.facts.items()
    }
    world.catalogue = Catalogue((LoadedPack(pack.id, pack.title, pack.topics, facts, {}),))
    await world.settings.change(7, spoilers=Spoiler.ENDING)
    schedule = await world.put()

    async def fail(post: Post, attempt: int) -> None:
        if attempt == 1 and post.fact > left:
            await world.settings.change(7, spoilers=Spoiler.NONE)
            raise NotTaken

    world.discord.trouble = fail
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 22)) - timedelta(seconds=1))
        assert {post.fact for _, post in world.discord.messages} <= set(range(1, left + 1))
        assert world.discord.dates(schedule) == [date(2026, 3, 21)][:left]
        assert (await world.stored(schedule)).pause is (None if left else PauseReason.NO_FACTS)
        if left:
            world.discord.trouble = None
            await world.settings.change(7, spoilers=Spoiler.ENDING)
            await world.clock.run_until(moment(date(2026, 3, 21)) + (FACTS - 1) * DAY)
            assert {post.fact for _, post in world.discord.messages} == set(facts)


async def test_new_zone_rules_are_used_from_the_next_start(world: World) -> None:
    schedule = await world.put()
    await world.database.write(
        lambda connection: connection.execute("UPDATE daily_schedules SET next_ms = next_ms + 3600000")
    )
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 21)))
    assert world.discord.dates(schedule) == [date(2026, 3, 21)]


async def test_spoilers_stay_out_unless_the_server_lets_them_in(world: World) -> None:
    pack = world.catalogue.packs[0]
    facts = {
        number: Fact(fact.id, fact.text, fact.topics, spoiler=Spoiler.ENDING if number > 2 else Spoiler.NONE)
        for number, fact in pack.facts.items()
    }
    world.catalogue = Catalogue((LoadedPack(pack.id, pack.title, pack.topics, facts, {}),))
    await world.put()
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 28)))
        assert {post.fact for _, post in world.discord.messages} == {1, 2}
        await world.settings.change(7, spoilers=Spoiler.ENDING)
        await world.clock.run_until(moment(date(2026, 4, 7)))
    assert {post.fact for _, post in world.discord.messages} == set(facts)


async def test_one_minute_for_many_is_spread_out_and_bounded(world: World) -> None:
    many = 240
    wishes = [Wish(n, n, "Europe/London", time(9)) for n in range(1, many + 1)]

    def put_all(connection: Connection) -> None:
        for wish in wishes:
            daily.put_schedule(connection, wish, START, wish.channel_id)

    await world.database.write(put_all)
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 21)) + timedelta(minutes=5))
    assert sorted(post.channel_id for _, post in world.discord.messages) == list(range(1, many + 1))
    assert world.discord.most_under_way <= AT_ONCE
    sent = world.discord.sent_at
    assert all(
        later - earlier >= timedelta(seconds=1) for earlier, later in zip(sent, sent[40:], strict=False)
    )
    assert sent[-1] - sent[0] < timedelta(seconds=many / 40 + 5)
