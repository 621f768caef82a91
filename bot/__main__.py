"""The command line: `python -m bot` and its commands."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

from bot.app import run_bot
from bot.check import check
from bot.commands import list_reports, rebuild_scores, sync
from bot.config import Config, load_config
from bot.exits import exit_code_of
from bot.log import set_up_logging
from bot.storage.backup import back_up


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 1 for faults found, 2 for what cannot work like this."""
    options = parser().parse_args(arguments)
    return exit_code_of(lambda: _run(options))


def _run(options: argparse.Namespace) -> int:
    config = load_config(os.environ, Path(".env"))
    set_up_logging(config.log_level, config.log_format)
    command: Callable[[argparse.Namespace, Config], int] = options.run
    return command(options, config)


def _default(_: argparse.Namespace, config: Config) -> int:
    return _serve(_, config) if config.token else _playground(_, config)


def _serve(_: argparse.Namespace, config: Config) -> int:
    asyncio.run(run_bot(config))
    return 0


def _playground(_: argparse.Namespace, config: Config) -> int:
    # Only here: a bot that serves Discord has no use for a local one in its memory.
    from bot.playground import run_playground  # noqa: PLC0415

    return run_playground(config)


def _check(options: argparse.Namespace, config: Config) -> int:
    return check(config.packs_path, options.pack)


def _sync(_: argparse.Namespace, config: Config) -> int:
    print(asyncio.run(sync(config)))
    return 0


def _reports(_: argparse.Namespace, config: Config) -> int:
    print(asyncio.run(list_reports(config)))
    return 0


def _rebuild_scores(_: argparse.Namespace, config: Config) -> int:
    print(asyncio.run(rebuild_scores(config)))
    return 0


def _backup(options: argparse.Namespace, config: Config) -> int:
    size = back_up(config.database_path, options.file)
    print(f"Copied {config.database_path} to {options.file} ({size:,} bytes).")
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="python -m bot",
        description="Another Day of Trivia. Without a command: run with a token, else start the playground.",
    )
    top.set_defaults(run=_default)
    commands = top.add_subparsers(title="commands", metavar="")
    for name, run, about in (
        ("run", _serve, "serve Discord (needs DISCORD_TOKEN)"),
        ("playground", _playground, "try the bot on a local Discord, without a token"),
        ("sync", _sync, "register the slash commands with Discord anew"),
        ("reports", _reports, "list what people reported as wrong"),
        ("rebuild-scores", _rebuild_scores, "work out every server's board anew from the answers"),
    ):
        commands.add_parser(name, help=about, description=about).set_defaults(run=run)
    checking = commands.add_parser(
        "check", help="report every fault in the packs", description="Report every fault."
    )
    checking.add_argument("pack", nargs="?", help="a pack's folder name; all packs without it")
    checking.set_defaults(run=_check)
    backing_up = commands.add_parser(
        "backup",
        help="copy the database to a file, while the bot runs or not",
        description="Make a consistent, checked copy of the database; the bot may run meanwhile.",
    )
    backing_up.add_argument("file", type=Path, help="the new file to write")
    backing_up.set_defaults(run=_backup)
    return top


if __name__ == "__main__":
    sys.exit(main())
