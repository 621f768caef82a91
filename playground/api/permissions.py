"""What the bot itself may do, which its requests are held against."""

from playground.api.errors import missing_access, missing_permissions
from playground.refused import Reason, Refused
from playground.world.model import Channel, Guild
from playground.world.permissions import (
    IN_DIRECT_MESSAGES,
    Permission,
    channel_permissions,
    guild_permissions,
    rank,
)
from playground.world.world import World


def own_permissions(world: World, channel: Channel) -> Permission:
    """Return what the bot may do in a channel; raises ApiError when it cannot even see it."""
    guild = world.guild_of(channel)
    if guild is None:
        return IN_DIRECT_MESSAGES
    own = guild.members.get(world.bot.id)
    if own is None:
        raise missing_access()
    if not guild.available:
        raise Refused(Reason.OUTAGE)
    permissions = channel_permissions(guild, own, channel, world.clock.now())
    if not permissions & Permission.VIEW_CHANNEL:
        raise missing_access()
    return permissions


def own_guild_permissions(world: World, guild: Guild) -> Permission:
    """Return what the bot may do in a server that it is in, before any channel has its say."""
    return guild_permissions(guild, guild.members[world.bot.id])


def own_rank(world: World, guild: Guild) -> int:
    """Return the position of the bot's highest role in a server that it is in."""
    return rank(guild, guild.members[world.bot.id])


def require(held: Permission, needed: Permission) -> None:
    """Raise ApiError unless all that is needed is among what is held."""
    if needed & ~held:
        raise missing_permissions()
