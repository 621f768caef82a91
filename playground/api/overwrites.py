"""Routes of a channel's exceptions for roles and members.

Source: Discord's documentation, Resources / Channel / Edit Channel Permissions.
"""

from playground.api.errors import ApiError, unknown_role, unknown_user, wrong_channel
from playground.api.http import Answer, Call, Route, as_object
from playground.api.permissions import own_guild_permissions, own_permissions, require
from playground.people.controls import Controls
from playground.refused import Json
from playground.schema import limits
from playground.schema.forms import check, choice, listing, record, snowflake
from playground.world.model import Channel, Overwrite
from playground.world.permissions import ALL, Permission
from playground.world.world import World

ONE = "/channels/{channel_id}/permissions/{overwrite_id}"
OF_ROLE, OF_MEMBER = 0, 1
BITS = {"allow": snowflake, "deny": snowflake}  # bits are written as ids are
KIND = choice((OF_ROLE, OF_MEMBER))
FORM = record({}, {"type": KIND, "id": snowflake} | BITS)
OVERWRITES = listing(record({"id": snowflake, "type": KIND}, BITS), 0, limits.OVERWRITES)


class OverwriteRoutes:
    """Make an exception in a channel, and take it back."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._world = world
        self._controls = controls

    def routes(self) -> list[Route]:
        """Return the routes of this resource."""
        return [Route("PUT", ONE, self._set), Route("DELETE", ONE, self._delete)]

    def _channel(self, call: Call) -> Channel:
        channel = self._world.channel(call.id("channel_id"))
        permissions = own_permissions(self._world, channel)
        if channel.guild_id is None or channel.thread is not None:
            raise wrong_channel()
        require(permissions, Permission.MANAGE_ROLES)
        return channel

    async def _set(self, call: Call) -> Answer:
        channel = self._channel(call)
        body = as_object(call.body)
        check(FORM, body)
        wanted = read_overwrite(self._world, channel, body | {"id": call.id("overwrite_id")})
        set_overwrites(self._world, channel, {**channel.overwrites, wanted.id: wanted})
        self._controls.channel_changed(channel)
        return 204, None

    async def _delete(self, call: Call) -> Answer:
        channel = self._channel(call)
        left = {key: one for key, one in channel.overwrites.items() if key != call.id("overwrite_id")}
        if len(left) == len(channel.overwrites):
            raise ApiError(404, 10009, "Unknown Overwrite")
        set_overwrites(self._world, channel, left)
        self._controls.channel_changed(channel)
        return 204, None


def read_overwrite(world: World, channel: Channel, body: Json) -> Overwrite:
    """Return the exception of a checked body; raises ApiError where nobody is meant by it."""
    identifier, kind = int(body["id"]), body.get("type") or OF_ROLE
    guild = world.guild_of(channel)
    if kind == OF_ROLE and guild is not None and identifier not in guild.roles:
        raise unknown_role()
    if kind == OF_MEMBER and identifier not in world.users:
        raise unknown_user()
    return Overwrite(identifier, kind, int(body.get("allow") or 0) & ALL, int(body.get("deny") or 0) & ALL)


def set_overwrites(world: World, channel: Channel, after: dict[int, Overwrite]) -> None:
    """Set all exceptions of a channel; raises ApiError for one of what the bot may do nowhere itself."""
    guild, before = world.guild_of(channel), channel.overwrites
    own = own_permissions(world, channel)
    if guild is not None:
        own |= own_guild_permissions(world, guild)
    for identifier in before.keys() | after.keys():
        was, will = (one.get(identifier, Overwrite(identifier, OF_ROLE)) for one in (before, after))
        require(own, Permission((was.allow ^ will.allow) | (was.deny ^ will.deny)))
    channel.overwrites = after
