"""The poster against a Discord of a few lines that keeps nonces for three minutes, on virtual time."""

import asyncio
import contextlib
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.core.content import Fact, Spoiler, Topic
from bot.core.schedule import LATEST, due_moment
from bot.runners import daily_poster
from bot.runners.daily_poster import AT_ONCE, CannotLook, DailyPoster, Invitation, Lost, NotTaken
from bot.runners.tools import Tools
from bot.storage import daily, daily_posts
from bot.storage.catalogue import Catalogue, LoadedPack
from bot.storage.connection import Connection
from bot.storage.daily import Missed, MissReason, PauseReason, Schedule, Wish
from bot.storage.daily_posts import Post, PostState
from bot.storage.database import StorageFailure
from bot.storage.own_packs import OwnPacks
from bot.storage.settings import Settings
from tests.runners.virtual_time import VirtualTime, WatchedDatabase

START = datetime(2026, 3, 20, 12, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
NONCE_KEPT = timedelta(minutes=3)
FACTS = 12


class Killed(BaseException):
    """The process ends here."""


@dataclass
class TinyDiscord:
    """Channels, messages, nonces; told to fail by `trouble`, which gets the post and the attempt's number."""

    time: VirtualTime
    messages: list[tuple[datetime, Post]] = field(default_factory=list)
    told: list[tuple[int, PauseReason]] = field(default_factory=list)
    attempts: Counter[str] = field(default_factory=Counter)
    trouble: Callable[[Post, int], Awaitable[None]] | None = None
    after_send: Callable[[Post, int], Awaitable[None]] | None = None
    slow_to_tell: asyncio.Event | None = None
    can_look: bool = True
    under_way: int = 0
    most_under_way: int = 0
    sent_at: list[datetime] = field(default_factory=list)
    invitations: list[Invitation | None] = field(default_factory=list)

    async def send(self, post: Post, pack: LoadedPack, invitation: Invitation | None) -> int:
        self.invitations.append(invitation)
        assert post.fact in pack.facts
        assert len(post.nonce) <= 25
        self.attempts[post.nonce] += 1
        self.sent_at.append(self.time.now())
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await asyncio.sleep(0)
            if self.trouble is not None:
                await self.trouble(post, self.attempts[post.nonce])
            known = [
                number
                for number, (sent, other) in enumerate(self.messages)
                if other.nonce == post.nonce and self.time.steady() - sent < NONCE_KEPT
            ]
            if not known:
                self.messages.append((self.time.steady(), post))
            if self.after_send is not None:
                await self.after_send(post, self.attempts[post.nonce])
            return known[0] + 1 if known else len(self.messages)
        finally:
            self.under_way -= 1

    async def find(self, post: Post) -> int | None:
        if not self.can_look:
            raise CannotLook
        for number, (_, other) in enumerate(self.messages):
            if (other.schedule_id, other.due.date) == (post.schedule_id, post.due.date):
                return number + 1
        return None

    async def tell_paused(self, guild_id: int, channel_id: int, reason: PauseReason) -> None:  # noqa: ARG002
        if self.slow_to_tell:
            await self.slow_to_tell.wait()
        self.told.append((channel_id, reason))

    def dates(self, schedule: Schedule) -> list[date]:
        return [post.due.date for _, post in self.messages if post.schedule_id == schedule.id]


@dataclass
class World:
    database: WatchedDatabase
    clock: VirtualTime
    discord: TinyDiscord
    catalogue: Catalogue
    settings: Settings

    async def put(
        self, channel_id: int = 1, wall: time = time(9), zone: str = "Europe/London", **more: int
    ) -> Schedule:
        wish = Wish(
            more.get("guild_id", 7),
            channel_id,
            zone,
            wall,
            role_id=more.get("role_id"),
            challenge=bool(more.get("challenge")),
        )
        return await self.database.write(daily.put_schedule, wish, self.clock.now(), seed=channel_id)

    async def stored(self, schedule: Schedule) -> Schedule:
        return await self.database.read(daily.get_schedule, schedule.id)

    async def newest(self, schedule: Schedule) -> Post | None:
        return await self.database.read(daily_posts.newest_post, schedule.id)

    def poster(self) -> DailyPoster:
        tools = Tools(
            self.database, self.catalogue, self.settings, OwnPacks(self.database), self.clock, Random(1)
        )
        return DailyPoster(tools, self.discord)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[DailyPoster]:
        poster = self.poster()
        task = asyncio.create_task(poster.run())
        try:
            yield poster
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    database = await WatchedDatabase.open(tmp_path / "trivia.db")
    clock = VirtualTime(START, database)
    topic = Topic("songs", "Songs", "🎵", "The songs")
    facts = {number: Fact(f"fact-{number}", f"Fact {number}.", ("songs",)) for number in range(1, FACTS + 1)}
    catalogue = Catalogue((LoadedPack("la-la-land", "La La Land", (topic,), facts, {}),))
    yield World(database, clock, TinyDiscord(clock), catalogue, await Settings.load(database))
    await database.close()


def moment(day: date, wall: time = time(9)) -> datetime:
    due = due_moment(LONDON, wall, day)
    assert due is not None
    return due


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


async def test_a_topic_that_left_the_pack_pauses(world: World) -> None:
    wish = Wish(7, 1, "Europe/London", time(9), topic="gone")
    schedule = await world.database.write(daily.put_schedule, wish, START, 1)
    async with world.running():
        await world.clock.run_until(moment(date(2026, 3, 22)))
    paused = await world.stored(schedule)
    assert paused.pause is PauseReason.NO_FACTS
    assert paused.missed == Missed(schedule.next.date, PauseReason.NO_FACTS)
    assert world.discord.told == [(1, PauseReason.NO_FACTS)]


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
    many = 600
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


async def test_a_full_disk_after_the_send_is_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = await world.put()
    confirm, failures = daily_posts.confirm, [3]

    def full(connection: Connection, post: Post, message_id: int) -> None:
        if failures[0]:
            failures[0] -= 1
            raise sqlite3.OperationalError("database or disk is full")
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
            raise sqlite3.OperationalError("disk I/O error")
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
