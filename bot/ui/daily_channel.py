"""The channel option of `/daily set`."""

from typing import Any

import discord
from discord import app_commands

from bot.core.refusal import Refusal
from bot.storage.daily import NOT_OF_THIS_SERVER
from bot.ui.audience import CHANNELS_WITH_MESSAGES
from bot.ui.daily_access import Channel

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


async def find_channel(guild: discord.Guild, chosen: Chosen) -> Channel:
    """Return the chosen channel in full. Raises Refusal if it is the wrong kind, or another server's."""
    if chosen.type not in CHANNELS_WITH_MESSAGES:
        raise Refusal(
            "Daily facts need a text, announcement or voice channel, or a thread; in a forum choose a post."
        )
    found: object = guild.get_channel_or_thread(chosen.id)
    if found is None:
        # Discord does not tell us about archived and private threads.
        try:
            found = await chosen.fetch()
        except (discord.Forbidden, discord.NotFound):
            raise Refusal(f"I need the permission View Channel in <#{chosen.id}>.") from None
    if isinstance(found, Channel) and found.guild.id != guild.id:
        raise Refusal(NOT_OF_THIS_SERVER)
    if not isinstance(found, Channel):
        raise Refusal(f"I need the permission View Channel in <#{chosen.id}>.")
    return found
