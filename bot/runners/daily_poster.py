"""The daily poster: one loop that sleeps until the next post is due, and never posts a date twice."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from bot.core.schedule import LATEST, catch_up
from bot.core.zones import known_zone
from bot.runners.time import Time, sleep_or_wake
from bot.runners.tools import Tools
from bot.storage import daily, daily_posts
from bot.storage.catalogue import LoadedPack
from bot.storage.daily import MissReason, PauseReason, Schedule, Wish
from bot.storage.daily_posts import Cards, Post

log = logging.getLogger(__name__)

T = TypeVar("T")

AT_ONCE = 20
"""How many posts are under way at the same time."""
GAP = timedelta(seconds=1) / 40
"""The shortest time between two requests; Discord allows fifty a second, and others need some of them."""
NONCE_LASTS = timedelta(minutes=2)
"""Discord knows a nonce again for some minutes; we rely on two."""
LONGEST_SEND = 45
"""Seconds after which a request is given up for now: it must end while its nonce still counts."""
FIRST_DELAY = timedelta(seconds=15)
LONGEST_DELAY = timedelta(minutes=10)
AFTER_STORAGE_FAULT = timedelta(seconds=5)
LAST_SENDS = 5
"""Seconds that requests under way have left when the bot stops."""


class Lost(Exception):  # noqa: N818 (a state of the server, not of the program)
    """The post cannot be sent before a moderator has done something."""

    def __init__(self, reason: PauseReason) -> None:
        super().__init__(reason)
        self.reason = reason


class NotTaken(Exception):  # noqa: N818
    """Discord did not answer, or not now; it may still have the message."""


class CannotLook(Exception):  # noqa: N818
    """The channel's past messages cannot be read."""


class DailyMessenger(Protocol):
    """What the poster needs of Discord."""

    async def send(self, post: Post, pack: LoadedPack) -> int:
        """Send the post with its nonce and return the message's id. Raises Lost or NotTaken."""

    async def find(self, post: Post) -> int | None:
        """Return the id of the message that the post became, None if there is none.

        Raises CannotLook, Lost or NotTaken.
        """

    async def tell_paused(self, guild_id: int, channel_id: int, reason: PauseReason) -> None:
        """Say in the channel, if that can be done, that its daily facts wait. Raises Lost or NotTaken."""


@dataclass
class Pacer:
    """Hands out turns, `GAP` apart."""

    time: Time
    free: datetime

    async def turn(self) -> None:
        """Return when it is the caller's turn."""
        now = self.time.now()
        # A clock that was set back must not hold anybody up.
        turn = min(max(now, self.free), now + AT_ONCE * GAP)
        self.free = turn + GAP
        await self.time.sleep_until(turn)


def cards_for(wish: Wish, tools: Tools) -> Cards:
    """Return the facts that may be posted there; none if its topic has none at the server's spoiler level."""
    chosen = tools.settings.get(wish.guild_id)
    pack = tools.catalogue.get(chosen.pack)
    return Cards(pack.id, pack.fact_numbers(chosen.spoilers, wish.topic))


