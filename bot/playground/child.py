"""The bot's own process in the playground.

Discord.py pointed at the local Discord, time read from the shared clock.
"""

import asyncio
import os
import sys
from pathlib import Path

from bot.app import run_bot
from bot.config import load_config
from bot.exits import exit_code_of
from bot.log import set_up_logging
from bot.playground.clock import SharedClock, SharedTime
from bot.playground.redirect import point_discord_at

URL_VARIABLE = "PLAYGROUND_URL"
CLOCK_VARIABLE = "PLAYGROUND_CLOCK"


async def serve() -> None:
    """Run the same bot as `python -m bot run` does, at the local Discord that the environment names."""
    config = load_config(os.environ, Path(".env"))
    set_up_logging(config.log_level, config.log_format)
    point_discord_at(os.environ[URL_VARIABLE])
    time = SharedTime(SharedClock(Path(os.environ[CLOCK_VARIABLE])))
    await run_bot(config, time)


def _run() -> int:
    asyncio.run(serve())
    return 0


if __name__ == "__main__":
    sys.exit(exit_code_of(_run))
