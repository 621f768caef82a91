"""Where the bot and the playground meet: what the playground shows of the bot, and the bot as its child.

The child is the same bot as `python -m bot run`, with discord.py pointed at the local Discord and its time
read from the shared clock.
"""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from random import Random

from bot.app import run_bot
from bot.config import CannotStart, Config, load_config
from bot.exits import exit_code_of
from bot.log import set_up_logging
from playground.child import CLOCK_VARIABLE, URL_VARIABLE, end_with_parent
from playground.clock import SharedClock, SharedTime
from playground.launch import CannotServe, Launcher
from playground.process import BotProcess
from playground.redirect import point_discord_at
from playground.server import LocalDiscord
from playground.world.scene import Scene

DATABASE = Path("playground.db")
SEED_VARIABLE = "PLAYGROUND_SEED"
"""Set, the bot's chance is the same in every run; the README's pictures are made so."""

SCENE = Scene(
    bot_username="another-day-of-trivia",
    bot_name="Another Day of Trivia",
    server="City of Stars",
    channels=(
        ("welcome", "Say hello, and try /help."),
        ("trivia", "Quiz rounds and facts."),
        ("film-club", "One fact a day."),
    ),
    home="trivia",
    thread="The opening number",
    role="Film lovers",
    first_command="fact",
    times="the next daily posts in /daily status",
)


def run_playground(config: Config) -> int:
    """Serve the playground until SIGINT or SIGTERM; return the exit code.

    Raises CannotStart where it cannot work like this: no free port, or a folder that cannot be written to.
    """

    def make_bot(discord: LocalDiscord) -> BotProcess:
        return bot_process(discord, DATABASE, {"PACKS_PATH": str(config.packs_path)})

    # The clock lies beside the database: what the bot stored of a day ahead stays in its past.
    launcher = Launcher(SCENE, make_bot, port=config.playground_port, clock_path=Path(f"{DATABASE}.clock"))
    try:
        return asyncio.run(launcher.run())
    except CannotServe as error:
        raise CannotStart(str(error)) from error


def bot_process(
    discord: LocalDiscord, database_path: Path, environment: Mapping[str, str] | None = None
) -> BotProcess:
    """Return the bot as a process at a local Discord, which has to have its clock in a file."""
    command = (sys.executable, "-m", "bot.playground")
    return BotProcess(discord, command, {"DATABASE_PATH": str(database_path), **(environment or {})})


async def serve() -> None:
    """Run the same bot as `python -m bot run` does, at the local Discord that the environment names."""
    config = load_config(os.environ, Path(".env"))
    set_up_logging(config.log_level, config.log_format)
    point_discord_at(os.environ[URL_VARIABLE])
    time = SharedTime(SharedClock(Path(os.environ[CLOCK_VARIABLE])))
    await run_bot(config, time, Random(os.environ.get(SEED_VARIABLE)))


def _run() -> int:
    end_with_parent()
    asyncio.run(serve())
    return 0


if __name__ == "__main__":
    sys.exit(exit_code_of(_run))
