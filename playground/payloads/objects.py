"""The world in the words of Discord's API, as REST answers and gateway events carry it."""

from datetime import datetime

from playground.refused import Json
from playground.world.model import (
    Channel,
    ChannelKind,
    Emoji,
    Guild,
    Member,
    Role,
    ThreadState,
    User,
    Webhook,
)
from playground.world.permissions import Permission, channel_permissions
from playground.world.snowflakes import moment_of
from playground.world.world import World

PRESENCES_LIMITED, MEMBERS_LIMITED, CONTENT_LIMITED = 1 << 13, 1 << 15, 1 << 19
EMPTY_GUILD_FIELDS = (
    "icon",
    "description",
    "home_header",
    "splash",
    "discovery_splash",
    "banner",
    "application_id",
    "afk_channel_id",
    "system_channel_id",
    "widget_channel_id",
    "vanity_url_code",
    "rules_channel_id",
    "safety_alerts_channel_id",
    "public_updates_channel_id",
    "max_presences",
    "incidents_data",
)


def iso(moment: datetime | None) -> str | None:
    """Return a moment as Discord writes it."""
    return None if moment is None else moment.isoformat(timespec="microseconds")


def avatar_hash(user: User) -> str:
    """Return the name of a user's picture on the CDN."""
    return f"{user.id & (1 << 128) - 1:032x}"


def user_payload(user: User) -> Json:
    """Return a user object."""
    return {
        "id": str(user.id),
        "username": user.username,
        "discriminator": "0" if not user.bot else "0001",
        "global_name": user.display_name,
        "avatar": avatar_hash(user),
        "avatar_decoration_data": None,
        "banner": None,
        "accent_color": None,
        "public_flags": 0,
        "flags": 0,
        "bot": user.bot,
        "system": False,
        "collectibles": None,
        "primary_guild": None,
    }


def own_user_payload(user: User) -> Json:
    """Return the bot's own user object."""
    return user_payload(user) | {
        "mfa_enabled": False,
        "locale": user.locale,
        "verified": True,
        "email": None,
        "premium_type": 0,
    }


def member_payload(member: Member, user: User) -> Json:
    """Return a member object with its user."""
    return {"user": user_payload(user), **member_fields(member)}


def member_fields(member: Member) -> Json:
    """Return a member object without its user, as it stands beside one."""
    return {
        "nick": member.nickname,
        "avatar": None,
        "avatar_decoration_data": None,
        "banner": None,
        "collectibles": None,
        "roles": [str(role) for role in member.roles],
        "joined_at": iso(member.joined_at),
        "premium_since": None,
        "communication_disabled_until": iso(member.timed_out_until),
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }


def role_payload(role: Role) -> Json:
    """Return a role object."""
    payload: Json = {
        "id": str(role.id),
        "name": role.name,
        "color": role.color,
        "colors": {"primary_color": role.color, "secondary_color": None, "tertiary_color": None},
        "hoist": role.hoist,
        "icon": None,
        "unicode_emoji": None,
        "position": role.position,
        "permissions": str(int(role.permissions)),
        "managed": role.bot_id is not None,
        "mentionable": role.mentionable,
        "description": None,
        "flags": 0,
    }
    if role.bot_id is not None:
        payload["tags"] = {"bot_id": str(role.bot_id)}
    return payload


def emoji_payload(emoji: Emoji) -> Json:
    """Return a server's own emoji, without who made it."""
    return {
        "id": str(emoji.id),
        "name": emoji.name,
        "roles": [str(role) for role in emoji.roles],
        "require_colons": True,
        "managed": False,
        "animated": emoji.animated,
        "available": True,
    }


def webhook_payload(world: World, webhook: Webhook) -> Json:
    """Return a webhook as the bot that made it sees it, with its token."""
    return {
        "id": str(webhook.id),
        "type": 1,
        "name": webhook.name,
        "avatar": None,
        "channel_id": str(webhook.channel_id),
        "guild_id": str(webhook.guild_id),
        "application_id": str(world.application_id),
        "token": webhook.token,
        "url": f"{world.url}/api/webhooks/{webhook.id}/{webhook.token}",
    }


