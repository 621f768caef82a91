"""`/privacy`: what is stored about you, as a file or gone; and servers that have left."""

import asyncio
import io
import zipfile

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.core.refusal import Refusal
from bot.runners.guild_purger import GuildPurger
from bot.runners.round_runner import RoundRunner
from bot.runners.tools import Tools
from bot.storage.privacy import delete_user, export_user
from bot.ui.confirmation import confirmation
from bot.ui.parts import DANGER, button, card
from bot.ui.reply import acknowledge, replace, reply
from bot.ui.router import control_id, route
from bot.ui.text import count

FILE_NAME = "my-data.json"
EXPORTED = "This is everything that I have stored about you. Only you can see it."
DELETE = (
    "### Delete your data?\n"
    "Your answers, your points on every server's board, what you were shown privately and what you reported "
    "are deleted for good. Rounds that you started stay without your name. "
    "If moderators have blocked you, only that stays, until they lift it."
)
NOTHING_STORED = "Nothing is stored about you any more."
LARGEST_PLAIN = 8 * 1024 * 1024
"""Bytes that fit into any message; a larger file is packed first."""


@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
@app_commands.allowed_installs(guilds=True, users=True)
class Privacy(commands.GroupCog, group_name="privacy", group_description="What I have stored about you"):
    """A person's own data, and the deletion of servers' data after the bot has left."""

    def __init__(
        self, tools: Tools, client: discord.Client, rounds: RoundRunner, purger: GuildPurger
    ) -> None:
        self._tools = tools
        self._rounds = rounds
        self._client = client
        self._purger = purger

    @app_commands.command(description="Everything that I have stored about you, as a file")
    async def export(self, interaction: discord.Interaction) -> None:
        """Send a person their data, privately."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        user_id, now = interaction.user.id, self._tools.time.now()
        content = await self._tools.database.read(export_user, user_id, now)
        name = FILE_NAME
        if len(content) > LARGEST_PLAIN:
            content, name = await asyncio.to_thread(_packed, content), f"{FILE_NAME}.zip"
        file = discord.File(io.BytesIO(content), name)
        await reply(interaction, card(EXPORTED, ui.File(f"attachment://{name}")), private=True, files=[file])

    @app_commands.command(description="Delete everything that I have stored about you")
    async def delete(self, interaction: discord.Interaction) -> None:
        """Ask once, then delete."""
        confirm = button("Delete my data", control_id("privacy", 1, interaction.user.id), DANGER)
        await reply(interaction, confirmation(DELETE, confirm, "Keep it"), private=True)

    @route("privacy", 1)
    async def delete_data(self, interaction: discord.Interaction, owner_id: int) -> None:
        """Delete a person's data, as they chose."""
        if owner_id != interaction.user.id:
            raise Refusal("That is somebody else's choice. Yours is behind `/privacy delete`.")
        user_id, rows, more = interaction.user.id, 0, True
        while more:
            part, more = await self._tools.database.write(delete_user, user_id)
            rows += part
            if more:
                # Years of answers may take longer than Discord waits.
                await acknowledge(interaction)
        self._rounds.forget(user_id)
        await self._tools.database.forget_deleted()
        done = f"Done: {count(rows, 'record')} about you deleted." if rows else NOTHING_STORED
        await replace(interaction, card(done))

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Compare the servers with those whose data is stored, now that all of them are known."""
        await self._purger.compare({guild.id for guild in self._client.guilds})

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Note the removal, which an outage is not."""
        await self._purger.removed(guild.id)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Note the return."""
        await self._purger.returned(guild.id)


def _packed(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(FILE_NAME, content)
    return packed.getvalue()
