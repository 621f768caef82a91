"""What `/fact` and its completion cost."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from tests.bench.subject import NULL, OURS, Subject, alternate, subject
from tests.bench.table import Row

PACE_SECONDS = 21
"""A user may ask for five facts in twenty seconds, so the clock moves on between runs."""


async def one_at_a_time(bot: Subject, calls: int = 300) -> int:
    """Ask for one fact after the other."""
    bot.driver.advance(PACE_SECONDS)
    for number in range(calls):
        reply = await bot.players[number].run("fact")
        assert not reply.ephemeral, reply.text
    return calls


async def a_hundred_at_once(bot: Subject, times: int = 12) -> int:
    """Ask for a hundred facts at the same moment, a dozen times over."""
    for turn in range(times):
        first = turn % 4 * 100
        if not first:
            bot.driver.advance(PACE_SECONDS)
        askers = bot.players[first : first + 100]
        await asyncio.gather(*(player.run("fact") for player in askers))
    return 100 * times


async def completions(bot: Subject, calls: int = 300) -> int:
    """Type into the topic of `/fact`."""
    for number in range(calls):
        await bot.players[number].complete("fact", "topic", "mu")
    return calls


async def rows(folder: Path) -> AsyncIterator[Row]:
    """Measure ours and the null bot in turn."""
    async with subject(OURS, folder / "ours") as ours, subject(NULL, folder / "null") as null:
        yield await alternate("`/fact`, one at a time", one_at_a_time, ours, null, "1.6 ×")
        yield await alternate("`/fact`, 100 at once", a_hundred_at_once, ours, null, "1.3 ×")
        yield await alternate("completion of a topic", completions, ours, null)
