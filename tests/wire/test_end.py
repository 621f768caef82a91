"""What is under way when the bot is closed."""

import asyncio
from pathlib import Path
from random import Random

import pytest

from bot.app import open_bot
from playground import Driver, RunningClient
from tests.wire.conftest import config_at

RESPOND = "POST /interactions/{interaction_id}/{interaction_token}/callback"
COMMAND = "CommandTree-invoker"


async def test_an_error_that_cannot_be_told_any_more_is_no_fault(
    discord: Driver, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_bot(config_at(discord, tmp_path / "trivia.db"), discord.time, Random(7)) as bot:
        running = RunningClient(discord, bot)
        await running.start()
        discord.faults.fail_next(429, 1, RESPOND, retry_after=0.2)
        ada, place = discord.member("Ada"), discord.channel("trivia")
        discord.server.people.run(ada.id, place.id, "quiz skip", {})
        await discord.until(lambda: any(record.status == 429 for record in discord.log))
        [answering] = [task for task in asyncio.all_tasks() if task.get_name() == COMMAND]
        await running.stop()
        await answering
    assert "could not be answered before the end" in caplog.text
