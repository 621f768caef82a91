"""What rounds and daily posts are tested on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.content import Fact, Topic
from bot.core.shards import EVERY
from bot.storage.catalogue import Catalogue, LoadedPack
from bot.storage.database import Location
from bot.storage.packs import load_packs
from bot.storage.settings import Settings
from tests.engines import each_engine
from tests.quiz_pack import write_pack
from tests.runners.daily_world import FACTS, START, TinyDiscord, World
from tests.runners.stage import FullDisk, Stage
from tests.runners.virtual_time import VirtualTime, WatchedDatabase

__all__ = ["each_engine"]


@pytest.fixture
async def stage(location: Location, tmp_path: Path) -> AsyncIterator[Stage]:
    write_pack(tmp_path / "packs" / "orchestra")
    database = await FullDisk.open(location)
    stage = Stage(database, await load_packs(database, tmp_path / "packs"))
    yield stage
    await stage.stop()
    await database.close()


@pytest.fixture
async def world(location: Location) -> AsyncIterator[World]:
    database = await WatchedDatabase.open(location)
    clock = VirtualTime(START, database)
    topic = Topic("songs", "Songs", "🎵", "The songs")
    facts = {number: Fact(f"fact-{number}", f"Fact {number}.", ("songs",)) for number in range(1, FACTS + 1)}
    catalogue = Catalogue((LoadedPack("la-la-land", "La La Land", (topic,), facts, {}),))
    yield World(database, clock, TinyDiscord(clock), catalogue, await Settings.load(database, EVERY))
    await database.close()
