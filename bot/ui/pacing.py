"""A pace as those meet it who use a command or a button."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil

import discord

from bot.core.pace import Pace
from bot.core.refusal import Refusal
from bot.ui.text import count


@contextmanager
def paced(pace: Pace, interaction: discord.Interaction, please: str) -> Iterator[None]:
    """Count what is done within as one time of this user's; what ends in a Refusal does not count.

    Raises Refusal if it is not their turn yet: the sentence that `please` begins, with the seconds to wait.
    """
    user_id, moment = interaction.user.id, interaction.created_at.timestamp()
    wait = pace.wait(user_id, moment)
    if wait:
        raise Refusal(f"{please} in {count(ceil(wait), 'second')}.")
    try:
        yield
    except Refusal:
        pace.give_back(user_id, moment)
        raise
