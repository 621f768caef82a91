"""Private error messages, each deleted once something works or another error replaces it."""

from collections import OrderedDict
from contextlib import suppress

import discord

from bot.ui.failures import DISCORD_FAILED
from bot.ui.reply import TakeAway

MOST_KEPT = 1_000
"""How many errors are remembered; older ones stay until dismissed, as after a restart."""

Where = tuple[int, int | None]
"""A person and a channel."""
Told = tuple[discord.Interaction, TakeAway]
"""An interaction, and what deletes the error that somebody was told in it."""


class OldErrors:
    """The last error that each person was shown in a channel."""

    def __init__(self) -> None:
        self._shown: OrderedDict[Where, Told] = OrderedDict()

    async def replace(self, interaction: discord.Interaction, take_away: TakeAway) -> None:
        """Remember what deletes the error that was told in this interaction, and delete the one before."""
        before = self._shown.pop(_where(interaction), None)
        self._shown[_where(interaction)] = interaction, take_away
        if len(self._shown) > MOST_KEPT:
            self._shown.popitem(last=False)
        await _delete(before)

    async def clear(self, interaction: discord.Interaction) -> None:
        """Delete the error that this person was shown here, as something has worked now."""
        await _delete(self._shown.pop(_where(interaction), None))


def _where(interaction: discord.Interaction) -> Where:
    return interaction.user.id, interaction.channel_id


async def _delete(told: Told | None) -> None:
    """Delete an error within Discord's 15 minutes; the person may have dismissed it."""
    if told is None:
        return
    interaction, take_away = told
    if not interaction.is_expired():
        with suppress(*DISCORD_FAILED):
            await take_away()
