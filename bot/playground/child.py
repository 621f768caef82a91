"""The bot's own process in the playground.

Discord.py pointed at the local Discord, time read from the shared clock.
"""

import asyncio
import os
import sys
from pathlib import Path

from bot.app import run_bot
from bot.config import CannotStart, load_config
from bot.log import set_up_logging
from bot.playground.clock import SharedClock, SharedTime
from bot.playground.redirect import point_discord_at
from bot.storage.database import DatabaseUnusable

URL_VARIABLE = "PLAYGROUND_URL"
CLOCK_VARIABLE = "PLAYGROUND_CLOCK"
CANNOT_START = 2


async def serve() -> None:
    """Run the same bot as `python -m bot run` does, at the local Discord that the environment names."""
    config = load_config(os.environ, Path(".env"))
    set_up_logging(config.log_level, config.log_format)
    point_discord_at(os.environ[URL_VARIABLE])
    time = SharedTime(SharedClock(Path(os.environ[CLOCK_VARIABLE])))
    await run_bot(config, time)


def main() -> int:
    """Return the exit code: 2 where the bot cannot start like this."""
    try:
        asyncio.run(serve())
    except (CannotStart, DatabaseUnusable) as error:
        print(error, file=sys.stderr)
        return CANNOT_START
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
