"""Some seconds of the great storm, with fixed seeds; `python -m tests.storm` rides it for minutes."""

from pathlib import Path

import pytest

from tests.storm.great_storm import ride_great_storm


@pytest.mark.parametrize(("engine", "seed"), [("sqlite", 5), ("postgres", 13)])
async def test_some_seconds_of_storm(engine: str, seed: int, tmp_path: Path) -> None:
    report = await ride_great_storm(seed, 5, tmp_path, servers=10, engine=engine)
    assert any("acknowledged" in line for line in report)
