"""What an answer to the daily challenge costs, beside a click that nothing comes of."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from playground import Actor, Shown
from tests.bench.clicks import choices as null_choices
from tests.bench.subject import NULL, OURS, Subject, alternate, subject
from tests.bench.table import Row
from tests.wire.challenge import choices, ids

PLAYERS = 100
DAY = 86_400


class Table:
    """Has everybody see their next question, and then answer it."""

    def __init__(self, null: Subject) -> None:
        self._null = null
        self._cards: dict[int, Shown] = {}
        self._question: Shown | None = None

    async def show(self, bot: Subject) -> None:
        """Show the next of the five, or the first of the next day's."""
        if bot is self._null:
            self._question = (await bot.players[0].run("question")).message
            return
        going_on = [one for card in self._cards.values() for one in ids(card) if ":next:" in one]
        if not going_on or "See how it went" in next(iter(self._cards.values())).buttons:
            bot.driver.advance(DAY)
            self._cards.clear()
        for player in bot.players:
            await self._see(player)

    async def _see(self, player: Actor) -> None:
        shown = self._cards.get(player.id) or (await player.run("challenge")).message
        button = next(one for one in ids(shown) if ":begin:" in one or ":next:" in one)
        self._cards[player.id] = (await player.click(shown, button)).message

    async def alone(self, bot: Subject) -> int:
        """Have one player after the other answer."""
        for player in bot.players:
            await self._answer(bot, player)
        return PLAYERS

    async def together(self, bot: Subject) -> int:
        """Have everybody answer at the same moment."""
        await asyncio.gather(*(self._answer(bot, player) for player in bot.players))
        return PLAYERS

    async def _answer(self, bot: Subject, player: Actor) -> None:
        if self._question is not None and bot is self._null:
            reply = await player.click(self._question, null_choices(self._question)[0])
        else:
            shown = self._cards[player.id]
            reply = await player.click(shown, choices(shown)[0])
            assert "The fact behind it" in reply.text, reply.text
        assert reply.ephemeral, f"a click came to nothing ({reply.state}); is the machine too busy?"


async def rows(folder: Path) -> AsyncIterator[Row]:
    """Measure ours and the null bot in turn."""
    async with (
        subject(OURS, folder / "ours", players=PLAYERS) as ours,
        subject(NULL, folder / "null", players=PLAYERS) as null,
    ):
        table = Table(null)
        yield await alternate(
            "an answer to the challenge, alone", table.alone, ours, null, prepare=table.show
        )
        together = f"an answer to the challenge, {PLAYERS} at once"
        yield await alternate(together, table.together, ours, null, prepare=table.show)
