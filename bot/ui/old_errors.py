"""Private error messages, each deleted once something works or another error replaces it."""

from collections import OrderedDict
from contextlib import suppress

import aiohttp
import discord

MOST_KEPT = 1_000
"""How many errors are remembered; older ones stay until dismissed, as after a restart."""

Where = tuple[int, int | None]
"""A person and a channel."""


class OldErrors:
    """The last error that each person was shown in a channel."""

    def __init__(self) -> None:
        self._shown: OrderedDict[Where, discord.Interaction] = OrderedDict()

    async def replace(self, interaction: discord.Interaction) -> None:
        """Remember that this interaction was answered with an error, and delete the one before."""
        before = self._shown.pop(_where(interaction), None)
        self._shown[_where(interaction)] = interaction
        if len(self._shown) > MOST_KEPT:
            self._shown.popitem(last=False)
        await _delete(before)

    async def clear(self, interaction: discord.Interaction) -> None:
        """Delete the error that this person was shown here, as something has worked now."""
        await _delete(self._shown.pop(_where(interaction), None))


def _where(interaction: discord.Interaction) -> Where:
    return interaction.user.id, interaction.channel_id


async def _delete(shown: discord.Interaction | None) -> None:
    """Delete an interaction's answer within Discord's 15 minutes; the person may have dismissed it."""
    if shown is not None and not shown.is_expired():
        with suppress(discord.HTTPException, aiohttp.ClientError, OSError):
            await shown.delete_original_response()
