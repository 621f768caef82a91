"""Answers to interactions, in which commands can be clicked."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.ui.command_names import clickable, make_clickable


async def reply(
    interaction: discord.Interaction,
    view: ui.LayoutView,
    *,
    private: bool = False,
    files: Sequence[discord.File] = (),
) -> None:
    """Answer with a card, which is a follow-up if there is an answer already."""
    make_clickable(view, interaction.client)
    if interaction.response.is_done():
        await interaction.followup.send(view=view, ephemeral=private, files=files)
    else:
        await interaction.response.send_message(view=view, ephemeral=private, files=files)


async def replace(
    interaction: discord.Interaction, view: ui.LayoutView, *, files: Sequence[discord.File] = ()
) -> None:
    """Replace the message of a component, or a deferred answer, with a card and its files."""
    make_clickable(view, interaction.client)
    if interaction.response.is_done():
        await interaction.edit_original_response(view=view, attachments=files)
    else:
        await interaction.response.edit_message(view=view, attachments=files)


async def turn(
    interaction: discord.Interaction,
    view: ui.LayoutView,
    *,
    private: bool = False,
    files: Sequence[discord.File] = (),
) -> None:
    """Put a card in the place of one that is an answer to whoever acts, and answer others privately.

    A `private` card never takes the place of one that others see.
    """
    message = interaction.message
    answered = message.interaction_metadata if message else None
    is_theirs = answered is not None and answered.user.id == interaction.user.id
    if is_theirs and message and (message.flags.ephemeral or not private):
        await replace(interaction, view, files=files)
    else:
        await reply(interaction, view, private=True, files=files)


async def say_privately(interaction: discord.Interaction, text: str) -> None:
    """Answer with a sentence that only the person who acted sees; it needs no card."""
    said = clickable(text, interaction.client)
    if interaction.response.is_done():
        await interaction.followup.send(said, ephemeral=True, suppress_embeds=True)
    else:
        await interaction.response.send_message(said, ephemeral=True, suppress_embeds=True)
