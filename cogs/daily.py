"""`/daily`: a fact a day, set once and left alone."""

from typing import Literal
from zoneinfo import ZoneInfo

import discord
from discord import app_commands
from discord.ext import commands

from bot.core.refusal import Refusal
from bot.core.schedule import parse_time
from bot.core.zones import complete_zone, find_zone, known_zone
from bot.runners.daily_poster import DailyPoster, Invitation, cards_for
from bot.runners.tools import Tools
from bot.storage import daily
from bot.storage.daily import PauseReason, Schedule, Wish
from bot.storage.daily_posts import preview_fact
from bot.ui.audience import audience_of
from bot.ui.choices import MOST_CHOICES, Choices, topic_choices
from bot.ui.daily_access import Channel, Obstacle, permissions_in
from bot.ui.daily_cards import confirm_remove_card, preview_card, set_card, status_card
from bot.ui.daily_channel import ChannelOption, Chosen, find_channel, find_chosen
from bot.ui.daily_schedules import (
    NONE_YET,
    load_states,
    obstacles_of,
    pick_schedule,
    schedule_choices,
    wished_topic,
)
from bot.ui.parts import card
from bot.ui.reply import replace, reply, say_privately
from bot.ui.rights import check_may_manage, guild_of
from bot.ui.router import route
from bot.ui.text import plain

