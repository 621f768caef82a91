"""One round through a `kill -9` at a named moment, and what must hold of it afterwards.

A storm is wholly decided by its moment and its seed: how many questions and players, at which question the
bot dies, how long it stays away, who answers what.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from bot.core.scoring import speed_points
from bot.storage.database import Location
from playground import Actor, BotProcess, Driver, Hold, Reply, Shown
from tests.engines import bot_on
from tests.local_discord import local_discord
from tests.quiz_pack import write_pack
from tests.wire.quiz.game import ANSWER, GRACE, PODIUM, Game, reader_at

SEND = "POST /channels/{channel_id}/messages"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
RESPOND = "POST /interactions/{interaction_id}/{interaction_token}/callback"
SECONDS = 20
START_PATIENCE = 30.0
ACKNOWLEDGED = "Your answer is in"

MOMENTS = (
    "asking committed",
    "sent",
    "click committed before its answer",
    "deadline before reveal",
    "reveal before next",
    "podium",
)


@dataclass
class Storm:
    """A local Discord, a bot as a process, and what its players were promised."""

    discord: Driver
    game: Game
    process: BotProcess
    rng: Random
    players: list[Actor]
    questions: int
    acknowledged: dict[tuple[int, int], int] = field(default_factory=dict)
    asked_for: set[tuple[int, int]] = field(default_factory=set)

    async def restart(self) -> None:
        """Kill the bot without warning, stay away for a while, and start it again."""
        await self.process.kill()
        self.discord.faults.clear()
        self.discord.advance(self.rng.choice((0, 0.5, 5, SECONDS, 100, 400)))
        await self.start_bot()

    async def start_bot(self) -> None:
        await self.process.start()
        await self.discord.until(
            lambda: self.discord.server.gateway.online and bool(self.discord.world.commands.get(None)),
            patience=START_PATIENCE,
        )

    async def answer(self, position: int) -> None:
        """Let some players answer; note who was told that the answer is in."""
        shown = await self.game.question(position)
        asked = await self.game.asked(position)
        for player in self.players:
            if self.rng.random() < 0.8:
                choice = asked.answer if self.rng.random() < 0.6 else (asked.answer + 1) % len(asked.options)
                self.discord.advance(self.rng.uniform(0, 1.5))
                await self.click(player, shown, asked.round_id, position, choice)

    async def click(self, player: Actor, shown: Shown, round_id: int, position: int, choice: int) -> None:
        button = f"quiz1:{round_id}:{position}:{choice}"
        if all(there.get("custom_id") != button for there in shown.buttons.values()):
            # The time ran out meanwhile: a start can take longer than what was left of it.
            return
        interaction = self.discord.server.people.click(player.id, shown.raw.channel_id, shown.id, button)
        self.asked_for.add((position, player.id))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(interaction.settled.wait(), 5)
        self.note(Reply(interaction), player, position, choice)

    def note(self, reply: Reply, player: Actor, position: int, choice: int) -> None:
        if reply.state == "done" and ACKNOWLEDGED in reply.text:
            assert (position, player.id) not in self.acknowledged, "two answers were acknowledged"
            self.acknowledged[position, player.id] = choice

    async def play(self, position: int) -> None:
        """Play one question to its answer."""
        await self.game.next(position)
        await self.answer(position)
        await self.reveal(position)

    async def reveal(self, position: int) -> None:
        shown = await self.game.last_answer("trivia", position)
        self.discord.advance(SECONDS + GRACE)
        await self.game.jump_until(lambda: ANSWER in shown.text)


async def ride(moment: str, seed: int, folder: Path, location: Location) -> None:
    """Play one round through one storm, and check what must hold."""
    async with _raised(seed, folder, location) as storm:
        await storm.discord.member("Ada").run("quiz start", questions=storm.questions, seconds=SECONDS)
        fatal = storm.rng.randint(1, storm.questions)
        for position in range(1, storm.questions + 1):
            if position == fatal and moment != "podium":
                await DEATHS[moment](storm, position)
            else:
                await storm.play(position)
        if moment == "podium":
            await _die_at_the_podium(storm)
        await storm.game.podium()
        await storm.game.until_finished()
        await _check(storm)


@contextlib.asynccontextmanager
async def _raised(seed: int, folder: Path, location: Location) -> AsyncIterator[Storm]:
    rng = Random(seed)
    write_pack(folder / "packs" / "orchestra")
    async with local_discord(folder) as discord:
        environment = {"PACKS_PATH": str(folder / "packs"), "LOG_LEVEL": "WARNING"}
        process = bot_on(location, discord.server, environment)
        storm = Storm(
            discord=discord,
            game=Game(discord, reader_at(location)),
            process=process,
            rng=rng,
            players=discord.add_members(rng.randint(2, 5)),
            questions=rng.randint(2, 3),
        )
        try:
            await storm.start_bot()
            yield storm
        finally:
            await process.kill()


async def _held_at(storm: Storm, held: Hold) -> None:
    """Let time pass until a request is held."""
    await storm.game.jump_until(held.arrived.is_set)


async def _die_when_asking(storm: Storm, position: int) -> None:
    with storm.discord.faults.hold(SEND) as held:
        await _held_at(storm, held)
        await storm.restart()
    await storm.play(position)


async def _die_when_sent(storm: Storm, position: int) -> None:
    with storm.discord.faults.hold(SEND, when="after") as held:
        await _held_at(storm, held)
        await storm.restart()
    await storm.play(position)


async def _die_before_the_click_is_answered(storm: Storm, position: int) -> None:
    shown = await storm.game.next(position)
    asked = await storm.game.asked(position)
    player = storm.rng.choice(storm.players)
    with storm.discord.faults.hold(RESPOND) as held:
        button = f"quiz1:{asked.round_id}:{position}:{asked.answer}"
        interaction = storm.discord.server.people.click(player.id, shown.raw.channel_id, shown.id, button)
        storm.asked_for.add((position, player.id))
        await asyncio.wait_for(held.arrived.wait(), 5)
        await storm.restart()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(interaction.settled.wait(), 5)
    storm.note(Reply(interaction), player, position, asked.answer)
    assert (position, player.id) in await storm.game.answers(), "a committed click is gone"
    await storm.answer(position)
    await storm.reveal(position)


async def _die_before_the_reveal(storm: Storm, position: int) -> None:
    await storm.game.next(position)
    await storm.answer(position)
    with storm.discord.faults.hold(EDIT, when=storm.rng.choice(("before", "after"))) as held:
        # What is held may be a live count or the answer: both are a death between the two.
        storm.discord.advance(SECONDS + storm.rng.choice((0, GRACE)))
        await _held_at(storm, held)
        await storm.restart()
    await storm.reveal(position)


async def _die_before_the_next(storm: Storm, position: int) -> None:
    await storm.play(position)
    storm.discord.advance(storm.rng.uniform(0, 3))
    await storm.restart()


async def _die_at_the_podium(storm: Storm) -> None:
    with storm.discord.faults.hold(SEND, when=storm.rng.choice(("before", "after"))) as held:
        await _held_at(storm, held)
        await storm.restart()


DEATHS: dict[str, Callable[[Storm, int], Awaitable[None]]] = {
    "asking committed": _die_when_asking,
    "sent": _die_when_sent,
    "click committed before its answer": _die_before_the_click_is_answered,
    "deadline before reveal": _die_before_the_reveal,
    "reveal before next": _die_before_the_next,
}


async def _check(storm: Storm) -> None:
    """Fail unless the round kept every promise."""
    rows = await storm.game.query(
        "SELECT a.position, a.user_id, a.choice, a.answered_ms, a.correct, a.points, a.streak, q.answer,"
        " q.base, q.opened_ms, q.reopened FROM answers a JOIN asked_questions q USING (round_id, position)",
        (),
    )
    stored = {(row[0], row[1]): row for row in rows}
    for key, choice in storm.acknowledged.items():
        assert key in stored, f"an acknowledged answer is missing: {key}"
        assert stored[key][2] == choice, f"an acknowledged answer was changed: {key}"
    assert stored.keys() <= storm.asked_for, "an answer was made up"
    _check_points(rows)
    _check_messages(storm)
    assert await storm.game.rounds() == [("finished", "completed")], await storm.game.rounds()
    podium = next(shown for shown in storm.game.messages() if PODIUM in shown.text)
    for player in storm.players:
        total = sum(row[5] for row in rows if row[1] == player.id)
        if any(row[1] == player.id for row in rows):
            assert f"<@{player.id}> **{total:,} point" in podium.text
    free = await storm.discord.member("Ben").run("quiz start", questions=1)
    assert not free.ephemeral, f"the channel is locked: {free.text}"


def _check_points(rows: list[Any]) -> None:
    streaks: dict[int, int] = {}
    by_position: dict[int, list[Any]] = {}
    for row in rows:
        by_position.setdefault(row[0], []).append(row)
    for position in range(1, max(by_position, default=0) + 1):
        after: dict[int, int] = {}
        for (
            _,
            user,
            choice,
            answered,
            correct,
            points,
            streak,
            answer,
            base,
            opened,
            reopened,
        ) in by_position.get(position, []):
            assert correct == (choice == answer)
            before = streaks.get(user, 0)
            worth = {
                speed_points(base, max(0, answered - opened), SECONDS * 1_000, before, reopened=half)
                if correct
                else 0
                for half in {False, bool(reopened)}
            }
            assert points in worth, f"{points} points instead of {worth}"
            assert streak == (before + 1 if correct else 0)
            after[user] = streak
        streaks = after


def _check_messages(storm: Storm) -> None:
    shown = storm.game.messages()
    for position in range(1, storm.questions + 1):
        own = [one for one in shown if f"Question {position} of" in one.text]
        assert len(own) == 1, f"question {position} has {len(own)} messages"
        assert ANSWER in own[0].text
    assert sum(PODIUM in one.text for one in shown) == 1
