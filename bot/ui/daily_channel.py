"""The channels of daily facts: the option of `/daily set`, and how one is found."""

from typing import Any

import discord
from discord import app_commands

from bot.core.refusal import Refusal
from bot.storage.daily import NOT_OF_THIS_SERVER, PauseReason
from bot.ui.audience import CHANNELS_WITH_MESSAGES
from bot.ui.daily_access import Channel, Obstacle

Chosen = app_commands.AppCommandChannel | app_commands.AppCommandThread


class ChannelOption(app_commands.Transformer):
    """Offers every channel with messages; the command says what is wrong with any other."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """It is a channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """The kinds that Discord offers."""
        return list(CHANNELS_WITH_MESSAGES)

    async def transform(self, interaction: discord.Interaction[Any], value: Any, /) -> Chosen:  # noqa: ANN401, ARG002
        """Return the channel as Discord described it."""
        assert isinstance(value, app_commands.AppCommandChannel | app_commands.AppCommandThread)  # noqa: S101
        return value


async def find_channel(guild: discord.Guild, channel_id: int) -> Channel | Obstacle:
    """Return a channel of a server, or why it cannot be had."""
    known = guild.get_channel_or_thread(channel_id)
    if known is not None:
        return known
    # Discord does not tell us about archived and private threads.
    try:
        return await guild.fetch_channel(channel_id)
    except (discord.NotFound, discord.InvalidData):
        # discord.py raises the latter for a kind that it does not know, and for another server's channel.
        return Obstacle(PauseReason.CHANNEL_GONE, channel_id)
    except discord.Forbidden:
        return Obstacle(PauseReason.CANNOT_VIEW, channel_id)


async def find_chosen(guild: discord.Guild, chosen: Chosen) -> Channel:
    """Return the chosen channel in full. Raises Refusal if it is the wrong kind, or another server's."""
    if chosen.type not in CHANNELS_WITH_MESSAGES:
        raise Refusal(
            "Daily facts need a text, announcement or voice channel, or a thread; in a forum choose a post."
        )
    found = await find_channel(guild, chosen.id)
    if isinstance(found, Obstacle):
        raise Refusal(NOT_OF_THIS_SERVER if found.reason is PauseReason.CHANNEL_GONE else found.sentence)
    return found
