"""The card that asks before something is done for good."""

import discord
from discord import ui

from bot.ui.colours import VIOLET
from bot.ui.parts import Button, box, button, card, row
from bot.ui.reply import replace
from bot.ui.router import control_id, route

NOTHING_CHANGED = "Nothing was changed."


def confirmation(text: str, yes: Button, no: str, no_id: str | None = None) -> ui.LayoutView:
    """Return a card that asks whether to go on; a press of the button labelled `no` changes nothing.

    That button has the custom_id `no_id`, if there is something to forget.
    """
    return card(box(VIOLET, text), row(yes, button(no, no_id or control_id("keep", 1))))


class Confirmations:
    """Answers the "no" of every confirmation."""

    @route("keep", 1)
    async def keep(self, interaction: discord.Interaction) -> None:
        """Put a sentence in the place of the question."""
        await replace(interaction, card(NOTHING_CHANGED))
