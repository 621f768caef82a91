"""`python -m tests.storm [seed]`: kills of the bot in mid-round and around daily posts. Seeds are printed.

Sixty in rounds, ten at each moment; thirty-six around daily posts, six at each moment for each time away.
"""

import asyncio
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tests.storm.daily_storm import AWAY, DEATHS, ride_daily
from tests.storm.round_storm import MOMENTS, ride

ROUND_KILLS = 60
DAILY_KILLS = 36

Ride = Callable[[Path], Coroutine[Any, Any, None]]


def storms(first: int) -> Iterator[tuple[str, Ride]]:
    """Yield every storm with its description."""
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


def main(arguments: list[str]) -> int:
    """Ride every storm and return 1 if one of them broke something."""
    first = int(arguments[0]) if arguments else int(time.time())
    broken, number = 0, 0
    for number, (description, begin) in enumerate(storms(first), 1):
        with tempfile.TemporaryDirectory() as folder:
            try:
                asyncio.run(begin(Path(folder)))
                outcome = "ok"
            except Exception:  # noqa: BLE001 (the other storms are still to be ridden)
                traceback.print_exc()
                broken, outcome = broken + 1, "BROKEN"
        print(f"{number:2}/{ROUND_KILLS + DAILY_KILLS}  {description}: {outcome}", flush=True)
    print(f"{number} kills, {broken} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
