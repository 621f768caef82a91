"""What waits in memory for somebody's next press; a restart forgets it, and so does what comes after it."""

from collections import OrderedDict
from random import Random
from typing import Generic, TypeVar

import discord

from bot.core.refusal import Refusal

T = TypeVar("T")

MOST = 20
GONE = "That has expired. Please use the command again."


class Waiting(Generic[T]):
    """One thing for each person in each server, the newest of them."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._kept: OrderedDict[tuple[int, int], tuple[int, T]] = OrderedDict()

    def put(self, interaction: discord.Interaction, item: T) -> int:
        """Keep what is for whoever acts, in the place of what they had, and return its number."""
        number = self._rng.getrandbits(48)
        self._kept.pop(_owner(interaction), None)
        self._kept[_owner(interaction)] = number, item
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return number

    def get(self, interaction: discord.Interaction, number: int) -> T:
        """Return what has this number and is for whoever acts. Raises Refusal."""
        known, item = self._kept.get(_owner(interaction), (None, None))
        if known != number or item is None:
            raise Refusal(GONE)
        return item

    def drop(self, interaction: discord.Interaction) -> None:
        """Forget what is for whoever acts."""
        self._kept.pop(_owner(interaction), None)


def _owner(interaction: discord.Interaction) -> tuple[int, int]:
    return interaction.guild_id or 0, interaction.user.id
