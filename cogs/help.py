"""`/help`: private pages on what can be done here."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.core.refusal import Refusal
from bot.runners.tools import Tools
from bot.ui.daily_schedules import load_summaries
from bot.ui.help_cards import Group, Helped, group_card, help_card
from bot.ui.reply import replace, reply
from bot.ui.router import route


class Help(commands.Cog):
    """What this person can do here."""

    def __init__(self, tools: Tools, client: commands.AutoShardedBot, support_url: str) -> None:
        self._tools = tools
        self._client = client
        self._support_url = support_url

    @app_commands.command(description="What I can do here")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def help(self, interaction: discord.Interaction) -> None:
        """Show the first page."""
        await reply(interaction, help_card(await self._helped(interaction)), private=True)

    @route("help", 1)
    async def turn(self, interaction: discord.Interaction, group: Group) -> None:
        """Show the page of a group."""
        helped = await self._helped(interaction)
        if not helped.lines(group):
            raise Refusal("There is nothing in that group for you here.")
        await replace(interaction, group_card(helped, group))

    async def _helped(self, interaction: discord.Interaction) -> Helped:
        permissions, daily = None, None
        if interaction.guild is not None and interaction.is_guild_integration():
            permissions = interaction.permissions
            daily = await load_summaries(interaction.guild, self._tools)
        roots = [
            root
            for root in self._client.tree.get_commands()
            if not isinstance(root, app_commands.ContextMenu)
        ]
        return Helped(roots, permissions, daily, self._support_url)
