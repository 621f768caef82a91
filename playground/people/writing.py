"""What people do without the bot: write plain messages, and react to any."""

from playground.people.acting import Acting
from playground.people.client import not_offered
from playground.refused import Reason, Refused
from playground.schema import limits
from playground.world.messages import Origin
from playground.world.model import NO_TEXT, Message
from playground.world.permissions import Permission, may_send
from playground.world.reactions import emoji_named, key_of


class Writing(Acting):
    """Messages and reactions."""

    def say(self, user_id: int, channel_id: int, content: str) -> Message:
        """Write a plain message. Raises Refused with a sentence."""
        channel, guild = self._place(user_id, channel_id)
        permissions = self._permissions(user_id, channel, guild)
        if channel.kind in NO_TEXT or not may_send(permissions, channel):
            raise not_offered("You cannot write in this channel.")
        if not 0 < len(content.strip()) <= limits.CONTENT_LENGTH:
            raise not_offered(f"A message has 1 to {limits.CONTENT_LENGTH} characters.")
        self._messages.open_thread(channel, permissions)
        origin = Origin(user_id, may_ping=bool(permissions & Permission.MENTION_EVERYONE))
        return self._messages.create(channel, {"content": content}, (), origin)

    def react(self, user_id: int, channel_id: int, message_id: int, emoji: str) -> None:
        """Put a reaction under a message, or take one's own away. Raises Refused with a sentence."""
        channel, guild = self._place(user_id, channel_id)
        message = self._messages.find(channel, message_id)
        named = emoji_named(self._world, emoji)
        reaction = message.reactions.get(key_of(named))
        if reaction is not None and user_id in reaction.user_ids:
            self._reactions.remove(message, user_id, named)
            return
        permissions = self._permissions(user_id, channel, guild)
        if not permissions & Permission.READ_MESSAGE_HISTORY:
            raise Refused(Reason.NO_ACCESS)
        self._reactions.add(message, user_id, named, permissions)
