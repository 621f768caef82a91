"""The one error path: whatever fails in a command, a button or a modal becomes one private sentence."""

import logging

import aiohttp
import discord
from discord import app_commands

from bot.core.refusal import Refusal
from bot.metrics import OUTCOME, Outcome
from bot.storage.database import Damaged, StorageFailure
from bot.ui.failures import DISCORD_FAILED
from bot.ui.reply import TakeAway, answering, say_privately
from bot.ui.text import plain

log = logging.getLogger(__name__)

ERROR_TOLD = "error_told"
"""Our event for an error that somebody was told, or for the word that it takes long; with what deletes it."""
UNEXPECTED = "Something went wrong on my side. Please try again in a moment."
BUSY = "I could not get at my notes just now, so nothing has changed. Please try again in a moment."
SLOW = (
    "That takes longer than it should. If it still works, I say so here; if I do not, please try again in a "
    "moment."
)
DAMAGED = "I cannot read that in my notes any more. Whoever runs me can find the reason in my log."
LOST = "My answer was lost on its way to Discord. Please try again in a moment."
TROUBLE = "Discord has trouble just now. Please try again in a moment."
MESSAGE_GONE = "The message that my answer belongs to has been deleted. Please use the command again."
NOT_OFFERED = "I cannot take that value. Pick one of those that Discord offers there."
TOO_LATE = "An interaction could not be answered before the end: %r"
UNKNOWN_MESSAGE = 10008
"""Discord's code where somebody deleted a message between a press and its answer."""
DEAD_INTERACTION = (10003, 10062, 40060, 50027)
"""Discord's codes for an interaction whose channel is gone, or that is over three seconds old, answered
already, or expired."""


class TriviaTree(app_commands.CommandTree[discord.Client]):
    """The command tree, with the common error path."""

    async def interaction_check(self, interaction: discord.Interaction) -> bool:
        """Return whether each option has a value that Discord offers, and refuse what was forged.

        discord.py leaves that to Discord, so a wrong value would fail later and end up in the log.
        """
        if interaction.type is discord.InteractionType.autocomplete or _has_offered_values(interaction):
            return True
        await answer_error(interaction, Refusal(NOT_OFFERED))
        return False

    async def on_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        """Answer what a slash command or a completion raised."""
        await answer_error(interaction, error)


def _has_offered_values(interaction: discord.Interaction) -> bool:
    # discord.py reads the values once more later, so only where there are any.
    if not (interaction.data and interaction.data.get("options")):
        return True
    command = interaction.command
    if not isinstance(command, app_commands.Command):
        return True
    given = dict(iter(interaction.namespace))
    return all(_is_offered(one, given[one.name]) for one in command.parameters if one.name in given)


def _is_offered(parameter: app_commands.Parameter, value: object) -> bool:
    if parameter.choices:
        return value in [choice.value for choice in parameter.choices]
    if isinstance(value, int) and parameter.type is discord.AppCommandOptionType.integer:
        least, most = parameter.min_value, parameter.max_value
        return (least is None or least <= value) and (most is None or value <= most)
    return True


async def answer_error(interaction: discord.Interaction, error: Exception) -> None:
    """Tell the person who acted, privately, what to do; log what nobody expected."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    is_refusal = isinstance(cause, Refusal | app_commands.AppCommandError)
    # Unless the word that it takes long came before.
    interaction.extras.setdefault(OUTCOME, Outcome.REFUSED if is_refusal else Outcome.FAILED)
    if isinstance(cause, discord.HTTPException) and cause.code in DEAD_INTERACTION:
        log.info("An interaction was answered too late: %s", cause)
        return
    if interaction.client.is_closed():
        log.warning(TOO_LATE, cause)
        return
    is_press = interaction.type is not discord.InteractionType.application_command
    said = _sentence(cause, is_press=is_press)
    try:
        if interaction.type is discord.InteractionType.autocomplete:
            await interaction.response.autocomplete([])
        else:
            take_away = await say_privately(interaction, said)
            interaction.client.dispatch(ERROR_TOLD, interaction, take_away)
    except DISCORD_FAILED as failure:
        log.warning("Nobody could be told of an error: %s", failure)
    except RuntimeError:
        # aiohttp raises it if the bot was closed while discord.py waited to try again.
        if not interaction.client.is_closed():
            raise
        log.warning(TOO_LATE, cause)


async def answer_slow(interaction: discord.Interaction) -> None:
    """Tell the person who acted that it takes long, before Discord gives up; what comes of it follows."""
    try:
        async with answering(interaction):
            if not interaction.response.is_done():
                interaction.extras[OUTCOME] = Outcome.SLOW
                take_away = await _say_slow(interaction)
                # While the handler's answer still waits: once that is sent, this word is to go.
                interaction.client.dispatch(ERROR_TOLD, interaction, take_away)
    except DISCORD_FAILED as failure:
        log.info("Nobody could be told of a slow answer: %s", failure)
    except RuntimeError:
        # As in `answer_error`; the handler's own answer logs it.
        if not interaction.client.is_closed():
            raise


async def _say_slow(interaction: discord.Interaction) -> TakeAway:
    """Say it privately; return what deletes that again."""
    if interaction.message is None:
        await interaction.response.send_message(SLOW, ephemeral=True)
        return interaction.delete_original_response
    # The message of a component stays the one that the handler can replace.
    await interaction.response.defer()
    said = await interaction.followup.send(SLOW, ephemeral=True, wait=True)
    return said.delete


def _sentence(error: Exception, *, is_press: bool) -> str:  # noqa: C901, PLR0911 (one line per kind of failure)
    match error:
        case Refusal(pressed=pressed):
            return pressed if is_press else str(error)
        case app_commands.NoPrivateMessage():
            return "That works in a server only."
        case app_commands.MissingPermissions(missing_permissions=missing):
            wanted = ", ".join(name.replace("_", " ").title() for name in missing)
            return f"For that you need the permission {wanted} here."
        case app_commands.TransformerError(value=value):
            return (
                f"I cannot read “{plain(str(value)[:50])}” there. Pick one of those that come up as you type."
            )
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return "That command has just changed. Reload Discord, then try it again."
        case aiohttp.ClientError() | ConnectionError() | TimeoutError():
            log.warning("An answer did not reach Discord: %r", error)
            return LOST
        case discord.DiscordServerError():
            log.warning("Discord failed, and somebody was told to try again: %s", error)
            return TROUBLE
        case discord.NotFound(code=code) if code == UNKNOWN_MESSAGE:
            return MESSAGE_GONE
        case Damaged():
            log.error("The database is damaged (%s). Stop me and restore a backup.", error)
            return DAMAGED
        case StorageFailure():
            log.warning("The database failed, and somebody was told to try again: %s", error)
            return BUSY
        case app_commands.CheckFailure():
            return "You cannot use that here."
        case _:
            log.error("Unexpected failure", exc_info=error)
            return UNEXPECTED