WHICH = "The channel, where there are several"


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class Daily(commands.GroupCog, group_name="daily", group_description="A fact a day in a channel"):
    """Schedules of daily facts: set, viewed, paused and removed by whoever manages the server."""

    def __init__(self, tools: Tools, poster: DailyPoster) -> None:
        self._tools = tools
        self._poster = poster

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        """Let only those who may manage the server use these commands."""
        check_may_manage(interaction)
        return True

    @app_commands.command(name="set", description="Post a fact every day, or change how it is posted")
    @app_commands.describe(
        channel="Where it is posted",
        time="When, like 9:00 or 9am",
        timezone="The time zone of that time; this server's if you leave it out",
        topic="Only facts about this topic",
        role="A role that each post mentions",
        challenge="Add a button for today's five questions, and how yesterday's went",
    )
    async def set_schedule(
        self,
        interaction: discord.Interaction,
        channel: app_commands.Transform[Chosen, ChannelOption],
        time: str,
        timezone: str | None = None,
        topic: str | None = None,
        role: discord.Role | None = None,
        challenge: bool = False,
    ) -> None:
        """Check everything about a channel's schedule, then store it."""
        guild = guild_of(interaction)
        chosen = self._tools.settings.get(guild.id)
        wall = parse_time(time)
        own = chosen.time_zone
        zone = find_zone(timezone) if timezone and timezone != own else _zone_of(own)
        subject = None if topic is None else self._tools.film_of(guild.id).topic(topic).id
        found = await find_chosen(guild, channel)
        if challenge and not chosen.challenge:
            raise Refusal("This server has no daily challenge. Allow it in `/settings` first.")
        role_id = None if role is None else role.id
        wish = Wish(guild.id, found.id, zone.key, wall, subject, role_id, challenge)
        if role is not None:
            _check_role(role, found, interaction.user)
        self._check(wish, found)
        seed = self._tools.rng.getrandbits(48)
        now = self._tools.time.now()
        schedule = await self._tools.database.write(daily.put_schedule, wish, now, seed)
        self._poster.wake()
        await reply(interaction, self._set_card(schedule), private=True)

    @app_commands.command(description="The next posts, and what stands in their way")
    async def status(self, interaction: discord.Interaction) -> None:
        """Show all schedules of the server."""
        states = await load_states(guild_of(interaction), self._tools)
        if not states:
            raise Refusal(NONE_YET)
        await reply(interaction, status_card(states), private=True)

    @app_commands.command(description="What the next post will look like")
    @app_commands.describe(channel=WHICH)
    async def preview(self, interaction: discord.Interaction, channel: str | None = None) -> None:
        """Show the next post privately."""
        await self._show_preview(interaction, await self._pick(interaction, channel))

    @app_commands.command(description="Pause the daily facts")
    @app_commands.describe(channel=WHICH)
    async def pause(self, interaction: discord.Interaction, channel: str | None = None) -> None:
        """Pause a schedule until it is resumed."""
        schedule = await self._pick(interaction, channel)
        await self._pause(schedule)
        await say_privately(
            interaction,
            f"The daily facts in <#{schedule.wish.channel_id}> are paused. Use `/daily resume` to go on.",
        )

    @app_commands.command(description="Resume the daily facts")
    @app_commands.describe(channel=WHICH)
    async def resume(self, interaction: discord.Interaction, channel: str | None = None) -> None:
        """Resume a schedule if nothing stands in its way."""
        resumed = await self._resume(guild_of(interaction), await self._pick(interaction, channel))
        await reply(interaction, self._set_card(resumed), private=True)

    @app_commands.command(description="Remove the daily facts of a channel")
    @app_commands.describe(channel=WHICH)
    async def remove(self, interaction: discord.Interaction, channel: str | None = None) -> None:
        """Ask whether to remove a schedule."""
        schedule = await self._pick(interaction, channel)
        await reply(interaction, confirm_remove_card(schedule), private=True)

    @route("schedule", 1)
    async def press(
        self,
        interaction: discord.Interaction,
        action: Literal["preview", "pause", "resume", "remove"],
        schedule_id: int,
    ) -> None:
        """Do what a button under a schedule in the status says."""
        schedule = await self._own(interaction, schedule_id)
        match action:
            case "preview":
                await self._show_preview(interaction, schedule)
                return
            case "remove":
                await reply(interaction, confirm_remove_card(schedule), private=True)
                return
            case "pause":
                await self._pause(schedule)
            case "resume":
                await self._resume(guild_of(interaction), schedule)
        await replace(interaction, status_card(await load_states(guild_of(interaction), self._tools)))

    @route("schedule", 1, "confirm")
    async def confirm_remove(self, interaction: discord.Interaction, schedule_id: int) -> None:
        """Delete a schedule."""
        schedule = await self._own(interaction, schedule_id)
        await self._tools.database.write(daily.remove, schedule.id)
        where = f"<#{schedule.wish.channel_id}>"
        await replace(interaction, card(f"There will be no more daily facts in {where}."))

    @set_schedule.autocomplete("timezone")
    async def complete_timezone(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Return the zones that match what was typed, with the time in each."""
        own = self._tools.settings.get(interaction.guild_id).time_zone
        names = complete_zone(typed)
        if not typed.strip():
            names = [own, *(name for name in names if name != own)]
        now = self._tools.time.now()
        zones = [zone for name in names if (zone := known_zone(name)) is not None][:MOST_CHOICES]
        return [
            app_commands.Choice(name=f"{zone.key} ({now.astimezone(zone):%H:%M} there)", value=zone.key)
            for zone in zones
        ]

    @set_schedule.autocomplete("topic")
    async def complete_topic(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Return the topics that match what was typed."""
        return topic_choices(audience_of(interaction, self._tools), typed, "fact")

    @preview.autocomplete("channel")
    @pause.autocomplete("channel")
    @resume.autocomplete("channel")
    @remove.autocomplete("channel")
    async def complete_channel(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Return the channels that have daily facts."""
        guild = guild_of(interaction)
        schedules = await self._tools.database.read(daily.schedules_of, guild.id)
        return schedule_choices(guild, schedules, typed)

    async def _show_preview(self, interaction: discord.Interaction, schedule: Schedule) -> None:
        cards = cards_for(schedule.wish, self._tools)
        if not cards.facts:
            raise Refusal(Obstacle(PauseReason.NO_FACTS, schedule.wish.channel_id).sentence)
        number = await self._tools.database.read(preview_fact, schedule, cards)
        invites = schedule.wish.challenge and self._tools.settings.get(schedule.wish.guild_id).challenge
        pack = self._tools.catalogue.get(cards.pack)
        view = preview_card(pack, number, schedule, Invitation() if invites else None)
        await reply(interaction, view, private=True)

    async def _pause(self, schedule: Schedule) -> None:
        """Pause a schedule by hand. Raises Refusal if it is already paused."""
        now = self._tools.time.now()
        if not await self._tools.database.write(daily.pause, schedule.id, PauseReason.BY_HAND, now):
            raise Refusal(f"The daily facts in <#{schedule.wish.channel_id}> are already paused.")

    async def _resume(self, guild: discord.Guild, schedule: Schedule) -> Schedule:
        """Resume a schedule. Raises Refusal with everything that stands in its way."""
        if schedule.pause is None:
            raise Refusal(f"The daily facts in <#{schedule.wish.channel_id}> are not paused.")
        self._check(schedule.wish, await find_channel(guild, schedule.wish.channel_id))
        resumed = await self._tools.database.write(daily.resume, schedule.id, self._tools.time.now())
        self._poster.wake()
        return resumed

    def _set_card(self, schedule: Schedule) -> discord.ui.LayoutView:
        facts = len(cards_for(schedule.wish, self._tools).facts)
        return set_card(schedule, wished_topic(schedule.wish, self._tools), facts)

    async def _own(self, interaction: discord.Interaction, schedule_id: int) -> Schedule:
        """Return a schedule of this server. Raises Refusal if it is gone, or another server's."""
        guild_id = check_may_manage(interaction)
        for schedule in await self._tools.database.read(daily.schedules_of, guild_id):
            if schedule.id == schedule_id:
                return schedule
        raise Refusal("Those daily facts have been removed. Start new ones with `/daily set`.")

    async def _pick(self, interaction: discord.Interaction, channel: str | None) -> Schedule:
        guild = guild_of(interaction)
        schedules = await self._tools.database.read(daily.schedules_of, guild.id)
        return pick_schedule(schedules, channel, interaction.channel_id)

    def _check(self, wish: Wish, channel: Channel | Obstacle) -> None:
        """Raise Refusal with everything that would keep the posts from coming."""
        obstacles = obstacles_of(wish, channel, self._tools)
        if obstacles:
            raise Refusal(" ".join(obstacle.sentence for obstacle in obstacles))


def _zone_of(stored: str) -> ZoneInfo:
    """Return the server's own zone. Raises Refusal if this machine no longer knows it."""
    zone = known_zone(stored)
    if zone is None:
        raise Refusal(
            f"This server's time zone, {plain(stored)}, is no longer known to me. Choose another with the "
            "option timezone, or in `/settings`."
        )
    return zone


def _check_role(role: discord.Role, channel: Channel, user: discord.User | discord.Member) -> None:
    """Raise Refusal unless this member may mention the role in that channel."""
    if role.is_default():
        raise Refusal("Daily facts never mention everyone. Choose a role that people can opt into.")
    theirs = permissions_in(channel, user) if isinstance(user, discord.Member) else None
    if not role.mentionable and not (theirs and theirs.mention_everyone):
        raise Refusal(f"You may not mention <@&{role.id}> there yourself, so I cannot do it for you.")
