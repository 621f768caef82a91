"""What the daily poster is tested on: a Discord of a few lines that keeps nonces, schedules, virtual time."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bot.core.schedule import due_moment
from bot.runners.daily_poster import CannotLook, DailyPoster, Invitation
from bot.runners.tools import Tools
from bot.storage import daily, daily_posts
from bot.storage.catalogue import Catalogue, LoadedPack
from bot.storage.daily import PauseReason, Schedule, Wish
from bot.storage.daily_posts import Post
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


def moment(day: date, wall: time = time(9)) -> datetime:
    due = due_moment(LONDON, wall, day)
    assert due is not None
    return due
