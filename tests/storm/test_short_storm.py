"""Some seconds of the great storm, with fixed seeds; `python -m tests.storm` rides it for minutes."""

from pathlib import Path

import pytest

from bot.storage.database import Location
from tests.storm.great_storm import ride_great_storm


@pytest.mark.parametrize(("engine", "seed"), [("sqlite", 5), ("postgres", 13)], indirect=["engine"])
async def test_some_seconds_of_storm(seed: int, tmp_path: Path, location: Location) -> None:
    report = await ride_great_storm(seed, 5, tmp_path, location, servers=10)
    assert any("acknowledged" in line for line in report)
