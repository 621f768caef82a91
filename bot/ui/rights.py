"""Who may change a server's settings, judged by the interaction alone."""

import discord
from discord import app_commands


def check_may_manage(interaction: discord.Interaction) -> int:
    """Return the server's id. Raises CheckFailure unless this member may manage the server."""
    if interaction.guild_id is None or not interaction.is_guild_integration():
        raise app_commands.NoPrivateMessage
    if not interaction.permissions.manage_guild:
        # Discord's own name of the permission is the one that people see.
        raise app_commands.MissingPermissions(["manage_server"])
    return interaction.guild_id
