"""Routes of reactions. Source: Discord's documentation, Resources / Message."""

from playground.api.http import Answer, Call, Route
from playground.api.permissions import own_permissions, require
from playground.payloads.objects import user_payload
from playground.schema import limits
from playground.world.messages import Messages
from playground.world.model import Message
from playground.world.permissions import Permission
from playground.world.reactions import Reactions, emoji_named, key_of
from playground.world.world import World

ALL_OF_THEM = "/channels/{channel_id}/messages/{message_id}/reactions"
ONE = f"{ALL_OF_THEM}/{{emoji_name}}"


class ReactionRoutes:
    """Add and remove reactions, and see whose they are."""

    def __init__(self, world: World, messages: Messages, reactions: Reactions) -> None:
        self._world = world
        self._messages = messages
        self._reactions = reactions

    def routes(self) -> list[Route]:
        """Return the routes of this resource."""
        return [
            Route("PUT", f"{ONE}/@me", self._add),
            Route("DELETE", f"{ONE}/@me", self._remove_own),
            Route("DELETE", f"{ONE}/{{user_id}}", self._remove),
            Route("GET", ONE, self._users),
            Route("DELETE", ONE, self._clear_emoji),
            Route("DELETE", ALL_OF_THEM, self._clear),
        ]

    def _message(
        self, call: Call, needed: Permission = Permission.VIEW_CHANNEL
    ) -> tuple[Message, Permission]:
        channel = self._world.channel(call.id("channel_id"))
        permissions = own_permissions(self._world, channel)
        require(permissions, needed)
        return self._messages.find(channel, call.id("message_id")), permissions

    async def _add(self, call: Call) -> Answer:
        message, permissions = self._message(call, Permission.READ_MESSAGE_HISTORY)
        emoji = emoji_named(self._world, call.path["emoji_name"])
        self._reactions.add(message, self._world.bot.id, emoji, permissions)
        return 204, None

    async def _remove_own(self, call: Call) -> Answer:
        message, _ = self._message(call)
        self._reactions.remove(message, self._world.bot.id, emoji_named(self._world, call.path["emoji_name"]))
        return 204, None

    async def _remove(self, call: Call) -> Answer:
        user_id = call.id("user_id")
        own = user_id == self._world.bot.id
        message, _ = self._message(call, Permission.VIEW_CHANNEL if own else Permission.MANAGE_MESSAGES)
        self._reactions.remove(message, user_id, emoji_named(self._world, call.path["emoji_name"]))
        return 204, None

    async def _users(self, call: Call) -> Answer:
        message, _ = self._message(call, Permission.READ_MESSAGE_HISTORY)
        limit, after = call.limit(25, limits.REACTIONS_A_PAGE), call.query_id("after") or 0
        reaction = message.reactions.get(key_of(emoji_named(self._world, call.path["emoji_name"])))
        found = sorted(user for user in (reaction.user_ids if reaction else ()) if user > after)
        return 200, [user_payload(self._world.users[user]) for user in found[:limit]]

    async def _clear(self, call: Call) -> Answer:
        message, _ = self._message(call, Permission.MANAGE_MESSAGES)
        self._reactions.clear(message)
        return 204, None

    async def _clear_emoji(self, call: Call) -> Answer:
        message, _ = self._message(call, Permission.MANAGE_MESSAGES)
        self._reactions.clear(message, emoji_named(self._world, call.path["emoji_name"]))
        return 204, None
