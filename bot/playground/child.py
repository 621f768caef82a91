"""The bot's own process in the playground.

Discord.py pointed at the local Discord, time read from the shared clock.
"""

import asyncio
import os
import signal
import sys
import threading
from pathlib import Path
from random import Random

from bot.app import run_bot
from bot.config import load_config
from bot.exits import exit_code_of
from bot.log import set_up_logging
from bot.playground.clock import SharedClock, SharedTime
from bot.playground.redirect import point_discord_at

URL_VARIABLE = "PLAYGROUND_URL"
CLOCK_VARIABLE = "PLAYGROUND_CLOCK"
SEED_VARIABLE = "PLAYGROUND_SEED"
"""Set, the bot's chance is the same in every run; the README's pictures are made so."""
WATCHED = "--end-with-parent"


def end_with_parent() -> None:
    """End this process when the one that started it is gone: our input closes then."""

    def watch() -> None:
        # Not sys.stdin: its lock would be held by this thread when the interpreter ends.
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent watch", daemon=True).start()


async def serve() -> None:
    """Run the same bot as `python -m bot run` does, at the local Discord that the environment names."""
    config = load_config(os.environ, Path(".env"))
    set_up_logging(config.log_level, config.log_format)
    point_discord_at(os.environ[URL_VARIABLE])
    time = SharedTime(SharedClock(Path(os.environ[CLOCK_VARIABLE])))
    await run_bot(config, time, Random(os.environ.get(SEED_VARIABLE)))


def _run() -> int:
    if WATCHED in sys.argv:
        end_with_parent()
    asyncio.run(serve())
    return 0


if __name__ == "__main__":
    sys.exit(exit_code_of(_run))
