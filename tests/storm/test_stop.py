"""A stop while answers are under way."""

import asyncio
from pathlib import Path

from playground import Driver
from tests.quiz_pack import write_pack
from tests.storm.round_storm import RESPOND
from tests.storm.storm_bot import StormBot


async def test_a_stop_amid_answers_leaves_no_traces_in_the_log(discord: Driver, tmp_path: Path) -> None:
    write_pack(tmp_path / "packs" / "orchestra")
    bot = StormBot(discord.server, tmp_path, tmp_path / "packs", tmp_path / "trivia.db")
    await bot.start_and_connect(discord)
    await discord.until(lambda: bool(discord.world.commands.get(None)))
    people, channel = discord.server.people, discord.channel("trivia")
    with discord.faults.hold(RESPOND) as held:
        for command in ("fact", "practice", "quiz start", "help"):
            people.run(discord.member("Dev").id, channel.id, command, {})
        async with asyncio.timeout(10):
            while held.waiting < 4:  # noqa: ASYNC110 (a count sets no event)
                await asyncio.sleep(0.01)
        assert await bot.stop() == 0
    assert bot.complaints() == []
