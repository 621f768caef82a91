"""`python -m tests.storm [--seed N] [--minutes M]`: kills of the bot, and great storms. Seeds are printed.

Sixty kills in rounds, ten at each moment; thirty-six around daily posts, six at each moment for each time
away; then about so many minutes of great storm over twenty servers, and as many with four processes on
sixteen shards.
"""

import argparse
import asyncio
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Coroutine, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bot.storage.database import Location
from tests.engines import ENGINES, location_in
from tests.storm.daily_storm import AWAY, DEATHS, ride_daily
from tests.storm.fleet_storm import ride_fleet_storm
from tests.storm.great_storm import ride_great_storm
from tests.storm.round_storm import MOMENTS, ride

ROUND_KILLS = 60
DAILY_KILLS = 36
SERVERS = 20

Ride = Callable[[Path, Location], Coroutine[Any, Any, list[str] | None]]


def storms(first: int, minutes: float) -> Iterator[tuple[str, Ride]]:
    """Yield every storm with its description, the great ones last."""
    for number in range(ROUND_KILLS):
        moment, seed = MOMENTS[number % len(MOMENTS)], first + number
        yield f"seed {seed}  round, {moment}", partial(ride, moment, seed)
    daily = [(moment, away) for moment in DEATHS for away in AWAY]
    for number in range(DAILY_KILLS):
        (moment, away), seed = daily[number % len(daily)], first + number
        yield (
            f"seed {seed}  daily post, {moment}, away {away} s",
            partial(ride_daily, moment, away, seed),
        )
    if minutes > 0:
        yield (
            f"seed {first}  great storm, {minutes:g} minutes",
            partial(ride_great_storm, first, minutes * 60, servers=SERVERS),
        )
        yield (
            f"seed {first}  four processes, {minutes:g} minutes",
            partial(ride_fleet_storm, first, minutes * 60),
        )


def main(arguments: Sequence[str]) -> int:
    """Ride every storm and return 1 if one of them broke something."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="what decides everything")
    parser.add_argument("--minutes", type=float, default=3.0, help="how long each great storm is; 0 for none")
    parser.add_argument("--great-only", action="store_true", help="leave out the single kills")
    parser.add_argument("--engine", choices=ENGINES, default="sqlite", help="where the database is")
    wanted = parser.parse_args(arguments)
    every = list(storms(wanted.seed, wanted.minutes))
    if wanted.great_only:
        every = every[ROUND_KILLS + DAILY_KILLS :]
    broken = 0
    for number, (description, begin) in enumerate(every, 1):
        report: list[str] = []
        with tempfile.TemporaryDirectory() as folder, location_in(Path(folder), wanted.engine) as place:
            try:
                told = asyncio.run(begin(Path(folder), place))
                report = told or []
                outcome = "ok"
            except Exception:  # noqa: BLE001 (the other storms are still to be ridden)
                traceback.print_exc()
                broken, outcome = broken + 1, "BROKEN"
        print(f"{number:2}/{len(every)}  {description}: {outcome}", flush=True)
        for line in report:
            print(f"       {line}")
    print(f"{len(every)} storms, {broken} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
