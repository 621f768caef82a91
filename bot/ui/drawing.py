"""Pictures that come in good time or not at all, as the text beside them does not wait."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

import discord
from discord import ui

from bot.ui.names import Names
from bot.ui.pictures import Picturable, Picture, render

log = logging.getLogger(__name__)

NAMES_SHARE = 0.6
"""How much of the time for a picture may be spent on its names."""
FILE = "picture.png"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture ready to be sent: the file, and the part of a card that shows it."""

    picture: Picture

    def file(self) -> discord.File:
        """Return the file to attach, with its alt text."""
        return discord.File(BytesIO(self.picture.png), FILE, description=self.picture.alt)

    def gallery(self) -> ui.MediaGallery[ui.LayoutView]:
        """Return what shows the attached file in a card."""
        return ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{FILE}", description=self.picture.alt))


async def draw(
    names: Names,
    guild_id: int,
    user_ids: Sequence[int],
    data: Callable[[list[str | None]], Picturable],
    patience_s: float,
) -> Drawn | None:
    """Return the picture of what `data` makes of these members' names, or None if that takes too long.

    The patience is with Discord and a thread, so it goes by the event loop's clock, not by the injected Time.
    """
    try:
        async with asyncio.timeout(patience_s):
            called = await names.of(guild_id, user_ids, patience_s * NAMES_SHARE)
            return Drawn(await asyncio.to_thread(render, data(called)))
    except TimeoutError:
        log.info("A picture took too long, so its message went out without it")
        return None
    except Exception:  # (the message says the same in words)
        log.exception("A picture was not drawn")
        return None
