"""Routes of servers, users and channels."""

from playground.api.errors import ApiError, missing_permissions, unknown_user
from playground.api.http import Answer, Call, Route, as_object
from playground.api.overwrites import OVERWRITES, read_overwrite, set_overwrites
from playground.api.permissions import own_guild_permissions, own_permissions, require
from playground.payloads.objects import (
    channel_payload,
    guild_payload,
    own_user_payload,
    user_payload,
)
from playground.people.controls import Controls
from playground.refused import Json, Reason, Refused
from playground.schema import limits
from playground.schema.forms import boolean, check, choice, record, snowflake, text, whole
from playground.world.model import Channel, Guild, ThreadState
from playground.world.permissions import Permission
from playground.world.world import World

GUILD = "/guilds/{guild_id}"
CHANNEL = "/channels/{channel_id}"
ARCHIVE = choice(limits.AUTO_ARCHIVE_MINUTES)
THREAD_EDIT = record(
    {},
    {
        "name": text(1, limits.THREAD_NAME_LENGTH),
        "archived": boolean,
        "locked": boolean,
        "invitable": boolean,
        "auto_archive_duration": ARCHIVE,
        "rate_limit_per_user": whole(0, 21_600),
        "flags": whole(0, 2**31),
    },
)
CHANNEL_EDIT = record(
    {},
    {
        "name": text(1, 100),
        "topic": text(0, 1_024),
        "rate_limit_per_user": whole(0, 21_600),
        "permission_overwrites": OVERWRITES,
    },
)
OPEN_DIRECT = record({"recipient_id": snowflake}, {})


class GuildRoutes:
    """Servers and their channels, users, and the bot itself."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._world = world
        self._controls = controls

    def routes(self) -> list[Route]:
        """Return the routes of these resources."""
        return [
            Route("GET", "/users/@me", self._me),
            Route("GET", "/users/@me/guilds", self._my_guilds),
            Route("DELETE", "/users/@me/guilds/{guild_id}", self._leave),
            Route("POST", "/users/@me/channels", self._open_direct),
            Route("GET", "/users/{user_id}", self._user),
            Route("GET", GUILD, self._guild),
            Route("GET", f"{GUILD}/channels", self._channels),
            Route("GET", CHANNEL, self._channel),
            Route("PATCH", CHANNEL, self._edit_channel),
            Route("DELETE", CHANNEL, self._delete_channel),
        ]

    async def _me(self, _call: Call) -> Answer:
        return 200, own_user_payload(self._world.bot)

    async def _my_guilds(self, call: Call) -> Answer:
        guilds = sorted(self._world.bot_guilds(), key=lambda guild: guild.id)
        after = call.query_id("after") or 0
        limit = call.limit(limits.GUILDS_A_PAGE, limits.GUILDS_A_PAGE)
        return 200, [self._short(guild) for guild in guilds if guild.id > after][:limit]

    def _short(self, guild: Guild) -> Json:
        return {
            "id": str(guild.id),
            "name": guild.name,
            "icon": None,
            "banner": None,
            "owner": guild.owner_id == self._world.bot.id,
            "permissions": str(int(own_guild_permissions(self._world, guild))),
            "features": [],
        }

    async def _leave(self, call: Call) -> Answer:
        self._controls.kick(self._world.guild(call.id("guild_id")))
        return 204, None

    async def _open_direct(self, call: Call) -> Answer:
        check(OPEN_DIRECT, call.body)
        user_id = int(call.body["recipient_id"])
        if user_id not in self._world.users or user_id == self._world.bot.id:
            raise ApiError(400, 50033, "Invalid Recipient(s)")
        return 200, channel_payload(self._world, self._world.direct_channel(user_id))

    async def _user(self, call: Call) -> Answer:
        user = self._world.users.get(call.id("user_id"))
        if user is None:
            raise unknown_user()
        return 200, user_payload(user)

    async def _guild(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        body = guild_payload(guild)
        if call.flag("with_counts"):
            body |= {"approximate_member_count": len(guild.members), "approximate_presence_count": 1}
        return 200, body

    async def _channels(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        return 200, [
            channel_payload(self._world, one) for one in guild.channels.values() if one.thread is None
        ]

    async def _channel(self, call: Call) -> Answer:
        channel = self._world.channel(call.id("channel_id"))
        own_permissions(self._world, channel)
        return 200, channel_payload(self._world, channel)

    async def _edit_channel(self, call: Call) -> Answer:
        channel = self._world.channel(call.id("channel_id"))
        permissions = own_permissions(self._world, channel)
        body = as_object(call.body)
        if channel.thread is None:
            check(CHANNEL_EDIT, body)
            require(permissions, Permission.MANAGE_CHANNELS)
            if body.get("permission_overwrites") is not None:
                self._set_overwrites(channel, permissions, body["permission_overwrites"])
            channel.name, channel.topic = body.get("name", channel.name), body.get("topic", channel.topic)
            self._controls.channel_changed(channel)
        else:
            check(THREAD_EDIT, body)
            self._edit_thread(channel, channel.thread, permissions, body)
        return 200, channel_payload(self._world, channel)

    def _set_overwrites(self, channel: Channel, own: Permission, wanted: list[Json]) -> None:
        overwrites = [read_overwrite(self._world, channel, one) for one in wanted]
        after = {one.id: one for one in overwrites}
        if after != channel.overwrites:
            require(own, Permission.MANAGE_ROLES)
        set_overwrites(self._world, channel, after)

    def _edit_thread(
        self, channel: Channel, thread: ThreadState, permissions: Permission, body: Json
    ) -> None:
        manager = bool(permissions & Permission.MANAGE_THREADS)
        reopening = (
            body.get("archived") is False
            and not thread.locked
            and permissions & Permission.SEND_MESSAGES_IN_THREADS
        )
        if (
            not manager
            and thread.owner_id != self._world.bot.id
            and not (reopening and body.keys() == {"archived"})
        ):
            raise missing_permissions()
        if not manager and (thread.locked or "locked" in body):
            raise missing_permissions()
        if thread.archived and body.get("archived") is not False:
            raise Refused(Reason.THREAD_ARCHIVED)
        channel.name = body.get("name", channel.name)
        self._controls.change_thread(
            channel, archived=body.get("archived", thread.archived), locked=body.get("locked", thread.locked)
        )

    async def _delete_channel(self, call: Call) -> Answer:
        channel = self._world.channel(call.id("channel_id"))
        needed = Permission.MANAGE_THREADS if channel.thread else Permission.MANAGE_CHANNELS
        if channel.guild_id is None or not own_permissions(self._world, channel) & needed:
            raise missing_permissions()
        body = channel_payload(self._world, channel)
        self._controls.delete_channel(channel)
        return 200, body
