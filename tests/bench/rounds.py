"""What a whole round costs: its questions, clicks, answers, edits and its podium."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from playground import Shown
from tests.bench.clicks import choices
from tests.bench.subject import OURS, ROUNDS, Subject, subject
from tests.bench.table import Row

QUESTIONS = 10
PLAYERS = 8
SECONDS = 20
STEP = 2.0
MOMENT = 0.02
PODIUM = "The round is over"


async def play(bot: Subject, number: int) -> None:
    """Play one round in a channel of its own, started by another host each time."""
    channel = bot.driver.add_channel(f"round-{number}")
    players = bot.players[:PLAYERS]
    seen: set[int] = set()

    def new_message(words: str) -> Shown | None:
        for shown in bot.driver.messages(channel):
            if shown.id not in seen and words in shown.text:
                return shown
        return None

    async def come(words: str) -> Shown:
        """Let time pass until a message with these words is new in the channel."""
        while (shown := new_message(words)) is None:
            with contextlib.suppress(TimeoutError):
                await bot.driver.until(lambda: new_message(words) is not None, patience=MOMENT)
                continue
            bot.driver.advance(STEP)
        seen.add(shown.id)
        return shown

    await bot.players[PLAYERS + number].run(
        "quiz start", channel=channel, questions=QUESTIONS, seconds=SECONDS
    )
    for position in range(1, QUESTIONS + 1):
        question = await come(f"Question {position} of")
        options = choices(question)
        await asyncio.gather(
            *(player.click(question, options[index % len(options)]) for index, player in enumerate(players))
        )
    await come(PODIUM)


async def rows(folder: Path) -> AsyncIterator[Row]:
    """Play some rounds and count their CPU and requests."""
    cpu, requests = [], []
    async with subject(OURS, folder / "ours", players=PLAYERS + ROUNDS + 1) as bot:
        for number in range(ROUNDS + 1):
            bot.driver.log.clear()
            before = bot.cpu_seconds()
            await play(bot, number)
            if number:
                cpu.append((bot.cpu_seconds() - before) * 1e3)
                requests.append(float(len(bot.driver.log)))
    name = f"a round of {QUESTIONS} questions and {PLAYERS} players"
    yield Row(name, "ms CPU", cpu)
    yield Row(
        f"{name}: requests to Discord, its {QUESTIONS * PLAYERS} clicks' answers among them", "", requests
    )
