"""The bot's process in the playground: the same bot as `python -m bot run`, on the playground's time.

The playground sends discord.py to the local Discord, as it does for any bot.
"""

import asyncio
import os
import sys
from random import Random

from bot.app import run_bot
from bot.cli import exit_code_of
from bot.config import load_config
from bot.log import set_up_logging
from playground import parents_time

SEED_VARIABLE = "PLAYGROUND_SEED"
"""If it is set, the bot's chance is the same in every run, as for the README's pictures."""


async def serve() -> None:
    """Run the bot on the time of the playground that started this process."""
    # What is in .env is for the bot that serves Discord: its database, its shards.
    config = load_config(os.environ, None)
    set_up_logging(config.log_level, config.log_format)
    await run_bot(config, parents_time(), Random(os.environ.get(SEED_VARIABLE)))


def run() -> int:
    """Serve until the bot is stopped; return the exit code."""
    asyncio.run(serve())
    return 0


if __name__ == "__main__":
    sys.exit(exit_code_of(run))
