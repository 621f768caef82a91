"""`python -m playground -- COMMAND…`: a local Discord for any bot, and the bot on it."""

import argparse
import asyncio
import logging
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playground.launch import CannotServe, Launcher
from playground.process import BotProcess
from playground.world.scene import Scene

PORT = "8765"
CANNOT_SERVE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; return the exit code."""
    options = parser().parse_args(arguments)
    logging.basicConfig(level="INFO", format="%(levelname)s %(name)s: %(message)s")
    scene = Scene(
        bot_name=options.name,
        privileged_intents=options.privileged_intents,
        rate_limits=options.rate_limits,
    )
    command: list[str] = options.command
    with tempfile.TemporaryDirectory(prefix="playground-") as folder:
        launcher = Launcher(
            scene,
            (lambda discord: BotProcess(discord, command)) if command else None,
            port=options.port,
            clock_path=Path(folder) / "clock",
            browser=options.browser,
        )
        try:
            return asyncio.run(launcher.run())
        except CannotServe as error:
            print(error, file=sys.stderr)
            return CANNOT_SERVE


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    found = argparse.ArgumentParser(
        prog="python -m playground",
        usage="%(prog)s [options] [-- COMMAND…]",
        description="A local Discord with a web page, and a bot on it. See playground/README.md.",
    )
    found.add_argument(
        "--port",
        type=int,
        default=os.environ.get("PLAYGROUND_PORT", PORT),
        help=f"the first port to try (else PLAYGROUND_PORT, else {PORT})",
    )
    found.add_argument(
        "--no-browser", dest="browser", action="store_false", help="do not open the page in a browser"
    )
    found.add_argument("--name", default="Bot", help="the bot's name")
    found.add_argument(
        "--privileged-intents",
        action="store_true",
        help="turn on the privileged intents: members, presences and message content",
    )
    found.add_argument("--rate-limits", action="store_true", help="refuse too many requests, as Discord does")
    found.add_argument(
        "command",
        nargs="*",
        metavar="COMMAND",
        help="the command that starts the bot; without one, the variables that a bot needs are printed",
    )
    return found


if __name__ == "__main__":
    sys.exit(main())
