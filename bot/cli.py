"""The command line: what `python -m bot` can do, and how each command ends."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from itertools import product
from pathlib import Path
from random import Random

from bot.app import open_bot, run_bot
from bot.config import DATABASE, PLAYGROUND_DATABASE, CannotStart, Config, load_config, postgres_address
from bot.doctor import examine
from bot.file_handles import check_file_handles, handles_to_serve
from bot.log import set_up_logging
from bot.review import review
from bot.runners.time import SystemTime
from bot.storage import scores
from bot.storage.backup import back_up
from bot.storage.database import Database, DatabaseUnusable, Location, driver_needed
from bot.storage.lock import without_bots
from bot.storage.packs import catalogue, pack_folders, read_pack
from bot.storage.questions import records
from bot.storage.reports import all_reports
from bot.ui.text import count

Command = Callable[[Config, argparse.Namespace], int | Coroutine[object, object, int]]
"""What a command does, at once or in an event loop; it returns the exit code."""
INTERRUPTED = 130
"""The exit code of what Ctrl+C broke off, as in a shell."""
PAUSE_S = 0.02
"""Between two parts of a rebuild, so that a running bot gets its turn at the database."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 1 if it found faults, 2 if it cannot work like this."""
    options = parser().parse_args(arguments)
    try:
        code = exit_code_of(lambda: _run(options))
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads it has seen enough, as `head` has. Python flushes once more at its end: into nothing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def exit_code_of(work: Callable[[], int]) -> int:
    """Run `work` and return its exit code; if it cannot work, say what to do, without a stack trace."""
    try:
        return work()
    except (CannotStart, DatabaseUnusable) as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except PermissionError as error:
        print(f"{error}. Run this as the user that the bot runs as.", file=sys.stderr)
        return CannotStart.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="python -m bot",
        description="Another Day of Trivia. Without a command: run with a token, else start the playground.",
    )
    top.set_defaults(command=_run_or_play, browser=True)
    commands = top.add_subparsers(title="commands", metavar="COMMAND")

    def add(name: str, command: Command, about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
        added.set_defaults(command=command)
        return added

    add("run", _serve, "serve Discord (needs DISCORD_TOKEN)")
    playing = add("playground", _play, "try the bot on a local Discord, without a token")
    for command in (top, playing):
        command.add_argument(
            "--no-browser",
            dest="browser",
            action="store_false",
            default=argparse.SUPPRESS,  # or the inner parser's default would override the outer one's
            help="do not open the playground's page",
        )
    add("doctor", _examine, "look at what a bot needs: token, database, disk, clock, packs, channels")
    add("sync", _sync, "register the slash commands with Discord anew")
    checking = add("check", _check, "report every fault in the packs")
    checking.add_argument("pack", nargs="?", help="a pack's folder name; all packs without it")
    reporting = add("reports", _report, "list what people reported as wrong")
    reviewing = add(
        "questions", _review, "list how each question was answered, and what contradicts its label"
    )
    reviewing.add_argument("pack", nargs="?", help="a pack's id; the default pack without it")
    rebuilding = add("rebuild-scores", _rebuild, "work out every server's board anew from the answers")
    copying = add("backup", _back_up, "copy the database to a file, while the bot runs or not")
    copying.add_argument("file", type=Path, help="the new file to write")
    moving = add("copy-to", _copy_to, "carry the database over to PostgreSQL, while no bot runs")
    moving.add_argument("address", nargs="?", help="of an empty database; DATABASE_URL without it")
    for command in (reporting, reviewing, rebuilding, copying, moving):
        command.add_argument("--database", type=Path, metavar="FILE", help="instead of DATABASE_PATH")
    return top


def _run(options: argparse.Namespace) -> int:
    check_file_handles()
    config = load_config(os.environ, Path(".env"))
    set_up_logging(config.log_level, config.log_format)
    command: Command = options.command
    code = command(config, options)
    return code if isinstance(code, int) else asyncio.run(code)


def _run_or_play(config: Config, options: argparse.Namespace) -> int | Coroutine[object, object, int]:
    return _serve(config, options) if config.token else _play(config, options)


async def _serve(config: Config, _: argparse.Namespace) -> int:
    check_file_handles(handles_to_serve(config))
    try:
        await run_bot(config)
    except DatabaseUnusable as error:
        setting = "DATABASE_URL" if config.database_url else "DATABASE_PATH"
        raise type(error)(f"{error} {setting} says which one I use.") from error
    return 0


def _play(config: Config, options: argparse.Namespace) -> int:
    # Only here: a bot that serves Discord has no use for a local one in its memory.
    from bot.playground import run_playground  # noqa: PLC0415

    return run_playground(config, browser=options.browser)


async def _examine(config: Config, _: argparse.Namespace) -> int:
    is_ill = False
    async for finding in examine(config):
        print(finding)
        is_ill = is_ill or bool(finding.to_do)
    return int(is_ill)


async def _sync(config: Config, _: argparse.Namespace) -> int:
    if not config.token:
        raise CannotStart(
            "There is no DISCORD_TOKEN to register commands with. Put it into the file .env first."
        )
    async with open_bot(config, SystemTime(), Random()) as bot:
        await bot.log_in(config.token)
        number = await bot.sync_commands(force=True)
    print(f"Registered {number} commands. Discord shows them after a reload.")
    return 0


def _check(config: Config, options: argparse.Namespace) -> int:
    """Print each fault, with its file and id, of one pack (by its name or its folder) or of all of them."""
    wanted: str | None = options.pack
    if wanted is None:
        folders = pack_folders(config.packs_path)
    else:
        folders = [folder for folder in (config.packs_path / wanted, Path(wanted)) if folder.is_dir()][:1]
    if not folders:
        print(f"There is no pack{f' called {wanted!r}' if wanted else ''} in {config.packs_path}.")
        return 1
    packs, faulty = [], False
    for folder in folders:
        pack, faults = read_pack(folder.resolve())
        faulty = faulty or bool(faults)
        for fault in faults:
            print(f"{folder.name}/{fault}")
        packs += [pack] if pack else []
    if not faulty:
        facts = sum(len(pack.facts) for pack in packs)
        questions = sum(len(pack.questions) for pack in packs)
        counts = (count(len(packs), "pack"), count(facts, "fact"), count(questions, "question"))
        print(f"{', '.join(counts)}: no faults")
    return int(faulty)


async def _report(config: Config, options: argparse.Namespace) -> int:
    path = _read_from(config, options)
    async with Database.opened(path) as database:
        reports = await database.read(all_reports)
    print(f"{count(len(reports), 'report')} in {_name(path)}")
    for report in reports:
        print(
            f"{report.reported:%Y-%m-%d %H:%M}  {report.pack}/{report.kind} {report.item}: {report.reason!r}"
            f" (user {report.user_id}, server {report.guild_id or 'none'}"
            f"{', settled' if report.settled else ''})"
        )
    return 0


def _read_from(config: Config, options: argparse.Namespace) -> Location:
    """Return the database to read, the playground's if there is no other. Raises CannotStart."""
    path: Location = options.database or config.database
    if isinstance(path, Path) and path == DATABASE and not path.exists() and PLAYGROUND_DATABASE.exists():
        path = PLAYGROUND_DATABASE
    return _existing(path)


async def _review(config: Config, options: argparse.Namespace) -> int:
    path, wanted = _read_from(config, options), options.pack
    async with Database.opened(path) as database:
        packs = await database.read(catalogue)
        known = [pack.id for pack in packs.packs]
        if not known:
            raise CannotStart(f"There is no pack in {_name(path)} yet. Start the bot once.")
        if wanted is not None and wanted not in known:
            raise CannotStart(f"There is no pack {wanted} in {_name(path)}. It has {', '.join(known)}.")
        pack = packs.get(wanted)
        found = await database.read(records, pack)
    print(f"{pack.title} in {_name(path)}", *review(found), sep="\n")
    return 0


async def _rebuild(config: Config, options: argparse.Namespace) -> int:
    path = _existing(options.database or config.database)
    async with Database.opened(path) as database:
        guild_ids = await database.read(scores.guilds_to_rebuild)
        for guild_id, board in product(guild_ids, scores.Board):
            after: int | None = 0
            while after is not None:
                after = await database.write(scores.rebuild, guild_id, after, board)
                await asyncio.sleep(PAUSE_S)
    number = len(guild_ids)
    print(
        f"Rebuilt the {'board' if number == 1 else 'boards'} of {count(number, 'server')} in {_name(path)}."
    )
    return 0


def _name(location: Location) -> Path | str:
    """Return what to call a database; an address may have a password in it."""
    return location if isinstance(location, Path) else "the database of DATABASE_URL"


def _existing(path: Location) -> Location:
    """Return a database's location. Raises CannotStart if there is no such file."""
    if isinstance(path, Path) and not path.exists():
        raise CannotStart(
            f"There is no database {path} yet. Start the bot once, or name another with DATABASE_PATH or "
            "--database."
        )
    return path


def _back_up(config: Config, options: argparse.Namespace) -> int:
    if config.database_url and not options.database:
        raise CannotStart(
            "DATABASE_URL names a database of PostgreSQL. Copy it with: "
            f'pg_dump --format=custom --file={options.file} "$DATABASE_URL"'
        )
    path: Path = options.database or config.database_path
    size = back_up(path, options.file)
    print(f"Copied {path} to {options.file} ({size:,} bytes).")
    return 0


def _copy_to(config: Config, options: argparse.Namespace) -> int:
    address = config.database_url if options.address is None else postgres_address("That", options.address)
    if address is None:
        raise CannotStart(
            "There is no database to copy to. Name it, like: copy-to postgresql://user:password@host/name"
        )
    path: Path = options.database or config.database_path
    _existing(path)
    with driver_needed():
        # Only here: whoever uses SQLite need not have the driver.
        from bot.storage.copying import copy_to_postgres  # noqa: PLC0415
    with without_bots(path):
        copied = copy_to_postgres(path, address, partial(print, flush=True))
    if copied.mended:
        print(
            f"In {count(copied.mended, 'row')} a text had a NUL character, which PostgreSQL does not take. A "
            "\N{REPLACEMENT CHARACTER} stands in its place."
        )
    print(
        f"Copied {count(copied.rows, 'row')} from {path} to the database {copied.name}; all are the same "
        f"there. Set DATABASE_URL to its address and start the bot. {path} is as it was; delete it once all "
        "is well."
    )
    return 0
