"""`/help`: one private page on what can be done here."""

from collections.abc import Mapping

import discord
from discord import app_commands
from discord.ext import commands

from bot.runners.tools import Tools
from bot.ui.daily_cards import summary_line
from bot.ui.daily_schedules import load_states
from bot.ui.help_cards import help_card
from bot.ui.reply import reply


class Help(commands.Cog):
    """What there is, for the person who asks and the place where they ask."""

    def __init__(
        self,
        tools: Tools,
        client: commands.AutoShardedBot,
        command_ids: Mapping[str, int],
        support_url: str,
    ) -> None:
        self._tools = tools
        self._client = client
        self._command_ids = command_ids
        self._support_url = support_url

    @app_commands.command(description="What I can do here")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def help(self, interaction: discord.Interaction) -> None:
        """Show the page."""
        permissions, daily = None, None
        if interaction.guild is not None and interaction.is_guild_integration():
            permissions = interaction.permissions
            states = await load_states(interaction.guild, self._tools)
            daily = [summary_line(state) for state in states]
        view = help_card(
            [
                root
                for root in self._client.tree.get_commands()
                if not isinstance(root, app_commands.ContextMenu)
            ],
            self._command_ids,
            permissions,
            daily,
            self._support_url,
        )
        await reply(interaction, view, private=True)
