"""Interactions as the bot receives them."""

from playground.payloads.messages import message_payload
from playground.payloads.objects import (
    channel_payload,
    member_fields,
    member_payload,
    role_payload,
    user_payload,
)
from playground.refused import Json
from playground.schema import limits
from playground.world.model import Channel, Guild, Interaction
from playground.world.permissions import (
    IN_DIRECT_MESSAGES,
    Permission,
    channel_permissions,
    guild_permissions,
)
from playground.world.world import World

IN_GUILD, IN_BOT_DM, IN_PRIVATE = 0, 1, 2
WHERE_BOT_IS_ABSENT = (
    Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.MENTION_EVERYONE
    | Permission.USE_EXTERNAL_EMOJIS
)


def app_permissions(world: World, guild: Guild | None, channel: Channel) -> int:
    """Return what the app may do in the channel that an interaction comes from."""
    if guild is None:
        return int(IN_DIRECT_MESSAGES)
    own = guild.members.get(world.bot.id)
    if own is None:
        return int(WHERE_BOT_IS_ABSENT)
    return int(channel_permissions(guild, own, channel, world.clock.now()))


def interaction_payload(world: World, interaction: Interaction) -> Json:
    """Return the whole INTERACTION_CREATE."""
    channel = world.channel(interaction.channel_id)
    user = world.users[interaction.user_id]
    guild = world.guild_of(channel)
    allowed = app_permissions(world, guild, channel)
    payload: Json = {
        "id": str(interaction.id),
        "application_id": str(world.application_id),
        "type": int(interaction.kind),
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel_id": str(channel.id),
        "channel": channel_payload(world, channel),
        "locale": user.locale,
        "app_permissions": str(allowed),
        "authorizing_integration_owners": interaction.owners,
        "context": IN_BOT_DM if guild is None else IN_GUILD,
        "entitlements": [],
        "attachment_size_limit": limits.FILE_BYTES,
    }
    if interaction.source is not None:
        payload["message"] = message_payload(world, interaction.source)
    if guild is None:
        return payload | {"user": user_payload(user)}
    member = guild.members[interaction.user_id]
    own = channel_permissions(guild, member, channel, world.clock.now())
    payload["channel"]["permissions"] = str(int(own))
    return payload | {
        "guild_id": str(guild.id),
        "guild_locale": guild.locale,
        "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
        "member": member_payload(member, user) | {"permissions": str(int(own))},
    }


def resolved(world: World, guild: Guild | None, kind: str, identifier: int) -> Json:
    """Return one entry of an interaction's `resolved` data, for a user, role or channel that was chosen.

    Raises ValueError with a sentence when there is no such thing here.
    """
    key = str(identifier)
    if kind == "users" and identifier in world.users:
        entry: Json = {"users": {key: user_payload(world.users[identifier])}}
        member = guild.members.get(identifier) if guild is not None else None
        if guild is not None and member is not None:
            permissions = int(guild_permissions(guild, member))
            entry["members"] = {key: member_fields(member) | {"permissions": str(permissions)}}
        return entry
    if kind == "roles" and guild is not None and identifier in guild.roles:
        return {"roles": {key: role_payload(guild.roles[identifier])}}
    if kind == "channels" and guild is not None and identifier in guild.channels:
        channel = guild.channels[identifier]
        body = channel_payload(world, channel)
        body["permissions"] = str(app_permissions(world, guild, channel))
        return {"channels": {key: body}}
    raise ValueError("There is no such thing here.")
