"""Some seconds of storm over several processes; `python -m tests.storm` rides it for minutes."""

from pathlib import Path

from bot.storage.database import Location
from tests.storm.fleet_storm import ride_fleet_storm


async def test_some_seconds_of_storm_over_four_processes(tmp_path: Path, location: Location) -> None:
    report = await ride_fleet_storm(7, 8, tmp_path, location, servers=12)
    assert any("acknowledged" in line for line in report)
