"""The commands that do one thing and end, beside a running bot or without one."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from random import Random

from bot.app import open_bot
from bot.config import CannotStart, Config
from bot.runners.time import SystemTime
from bot.storage import scores
from bot.storage.database import Database
from bot.storage.reports import all_reports
from bot.ui.text import count

PAUSE_S = 0.02
"""Between two parts of a rebuild, in which a bot that runs on the same database finds it free."""


async def sync(config: Config) -> str:
    """Register the slash commands with Discord and return a sentence on it."""
    if not config.token:
        raise CannotStart(
            "There is no DISCORD_TOKEN to register commands with. Put it into the file .env first."
        )
    async with open_bot(config, SystemTime(), Random()) as bot:
        await bot.log_in(config.token)
        number = await bot.sync_commands(force=True)
    return f"Registered {number} commands. Discord shows them after a reload."


@contextlib.asynccontextmanager
async def existing_database(config: Config) -> AsyncIterator[Database]:
    """Open the database that there is, and close it. Raises CannotStart without one."""
    if not config.database_path.exists():
        raise CannotStart(
            f"There is no database {config.database_path} yet. Set DATABASE_PATH, or start the bot once."
        )
    database = await Database.open(config.database_path)
    try:
        yield database
    finally:
        await database.close()


async def rebuild_scores(config: Config) -> str:
    """Work out every server's board anew from the answers, and return a sentence on it."""
    async with existing_database(config) as database:
        guild_ids = await database.read(scores.guilds_to_rebuild)
        for guild_id in guild_ids:
            after: int | None = 0
            while after is not None:
                after = await database.write(scores.rebuild, guild_id, after)
                await asyncio.sleep(PAUSE_S)
    number = len(guild_ids)
    return f"Rebuilt the {'board' if number == 1 else 'boards'} of {count(number, 'server')}."


async def list_reports(config: Config) -> str:
    """Return every stored report, one a line, newest first."""
    async with existing_database(config) as database:
        reports = await database.read(all_reports)
    lines = [
        f"{report.reported:%Y-%m-%d %H:%M}  {report.pack}/{report.kind} {report.item}: {report.reason!r}"
        f" (user {report.user_id}, server {report.guild_id or 'none'})"
        for report in reports
    ]
    return "\n".join(lines) or "No reports."
