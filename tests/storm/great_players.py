"""The people of a great storm: they start rounds, answer, press twice and too late, and moderate."""

import asyncio
import contextlib
import re
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from playground import Actor, Channel, Driver, Guild, Interaction, Message, Refused, Reply, Shown
from tests.storm.round_storm import ACKNOWLEDGED

QUESTION_ID = re.compile(r"(quiz|type)1:(\d+):(\d+)(?::\d+)?")
STOP = "Stop the round"
LONGEST_WAIT = 20.0
"""Real seconds after which somebody stops waiting for an answer."""

ZONES = ("UTC", "Asia/Tokyo", "Asia/Kolkata", "America/Bogota", "Pacific/Kiritimati", "Pacific/Pago_Pago")

Place = tuple[int, int, int]
"""A round, a position in it, a player."""


@dataclass
class Promises:
    """What the bot told people: which answers are in. `tried` has every answer that was sent."""

    acknowledged: dict[Place, int | str] = field(default_factory=dict)
    tried: set[Place] = field(default_factory=set)
    twice: list[Place] = field(default_factory=list)

    def note(self, place: Place, answer: int | str, interaction: Interaction) -> None:
        """Note what came of an answer, a button's number or a typed text."""
        reply = Reply(interaction)
        if reply.state != "done" or interaction.message is None or ACKNOWLEDGED not in reply.text:
            return
        if place in self.acknowledged:
            self.twice.append(place)
        self.acknowledged[place] = answer


