"""People who play along by themselves, so that somebody who is alone can see a game with company.

They know nothing of any bot. Whatever looks like a question gets one of its answers from each of them, chosen
by chance: most are wrong, and some come too late.
"""

import asyncio
import random
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from playground.clock import SharedTime
from playground.people.controls import Controls
from playground.people.people import People
from playground.refused import Json, Refused
from playground.schema.components import LINK_STYLE, ComponentKind, walk
from playground.world.events import Event, Hub, MessageEvent
from playground.world.mentions import displayed_text
from playground.world.model import Guild, Message
from playground.world.world import World

# Fixed ids, so that what a bot stored about them still fits after a restart of the playground.
PLAYER_IDS = range(256_700_000_000_000_011, 256_700_000_000_000_014)
PLAYERS = (("gil", "Gil", 0x4F7CAC), ("hana", "Hana", 0xB5655F), ("ivo", "Ivo", 0x6B8F3C))
ABOUT = "Answers questions alone, and not always well."

LATE = 0.15
"""How often somebody answers only after the time that the message names."""
EARLIEST, LATEST = 0.08, 0.75
"""When the others answer, as parts of that time."""
LATE_BY = (timedelta(milliseconds=50), timedelta(milliseconds=1_500))
LONGEST = timedelta(minutes=5)
WITHOUT_END = timedelta(seconds=10)
"""The time for a question that names none, or one longer than anybody waits."""
TIMESTAMP = re.compile(r"<t:(\d{1,11})(?::\w)?>")
WORDS = re.compile(r"[A-Za-z]+|\d+")


def answers_of(message: Message) -> list[str]:
    """Return the custom ids of the first row that looks like the answers to a question; none if no row does.

    Such a row has two or more buttons of one style, all of them open, that are counted: by their labels
    (A, B, C) or by their ids (`answer:7:0`, `answer:7:1`).
    """
    for _, part in walk(message.components):
        if part["type"] != ComponentKind.ACTION_ROW:
            continue
        buttons = [child for child in part["components"] if child["type"] == ComponentKind.BUTTON]
        if _are_answers(buttons):
            return [button["custom_id"] for button in buttons]
    return []


def _are_answers(buttons: Sequence[Json]) -> bool:
    if len(buttons) < 2 or len({button["style"] for button in buttons}) > 1:
        return False
    if any(button.get("disabled") or button["style"] >= LINK_STYLE for button in buttons):
        return False
    firsts = [(WORDS.findall(button.get("label") or "") or [""])[0] for button in buttons]
    parts = [WORDS.findall(button["custom_id"]) for button in buttons]
    if _count_up(firsts):
        return True
    if len({len(words) for words in parts}) > 1:
        return False
    differing = [column for column in zip(*parts, strict=True) if len(set(column)) > 1]
    return len(differing) == 1 and _count_up(differing[0])


def _count_up(signs: Sequence[str]) -> bool:
    """Whether these are 1, 2, 3 or A, B, C, from wherever they start."""
    if all(sign.isdecimal() for sign in signs):
        numbers = [int(sign) for sign in signs]
    elif all(len(sign) == 1 for sign in signs):
        numbers = [ord(sign) for sign in signs]
    else:
        return False
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


class Players:
    """Three people who answer, from when they come until they are sent away."""

    def __init__(
        self, world: World, hub: Hub, people: People, controls: Controls, chance: random.Random
    ) -> None:
        self._world = world
        self._people = people
        self._controls = controls
        self._chance = chance
        self._time = SharedTime(world.clock)
        self._guild: Guild | None = None
        self._asked: set[tuple[int, tuple[str, ...]]] = set()
        self._answering: set[asyncio.Task[None]] = set()
        hub.subscribe(self._hear)

    @property
    def here(self) -> bool:
        """Whether they are in a server."""
        return self._guild is not None

    def come(self, guild: Guild) -> None:
        """Let them join a server, and answer what the bot asks there from now on."""
        if self.here:
            return
        self._guild = guild
        for user_id, (username, name, color) in zip(PLAYER_IDS, PLAYERS, strict=True):
            user = self._world.users.get(user_id) or self._world.add_user(
                username, name, user_id=user_id, color=color, description=ABOUT
            )
            if user_id not in guild.members:
                self._controls.join(guild, user)

    def leave(self) -> None:
        """Send them away, whatever they were about to answer."""
        guild, self._guild = self._guild, None
        if guild is None:
            return
        self._asked.clear()
        for task in self._answering:
            task.cancel()
        for user_id in guild.members.keys() & set(PLAYER_IDS):
            self._controls.remove_member(guild, guild.members[user_id])

    async def close(self) -> None:
        """Send them away and wait until each has stopped."""
        answering = tuple(self._answering)
        self.leave()
        await asyncio.gather(*answering, return_exceptions=True)

    def _hear(self, event: Event) -> None:
        if not isinstance(event, MessageEvent) or event.what == "delete" or self._guild is None:
            return
        message = event.message
        is_bots = message.author_id == self._world.bot.id and message.for_user is None
        if not is_bots or message.guild_id != self._guild.id:
            return
        answers = tuple(answers_of(message))
        # An edit that keeps the answers, such as one that updates a count, asks nothing new.
        if not answers or (message.id, answers) in self._asked:
            return
        self._asked.add((message.id, answers))
        for user_id in PLAYER_IDS:
            task = asyncio.create_task(self._answer(user_id, message, answers), name=f"player {user_id}")
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _answer(self, user_id: int, message: Message, answers: Sequence[str]) -> None:
        await self._time.sleep_until(self._moment(message))
        try:
            self._people.click(user_id, message.channel_id, message.id, self._chance.choice(answers))
        except Refused:
            # The question is over, or this person may not see it: either way there is nothing to do.
            return

    def _moment(self, message: Message) -> datetime:
        now = self._world.clock.now()
        end = min(_times_after(message, now), default=now + WITHOUT_END)
        if self._chance.random() < LATE:
            return end + self._chance.uniform(*(by.total_seconds() for by in LATE_BY)) * timedelta(seconds=1)
        return now + (end - now) * self._chance.uniform(EARLIEST, LATEST)


def _times_after(message: Message, now: datetime) -> Iterator[datetime]:
    for found in TIMESTAMP.findall(displayed_text(message)):
        moment = datetime.fromtimestamp(int(found), now.tzinfo)
        if now < moment < now + LONGEST:
            yield moment
