"""What a committed click costs, one at a time and with five hundred at once."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from playground import Shown
from tests.bench.subject import NULL, OURS, ROUNDS, Subject, alternate, subject
from tests.bench.table import Row

PLAYERS = 500
ALONE = 300
LEAD_IN_SECONDS = 5


class Table:
    """Asks one question after the other, by another host in another channel each, and has players click."""

    def __init__(self) -> None:
        self._asked = 0
        self._open: dict[int, Shown] = {}

    async def ask(self, bot: Subject) -> None:
        """Open a question with four answers to click."""
        self._open[bot.pid] = await self.open(bot)

    async def open(self, bot: Subject) -> Shown:
        """Return a question that was opened."""
        self._asked += 1
        host = bot.players[self._asked]
        if "question" in {command["name"] for command in bot.driver.world.commands[None]}:
            return (await host.run("question")).message
        channel = bot.driver.add_channel(f"round-{self._asked}")
        # The rounds before it end meanwhile.
        bot.driver.advance(600)
        waiting = asyncio.create_task(bot.driver.next_message(channel, lambda shown: bool(choices(shown))))
        await host.run("quiz start", channel=channel, questions=1, seconds=120)
        while not waiting.done():
            bot.driver.advance(LEAD_IN_SECONDS)
            await asyncio.wait((waiting,), timeout=0.5)
        return waiting.result()

    async def alone(self, bot: Subject) -> int:
        """Have one player after the other click."""
        question = self._open[bot.pid]
        for player in bot.players[:ALONE]:
            reply = await player.click(question, choices(question)[0])
            assert reply.ephemeral, f"a click came to nothing ({reply.state}); is the machine too busy?"
        return ALONE

    async def together(self, bot: Subject) -> int:
        """Have everybody click at the same moment."""
        question = self._open[bot.pid]
        await asyncio.gather(*(player.click(question, choices(question)[0]) for player in bot.players))
        return PLAYERS


def choices(shown: Shown) -> list[str]:
    """Return the custom_ids of the lettered buttons."""
    return [
        str(part["custom_id"])
        for part in shown.parts
        if str(part.get("custom_id", "")).startswith(("quiz1", "choice1"))
    ]


def commits(bot: Subject) -> int:
    """Return how many transactions were ever committed: SQLite counts them in the WAL's index."""
    # iChange of the WAL-index header, see "The WAL-Index File Format" in SQLite's documentation.
    with bot.database.with_name(f"{bot.database.name}-shm").open("rb") as index:
        return int.from_bytes(index.read(12)[8:], sys.byteorder)


async def rows(folder: Path) -> AsyncIterator[Row]:
    """Measure ours and the null bot in turn, and count our commits."""
    table = Table()
    async with (
        subject(OURS, folder / "ours", players=PLAYERS) as ours,
        subject(NULL, folder / "null", players=PLAYERS) as null,
    ):
        yield await alternate("a committed click, alone", table.alone, ours, null, "1.5 ×", table.ask)
        # A few hundred clicks either meet a run of the garbage collector or do not, so there are more rounds.
        together = "a committed click, 500 at once"
        yield await alternate(together, table.together, ours, null, "1.25 ×", table.ask, rounds=21)
        groups = []
        for _ in range(ROUNDS):
            await table.ask(ours)
            before = commits(ours)
            await table.together(ours)
            groups.append(commits(ours) - before)
        yield Row(f"commits for {PLAYERS} clicks at once", "", groups)
