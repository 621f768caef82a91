"""Answers to interactions, in which commands can be clicked.

Discord takes one first answer; the others are follow-ups. The handler's may come just when the person is told
that it takes long, so one waits for the other.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import discord
from discord import ui

from bot.core.refusal import Refusal
from bot.ui.command_names import clickable, make_clickable

ANSWERING = "answering"
REMINDER = "reminder"
TOO_LATE_FOR_A_FORM = "That took too long for the form to open. Please try once more."

TakeAway = Callable[[], Awaitable[None]]
"""Deletes what somebody was told."""


async def reply(
    interaction: discord.Interaction,
    view: ui.LayoutView,
    *,
    private: bool = False,
    files: Sequence[discord.File] = (),
) -> None:
    """Answer with a card, which is a follow-up if there is an answer already."""
    make_clickable(view, interaction.client)
    async with answering(interaction):
        if interaction.response.is_done():
            await interaction.followup.send(view=view, ephemeral=private, files=files)
        else:
            await interaction.response.send_message(view=view, ephemeral=private, files=files)


async def replace(
    interaction: discord.Interaction, view: ui.LayoutView, *, files: Sequence[discord.File] = ()
) -> None:
    """Replace the message of a component, or a deferred answer, with a card and its files."""
    make_clickable(view, interaction.client)
    async with answering(interaction):
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


async def say_privately(interaction: discord.Interaction, text: str) -> TakeAway:
    """Answer with a sentence that only the person who acted sees; it needs no card.

    Returns what deletes it.
    """
    said = clickable(text, interaction.client)
    async with answering(interaction):
        if interaction.response.is_done():
            sent = await interaction.followup.send(said, ephemeral=True, suppress_embeds=True, wait=True)
            return sent.delete
        await interaction.response.send_message(said, ephemeral=True, suppress_embeds=True)
        return interaction.delete_original_response


async def show_form(interaction: discord.Interaction, form: ui.Modal) -> None:
    """Answer with a form, which Discord takes as a first answer only. Raises Refusal if there is one."""
    async with answering(interaction):
        if interaction.response.is_done():
            raise Refusal(TOO_LATE_FOR_A_FORM)
        await interaction.response.send_modal(form)


async def acknowledge(interaction: discord.Interaction) -> None:
    """Leave a component's message as it is, for now or for good."""
    async with answering(interaction):
        if not interaction.response.is_done():
            await interaction.response.defer()


def remind(interaction: discord.Interaction, seconds: float, then: Callable[[], object]) -> None:
    """Call `then` unless an answer to the interaction is being sent by now, or within so many seconds."""
    if ANSWERING not in interaction.extras:
        interaction.extras[REMINDER] = asyncio.get_running_loop().call_later(seconds, then)


def answering(interaction: discord.Interaction) -> asyncio.Lock:
    """Return what is held while an answer is sent, so that the next knows whether it is a follow-up."""
    reminder: asyncio.TimerHandle | None = interaction.extras.pop(REMINDER, None)
    if reminder is not None:
        # It would also keep what has been answered in memory until its time.
        reminder.cancel()
    lock: asyncio.Lock = interaction.extras.setdefault(ANSWERING, asyncio.Lock())
    return lock
