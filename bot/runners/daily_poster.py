"""The daily poster: one loop that sleeps until the next post is due, and never posts a date twice."""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.schedule import LATEST, Due, catch_up
from bot.core.zones import known_zone
from bot.runners.beside import Beside
from bot.runners.retrying import RetryingDatabase
from bot.runners.time import Alarm, Time
from bot.runners.tools import Tools
from bot.storage import daily, daily_posts
from bot.storage.catalogue import LoadedPack
from bot.storage.challenge_results import Recap, recap
from bot.storage.daily import MissReason, PauseReason, Schedule, Wish
from bot.storage.daily_posts import Cards, Post
from bot.storage.database import StorageFailure

log = logging.getLogger(__name__)

AT_ONCE = 20
"""How many posts are under way at the same time."""
GAP = timedelta(seconds=1) / 40
"""The shortest time between two requests of all processes together.

Discord allows a bot fifty a second, and others need some of them.
"""
NONCE_LASTS = timedelta(minutes=2)
"""Discord remembers a nonce for a few minutes; we rely on two."""
LONGEST_SEND = 45
"""In seconds; then a request is given up for now, as it must end while its nonce still counts."""
FIRST_DELAY = timedelta(seconds=15)
LONGEST_DELAY = timedelta(minutes=10)
LATE = timedelta(minutes=1)
"""A post that comes this long after its moment is counted as late."""
LAST_SENDS = 5
"""How many seconds requests under way still have when the bot stops."""


class Lost(Exception):  # noqa: N818 (a state of the server, not of the program)
    """The post cannot be sent until a moderator does something."""

    def __init__(self, reason: PauseReason) -> None:
        super().__init__(reason)
        self.reason = reason


class NotTaken(Exception):  # noqa: N818
    """Discord did not answer, or not now; it may still have the message."""


class CannotLook(Exception):  # noqa: N818
    """The channel's past messages cannot be read."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A post's invitation to the day's challenge, with how yesterday's went if anybody played it."""

    yesterday: Recap | None = None


class DailyMessenger(Protocol):
    """What the poster needs from Discord."""

    async def send(self, post: Post, pack: LoadedPack, invitation: Invitation | None) -> int:
        """Send the post with its nonce and return the message's id. Raises Lost or NotTaken."""

    async def find(self, post: Post) -> int | None:
        """Return the id of the post's message, None if there is none.

        Raises CannotLook, Lost or NotTaken.
        """

    async def tell_paused(self, guild_id: int, channel_id: int, reason: PauseReason) -> None:
        """Say in the channel, if possible, that its daily facts are paused. Raises Lost or NotTaken."""


@dataclass
class Pacer:
    """Hands out turns that are `gap` apart."""

    time: Time
    gap: timedelta
    free: datetime

    async def turn(self) -> None:
        """Return when it is the caller's turn."""
        now = self.time.steady()
        turn = max(now, self.free)
        self.free = turn + self.gap
        await self.time.sleep(turn - now)


def cards_for(wish: Wish, tools: Tools) -> Cards:
    """Return the facts that may be posted; none if the topic has none at the server's spoiler level."""
    pack = tools.film_of(wish.guild_id)
    return Cards(pack.id, pack.fact_numbers(tools.settings.get(wish.guild_id).spoilers, wish.topic))


