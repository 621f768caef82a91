"""The real bot as a process of its own: killed, started anew, on the parent's time."""

import asyncio
from datetime import timedelta

from playground.testing.driver import Driver
from tests.wire.conftest import StartBot


async def test_the_bot_is_killed_and_comes_back(discord: Driver, start_bot: StartBot) -> None:
    ada = discord.member("Ada")
    first = await start_bot()
    before = (await ada.run("fact")).message
    assert await first.kill() < 0
    second = await start_bot()
    after = await ada.run("fact")
    assert (after.state, before.deleted) == ("done", False)
    another = await ada.click(before, next(iter(before.buttons)))
    assert another.state == "done", "the old message's buttons still work"
    assert await second.stop() == 0


async def test_the_bot_lives_in_the_parents_time(discord: Driver, start_bot: StartBot) -> None:
    await start_bot()
    discord.advance(timedelta(days=400).total_seconds())
    reply = await asyncio.wait_for(discord.member("Ben").run("fact"), 5)
    assert reply.state == "done"
    assert reply.message.raw.timestamp.year > 2026
