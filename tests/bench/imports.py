"""How long a click waits while somebody else imports 500 questions of their server."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from time import perf_counter

from playground import Actor, Shown
from tests.bench.clicks import Table, choices
from tests.bench.subject import NULL, OURS, ROUNDS, Subject, subject
from tests.bench.table import Row

QUESTIONS = 500
PLAYERS = 500
BETWEEN_CLICKS_S = 0.002


def questions_file(questions: int) -> bytes:
    """Return a server's questions, as many as are wanted."""
    return "\n".join(
        f'[[questions]]\nprompt = "Who won cup {number} of the {number % 17} league?"\n'
        f'answer = "Player {number}"\ndistractors = ["Ann {number}", "Bob {number}", "Cid {number}"]\n'
        f'afterwards = "It was a long year, and {number} people came."\n'
        for number in range(questions)
    ).encode()


async def import_all(bot: Subject, turn: int) -> None:
    """Have the owner of a new server import its questions, and press the button that does it."""
    guild = bot.driver.add_guild(f"Server {turn}")
    owner = Actor(bot.driver, bot.driver.member("Ada").user, guild)
    shown = await owner.run("questions import", file=("questions.toml", questions_file(QUESTIONS)))
    assert "500 new" in shown.text, shown.text
    await owner.click(shown.message, "Import")
    await bot.driver.until(lambda: "Imported: 500 new" in shown.message.text)


async def waits(bot: Subject, question: Shown, work: Awaitable[object]) -> list[float]:
    """Return how many milliseconds each of the clicks waited that came one after the other meanwhile."""
    working = asyncio.ensure_future(work)
    waited = []
    for player in bot.players:
        began = perf_counter()
        reply = await player.click(question, choices(question)[0])
        waited.append((perf_counter() - began) * 1e3)
        assert reply.ephemeral, f"a click came to nothing ({reply.state}); is the machine too busy?"
        await asyncio.sleep(BETWEEN_CLICKS_S)
        if working.done():
            break
    await working
    return waited


async def rows(folder: Path) -> AsyncIterator[Row]:
    """Measure ours during imports, and the null bot for as long."""
    table = Table()
    ours_waits, null_waits, took = [], [], []
    async with (
        subject(OURS, folder / "ours", players=PLAYERS) as ours,
        subject(NULL, folder / "null", players=PLAYERS) as null,
    ):
        # The local Discord runs in this process: what it holds is not to be looked through meanwhile.
        gc.collect()
        gc.freeze()
        for turn in range(ROUNDS + 1):
            question = await table.open(ours)
            began = perf_counter()
            waited = await waits(ours, question, import_all(ours, turn))
            seconds = perf_counter() - began
            other = await waits(null, await table.open(null), asyncio.sleep(seconds))
            if turn:
                ours_waits.append(max(waited))
                null_waits.append(max(other))
                took.append(seconds)
        gc.unfreeze()
    name = f"an import of {QUESTIONS} questions"
    yield Row(f"{name}: longest wait of a click elsewhere", "ms", ours_waits, null_waits, "50 ms")
    yield Row(f"{name}, looked at and done", "s", took, goal="2 s")
