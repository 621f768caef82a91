"""The real bot as its own process, on a local Discord of its own, for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.config import PROJECT
from playground import Driver
from tests.browser.real_bot import DATABASE, RealBot, real_bot
from tests.prepared import write_packs


@pytest_asyncio.fixture(loop_scope="session")
async def bot(tmp_path: Path) -> AsyncIterator[RealBot]:
    """The bot on a new database, with the project's packs."""
    await write_packs(tmp_path / DATABASE, PROJECT / "data")
    async with real_bot(tmp_path, {}) as bot:
        yield bot


@pytest.fixture
def local_discord(bot: RealBot) -> Driver:
    """Its local Discord takes the place of the demo bot's."""
    return bot.driver
