"""Routes of pinned messages. Source: Discord's documentation, Resources / Message.

Libraries still use the older routes below /pins, so those are here too.
"""

from playground.api.http import Answer, Call, Route
from playground.api.permissions import own_permissions, require
from playground.payloads.messages import message_payload
from playground.payloads.objects import iso
from playground.schema import limits
from playground.world.messages import Messages
from playground.world.model import Channel
from playground.world.permissions import Permission
from playground.world.world import World

CHANNEL = "/channels/{channel_id}"


class PinRoutes:
    """Pin messages, end that, and list what is pinned."""

    def __init__(self, world: World, messages: Messages) -> None:
        self._world = world
        self._messages = messages

    def routes(self) -> list[Route]:
        """Return the routes of this resource."""
        found = [
            Route("GET", f"{CHANNEL}/messages/pins", self._page),
            Route("GET", f"{CHANNEL}/pins", self._list),
        ]
        for pins in (f"{CHANNEL}/messages/pins", f"{CHANNEL}/pins"):
            found += [
                Route("PUT", f"{pins}/{{message_id}}", self._pin),
                Route("DELETE", f"{pins}/{{message_id}}", self._unpin),
            ]
        return found

    def _channel(self, call: Call) -> tuple[Channel, bool]:
        """Return the channel, and whether its history can be read."""
        channel = self._world.channel(call.id("channel_id"))
        permissions = own_permissions(self._world, channel)
        return channel, bool(permissions & Permission.READ_MESSAGE_HISTORY)

    async def _list(self, call: Call) -> Answer:
        channel, readable = self._channel(call)
        return 200, [message_payload(self._world, one) for one in channel.pins] if readable else []

    async def _page(self, call: Call) -> Answer:
        channel, readable = self._channel(call)
        limit, before = call.limit(limits.PINS_A_PAGE, limits.PINS_A_PAGE), call.query_moment("before")
        pins = channel.pins if readable else []
        if before is not None:
            pins = [one for one in pins if one.pinned_at is not None and one.pinned_at < before]
        page = pins[:limit]
        return 200, {
            "items": [
                {"pinned_at": iso(one.pinned_at), "message": message_payload(self._world, one)}
                for one in page
            ],
            "has_more": len(pins) > len(page),
        }

    async def _pin(self, call: Call) -> Answer:
        return self._set(call, pinned=True)

    async def _unpin(self, call: Call) -> Answer:
        return self._set(call, pinned=False)

    def _set(self, call: Call, *, pinned: bool) -> Answer:
        channel = self._world.channel(call.id("channel_id"))
        permissions = own_permissions(self._world, channel)
        if channel.guild_id is not None:
            require(permissions, Permission.PIN_MESSAGES)
        message = self._messages.find(channel, call.id("message_id"))
        if pinned:
            self._messages.pin(channel, message, self._world.bot.id)
        else:
            self._messages.unpin(channel, message)
        return 204, None