class Table:
    """A server's quiz channel with its people, each of whom acts by a chance of their own."""

    def __init__(self, discord: Driver, guild: Guild, promises: Promises, rng: Random) -> None:
        self.discord = discord
        self.guild = guild
        self.channel: Channel = discord.channel("trivia", discord.member("Ada", guild))
        self.players = discord.add_members(5, guild)
        self.moderator = discord.member("Ada", guild)
        self._promises = promises
        self._rng = rng
        self._seen: set[tuple[int, str]] = set()
        self._acts: set[asyncio.Task[None]] = set()
        self._forget = discord.on_message(self._hear)
        self.open = True

    async def run(self) -> None:
        """Start rounds, and moderate, until cancelled."""
        while True:
            await self._pass(self._rng.uniform(1, 6))
            chance = self._rng.random()
            if chance < 0.7:
                await self.start_round(self._rng.choice(self.players))
            elif chance < 0.8:
                await self._moderate()

    async def start_round(self, host: Actor, questions: int | None = None) -> Reply | None:
        """Start a round; None if nothing came of it."""
        options: dict[str, Any] = {
            "questions": questions or self._rng.randint(1, 4),
            "seconds": self._rng.choice((10, 10, 20, 0)),
            "answers": self._rng.choice(("buttons", "buttons", "typed")),
        }
        people = self.discord.server.people
        return await self._do(lambda: people.run(host.id, self.channel.id, "quiz start", options))

    async def stop_round(self) -> Reply | None:
        """Have the moderator stop the round that is going on, if one is."""
        people = self.discord.server.people
        asked = await self._do(lambda: people.run(self.moderator.id, self.channel.id, "quiz stop", {}))
        if asked is None or asked.interaction.message is None or STOP not in asked.buttons:
            return asked
        return await self._do(lambda: self.moderator.begin_click(asked.message, STOP))

    async def leave(self) -> None:
        """Let nobody act any more."""
        if self.open:
            self.open = False
            self._forget()
        for task in tuple(self._acts):
            task.cancel()
        await asyncio.gather(*self._acts, return_exceptions=True)

    def _hear(self, message: Shown) -> None:
        """Have people answer a question when they first see it, or see it again."""
        if message.raw.channel_id != self.channel.id:
            return
        for button in message.buttons.values():
            found = QUESTION_ID.fullmatch(str(button.get("custom_id")))
            if found is None:
                continue
            look = (message.id, "again" if "open again" in message.text else "first")
            if look not in self._seen:
                self._seen.add(look)
                self._answer_all(message.raw, found[1], int(found[2]), int(found[3]))
            return

    def _answer_all(self, message: Message, kind: str, round_id: int, position: int) -> None:
        answer = self._type if kind == "type" else self._click
        for player in self.players:
            if self._rng.random() < 0.75:
                place = (round_id, position, player.id)
                self._soon(self._rng.uniform(0.2, 11), lambda place=place: answer(message, place))  # type: ignore[misc]
                if self._rng.random() < 0.2:
                    self._soon(self._rng.uniform(0.2, 14), lambda place=place: answer(message, place))  # type: ignore[misc]
        if self._rng.random() < 0.04:
            self._soon(self._rng.uniform(0, 10), lambda: self._delete(message))

    def _soon(self, seconds: float, act: Callable[[], Coroutine[Any, Any, None]]) -> None:
        async def later() -> None:
            await self._pass(seconds)
            await act()

        if self.open:
            task = asyncio.create_task(later(), name="somebody")
            self._acts.add(task)
            task.add_done_callback(self._acts.discard)

    async def _pass(self, seconds: float) -> None:
        await self.discord.time.sleep_until(self.discord.clock.now() + timedelta(seconds=seconds))

    async def _click(self, message: Message, place: Place) -> None:
        round_id, position, user_id = place
        choice = self._rng.randrange(2 if len(Shown(message).buttons) < 5 else 4)
        self._promises.tried.add(place)
        custom_id = f"quiz1:{round_id}:{position}:{choice}"
        people = self.discord.server.people
        # A late press reaches a button that is no longer there, as it does where a client lags behind.
        done = await self._do(
            lambda: people.click(user_id, self.channel.id, message.id, custom_id, force=True)
        )
        if done is not None:
            self._promises.note(place, choice, done.interaction)

    async def _type(self, message: Message, place: Place) -> None:
        round_id, position, user_id = place
        people = self.discord.server.people
        custom_id = f"type1:{round_id}:{position}"
        opened = await self._do(
            lambda: people.click(user_id, self.channel.id, message.id, custom_id, force=True)
        )
        if opened is None or opened.modal is None:
            return
        await self._pass(self._rng.uniform(0.5, 4))
        text = self._rng.choice(("nobody", "the first violin", "Somebody Else", "42"))
        self._promises.tried.add(place)
        done = await self._do(lambda: people.submit(user_id, opened.interaction.id, {"answer": text}))
        if done is not None:
            self._promises.note(place, text, done.interaction)

    async def _delete(self, message: Message) -> None:
        if not message.deleted:
            self.discord.controls.delete_message(message)

    async def _moderate(self) -> None:
        """Stop, skip, press a host's button, void a question or undo it, block a player, change the zone."""
        people, moderator = self.discord.server.people, self.moderator
        number, player = self._rng.randint(1, 60), self._rng.choice(self.players)
        latest = next(reversed(self.channel.messages.values()), None)
        steering = [
            str(button["custom_id"])
            for button in (Shown(latest).buttons.values() if latest else ())
            if str(button.get("custom_id")).startswith("host1:")
        ]
        judging = [f"mod1:void:{number}:0", f"mod1:undo:{number}:0", f"mod1:unblock:{player.id}:0"]
        match self._rng.choice(("stop", "skip", "press", "press", "block", "zone")):
            case "press":
                custom_id = self._rng.choice([*steering, *judging])
                await self._press(latest if custom_id in steering else await self._panel(), custom_id)
            case "block":
                await self._press(await self._panel(), "mod1:block", [str(player.id)])
            case "skip":
                await self._do(lambda: people.run(moderator.id, self.channel.id, "quiz skip", {}))
            case "stop":
                await self.stop_round()
            case "zone":
                await self._change_zone()

    async def _panel(self) -> Message | None:
        """Return the moderator's own settings panel, if the bot has answered with it."""
        people, moderator = self.discord.server.people, self.moderator
        opened = await self._do(lambda: people.run(moderator.id, self.channel.id, "settings", {}))
        return None if opened is None else opened.interaction.message

    async def _press(
        self, message: Message | None, custom_id: str, values: Sequence[str] | None = None
    ) -> Reply | None:
        if message is None:
            return None
        people, moderator = self.discord.server.people, self.moderator
        return await self._do(
            lambda: people.click(moderator.id, self.channel.id, message.id, custom_id, values, force=True)
        )

    async def _change_zone(self) -> None:
        people, moderator = self.discord.server.people, self.moderator
        opened = await self._press(await self._panel(), "settings1:time_zone")
        if opened is not None and opened.modal is not None:
            form, zone = opened.interaction.id, self._rng.choice(ZONES)
            await self._do(lambda: people.submit(moderator.id, form, {"zone": zone}))

    async def _do(self, begin: Callable[[], Interaction]) -> Reply | None:
        """Act and wait for what comes of it; None if Discord itself would not have it."""
        try:
            interaction = begin()
        except Refused:
            return None
        with contextlib.suppress(TimeoutError):
            # Not wait_for, which on Python 3.11 loses a cancellation that comes together with the answer.
            async with asyncio.timeout(LONGEST_WAIT):
                await interaction.settled.wait()
        return Reply(interaction)
