"""The bot on a pack made for tests of the quiz."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from bot.app import TriviaBot, open_bot
from bot.runners.time import Time
from bot.storage.database import Location
from playground import Driver, RunningClient
from tests.engines import bot_on
from tests.quiz_pack import write_pack
from tests.wire.conftest import check_controls, config_at
from tests.wire.quiz.game import Game, reader_at, reader_of


@pytest.fixture
def packs_path(tmp_path: Path) -> Path:
    """A folder with the made-up pack in it."""
    write_pack(tmp_path / "packs" / "orchestra")
    return tmp_path / "packs"


@contextlib.asynccontextmanager
async def serving_bot(
    discord: Driver, time: Time, location: Location, packs_path: Path
) -> AsyncIterator[TriviaBot]:
    """The real bot in this process, on a new database."""
    config = replace(config_at(discord, location), packs_path=packs_path)
    async with open_bot(config, time, Random(7)) as bot:
        running = RunningClient(discord, bot)
        await running.start()
        yield bot
        check_controls(discord, bot)
        await running.stop()


@pytest.fixture
async def bot(discord: Driver, location: Location, packs_path: Path) -> AsyncIterator[TriviaBot]:
    """The bot on the playground's time."""
    async with serving_bot(discord, discord.time, location, packs_path) as bot:
        yield bot


@pytest.fixture
def game(discord: Driver, bot: TriviaBot) -> Game:
    """Rounds of the first server."""
    return Game(discord, reader_of(bot))


class Restartable:
    """The bot as a process that can be killed and started again."""

    def __init__(
        self,
        discord: Driver,
        location: Location,
        packs_path: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.discord = discord
        told = {"PACKS_PATH": str(packs_path), "LOG_LEVEL": "WARNING", **(environment or {})}
        self.process = bot_on(location, discord.server, told)

    async def start(self) -> None:
        await self.discord.start_process(self.process)

    async def restart(self, away: float = 0) -> None:
        await self.process.kill()
        self.discord.advance(away)
        await self.start()


@pytest.fixture
async def living(discord: Driver, location: Location, packs_path: Path) -> AsyncIterator[Restartable]:
    """A running bot process."""
    living = Restartable(discord, location, packs_path)
    await living.start()
    yield living
    await living.process.kill()


@pytest.fixture
def played(discord: Driver, living: Restartable, location: Location) -> Game:
    """Rounds of that bot."""
    return Game(discord, reader_at(location))
