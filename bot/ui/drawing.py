"""Pictures beside a text that does not wait for them: in good time, or not at all."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from io import BytesIO

import discord

from bot.ui.names import Names
from bot.ui.pictures import Board, Picture, PlayerCard, render

log = logging.getLogger(__name__)

NAMES_PATIENCE_S = 1.2
PATIENCE_S = 2.0
"""A command has to be answered within three seconds, whatever becomes of its picture."""
FILE = "picture.png"
ADDRESS = f"attachment://{FILE}"


async def draw(
    interaction: discord.Interaction,
    names: Names,
    user_ids: Sequence[int],
    data: Callable[[list[str | None]], Board | PlayerCard],
) -> list[discord.File]:
    """Return the picture of what `data` makes of these members' names as the one file of a message.

    Returns an empty list where files may not be attached, or if there was no time for it.
    """
    if not interaction.app_permissions.attach_files:
        return []
    try:
        async with asyncio.timeout(PATIENCE_S):
            called = await names.of(interaction.guild_id or 0, user_ids, patience_s=NAMES_PATIENCE_S)
            picture: Picture = await asyncio.to_thread(render, data(called))
    except TimeoutError:
        log.info("A picture took too long, so its message went without")
        return []
    except Exception:  # (the message says the same in words)
        log.exception("A picture was not drawn")
        return []
    return [discord.File(BytesIO(picture.png), FILE, description=picture.alt)]
