"""What is kept in memory for somebody's next press, until a restart or something newer."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Generic, TypeVar

import discord

from bot.core.refusal import Refusal

T = TypeVar("T")

MOST = 20
GONE = "That was pressed already, or it has expired. If nothing came of it, please use the command again."


class Waiting(Generic[T]):
    """The latest thing of each person in each server."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._kept: OrderedDict[tuple[int, int], tuple[int, T]] = OrderedDict()

    def put(self, interaction: discord.Interaction, item: T) -> int:
        """Keep something for whoever acts in place of what they had, and return its number."""
        number = self._rng.getrandbits(48)
        self._kept.pop(_owner(interaction), None)
        self._kept[_owner(interaction)] = number, item
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return number

    def get(self, interaction: discord.Interaction, number: int) -> T:
        """Return what has this number, if it is kept for whoever acts. Raises Refusal."""
        known, item = self._kept.get(_owner(interaction), (None, None))
        if known != number or item is None:
            raise Refusal(GONE)
        return item

    @contextmanager
    def taken(self, interaction: discord.Interaction, number: int) -> Iterator[T]:
        """Give what has this number to one press alone, and keep it for another if that press fails.

        Raises Refusal as `get` does.
        """
        item = self.get(interaction, number)
        del self._kept[_owner(interaction)]
        try:
            yield item
        except BaseException:
            self._kept.setdefault(_owner(interaction), (number, item))
            raise


def _owner(interaction: discord.Interaction) -> tuple[int, int]:
    return interaction.guild_id or 0, interaction.user.id