class DailyPoster:
    """Posts what is due: claims it in the database, sends it, confirms it. The database is the truth."""

    def __init__(self, tools: Tools, messenger: DailyMessenger) -> None:
        self._tools = tools
        self._messenger = messenger
        self._pacer = Pacer(tools.time, GAP / tools.shards.share, tools.time.steady())
        self._nonces: dict[str, datetime] = {}
        self._retrying = RetryingDatabase(tools)
        self._alarm = Alarm(tools.time)
        self._sends = Beside()
        self._has_begun = False

    def wake(self) -> None:
        """Look again for what is due: a schedule was set, changed or resumed."""
        self._alarm.ring()

    async def run(self) -> None:
        """Post what falls due, until cancelled; begin with what an earlier process left unfinished."""
        try:
            await self._alarm.keep_doing(self._work, "The work on daily facts")
        finally:
            await self._sends.finish(LAST_SENDS)

    async def _work(self) -> datetime | None:
        """Post what is due, and return when there will be something to do next."""
        if not self._has_begun:
            unfinished = await self._tools.database.write(daily_posts.take_up_after_start, self._tools.shards)
            moved = await self._tools.database.write(daily.refresh_due_moments)
            if unfinished or moved:
                log.info("Daily facts: %d unfinished, %d with another due moment", unfinished, moved)
            self._has_begun = True
        await self.post_due()
        return await self._tools.database.read(daily_posts.next_moment, self._tools.shards)

    async def post_due(self) -> None:
        """Start everything that is due now, and return once the last of it is under way."""
        while True:
            if len(self._sends) >= AT_ONCE:
                await self._sends.one_ends()
            if not await self._start_some(AT_ONCE - len(self._sends)):
                return

    async def _start_some(self, limit: int) -> bool:
        """Start sending at most `limit` of what is due; return whether anything was."""
        now = self._tools.time.now()
        shards = self._tools.shards
        again = await self._tools.database.read(daily_posts.to_try, shards, now, limit)
        due = await self._tools.database.read(daily.due_schedules, shards, now, limit)
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
                told = self._tell_paused(schedule.wish.guild_id, schedule.wish.channel_id, problem)
                self._sends.start(told, f"daily-pause-{schedule.id}")
            return
        plan = catch_up(zone, schedule.wish.wall, schedule.next.date, now)
        if plan.missed is not None:
            self._note_missed(plan.missed, schedule.wish.channel_id)
        begins = self._tools.time.steady()
        post = await self._tools.database.write(daily_posts.claim, schedule, plan, cards, now)
        if post is not None:
            self._nonces[post.nonce] = begins
            self._send_soon(post)

    def _note_missed(self, due: Due, channel_id: int) -> None:
        self._tools.tally.posts_missed += 1
        log.warning("The daily fact of %s in channel %d came too late", due.date, channel_id)

    def _send_soon(self, post: Post) -> None:
        """Send in the background, as a slow answer from Discord must not hold up other channels."""
        self._sends.start(self._deliver(post), f"daily-post-{post.nonce}")

    async def _deliver(self, post: Post) -> None:
        """Post it in its channel, or store what stands in the way."""
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
        else:
            self._nonces.pop(post.nonce, None)

    def _may_be_forgotten(self, post: Post) -> bool:
        """Return whether Discord may no longer know the post's nonce.

        The steady clock tells how long ago it was claimed. Only an earlier process's claim goes by its date.
        """
        begins = self._nonces.get(post.nonce)
        if begins is not None:
            return self._tools.time.steady() - begins >= NONCE_LASTS
        return not timedelta() <= self._tools.time.now() - post.claimed < NONCE_LASTS

    async def _attempt(self, post: Post) -> None:
        if self._may_be_forgotten(post):
            # An earlier attempt may have sent it.
            try:
                found = await self._messenger.find(post)
            except CannotLook:
                await self._retrying.write(daily_posts.confirm, post, None)
                return
            if found is not None:
                await self._retrying.write(daily_posts.confirm, post, found)
                return
            now = self._tools.time.now()
            if now - post.due.moment > LATEST:
                self._note_missed(post.due, post.channel_id)
                reason = MissReason.NOT_TAKEN if post.tries else MissReason.AWAY
                await self._retrying.write(daily_posts.give_up, post, reason)
                return
            begins = self._tools.time.steady()
            if not await self._retrying.write(daily_posts.renew, post, now):
                return
            self._nonces[post.nonce] = begins
        invitation = await self._invitation(post)
        await self._pacer.turn()
        post = await self._with_fitting_fact(post)
        async with asyncio.timeout(LONGEST_SEND):
            message_id = await self._messenger.send(post, self._tools.catalogue.get(post.pack), invitation)
        self._tools.tally.posts_sent += 1
        self._tools.tally.posts_late += self._tools.time.now() - post.due.moment >= LATE
        await self._retrying.write(daily_posts.confirm, post, message_id)

    async def _with_fitting_fact(self, post: Post) -> Post:
        """Return the post with a fact that may be posted at this moment.

        Since it was claimed, its own may have left the pack, or the server may have forbidden such spoilers.
        """
        fact = self._tools.catalogue.get(post.pack).facts.get(post.fact)
        if fact is not None and fact.spoiler <= self._tools.settings.get(post.guild_id).spoilers:
            return post
        schedule = await self._retrying.read(daily.get_schedule, post.schedule_id)
        cards = cards_for(schedule.wish, self._tools)
        if not cards.facts:
            raise Lost(PauseReason.NO_FACTS)
        number = await self._retrying.write(daily_posts.exchange_fact, schedule, post, cards)
        return replace(post, pack=cards.pack, fact=number)

    async def _invitation(self, post: Post) -> Invitation | None:
        """Return the invitation to the challenge, if there is to be one. It never holds up the post."""
        settings = self._tools.settings.get(post.guild_id)
        if not (post.challenge and settings.challenge):
            return None
        yesterday = post.due.moment.astimezone(settings.zone).date() - timedelta(days=1)
        try:
            return Invitation(await self._tools.database.read(recap, post.guild_id, yesterday))
        except StorageFailure as error:
            log.warning("A daily post goes out without yesterday's challenge (%r)", error)
            return Invitation()

    async def _pause(self, post: Post, reason: PauseReason) -> None:
        self._nonces.pop(post.nonce, None)
        if await self._retrying.write(daily_posts.give_up_and_pause, post, reason, self._tools.time.now()):
            await self._tell_paused(post.guild_id, post.channel_id, reason)

    async def _tell_paused(self, guild_id: int, channel_id: int, reason: PauseReason) -> None:
        """Tell of a pause: whoever runs the bot, and if possible the channel."""
        self._tools.tally.posts_paused += 1
        log.warning("Daily facts in channel %d are paused: %s", channel_id, reason)
        try:
            async with asyncio.timeout(LONGEST_SEND):
                await self._messenger.tell_paused(guild_id, channel_id, reason)
        except (Lost, NotTaken, TimeoutError) as error:
            log.info("Nobody in channel %d could be told of the pause (%r)", channel_id, error)
        except Exception:
            log.exception("Nobody in channel %d could be told of the pause", channel_id)

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
        await self._retrying.write(daily_posts.try_again, post, moment)
        self.wake()
