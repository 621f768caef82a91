"""Six storms over a round, one at each moment; `python -m tests.storm` rides sixty."""

from pathlib import Path

import pytest

from bot.storage.database import Location
from tests.storm.round_storm import MOMENTS, ride


@pytest.mark.parametrize(("seed", "moment"), list(enumerate(MOMENTS, 1)))
async def test_a_kill_loses_nothing(moment: str, seed: int, tmp_path: Path, location: Location) -> None:
    await ride(moment, seed, tmp_path, location)
