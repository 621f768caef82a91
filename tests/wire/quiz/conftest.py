"""The bot on a pack made for tests of the quiz."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from bot.app import TriviaBot, open_bot
from bot.runners.time import Time
from playground import Driver, RunningClient
from tests.prepared import write_tables
from tests.quiz_pack import write_pack
from tests.wire.conftest import config_at
from tests.wire.quiz.game import Game, reader_of


@pytest.fixture
def packs_path(tmp_path: Path) -> Path:
    """A folder with the made-up pack in it."""
    write_pack(tmp_path / "packs" / "orchestra")
    return tmp_path / "packs"


@contextlib.asynccontextmanager
async def serving_bot(
    discord: Driver, time: Time, folder: Path, packs_path: Path
) -> AsyncIterator[TriviaBot]:
    """The real bot in this process, on a new database."""
    config = replace(config_at(discord, folder), packs_path=packs_path)
    write_tables(config.database_path)
    async with open_bot(config, time, Random(7)) as bot:
        running = RunningClient(discord, bot)
        await running.start()
        yield bot
        await running.stop()


@pytest.fixture
async def bot(discord: Driver, tmp_path: Path, packs_path: Path) -> AsyncIterator[TriviaBot]:
    """The bot on the playground's time."""
    async with serving_bot(discord, discord.time, tmp_path, packs_path) as bot:
        yield bot


@pytest.fixture
def game(discord: Driver, bot: TriviaBot) -> Game:
    """Rounds of the first server."""
    return Game(discord, reader_of(bot))
