"""`/settings`: one private panel for whoever manages the server."""

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.core.refusal import Refusal
from bot.core.zones import find_zone
from bot.runners.tools import Tools
from bot.ui.daily_schedules import load_summaries
from bot.ui.reply import replace, reply, show_form
from bot.ui.rights import check_may_manage, guild_of
from bot.ui.router import OUTDATED, route
from bot.ui.settings_cards import all_settings, settings_card, zone_modal


class ServerSettings(commands.Cog):
    """A server's settings; every change is stored at once and shown in the panel."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @app_commands.command(description="How I behave in this server")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    async def settings(self, interaction: discord.Interaction) -> None:
        """Show the panel."""
        check_may_manage(interaction)
        await reply(interaction, await self._panel(interaction), private=True)

    @route("settings", 1)
    async def change(self, interaction: discord.Interaction, name: str, *, chosen: str) -> None:
        """Store what was chosen."""
        guild_id = check_may_manage(interaction)
        setting = all_settings(self._tools.catalogue).get(name)
        if setting is None:
            raise Refusal(OUTDATED)
        await self._tools.settings.change(guild_id, **{name: setting.value_of(chosen)})
        await replace(interaction, await self._panel(interaction))

    @route("settings", 1, "time_zone")
    async def ask_zone(self, interaction: discord.Interaction) -> None:
        """Open the form for the time zone."""
        guild_id = check_may_manage(interaction)
        await show_form(interaction, zone_modal(self._tools.settings.get(guild_id).time_zone))

    @route("zone", 1)
    async def change_zone(self, interaction: discord.Interaction, *, zone: str = "") -> None:
        """Store the time zone that was typed."""
        guild_id = check_may_manage(interaction)
        await self._tools.settings.change(guild_id, time_zone=find_zone(zone).key)
        await replace(interaction, await self._panel(interaction))

    async def _panel(self, interaction: discord.Interaction) -> ui.LayoutView:
        guild = guild_of(interaction)
        return settings_card(
            self._tools.settings.get(guild.id),
            self._tools.catalogue,
            await load_summaries(guild, self._tools),
            self._tools.time.now(),
        )