def channel_payload(world: World, channel: Channel) -> Json:
    """Return a channel object: of a server, a thread or a direct conversation."""
    last = next(reversed(channel.messages), None)
    payload: Json = {
        "id": str(channel.id),
        "type": int(channel.kind),
        "flags": 0,
        "last_message_id": None if last is None else str(last),
        "last_pin_timestamp": iso(channel.last_pin),
    }
    if channel.recipient_id is not None:
        return payload | {"recipients": [user_payload(world.users[channel.recipient_id])]}
    payload |= {
        "guild_id": str(channel.guild_id),
        "name": channel.name,
        "parent_id": None if channel.parent_id is None else str(channel.parent_id),
        "rate_limit_per_user": 0,
    }
    if channel.thread is not None:
        return payload | _thread_fields(channel, channel.thread)
    payload |= {
        "position": channel.position,
        "nsfw": False,
        "permission_overwrites": [
            {"id": str(one.id), "type": one.kind, "allow": str(int(one.allow)), "deny": str(int(one.deny))}
            for one in channel.overwrites.values()
        ],
    }
    if channel.kind in (ChannelKind.VOICE, ChannelKind.STAGE):
        return payload | {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
    payload["topic"] = channel.topic
    if channel.kind is ChannelKind.FORUM:
        payload |= {"available_tags": [], "default_reaction_emoji": None, "default_sort_order": None}
        payload["default_forum_layout"] = 0
    return payload


def _thread_fields(channel: Channel, thread: ThreadState) -> Json:
    created = iso(moment_of(channel.id))
    return {
        "owner_id": str(thread.owner_id),
        "message_count": min(len(channel.messages), 50),
        "total_message_sent": len(channel.messages),
        "member_count": min(len(thread.member_ids), 50),
        "thread_metadata": {
            "archived": thread.archived,
            "archive_timestamp": iso(thread.changed_at),
            "auto_archive_duration": thread.auto_archive_minutes,
            "locked": thread.locked,
            "create_timestamp": created,
            "invitable": True,
        },
    }


def thread_member_payload(channel: Channel, user_id: int) -> Json:
    """Return a user's place in a thread."""
    return {
        "id": str(channel.id),
        "user_id": str(user_id),
        "join_timestamp": iso(moment_of(channel.id)),
        "flags": 0,
    }


def guild_payload(guild: Guild) -> Json:
    """Return a server object as REST gives it."""
    return dict.fromkeys(EMPTY_GUILD_FIELDS) | {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id),
        "features": [],
        "region": "deprecated",
        "afk_timeout": 300,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "verification_level": 0,
        "roles": [role_payload(role) for role in guild.roles.values()],
        "default_message_notifications": 0,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": guild.locale,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [emoji_payload(emoji) for emoji in guild.emojis.values()],
        "stickers": [],
    }


def guild_create_payload(world: World, guild: Guild, *, all_members: bool) -> Json:
    """Return a server as GUILD_CREATE carries it.

    The bot's own member always, all members only with their intent.
    """
    own = guild.members[world.bot.id]
    members = guild.members.values() if all_members else (own,)
    channels = [channel for channel in guild.channels.values() if channel.thread is None]
    threads = [
        channel for channel in guild.channels.values() if channel.thread and not channel.thread.archived
    ]
    now = world.clock.now()
    return guild_payload(guild) | {
        "joined_at": iso(own.joined_at),
        "large": len(guild.members) > 250,
        "member_count": len(guild.members),
        "members": [member_payload(member, world.users[member.user_id]) for member in members],
        "channels": [channel_payload(world, channel) for channel in channels],
        "threads": [
            channel_payload(world, thread)
            for thread in threads
            if channel_permissions(guild, own, thread, now) & Permission.VIEW_CHANNEL
        ],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def application_flags(world: World) -> int:
    """Return the application's flags for privileged intents: the limited kind, as for bots in few servers."""
    return PRESENCES_LIMITED | MEMBERS_LIMITED | CONTENT_LIMITED if world.privileged_intents else 0


def application_payload(world: World) -> Json:
    """Return the bot's application, as its owner sees it."""
    return {
        "id": str(world.application_id),
        "name": world.bot.shown_name,
        "icon": None,
        "description": "A bot at home in the playground.",
        "type": None,
        "bot": user_payload(world.bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": application_flags(world),
        "flags_new": str(application_flags(world)),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user_payload(world.owner),
        "approximate_guild_count": len(world.guilds),
        "approximate_user_install_count": len(world.user_installs),
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
        "integration_types_config": {"0": {}, "1": {}},
    }
