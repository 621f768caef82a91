"""Finds the schedule that somebody means, and describes all of a server."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import discord
from discord import app_commands

from bot.core.refusal import Refusal
from bot.core.zones import known_zone
from bot.runners.daily_poster import cards_for
from bot.runners.tools import Tools
from bot.storage.daily import PauseReason, Schedule, Wish
from bot.storage.daily_posts import schedules_with_newest_post
from bot.ui.choices import Choices
from bot.ui.daily_access import Channel, Obstacle, find_obstacles
from bot.ui.daily_cards import ScheduleState, summary_line
from bot.ui.daily_channel import find_channel
from bot.ui.failures import DISCORD_FAILED

NONE_YET = "This server has no daily facts yet. Begin with `/daily set`."
LONGEST_LOOK_S = 1.0
"""Enough for Discord's answer, and well within its three seconds for ours."""


def pick_schedule(schedules: Sequence[Schedule], typed: str | None, channel_id: int | None) -> Schedule:
    """Return the schedule that is meant: the one typed, else this channel's, else the only one.

    `typed` is a channel's id or mention. Raises Refusal if it could be several.
    """
    if not schedules:
        raise Refusal(NONE_YET)
    if typed is None:
        here = [schedule for schedule in schedules if schedule.wish.channel_id == channel_id]
        if found := here or (schedules if len(schedules) == 1 else []):
            return found[0]
        raise Refusal("Several channels here have daily facts. Choose the one you mean.")
    wanted = typed.strip().removeprefix("<#").removesuffix(">")
    for schedule in schedules:
        if str(schedule.wish.channel_id) == wanted:
            return schedule
    raise Refusal("That channel has no daily facts. Pick one of those that come up as you type.")


def schedule_choices(guild: discord.Guild, schedules: Sequence[Schedule], typed: str) -> Choices:
    """Return the schedules whose channel's name contains what was typed."""
    choices = []
    for schedule in schedules:
        channel = guild.get_channel_or_thread(schedule.wish.channel_id)
        name = f"#{channel.name}" if channel else "a channel that is gone"
        if typed.strip().casefold() in name.casefold():
            label = f"{name[:60]} · {schedule.wish.wall:%H:%M} {schedule.wish.zone}"
            choices.append(app_commands.Choice(name=label[:100], value=str(schedule.wish.channel_id)))
    return choices


def wished_topic(wish: Wish, tools: Tools) -> str | None:
    """Return the name of a schedule's topic, or its id if the server's pack does not have it."""
    if wish.topic is None:
        return None
    topic = tools.film_of(wish.guild_id).topics_by_id.get(wish.topic)
    return topic.name if topic else wish.topic


def obstacles_of(wish: Wish, channel: Channel | Obstacle | None, tools: Tools) -> list[Obstacle]:
    """Return everything that keeps the wished posts from coming; `channel` is None where it is not known."""
    found = find_obstacles(channel, wish.role_id) if channel else []
    if known_zone(wish.zone) is None:
        found.append(Obstacle(PauseReason.ZONE_GONE, wish.channel_id))
    if not cards_for(wish, tools).facts:
        found.append(Obstacle(PauseReason.NO_FACTS, wish.channel_id))
    return found


async def load_states(guild: discord.Guild, tools: Tools) -> list[ScheduleState]:
    """Return the server's schedules with everything that their status shows."""
    rows = await tools.database.read(schedules_with_newest_post, guild.id)
    obstacles = await asyncio.gather(*(_current_obstacles(guild, schedule, tools) for schedule, _ in rows))
    return [
        ScheduleState(schedule, wished_topic(schedule.wish, tools), found, newest)
        for (schedule, newest), found in zip(rows, obstacles, strict=True)
    ]


async def load_summaries(guild: discord.Guild, tools: Tools) -> list[str]:
    """Return a line for each of the server's schedules."""
    return [summary_line(state) for state in await load_states(guild, tools)]


async def _current_obstacles(guild: discord.Guild, schedule: Schedule, tools: Tools) -> list[Obstacle]:
    """Return first what paused a schedule, then what else is in its way and can be found out in a moment."""
    wish, channel = schedule.wish, None
    with suppress(*DISCORD_FAILED):
        async with asyncio.timeout(LONGEST_LOOK_S):
            channel = await find_channel(guild, wish.channel_id)
    found = obstacles_of(wish, channel, tools)
    if schedule.pause is None or schedule.pause in (obstacle.reason for obstacle in found):
        return found
    return [Obstacle(schedule.pause, wish.channel_id, wish.role_id), *found]
