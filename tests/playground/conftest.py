"""The wire tests' fixtures, and a bot of bare HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.playground import SCENE
from playground.clock import SharedClock
from playground.server import LocalDiscord
from playground.testing.driver import Driver
from tests.playground.raw import Raw
from tests.wire.conftest import serving, start_bot, start_client

__all__ = ["start_bot", "start_client"]


@pytest.fixture
async def discord(tmp_path: Path) -> AsyncIterator[Driver]:
    """A local Discord with its page."""
    async with serving(tmp_path, with_page=True) as driver:
        yield driver


@pytest.fixture
async def raw() -> AsyncIterator[Raw]:
    """A bot of bare HTTP; its wrong requests are not held against the OpenAPI file."""
    server = LocalDiscord(SharedClock(), SCENE, strict=True)
    await server.start()
    async with aiohttp.ClientSession() as session:
        one = Raw(Driver(server), session)
        await one.prepare()
        yield one
    await server.stop()
