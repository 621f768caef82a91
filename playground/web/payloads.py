"""Messages, members and users in the words of the page's API."""

from playground.payloads.interactions import IN_BOT_DM, IN_GUILD
from playground.payloads.messages import message_payload
from playground.payloads.objects import avatar_hash
from playground.people.command_calls import contexts_of, is_permitted
from playground.refused import Json
from playground.server import LocalDiscord
from playground.world.mentions import USER, displayed_text
from playground.world.model import Guild, Member, Message, User
from playground.world.permissions import Permission, guild_permissions
from playground.world.reactions import address_of
from playground.world.world import World


def user_entry(user: User) -> Json:
    """Return a user as the page shows it; the picture's address is relative to the page."""
    return {
        "id": str(user.id),
        "name": user.username,
        "display_name": user.shown_name,
        "avatar_url": f"/cdn/avatars/{user.id}/{avatar_hash(user)}.png",
        "color": f"#{user.color:06x}",
    }


def member_entry(world: World, guild: Guild, member: Member, moderates: Permission) -> Json:
    """Return a member with what the page says about them; moderators have all of `moderates`."""
    user = world.users[member.user_id]
    return user_entry(user) | {
        "roles": [guild.roles[role].name for role in member.roles],
        "description": user.description,
        "is_moderator": guild_permissions(guild, member) & moderates == moderates,
    }


def command_entry(command: Json, permissions: Permission) -> Json:
    """Return a command with where it is offered, and whether these permissions in the server are enough."""
    contexts = contexts_of(command)
    return command | {
        "in_server": IN_GUILD in contexts,
        "in_direct": IN_BOT_DM in contexts,
        "permitted": is_permitted(command, permissions),
    }


def page_message(discord: LocalDiscord, message: Message) -> Json:
    """Return a message with the fields that only the playground knows."""
    world = discord.world
    named = {int(found) for found in USER.findall(displayed_text(message))}
    users = {
        str(user): world.users[user].shown_name
        for user in named | set(message.mentions)
        if user in world.users
    }
    return message_payload(world, message) | {
        "ephemeral": message.for_user is not None,
        "for_user": None if message.for_user is None else str(message.for_user),
        "command": None if message.answers is None else message.answers.command,
        "users": users,
        "reactions": [
            {"emoji": address_of(one.emoji), "users": [str(user) for user in one.user_ids]}
            for one in message.reactions.values()
        ],
    }
