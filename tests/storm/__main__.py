"""`python -m tests.storm [seed]`: sixty kills of a bot in mid-round, ten a moment. Seeds are printed."""

import asyncio
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.storm.round_storm import MOMENTS, ride

KILLS = 60


def main(arguments: list[str]) -> int:
    """Ride every storm and return 1 if one of them broke something."""
    first = int(arguments[0]) if arguments else int(time.time())
    broken = 0
    for number in range(KILLS):
        moment, seed = MOMENTS[number % len(MOMENTS)], first + number
        with tempfile.TemporaryDirectory() as folder:
            try:
                asyncio.run(ride(moment, seed, Path(folder)))
                outcome = "ok"
            except Exception:  # noqa: BLE001 (the other storms are still to be ridden)
                traceback.print_exc()
                broken, outcome = broken + 1, "BROKEN"
        print(f"{number + 1:2}/{KILLS}  seed {seed}  {moment}: {outcome}", flush=True)
    print(f"{KILLS} kills, {broken} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
