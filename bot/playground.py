"""Where bot and playground meet: what the playground begins with, and which process it starts."""

import asyncio
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.config import PLAYGROUND_DATABASE, CannotStart, Config
from playground import BotProcess, CannotServe, Launcher, LocalDiscord, Scene

OF_A_REAL_BOT = ("DATABASE_URL", "SHARD_COUNT", "SHARD_IDS", "METRICS_PORT")
"""Settings that the playground's bot does not inherit."""
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


def run_playground(config: Config, *, browser: bool) -> int:
    """Serve the playground until SIGINT or SIGTERM; return the exit code. With `browser` its page opens.

    Raises CannotStart if there is no free port, or if the folder cannot be written to or already has a
    playground running in it.
    """

    def make_bot(discord: LocalDiscord) -> BotProcess:
        settings = {
            "PACKS_PATH": str(config.packs_path),
            "LOG_LEVEL": config.log_level,
            "LOG_FORMAT": config.log_format,
            "SUPPORT_URL": config.support_url,
        }
        return bot_process(discord, PLAYGROUND_DATABASE, dict.fromkeys(OF_A_REAL_BOT, "") | settings)

    # The clock is kept beside the database, so that what the bot stored on a day ahead stays in its past.
    clock_path = Path(f"{PLAYGROUND_DATABASE}.clock")
    launcher = Launcher(SCENE, make_bot, port=config.playground_port, clock_path=clock_path, browser=browser)
    try:
        with _alone(clock_path):
            return asyncio.run(launcher.run())
    except CannotServe as error:
        raise CannotStart(str(error)) from error


@contextmanager
def _alone(clock_path: Path) -> Iterator[None]:
    """Keep a second playground out of this folder before it prints an address. Raises CannotStart."""
    lock = FileLock(f"{clock_path}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise CannotStart(
            "A playground runs in this folder already. Stop it first, or start in another folder."
        ) from error
    except OSError as error:
        raise CannotStart(
            f"The folder {Path.cwd()} cannot be written to ({error.strerror}). Start in another one."
        ) from error
    try:
        yield
    finally:
        lock.release()


def bot_process(
    discord: LocalDiscord, database_path: Path, environment: Mapping[str, str] | None = None
) -> BotProcess:
    """Return the bot as a process on a local Discord, which must keep its clock in a file."""
    command = (sys.executable, "-m", "bot.playground_child")
    return BotProcess(discord, command, {"DATABASE_PATH": str(database_path), **(environment or {})})
