"""The stage that rounds are tested on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.packs import load_packs
from tests.quiz_pack import write_pack
from tests.runners.stage import FullDisk, Stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    write_pack(tmp_path / "packs" / "orchestra")
    database = await FullDisk.open(tmp_path / "trivia.db")
    stage = Stage(database, await load_packs(database, tmp_path / "packs"))
    yield stage
    await stage.stop()
    await database.close()
