"""A work of the background that fails, whatever the connection is doing meanwhile."""

import asyncio
from pathlib import Path
from random import Random

import pytest

from bot.app import open_bot
from playground import Driver, RunningClient
from tests.wire.conftest import config_at

PATIENCE = 20


async def test_its_failure_ends_a_bot_that_is_coming_back_to_the_gateway(
    discord: Driver, tmp_path: Path
) -> None:
    failed = asyncio.Event()

    async def broken() -> None:
        await failed.wait()
        raise LookupError("a bug")

    async with open_bot(config_at(discord, tmp_path / "trivia.db"), discord.time, Random(7)) as bot:
        bot.background.add("broken", broken)
        running = RunningClient(discord, bot)
        await running.start()
        coming_back = asyncio.create_task(bot.wait_for("shard_disconnect"))
        await asyncio.sleep(0)
        discord.controls.drop_gateway(None)
        await coming_back
        failed.set()
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(LookupError, match="a bug"):
                await running.ended()
        discord.controls.restore_gateway()
        await running.stop()
