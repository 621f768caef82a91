"""Routes of bans. Source: Discord's documentation, Resources / Guild."""

from datetime import timedelta

from playground.api.errors import ApiError, missing_permissions, unknown_user
from playground.api.http import Answer, Call, Route, as_object
from playground.api.permissions import own_guild_permissions, own_rank, require
from playground.payloads.objects import user_payload
from playground.people.controls import Controls
from playground.refused import Json
from playground.schema import limits
from playground.schema.forms import check, listing, record, snowflake, whole
from playground.world.model import Guild, User
from playground.world.permissions import Permission, rank
from playground.world.world import World

BANS = "/guilds/{guild_id}/bans"
ONE = f"{BANS}/{{user_id}}"
SECONDS = whole(0, int(limits.BAN_DELETES.total_seconds()))
BAN = record(
    {}, {"delete_message_seconds": SECONDS, "delete_message_days": whole(0, limits.BAN_DELETES.days)}
)
BULK = record({"user_ids": listing(snowflake, 1, limits.BULK_BANS)}, {"delete_message_seconds": SECONDS})


class BanRoutes:
    """Ban people, one or many, let them come back, and see who is banned."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._world = world
        self._controls = controls

    def routes(self) -> list[Route]:
        """Return the routes of this resource."""
        return [
            Route("GET", BANS, self._list),
            Route("GET", ONE, self._get),
            Route("PUT", ONE, self._ban),
            Route("DELETE", ONE, self._unban),
            Route("POST", "/guilds/{guild_id}/bulk-ban", self._ban_many),
        ]

    def _guild(self, call: Call, needed: Permission = Permission.BAN_MEMBERS) -> Guild:
        guild = self._world.guild(call.id("guild_id"))
        require(own_guild_permissions(self._world, guild), needed)
        return guild

    def _user(self, call: Call) -> User:
        user = self._world.users.get(call.id("user_id"))
        if user is None:
            raise unknown_user()
        return user

    def _shown(self, guild: Guild, user_id: int) -> Json:
        return {"reason": guild.bans[user_id], "user": user_payload(self._world.users[user_id])}

    def _may_ban(self, guild: Guild, user_id: int) -> bool:
        member = guild.members.get(user_id)
        return member is None or rank(guild, member) < own_rank(self._world, guild)

    async def _list(self, call: Call) -> Answer:
        guild = self._guild(call)
        limit = call.limit(limits.BANS_A_PAGE, limits.BANS_A_PAGE)
        before, after = call.query_id("before"), call.query_id("after") or 0
        found = sorted(guild.bans)
        if before is not None:
            page = [user_id for user_id in found if user_id < before][-limit:]
        else:
            page = [user_id for user_id in found if user_id > after][:limit]
        return 200, [self._shown(guild, user_id) for user_id in page]

    async def _get(self, call: Call) -> Answer:
        guild = self._guild(call)
        if call.id("user_id") not in guild.bans:
            raise _unknown_ban()
        return 200, self._shown(guild, call.id("user_id"))

    async def _ban(self, call: Call) -> Answer:
        guild, user = self._guild(call), self._user(call)
        # discord.py puts the form into the address, where Discord takes it as well.
        given: Json = {name: int(text) if text.isdecimal() else text for name, text in call.query.items()}
        body = given | as_object(call.body if call.body is not None else {})
        check(BAN, body)
        if not self._may_ban(guild, user.id):
            raise missing_permissions()
        days, seconds = body.get("delete_message_days") or 0, body.get("delete_message_seconds") or 0
        self._controls.ban(guild, user, call.reason, timedelta(days=days, seconds=seconds))
        return 204, None

    async def _unban(self, call: Call) -> Answer:
        guild, user = self._guild(call), self._user(call)
        if user.id not in guild.bans:
            raise _unknown_ban()
        self._controls.unban(guild, user)
        return 204, None

    async def _ban_many(self, call: Call) -> Answer:
        guild = self._guild(call, Permission.BAN_MEMBERS | Permission.MANAGE_GUILD)
        body = as_object(call.body)
        check(BULK, body)
        wanted = [int(user_id) for user_id in body["user_ids"]]
        banned = [one for one in wanted if one in self._world.users and self._may_ban(guild, one)]
        if not banned:
            raise ApiError(400, 500000, "Failed to ban users")
        delete = timedelta(seconds=body.get("delete_message_seconds") or 0)
        for user_id in banned:
            self._controls.ban(guild, self._world.users[user_id], call.reason, delete)
        return 200, {
            "banned_users": [str(one) for one in banned],
            "failed_users": [str(one) for one in wanted if one not in banned],
        }


def _unknown_ban() -> ApiError:
    return ApiError(404, 10026, "Unknown Ban")
