"""Fixtures for tests that talk to the local Discord over real sockets."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from random import Random

import discord as discord_py
import pytest

from bot.app import TriviaBot, open_bot
from bot.config import DATABASE, PROJECT, Config
from bot.playground import SCENE
from bot.storage.database import Location
from playground import BotProcess, Driver, LocalDiscord, Page, RunningClient, SharedClock, Shown
from tests.engines import ENGINES, bot_on
from tests.prepared import write_packs
from tests.wire.openapi import Validator, load_validator

StartClient = Callable[[discord_py.Client], Awaitable[RunningClient]]
StartBot = Callable[[], Awaitable[BotProcess]]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run on both engines what is marked so, or all that has a database where the run is told so.

    Marked is one test or two of each thing that storage does for people, by the commands that make it do
    that, with kills in mid-question: the rest says of cards, texts and Discord what is true on either engine.
    """
    if "engine" not in metafunc.fixturenames:
        return
    if metafunc.definition.get_closest_marker("only_postgres"):
        metafunc.parametrize("engine", ["postgres"], indirect=True)
    elif metafunc.definition.get_closest_marker("both_engines") or metafunc.config.getoption("all_engines"):
        metafunc.parametrize("engine", ENGINES, indirect=True)


@contextlib.asynccontextmanager
async def serving(folder: Path, *, with_page: bool = False) -> AsyncIterator[Driver]:
    """Serve a local Discord on a free port.

    Every request it took is held against Discord's OpenAPI file at the end.
    """
    clock = SharedClock(folder / "clock")
    server = LocalDiscord(clock, SCENE, strict=True)
    if with_page:
        server.mount(Page(server))
    await server.start()
    driver = Driver(server)
    yield driver
    await server.stop()
    clock.close()
    check_requests(driver)


@pytest.fixture
async def discord(tmp_path: Path) -> AsyncIterator[Driver]:
    """A local Discord without its page."""
    async with serving(tmp_path) as driver:
        yield driver


def config_at(discord: Driver, location: Location, metrics_port: int | None = None) -> Config:
    """Return the settings of a bot at this local Discord, with its database at `location`."""
    return Config(
        token=discord.world.token,
        database_path=location if isinstance(location, Path) else DATABASE,
        database_url=None if isinstance(location, Path) else location,
        packs_path=PROJECT / "data",
        log_level="INFO",
        log_format="text",
        playground_port=1,
        support_url="",
        metrics_port=metrics_port,
    )


@pytest.fixture
async def trivia(discord: Driver, location: Location) -> AsyncIterator[TriviaBot]:
    """The real bot in this process, on a new database, with the project's packs and a fixed chance."""
    config = config_at(discord, location)
    await write_packs(location, config.packs_path)
    async with open_bot(config, discord.time, Random(7)) as bot:
        running = RunningClient(discord, bot)
        await running.start()
        yield bot
        check_controls(discord, bot)
        await running.stop()


def check_controls(driver: Driver, bot: TriviaBot) -> None:
    """Fail with every private control that is on a message which others see: there it would be refused."""
    messages = [Shown(one) for channel in driver.world.channels.values() for one in channel.messages.values()]
    for shown in messages:
        if shown.author_id == driver.world.bot.id and not shown.ephemeral:
            for part in (*shown.buttons.values(), *shown.selects):
                if not part.get("disabled"):
                    route, _ = bot.router._find(part["custom_id"], {"chosen": "1"})
                    assert route.public, part["custom_id"]


def check_requests(driver: Driver) -> None:
    """Fail with every request that does not fit Discord's OpenAPI file, where the file is at hand."""
    validator: Validator | None = load_validator()
    if validator is not None:
        faults = [fault for record in driver.log if record.status for fault in validator.faults(record)]
        assert not faults, "\n".join(faults)


@pytest.fixture
async def start_client(discord: Driver) -> AsyncIterator[StartClient]:
    """Connect a discord.py client of this process; it is closed at the end."""
    running: list[RunningClient] = []

    async def start(client: discord_py.Client) -> RunningClient:
        running.append(RunningClient(discord, client))
        await running[-1].start()
        return running[-1]

    yield start
    for one in reversed(running):
        await one.stop()


@pytest.fixture
async def start_bot(discord: Driver, location: Location) -> AsyncIterator[StartBot]:
    """Start the real bot as a process and wait until it is connected and has its commands registered."""
    running: list[BotProcess] = []
    await write_packs(location, PROJECT / "data")

    async def start() -> BotProcess:
        process = bot_on(location, discord.server)
        running.append(process)
        await discord.start_process(process)
        return process

    yield start
    for process in running:
        await process.kill()