class DailyPoster:
    """Posts what is due: claims it in the table, sends it, confirms it. The table is the truth."""

    def __init__(self, tools: Tools, messenger: DailyMessenger) -> None:
        self._tools = tools
        self._messenger = messenger
        self._pacer = Pacer(tools.time, tools.time.now())
        self._changed = asyncio.Event()
        self._sending: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Look at the table anew: a schedule was set, changed or resumed."""
        self._changed.set()

    async def run(self) -> None:
        """Post what falls due, until cancelled; begin with what an earlier process left unfinished."""
        begun = False
        try:
            while True:
                self._changed.clear()
                try:
                    if not begun:
                        await self._store(_begin)
                        begun = True
                    await self.post_due()
                    moment = await self._tools.database.read(daily_posts.next_moment)
                except Exception:
                    log.exception("The schedules cannot be worked on; trying again soon")
                    moment = self._tools.time.now() + AFTER_STORAGE_FAULT
                await sleep_or_wake(self._tools.time, moment, self._changed)
        finally:
            await self._finish_sends()

    async def post_due(self) -> None:
        """Start everything that is due now; returns when the last of it is under way."""
        while True:
            if len(self._sending) >= AT_ONCE:
                await asyncio.wait(self._sending, return_when=asyncio.FIRST_COMPLETED)
            if not await self._start_some(AT_ONCE - len(self._sending)):
                return

    async def _start_some(self, limit: int) -> bool:
        """Take at most `limit` of what is due and send it; False if nothing is due."""
        now = self._tools.time.now()
        again, due = await self._tools.database.read(
            lambda connection: (
                daily_posts.to_try(connection, now, limit),
                daily.due_schedules(connection, now, limit),
            )
        )
        if again:
            await self._tools.database.write(daily_posts.take, again)
            for post in again:
                self._send_soon(post)
        claims = (self._claim(schedule, now) for schedule in due[: limit - len(again)])
        failures = [
            claimed
            for claimed in await asyncio.gather(*claims, return_exceptions=True)
            if isinstance(claimed, BaseException)
        ]
        if failures:
            raise failures[0]
        return bool(again or due)

    async def _claim(self, schedule: Schedule, now: datetime) -> None:
        """Claim the schedule's due post and send it, or note why there is none."""
        cards = cards_for(schedule.wish, self._tools)
        zone = known_zone(schedule.wish.zone)
        if zone is None or not cards.facts:
            problem = PauseReason.ZONE_GONE if zone is None else PauseReason.NO_FACTS
            if await self._tools.database.write(daily.pause_unclaimed, schedule, problem, now):
                wish = schedule.wish
                self._run_beside(
                    self._tell(wish.guild_id, wish.channel_id, problem), f"daily-pause-{schedule.id}"
                )
            return
        plan = catch_up(zone, schedule.wish.wall, schedule.next.date, now)
        if plan.missed is not None:
            log.warning(
                "The daily fact of %s in channel %d came too late", plan.missed.date, schedule.wish.channel_id
            )
        post = await self._tools.database.write(daily_posts.claim, schedule, plan, cards, now)
        if post is not None:
            self._send_soon(post)

    def _send_soon(self, post: Post) -> None:
        self._run_beside(self._deliver(post), f"daily-post-{post.nonce}")

    def _run_beside(self, send: Coroutine[None, None, None], name: str) -> None:
        """Send beside everything else: a slow answer of Discord must hold up no other channel."""
        task = asyncio.create_task(send, name=name)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _deliver(self, post: Post) -> None:
        """Bring the post into its channel, or store what stands in the way."""
        try:
            await self._attempt(post)
        except Lost as lost:
            await self._pause(post, lost.reason)
        except (NotTaken, TimeoutError) as error:
            await self._try_later(post, error)
        except Exception as error:
            log.exception(
                "Unexpected failure of the daily fact of %s in channel %d", post.due.date, post.channel_id
            )
            await self._try_later(post, error)

    async def _attempt(self, post: Post) -> None:
        now = self._tools.time.now()
        if now - post.claimed >= NONCE_LASTS:
            # Discord may have forgotten the nonce, so what an earlier attempt has sent must be looked for.
            try:
                found = await self._messenger.find(post)
            except CannotLook:
                await self._store(lambda connection: daily_posts.assume(connection, post))
                return
            if found is not None:
                await self._store(lambda connection: daily_posts.confirm(connection, post, found))
                return
            if now - post.due.moment > LATEST:
                log.warning(
                    "The daily fact of %s in channel %d came too late", post.due.date, post.channel_id
                )
                reason = MissReason.NOT_TAKEN if post.tries else MissReason.AWAY
                await self._store(lambda connection: daily_posts.give_up(connection, post, reason))
                return
            if not await self._store(lambda connection: daily_posts.renew(connection, post, now)):
                return
        post = await self._with_known_fact(post)
        await self._pacer.turn()
        async with asyncio.timeout(LONGEST_SEND):
            message_id = await self._messenger.send(post, self._tools.catalogue.get(post.pack))
        await self._store(lambda connection: daily_posts.confirm(connection, post, message_id))

    async def _with_known_fact(self, post: Post) -> Post:
        """Return the post with a fact that its pack still has: it may have left since the claim."""
        if post.fact in self._tools.catalogue.get(post.pack).facts:
            return post
        schedule = await self._tools.database.read(daily.get_schedule, post.schedule_id)
        cards = cards_for(schedule.wish, self._tools)
        if not cards.facts:
            raise Lost(PauseReason.NO_FACTS)
        fact = await self._store(
            lambda connection: daily_posts.exchange_fact(connection, schedule, post, cards)
        )
        return replace(post, pack=cards.pack, fact=fact)

    async def _pause(self, post: Post, reason: PauseReason) -> None:
        now = self._tools.time.now()

        def work(connection: sqlite3.Connection) -> bool:
            daily_posts.give_up(connection, post, reason)
            return daily.pause(connection, post.schedule_id, reason, now)

        if await self._store(work):
            log.warning("Daily facts in channel %d are paused: %s", post.channel_id, reason)
            await self._tell(post.guild_id, post.channel_id, reason)

    async def _tell(self, guild_id: int, channel_id: int, reason: PauseReason) -> None:
        try:
            async with asyncio.timeout(LONGEST_SEND):
                await self._messenger.tell_paused(guild_id, channel_id, reason)
        except (Lost, NotTaken, TimeoutError) as error:
            log.info("The pause could not be told in channel %d (%r)", channel_id, error)
        except Exception:
            log.exception("The pause could not be told in channel %d", channel_id)

    async def _try_later(self, post: Post, error: Exception) -> None:
        delay = min(FIRST_DELAY * 2 ** min(post.tries, 10), LONGEST_DELAY)
        log.info(
            "The daily fact of %s in channel %d is tried again in %d s (%r)",
            post.due.date,
            post.channel_id,
            delay.total_seconds(),
            error,
        )
        moment = self._tools.time.now() + delay
        await self._store(lambda connection: daily_posts.try_again(connection, post, moment))
        self.wake()

    async def _store(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Write, however often it takes: what happened at Discord must not be forgotten over a full disk."""
        while True:
            try:
                return await self._tools.database.write(work)
            except sqlite3.Error:
                log.exception("A daily fact cannot be stored; trying again soon")
                await self._tools.time.sleep_until(self._tools.time.now() + AFTER_STORAGE_FAULT)

    async def _finish_sends(self) -> None:
        if self._sending:
            _, late = await asyncio.wait(self._sending, timeout=LAST_SENDS)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)


def _begin(connection: sqlite3.Connection) -> None:
    unfinished = daily_posts.take_up_after_start(connection)
    moved = daily.refresh_due_moments(connection)
    if unfinished or moved:
        log.info("Daily facts: %d unfinished, %d with another due moment", unfinished, moved)
