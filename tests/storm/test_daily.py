"""Daily posts through a kill at each moment, at once back and after ten minutes; six of the storms."""

from pathlib import Path

import pytest

from bot.storage.database import Location
from tests.storm.daily_storm import AWAY, DEATHS, ride_daily


@pytest.mark.parametrize("away", AWAY)
@pytest.mark.parametrize(("seed", "moment"), list(enumerate(DEATHS, 1)))
async def test_one_post_a_date(
    moment: str, seed: int, away: float, tmp_path: Path, location: Location
) -> None:
    await ride_daily(moment, away, seed, tmp_path, location)
