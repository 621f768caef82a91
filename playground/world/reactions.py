"""Reactions under messages. Source: Discord's documentation, Resources / Message / Reaction Object."""

import re

from playground.refused import Json, Reason, Refused
from playground.schema import limits
from playground.schema.components import is_emoji
from playground.world.events import Hub, ReactionEvent
from playground.world.model import Message, Reaction
from playground.world.permissions import Permission
from playground.world.world import World

OWN_EMOJI = re.compile(r"\w{2,32}:(\d{1,20})", re.ASCII)


def emoji_named(world: World, name: str) -> Json:
    """Return the emoji of this name, or of a name and an id as in `dance:12`; raises Refused for others."""
    if found := OWN_EMOJI.fullmatch(name):
        for guild in world.guilds.values():
            if own := guild.emojis.get(int(found[1])):
                return {"id": str(own.id), "name": own.name, "animated": own.animated}
    elif is_emoji(name):
        return {"id": None, "name": name}
    raise Refused(Reason.UNKNOWN_EMOJI)


def address_of(emoji: Json) -> str:
    """Return what stands for an emoji in an address."""
    return f"{emoji['name']}:{emoji['id']}" if emoji["id"] else str(emoji["name"])


def key_of(emoji: Json) -> str:
    """Return by what a message keeps its reactions: a server's own emoji may get another name."""
    return str(emoji["id"] or emoji["name"])


class Reactions:
    """The one place that changes reactions, and tells of it."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def add(self, message: Message, user_id: int, emoji: Json, permissions: Permission) -> None:
        """Put a user's reaction under a message; only a new emoji takes a permission.

        Raises Refused without that, and for one too many.
        """
        name = key_of(emoji)
        if name not in message.reactions:
            if not permissions & Permission.ADD_REACTIONS:
                raise Refused(Reason.NOT_PERMITTED)
            if len(message.reactions) >= limits.REACTIONS:
                raise Refused(Reason.TOO_MANY_REACTIONS)
        reaction = message.reactions.setdefault(name, Reaction(emoji))
        if user_id not in reaction.user_ids:
            reaction.user_ids.append(user_id)
            self._hub.publish(ReactionEvent("add", message, emoji, user_id))

    def remove(self, message: Message, user_id: int, emoji: Json) -> None:
        """Take a user's reaction away, if it is there."""
        reaction = message.reactions.get(key_of(emoji))
        if reaction is None or user_id not in reaction.user_ids:
            return
        reaction.user_ids.remove(user_id)
        if not reaction.user_ids:
            del message.reactions[key_of(emoji)]
        self._hub.publish(ReactionEvent("remove", message, emoji, user_id))

    def clear(self, message: Message, emoji: Json | None = None) -> None:
        """Take away all reactions, or all of one emoji."""
        if emoji is None:
            message.reactions.clear()
            self._hub.publish(ReactionEvent("remove_all", message))
        elif message.reactions.pop(key_of(emoji), None) is not None:
            self._hub.publish(ReactionEvent("remove_emoji", message, emoji))
