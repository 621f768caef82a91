"""Pictures beside a text that does not wait for them: in good time, or not at all."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

import discord
from discord import ui

from bot.ui.names import Names
from bot.ui.pictures import Board, Picture, PlayerCard, render

log = logging.getLogger(__name__)

NAMES_PATIENCE_S = 1.2
PATIENCE_S = 2.0
"""A command has to be answered within three seconds, whatever becomes of its picture.

They are three real ones, at Discord: so this goes by the event loop's clock, not by the injected Time.
"""
FILE = "picture.png"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture that is ready to be sent: the file, and the part of a card that shows it."""

    picture: Picture

    def file(self) -> discord.File:
        """Return the file to attach, with its alt text."""
        return discord.File(BytesIO(self.picture.png), FILE, description=self.picture.alt)

    def gallery(self) -> ui.MediaGallery[ui.LayoutView]:
        """Return what shows the attached file in a card."""
        return ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{FILE}", description=self.picture.alt))


async def draw(
    interaction: discord.Interaction,
    names: Names,
    user_ids: Sequence[int],
    data: Callable[[list[str | None]], Board | PlayerCard],
) -> Drawn | None:
    """Return the picture of what `data` makes of these members' names.

    Returns None where files may not be attached, or if there was no time for it.
    """
    if not interaction.app_permissions.attach_files:
        return None
    try:
        async with asyncio.timeout(PATIENCE_S):
            called = await names.of(interaction.guild_id or 0, user_ids, patience_s=NAMES_PATIENCE_S)
            return Drawn(await asyncio.to_thread(render, data(called)))
    except TimeoutError:
        log.info("A picture took too long, so its message went without")
        return None
    except Exception:  # (the message says the same in words)
        log.exception("A picture was not drawn")
        return None
