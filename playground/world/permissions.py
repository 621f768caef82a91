"""What a member may do in a channel, computed as Discord's documentation does (Topics / Permissions)."""

from datetime import datetime
from enum import IntFlag

from playground.world.model import Channel, ChannelKind, Guild, Member


class Permission(IntFlag):
    """The permissions that a bot can meet here, with Discord's bits."""

    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CONNECT = 1 << 20
    SPEAK = 1 << 21
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    MANAGE_GUILD_EXPRESSIONS = 1 << 30
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40
    CREATE_GUILD_EXPRESSIONS = 1 << 43
    USE_EXTERNAL_APPS = 1 << 50
    PIN_MESSAGES = 1 << 51


NONE = Permission(0)
ALL = Permission(sum(Permission))
WHEN_TIMED_OUT = Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY
IN_DIRECT_MESSAGES = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.MENTION_EVERYONE
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.ADD_REACTIONS
)


def permission_named(name: str) -> Permission:
    """Return the permission of a name such as `send_messages`; raises KeyError for one that is not known."""
    return Permission[name.upper()]


def guild_permissions(guild: Guild, member: Member) -> Permission:
    """Return what the member's roles allow, before any channel has its say."""
    if member.user_id == guild.owner_id:
        return ALL
    bits = guild.roles[guild.id].permissions
    for role_id in member.roles:
        bits |= guild.roles[role_id].permissions
    return ALL if bits & Permission.ADMINISTRATOR else Permission(bits & ALL)


def channel_permissions(guild: Guild, member: Member, channel: Channel, now: datetime) -> Permission:
    """Return what the member may do in the channel.

    A thread has its parent's rules, but for sending, which has a permission of its own there.
    """
    bits = guild_permissions(guild, member)
    if bits == ALL:
        return bits
    place = guild.channels[channel.parent_id] if channel.thread and channel.parent_id else channel
    bits = _with_overwrites(bits, guild, member, place)
    if member.is_timed_out(now):
        bits &= WHEN_TIMED_OUT
    if not bits & Permission.VIEW_CHANNEL:
        return NONE
    may_send = Permission.SEND_MESSAGES_IN_THREADS if channel.thread else Permission.SEND_MESSAGES
    if not bits & may_send:
        bits &= ~(Permission.EMBED_LINKS | Permission.ATTACH_FILES | Permission.MENTION_EVERYONE)
    if channel.kind is ChannelKind.PRIVATE_THREAD and channel.thread is not None:
        inside = member.user_id in channel.thread.member_ids or bits & Permission.MANAGE_THREADS
        return bits if inside else NONE
    return bits


def _with_overwrites(bits: Permission, guild: Guild, member: Member, place: Channel) -> Permission:
    everyone = place.overwrites.get(guild.id)
    if everyone is not None:
        bits = Permission(bits & ~everyone.deny | everyone.allow)
    of_roles = [place.overwrites[role] for role in member.roles if role in place.overwrites]
    deny = allow = 0
    for overwrite in of_roles:
        deny |= overwrite.deny
        allow |= overwrite.allow
    bits = Permission(bits & ~deny | allow)
    own = place.overwrites.get(member.user_id)
    if own is not None:
        bits = Permission(bits & ~own.deny | own.allow)
    return bits


def may_send(permissions: Permission, channel: Channel) -> bool:
    """Whether these permissions let somebody write in this channel or thread."""
    needed = Permission.SEND_MESSAGES_IN_THREADS if channel.thread else Permission.SEND_MESSAGES
    return bool(permissions & needed)


def rank(guild: Guild, member: Member) -> int:
    """Return the position of a member's highest role; nothing is above the owner."""
    if member.user_id == guild.owner_id:
        return max(role.position for role in guild.roles.values()) + 1
    return max((guild.roles[role_id].position for role_id in member.roles), default=0)
