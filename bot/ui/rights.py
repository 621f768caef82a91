"""Who may do what, judged by the interaction alone."""

import discord
from discord import app_commands

from bot.core.refusal import Refusal
from bot.core.rounds import RoundPlan
from bot.ui.audience import CHANNELS_WITH_MESSAGES, server_of


def guild_of(interaction: discord.Interaction) -> discord.Guild:
    """Return the server. Raises NoPrivateMessage where there is none, or the bot is not in it."""
    if interaction.guild is None:
        raise app_commands.NoPrivateMessage
    return interaction.guild


def check_may_manage(interaction: discord.Interaction) -> int:
    """Return the server's id. Raises CheckFailure unless this member may manage the server."""
    guild_id = server_of(interaction)
    if guild_id is None:
        raise app_commands.NoPrivateMessage
    if not interaction.permissions.manage_guild:
        # Discord's own name of the permission is the one that people see.
        raise app_commands.MissingPermissions(["manage_server"])
    return guild_id


def check_may_play(interaction: discord.Interaction) -> None:
    """Raise Refusal for bots, for members who are timed out, and for those who may not write here."""
    user = interaction.user
    if user.bot:
        raise Refusal("Bots do not play.")
    until = user.timed_out_until if isinstance(user, discord.Member) else None
    if until and until > interaction.created_at:
        raise Refusal("You are timed out in this server, so you cannot play just now.")
    if not may_write(interaction.permissions, interaction.channel):
        raise Refusal("You may not write in this channel, so you cannot play here.")


def check_may_start(interaction: discord.Interaction) -> None:
    """Raise Refusal unless this member can start a round here; it names what the bot is missing."""
    if server_of(interaction) is None:
        raise Refusal("A round needs a server that I am a member of. Somebody who manages it can add me.")
    check_may_play(interaction)
    if interaction.channel is None or interaction.channel.type not in CHANNELS_WITH_MESSAGES:
        raise Refusal("A round can be held in a text, voice or announcement channel, or in a thread.")
    mine = interaction.app_permissions
    missing = [] if mine.view_channel else ["View Channel"]
    if not may_write(mine, interaction.channel):
        missing.append("Send Messages in Threads" if _is_thread(interaction.channel) else "Send Messages")
    if missing:
        raise Refusal(f"I cannot hold a round here: I need the permission {' and '.join(missing)}.")


def check_may_share(interaction: discord.Interaction) -> None:
    """Raise Refusal unless the person and the bot may both write in this channel."""
    if interaction.guild_id is None:
        return
    if not may_write(interaction.permissions, interaction.channel):
        raise Refusal("You may not write in this channel. Use `/challenge` in another one to share it there.")
    if not may_write(interaction.app_permissions, interaction.channel):
        raise Refusal("I may not write in this channel. Use `/challenge` in another one to share it there.")


def check_may_control(interaction: discord.Interaction, plan: RoundPlan) -> None:
    """Raise Refusal unless this is the round's host, or somebody who may manage messages."""
    if interaction.user.id != plan.host_user_id and not interaction.permissions.manage_messages:
        raise Refusal("That is for the host of this round, or for whoever may manage messages here.")


def may_write(permissions: discord.Permissions, channel: object) -> bool:
    """Return whether these permissions are enough to write in a channel; in a thread another one counts."""
    return permissions.send_messages_in_threads if _is_thread(channel) else permissions.send_messages


def _is_thread(channel: object) -> bool:
    return isinstance(channel, discord.Thread)
