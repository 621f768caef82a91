"""`python -m bot doctor`: what an operator would check by hand, a line each, with what to do about it."""

import os
import shutil
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
import discord

from bot.config import Config
from bot.core.shards import Shards
from bot.storage.connection import Holder
from bot.storage.daily import Schedule, active_schedules
from bot.storage.database import Database, DatabaseUnusable
from bot.storage.packs import pack_folders, read_pack
from bot.ui.daily_access import find_obstacles
from bot.ui.daily_channel import find_channel
from bot.ui.discord_py import work_around_faults
from bot.ui.failures import DISCORD_FAILED
from bot.ui.text import count

LEAST_SPACE = 500 * 2**20
MOST_CLOCK_S = 2.0
"""Points go by Discord's clock whatever ours says; daily facts come as late or early as ours is wrong."""
PRIVILEGED = {
    "gateway_presence": "Presence",
    "gateway_presence_limited": "Presence",
    "gateway_guild_members": "Server Members",
    "gateway_guild_members_limited": "Server Members",
    "gateway_message_content": "Message Content",
    "gateway_message_content_limited": "Message Content",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one thing; if there is something `to_do`, it is not well."""

    about: str
    found: str
    to_do: str = ""

    def __str__(self) -> str:
        """Return the finding as a line."""
        if not self.to_do:
            return f"well      {self.about}: {self.found}"
        end = "" if self.found.endswith((".", "?")) else "."
        return f"NOT WELL  {self.about}: {self.found}{end} {self.to_do}"


async def examine(config: Config) -> AsyncIterator[Finding]:
    """Yield what was found, beginning with what needs no connection."""
    yield _packs(config)
    if not config.database_url:
        yield _space(config)
    schedules: list[Schedule] = []
    if not (config.database_url or config.database_path.exists()):
        yield Finding("database", f"{config.database_path} is not there yet; the first start makes it")
    else:
        try:
            async with Database.opened(config.database) as database:
                schedules = await database.read(active_schedules)
                holders = await database.holders()
        except DatabaseUnusable as error:
            yield Finding("database", str(error), "docs/operating.md says what to do")
        else:
            yield _database(config, len(schedules), is_held=bool(holders))
            if holders:
                yield _shards(holders)
    if config.token is None:
        yield Finding("token", "there is none", "Put DISCORD_TOKEN into .env, as .env.example shows")
        return
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        work_around_faults(client.http)
        try:
            await client.login(config.token)
            yield Finding("token", f"it belongs to {client.user}")
            yield _intents(client)
            yield await _clock()
            async for finding in _channels(client, schedules):
                yield finding
        except discord.LoginFailure:
            yield Finding("token", "Discord does not know it", "Copy it anew from your Bot page")
        except DISCORD_FAILED as error:
            yield Finding("Discord", f"no sound answer ({error})", "Check the network, then try again")


def _packs(config: Config) -> Finding:
    folders = pack_folders(config.packs_path)
    if not folders:
        return Finding("packs", f"there is none in {config.packs_path}", "Set PACKS_PATH to their folder")
    faults = sum(len(read_pack(folder)[1]) for folder in folders)
    if faults:
        return Finding("packs", count(faults, "fault"), "python -m bot check names them")
    return Finding("packs", f"{count(len(folders), 'pack')} without faults")


def _space(config: Config) -> Finding:
    folder = config.database_path.absolute().parent
    if not folder.is_dir():
        return Finding("disk", f"there is no folder {folder}", "Make it, or set DATABASE_PATH")
    if not os.access(folder, os.W_OK | os.X_OK):
        return Finding("disk", f"{folder} may not be written to", "Run this as the user that the bot runs as")
    free = shutil.disk_usage(folder).free
    found = f"{free / 2**20:,.0f} MiB free beside the database"
    return Finding("disk", found, "" if free >= LEAST_SPACE else "Make room: a full disk stops rounds")


def _database(config: Config, schedules: int, *, is_held: bool) -> Finding:
    running = "a bot is running on it" if is_held else "no bot is running on it"
    if config.database_url:
        return Finding("database", f"PostgreSQL, {count(schedules, 'daily schedule')}, {running}")
    size = config.database_path.stat().st_size / 2**20
    return Finding("database", f"{size:,.1f} MiB, {count(schedules, 'daily schedule')}, {running}")


def _shards(holders: Sequence[Holder]) -> Finding:
    number = holders[0].shards.count
    held = {shard for holder in holders for shard in holder.shards.ids}
    found = "; ".join(f"{holder.shards} by {holder.where}" for holder in holders)
    if free := tuple(sorted(set(range(number)) - held)):
        return Finding("shards", found, f"Nobody serves {Shards(number, free)}. Start a bot with them")
    return Finding("shards", found)


def _intents(client: discord.Client) -> Finding:
    flags = client.application_flags
    on = sorted({title for flag, title in PRIVILEGED.items() if getattr(flags, flag)})
    if on:
        return Finding("intents", f"{', '.join(on)} on, and not needed", "Turn it off on the Bot page")
    return Finding("intents", "no privileged one, and none is needed")


async def _clock() -> Finding:
    url = f"{discord.http.Route.BASE}/gateway"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        theirs = parsedate_to_datetime(answer.headers["Date"])
    off = (datetime.now(UTC) - theirs).total_seconds() - 0.5  # theirs is cut to the second
    found = f"{abs(off):.1f} s {'ahead of' if off > 0 else 'behind'} Discord's"
    return Finding("clock", found, "" if abs(off) <= MOST_CLOCK_S else "Have it set by the network (NTP)")


async def _channels(client: discord.Client, schedules: Sequence[Schedule]) -> AsyncIterator[Finding]:
    """Yield what stands in the way of daily facts, and last for how many schedules nothing does."""
    clear = 0
    for schedule in schedules:
        obstacles = await _obstacles(client, schedule)
        clear += not obstacles
        for obstacle in obstacles:
            where = f"channel {schedule.wish.channel_id} of server {schedule.wish.guild_id}"
            yield Finding("daily facts", where, obstacle)
    if schedules:
        yield Finding("daily facts", f"nothing stands in the way of {clear} of {len(schedules)}")


async def _obstacles(client: discord.Client, schedule: Schedule) -> list[str]:
    wish = schedule.wish
    assert client.user is not None  # noqa: S101 (it has logged in)
    try:
        guild = await client.fetch_guild(wish.guild_id, with_counts=False)
        me = await guild.fetch_member(client.user.id)
    except (discord.NotFound, discord.Forbidden):
        return ["I am not in that server any more. Somebody who manages it can add me again"]
    channel = await find_channel(guild, wish.channel_id)
    return [obstacle.sentence.rstrip(".") for obstacle in find_obstacles(channel, wish.role_id, me)]
