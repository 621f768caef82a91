"""What every act of a person begins with: where it happens, and what is named in it."""

from collections.abc import Sequence

from playground.payloads.interactions import resolved
from playground.people.client import not_offered
from playground.refused import Json, Reason, Refused
from playground.world.interactions import Interactions
from playground.world.messages import Messages
from playground.world.model import Channel, Guild
from playground.world.permissions import IN_DIRECT_MESSAGES, Permission, channel_permissions
from playground.world.reactions import Reactions
from playground.world.world import World

GUILD_INSTALL, USER_INSTALL = "0", "1"


class Acting:
    """Somebody in a place, as all kinds of acts need it."""

    def __init__(
        self, world: World, messages: Messages, interactions: Interactions, reactions: Reactions
    ) -> None:
        self._world = world
        self._messages = messages
        self._interactions = interactions
        self._reactions = reactions

    def _place(self, user_id: int, channel_id: int) -> tuple[Channel, Guild | None]:
        channel = self._world.channel(channel_id)
        guild = self._world.guild_of(channel)
        inside = user_id == channel.recipient_id if guild is None else user_id in guild.members
        if not inside or user_id not in self._world.users:
            raise Refused(Reason.NO_ACCESS)
        return channel, guild

    def _permissions(self, user_id: int, channel: Channel, guild: Guild | None) -> Permission:
        """Return what a person may do in a place that they are in."""
        if guild is None:
            return IN_DIRECT_MESSAGES
        return channel_permissions(guild, guild.members[user_id], channel, self._world.clock.now())

    def _resolve(self, guild: Guild | None, kinds: Sequence[str], values: Sequence[str]) -> Json:
        found: Json = {}
        for value in values:
            for kind in kinds:
                try:
                    merge(found, resolved(self._world, guild, kind, int(value)))
                    break
                except ValueError:
                    continue
            else:
                raise not_offered("There is no such thing here.")
        return found


def merge(found: Json, more: Json) -> None:
    """Add what was found to what was found before, kind by kind."""
    for kind, entries in more.items():
        found.setdefault(kind, {}).update(entries)
