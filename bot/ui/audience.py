"""Where an interaction happens, as far as decks and settings are concerned."""

from dataclasses import dataclass

import discord

from bot.core.content import Origin, Spoiler
from bot.core.refusal import Refusal
from bot.runners.tools import Tools
from bot.storage.catalogue import LoadedPack
from bot.storage.settings import GuildSettings

CHANNELS_WITH_MESSAGES = (
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
)
"""Where rounds and daily facts can be; a forum itself holds only threads."""


@dataclass(frozen=True, slots=True)
class Audience:
    """A server with the bot in it, or a user anywhere else (`guild_id` is 0).

    Elsewhere there are no settings, so there are no spoilers, and the deck is the user's own.
    """

    guild_id: int
    user_id: int
    pack: LoadedPack
    spoilers: Spoiler


def origin_of(wanted: Origin | None, settings: GuildSettings, topic: str | None) -> Origin:
    """Return whose questions to ask: those that somebody wants, else those that the settings name.

    Only the film has topics, so a topic of the server's own questions raises Refusal.
    """
    if topic is None:
        return wanted or settings.source
    if wanted is Origin.OURS:
        raise Refusal("This server's own questions have no topics. Leave the topic out, or the source.")
    return Origin.FILM


def server_of(interaction: discord.Interaction) -> int | None:
    """Return the id of the server that an interaction is in, None in one without the bot as anywhere else."""
    return interaction.guild_id if interaction.is_guild_integration() else None


def audience_of(interaction: discord.Interaction, tools: Tools) -> Audience:
    """Return where the interaction happens. Raises Refusal if no pack is loaded."""
    guild_id = server_of(interaction)
    if guild_id is None:
        return Audience(0, interaction.user.id, tools.catalogue.get(), Spoiler.NONE)
    return Audience(guild_id, 0, tools.film_of(guild_id), tools.settings.get(guild_id).spoilers)
