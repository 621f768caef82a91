"""Daily facts over the wire: the commands, the posts, and the moments they are due."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.schedule import next_due
from playground import PATIENCE, Actor, Channel, Driver, Reply, Shown

SEND = "/channels/{channel_id}/messages"
POST_ID = re.compile(r"daily1:(\d+):(\d{8})")
TRIES = 200


@dataclass(frozen=True, slots=True)
class Daily:
    """A driver with what daily facts need."""

    discord: Driver

    async def run(
        self,
        actor: Actor,
        command: str,
        *,
        where: str | Channel = "trivia",
        force: bool = False,
        **options: Any,
    ) -> Reply:
        """Run a command that may have an option called channel, given as a Channel or an id."""
        given = {name: value.id if isinstance(value, Channel) else value for name, value in options.items()}
        place = self.discord.channel(where, actor)
        interaction = self.discord.server.people.run(actor.id, place.id, command, given, force=force)
        await asyncio.wait_for(interaction.settled.wait(), PATIENCE)
        return Reply(interaction)

    async def set(
        self, actor: Actor | None = None, channel: str | Channel = "film-club", **options: Any
    ) -> Reply:
        """Set daily facts at 9 in London, unless the options say otherwise."""
        wanted = {"time": "9:00", "timezone": "Europe/London"} | options
        place = self.discord.channel(channel)
        return await self.run(actor or self.discord.member("Ada"), "daily set", channel=place, **wanted)

    async def complete(self, actor: Actor, command: str, option: str, typed: str) -> list[dict[str, Any]]:
        """Return what is offered while typing into an option."""
        place = self.discord.channel("trivia", actor)
        interaction = self.discord.server.people.complete(
            actor.id, place.id, command, {option: typed}, option
        )
        await asyncio.wait_for(interaction.settled.wait(), PATIENCE)
        assert interaction.choices is not None, "the bot did not offer anything in time"
        return interaction.choices

    async def resume(self) -> str:
        """Resume until it goes on: the bot hears of a mended permission a moment later."""
        for _ in range(TRIES):
            text = (await self.run(self.discord.member("Ada"), "daily resume")).text
            if "next one comes" in text:
                return text
        raise AssertionError(f"it does not go on: {text}")

    async def status(self) -> str:
        """Return what /daily status says."""
        return (await self.run(self.discord.member("Ada"), "daily status")).text

    async def status_says(self, words: str) -> str:
        """Ask for the status until it has these words, and return it."""
        for _ in range(TRIES):
            if words in (text := await self.status()):
                return text
        raise AssertionError(f"{words!r} never came into: {text}")

    def next_moment(self, wall: time = time(9), zone: str = "Europe/London") -> datetime:
        """Return when a schedule at this time is due next."""
        return next_due(ZoneInfo(zone), wall, self.discord.clock.now()).moment

    def jump(self, moment: datetime) -> None:
        """Be at a moment."""
        self.discord.clock.jump_to(moment)

    async def next_post(self, moment: datetime, channel: str | Channel = "film-club") -> Shown:
        """Jump to a moment and return the post that comes then."""
        waiting = asyncio.create_task(
            self.discord.next_message(channel, lambda shown: bool(post_dates(shown)))
        )
        await asyncio.sleep(0)
        self.jump(moment)
        return await waiting

    def posts(self, channel: str | Channel = "film-club") -> list[Shown]:
        """Return all daily posts of a channel, oldest first."""
        return [shown for shown in self.discord.messages(channel) if post_dates(shown)]

    def dates(self, channel: str | Channel = "film-club") -> list[date]:
        """Return the date of each daily post, oldest first."""
        return [day for shown in self.posts(channel) for day in post_dates(shown)]

    def sends(self, channel: str | Channel = "film-club") -> int:
        """Return how many messages the bot tried to send to a channel."""
        wanted = str(self.discord.channel(channel).id)
        return sum(record.parameters["channel_id"] == wanted for record in self.discord.log.to("POST", SEND))


def post_dates(shown: Shown) -> list[date]:
    """Return the date of a daily post, nothing for another message."""
    found = [POST_ID.fullmatch(str(button.get("custom_id", ""))) for button in shown.buttons.values()]
    return [datetime.strptime(match[2], "%Y%m%d").date() for match in found if match]  # noqa: DTZ007


def words_of(shown: Shown) -> str:
    """Return the fact of a daily post, without its heading and its date."""
    return shown.text.partition("\n-# ")[2]


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait for what the bot learns or does without telling anybody."""
    for _ in range(2_000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it did not come to that")


def before_clock_change(after: datetime, zone: str = "Europe/London") -> datetime:
    """Return a moment fifteen days before the zone's next change of its clocks."""
    moment = after
    offset = moment.astimezone(ZoneInfo(zone)).utcoffset()
    while moment.astimezone(ZoneInfo(zone)).utcoffset() == offset:
        moment += timedelta(days=1)
    return max(after, moment - timedelta(days=15))
