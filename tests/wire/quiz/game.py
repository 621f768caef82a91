"""Playing rounds in tests: starting one, waiting for its messages, answering, and what was stored."""

import asyncio
import contextlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.app import TriviaBot
from bot.core.snowflakes import snowflake_ms
from bot.storage.database import Location
from playground import PATIENCE, Actor, Channel, Driver, Reply, Shown
from tests import engines

ANSWER = "The fact behind it"
PODIUM = "The round is over"
GRACE = 1.6
COUNT_EVERY = 2.5
STEP = timedelta(seconds=1)
LONGEST_JUMP = timedelta(minutes=2)
JUMPS = 200
MOMENT = 0.05
POLL = 0.01


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the database has it."""

    round_id: int
    position: int
    state: str
    options: list[str]
    answer: int
    base: int
    message_id: int | None
    opened_ms: int
    deadline_ms: int
    close_reason: str | None
    reopened: int

    @property
    def right(self) -> str:
        return self.options[self.answer]


class Game:
    """One server's rounds, seen from outside. `query` reads the bot's database."""

    def __init__(self, discord: Driver, query: Callable[[str, tuple[Any, ...]], Any]) -> None:
        self.discord = discord
        self.query = query

    async def start(self, host: str = "Ada", channel: str | Channel = "trivia", **options: Any) -> Reply:
        """Start a round and wait for its first question.

        Without any option the command would show its panel instead, so a round has ten questions.
        """
        reply = await self.discord.member(host).run(
            "quiz start", channel=channel, **(options or {"questions": 10})
        )
        assert not reply.ephemeral, reply.text
        await self.next(1, channel)
        return reply

    async def stop(self, who: str = "Ada", channel: str | Channel = "trivia") -> Reply:
        """Have somebody stop a channel's round, and say yes when they are asked."""
        actor = self.discord.member(who)
        asked = await actor.run("quiz stop", channel=channel)
        return await actor.click(asked.message, "Stop the round")

    async def jump_until(self, condition: Callable[[], bool]) -> None:
        """Let time pass until a condition holds: the bot may first have to hear of what was done."""
        for _ in range(JUMPS):
            with contextlib.suppress(TimeoutError):
                await self.discord.until(condition, patience=MOMENT)
                return
            self.jump()
        raise AssertionError("it does not come")

    async def jump_until_stored(self, sql: str) -> None:
        """Let time pass until a query finds something, which has to stay: a jump may go past it."""
        for _ in range(JUMPS):
            if await self.query(sql, ()):
                return
            await self.pause()
            self.jump()
        raise AssertionError(f"never found: {sql}")

    async def pause(self) -> None:
        """Give the bot a moment of real time."""
        with contextlib.suppress(TimeoutError):
            await self.discord.until(lambda: False, patience=MOMENT)

    def jump(self) -> None:
        """Let time pass until the bot wakes, or a second where it is busy or another process."""
        wake = self.discord.time.next_wake
        step = STEP if wake is None or wake > LONGEST_JUMP else max(wake, timedelta())
        self.discord.advance(step.total_seconds())

    def messages(self, channel: str | Channel = "trivia") -> list[Shown]:
        return [shown for shown in self.discord.messages(channel) if not shown.deleted]

    async def question(self, position: int, channel: str | Channel = "trivia") -> Shown:
        """Wait for the open question at a position of the channel's last round."""
        await self.discord.until(lambda: self._question(position, channel) is not None)
        shown = self._question(position, channel)
        assert shown is not None
        await self.stored(
            "SELECT state FROM asked_questions WHERE message_id = ? AND state <> 'asking'", (shown.id,)
        )
        return shown

    def _question(self, position: int, channel: str | Channel) -> Shown | None:
        for shown in reversed(self.messages(channel)):
            for button in shown.buttons.values():
                if re.fullmatch(
                    rf"(quiz1:\d+:{position}:\d+|type1:\d+:{position})", str(button.get("custom_id"))
                ):
                    return shown
        return None

    async def last_answer(self, channel: str | Channel, position: int) -> Shown:
        """Return the channel's message of a question, open or not."""
        heading = f"Question {position} of"
        await self.discord.until(lambda: any(heading in shown.text for shown in self.messages(channel)))
        return next(shown for shown in reversed(self.messages(channel)) if heading in shown.text)

    async def shows(self, shown: Shown, text: str) -> None:
        """Wait until a message has this text."""
        await self.discord.until(lambda: text in shown.text)

    async def shows_count(self, shown: Shown, text: str) -> None:
        """Wait until a message has this live count, which comes a while after an answer."""
        self.discord.advance(COUNT_EVERY)
        await self.shows(shown, text)

    async def close(self, shown: Shown, seconds: float = 20) -> None:
        """Let a question's time run out, and wait for its answer to be shown."""
        self.discord.advance(seconds + GRACE)
        await self.shows(shown, ANSWER)

    async def next(self, position: int, channel: str | Channel = "trivia") -> Shown:
        """Let the pause pass, and wait for the question at this position."""
        await self.jump_until(lambda: self._question(position, channel) is not None)
        return await self.question(position, channel)

    async def podium(self, channel: str | Channel = "trivia", number: int = 1) -> Shown:
        """Wait for the channel's podium, the first or a later one."""
        await self.jump_until(lambda: len(self._podiums(channel)) >= number)
        return self._podiums(channel)[number - 1]

    def _podiums(self, channel: str | Channel) -> list[Shown]:
        return [shown for shown in self.messages(channel) if PODIUM in shown.text]

    async def asked(self, position: int, round_id: int | None = None) -> Asked:
        """Return what is stored of a question of the newest round, or of this one."""
        rows = await self.query(
            "SELECT round_id, position, state, options, answer, base, message_id, opened_ms, deadline_ms,"
            " close_reason, reopened FROM asked_questions"
            " WHERE position = ? AND round_id = coalesce(?, (SELECT max(round_id) FROM rounds))",
            (position, round_id),
        )
        [(number, at, state, options, *others)] = rows
        return Asked(number, at, state, json.loads(options), *others)

    async def right_button(self, position: int) -> str:
        """Return the custom_id of the right answer's button."""
        asked = await self.asked(position)
        return f"quiz1:{asked.round_id}:{position}:{asked.answer}"

    async def wrong_button(self, position: int) -> str:
        """Return the custom_id of a wrong answer's button."""
        asked = await self.asked(position)
        return f"quiz1:{asked.round_id}:{position}:{(asked.answer + 1) % len(asked.options)}"

    async def type(self, actor: Actor, shown: Shown, text: str) -> Reply:
        """Open the form and send an answer."""
        opened = await actor.click(shown, "Type your answer")
        return await actor.submit(opened, {"answer": text})

    async def answers(self) -> dict[tuple[int, int], tuple[int, int, int, int]]:
        """Return (took, correct, points, streak) of each answer of the newest round by (position, user)."""
        rows = await self.query(
            "SELECT position, user_id, took_ms, correct, points, streak FROM answers"
            " WHERE round_id = (SELECT max(round_id) FROM rounds)",
            (),
        )
        return {(row[0], row[1]): tuple(row[2:]) for row in rows}

    async def rounds(self) -> list[tuple[str, str | None]]:
        """Return the state and the end reason of every round, oldest first."""
        return [
            tuple(row)
            for row in await self.query("SELECT state, end_reason FROM rounds ORDER BY round_id", ())
        ]

    async def until_finished(self, count: int = 1) -> None:
        """Wait until so many rounds are over in every way."""
        query = "SELECT 1 FROM rounds WHERE state = 'finished' LIMIT 1 OFFSET ?"
        await self.stored(query, (count - 1,))

    async def stored(self, sql: str, values: tuple[Any, ...]) -> None:
        """Wait until a query finds something."""
        async with asyncio.timeout(PATIENCE):
            while not await self.query(sql, values):  # noqa: ASYNC110 (a database sets no event)
                await asyncio.sleep(POLL)


def reader_of(bot: TriviaBot) -> Callable[[str, tuple[Any, ...]], Any]:
    """Return a query function on the database of a bot in this process."""

    async def query(sql: str, values: tuple[Any, ...]) -> list[Any]:
        return await bot.tools.database.read(lambda connection: connection.execute(sql, values).fetchall())

    return query


def reader_at(location: Location) -> Callable[[str, tuple[Any, ...]], Any]:
    """Return a query function on the database of a bot in another process."""

    async def query(sql: str, values: tuple[Any, ...]) -> list[Any]:
        return engines.query(location, sql, values)

    return query


def took_ms(interaction_id: int, message_id: int) -> int:
    """Return how long an answer took, by the ids alone."""
    return snowflake_ms(interaction_id) - snowflake_ms(message_id)
