"""Private errors, each taken away once something works or another one takes its place."""

from collections import OrderedDict
from contextlib import suppress

import aiohttp
import discord

MOST_KEPT = 1_000
"""How many errors are remembered; who has got an older one takes it away by hand, as after a restart."""

Place = tuple[int, int | None]
"""A person and a channel."""


class OldErrors:
    """The last error that each person was told in a channel."""

    def __init__(self) -> None:
        self._told: OrderedDict[Place, discord.Interaction] = OrderedDict()

    async def replace(self, interaction: discord.Interaction) -> None:
        """Remember that this interaction was answered with an error, and take the one before away."""
        before = self._told.pop(_place(interaction), None)
        self._told[_place(interaction)] = interaction
        if len(self._told) > MOST_KEPT:
            self._told.popitem(last=False)
        await _delete(before)

    async def take_away(self, interaction: discord.Interaction) -> None:
        """Take the error away that this person was told here, as something worked now."""
        await _delete(self._told.pop(_place(interaction), None))


def _place(interaction: discord.Interaction) -> Place:
    return interaction.user.id, interaction.channel_id


async def _delete(told: discord.Interaction | None) -> None:
    """Delete an interaction's answer, for which Discord gives 15 minutes; the person may have done it."""
    if told is not None and not told.is_expired():
        with suppress(discord.HTTPException, aiohttp.ClientError, OSError):
            await told.delete_original_response()
