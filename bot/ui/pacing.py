"""The pace at which people may use commands and buttons."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil

import discord

from bot.core.pace import Pace
from bot.core.refusal import Refusal
from bot.ui.text import count


@contextmanager
def paced(
    pace: Pace, interaction: discord.Interaction, please: str = "Not so fast, please. You can look again"
) -> Iterator[None]:
    """Do something at this user's pace; what ends in a Refusal does not count.

    Raises Refusal if it is too soon: `please` begins the sentence that says how long to wait.
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
