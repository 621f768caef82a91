"""Where the bot and the playground meet: `python -m bot playground`, and the child process that it starts.

The child is the same bot as `python -m bot run`, with discord.py pointed at the local Discord and its time
read from the shared clock.
"""

import asyncio
import os
import sys
from pathlib import Path
from random import Random

from bot.app import run_bot
from bot.config import CannotStart, Config, load_config
from bot.exits import exit_code_of
from bot.log import set_up_logging
from playground.child import CLOCK_VARIABLE, URL_VARIABLE, WATCHED, end_with_parent
from playground.clock import SharedClock, SharedTime
from playground.launch import CannotServe, Launcher
from playground.redirect import point_discord_at

SEED_VARIABLE = "PLAYGROUND_SEED"
"""Set, the bot's chance is the same in every run; the README's pictures are made so."""


def run_playground(config: Config) -> int:
    """Serve the playground until SIGINT or SIGTERM; return the exit code.

    Raises CannotStart where it cannot work like this: no free port, or a folder that cannot be written to.
    """
    try:
        return asyncio.run(Launcher(config.playground_port, config.packs_path).run())
    except CannotServe as error:
        raise CannotStart(str(error)) from error


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
