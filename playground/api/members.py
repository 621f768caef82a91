"""Routes of members: nicknames, timeouts, roles, and who is there.

Source: Discord's documentation, Resources / Guild.
"""

from datetime import datetime

from playground.api.errors import ApiError, missing_access, missing_permissions, unknown_member, unknown_role
from playground.api.http import Answer, Call, Route, as_object
from playground.api.permissions import own_guild_permissions, own_rank, require
from playground.payloads.objects import member_payload
from playground.people.controls import Controls
from playground.refused import Json
from playground.schema import limits
from playground.schema.forms import (
    boolean,
    check,
    invalid_form,
    listing,
    moment,
    record,
    snowflake,
    text,
    whole,
)
from playground.world.model import Guild, Member, Role
from playground.world.permissions import ALL, Permission, guild_permissions, rank
from playground.world.world import World

MEMBERS = "/guilds/{guild_id}/members"
ONE = f"{MEMBERS}/{{user_id}}"
NICKNAME = text(0, limits.NICKNAME_LENGTH)
EDIT = record(
    {},
    {
        "nick": NICKNAME,
        "roles": listing(snowflake, 0, limits.MEMBER_ROLES),
        "communication_disabled_until": moment,
        "mute": boolean,
        "deaf": boolean,
        "channel_id": snowflake,
        "flags": whole(0, 2**31),
    },
)
EDIT_OWN = record({}, {"nick": NICKNAME, "bio": text(0, 190)})
OF_VOICE = ("mute", "deaf", "channel_id")


class MemberRoutes:
    """Everybody in a server, and what the bot may do to them."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._world = world
        self._controls = controls

    def routes(self) -> list[Route]:
        """Return the routes of this resource."""
        return [
            Route("GET", MEMBERS, self._list),
            Route("GET", f"{MEMBERS}/search", self._search),
            Route("PATCH", f"{MEMBERS}/@me", self._edit_own),
            Route("GET", ONE, self._get),
            Route("PATCH", ONE, self._edit),
            Route("DELETE", ONE, self._kick),
            Route("PUT", f"{ONE}/roles/{{role_id}}", self._give_role),
            Route("DELETE", f"{ONE}/roles/{{role_id}}", self._take_role),
        ]

    def _shown(self, member: Member) -> Json:
        return member_payload(member, self._world.users[member.user_id])

    def _find(self, call: Call) -> tuple[Guild, Member]:
        guild = self._world.guild(call.id("guild_id"))
        member = guild.members.get(call.id("user_id"))
        if member is None:
            raise unknown_member()
        return guild, member

    def _require(self, guild: Guild, needed: Permission) -> None:
        require(own_guild_permissions(self._world, guild), needed)

    def _require_above(self, guild: Guild, member: Member) -> None:
        if member.user_id != self._world.bot.id and rank(guild, member) >= own_rank(self._world, guild):
            raise missing_permissions()

    async def _list(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        if not self._world.privileged_intents:
            raise missing_access()
        after, limit = call.query_id("after") or 0, call.limit(1, limits.MEMBERS_A_PAGE)
        found = sorted(user_id for user_id in guild.members if user_id > after)
        return 200, [self._shown(guild.members[user_id]) for user_id in found[:limit]]

    async def _search(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        limit = call.limit(1, limits.MEMBERS_A_PAGE)
        if not call.query.get("query"):
            raise invalid_form(("query",), "BASE_TYPE_REQUIRED", "This field is required")
        found = self._world.members_named(guild, call.query["query"], limit)
        return 200, [self._shown(member) for member in found]

    async def _get(self, call: Call) -> Answer:
        return 200, self._shown(self._find(call)[1])

    async def _edit_own(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        body = as_object(call.body)
        check(EDIT_OWN, body)
        own = guild.members[self._world.bot.id]
        if "nick" in body:
            self._require(guild, Permission.CHANGE_NICKNAME)
            own.nickname = body["nick"] or None
            self._controls.member_changed(guild, own)
        return 200, self._shown(own)

    async def _edit(self, call: Call) -> Answer:
        guild, member = self._find(call)
        body = as_object(call.body)
        check(EDIT, body)
        if any(body.get(name) is not None for name in OF_VOICE):
            raise ApiError(400, 40032, "Target user is not connected to voice.")
        # All is checked before anything changes.
        until = self._timeout(guild, member, body)
        roles = self._roles(guild, member, body)
        if "nick" in body:
            own = member.user_id == self._world.bot.id
            self._require(guild, Permission.CHANGE_NICKNAME if own else Permission.MANAGE_NICKNAMES)
            self._require_above(guild, member)
            member.nickname = body["nick"] or None
        member.timed_out_until, member.roles = until, roles
        self._controls.member_changed(guild, member)
        return 200, self._shown(member)

    def _timeout(self, guild: Guild, member: Member, body: Json) -> datetime | None:
        name = "communication_disabled_until"
        if name not in body:
            return member.timed_out_until
        self._require(guild, Permission.MODERATE_MEMBERS)
        self._require_above(guild, member)
        if guild_permissions(guild, member) == ALL:
            raise missing_permissions()
        if body[name] is None:
            return None
        until = datetime.fromisoformat(body[name])
        if until.tzinfo is None or until - self._world.clock.now() > limits.TIMEOUT:
            raise invalid_form(
                (name,),
                "BASE_TYPE_BAD_DATE",
                f"Must be a moment within {limits.TIMEOUT.days} days, with its offset.",
            )
        return until

    def _roles(self, guild: Guild, member: Member, body: Json) -> list[int]:
        if body.get("roles") is None:
            return member.roles
        wanted = [int(role_id) for role_id in body["roles"]]
        for role_id in set(wanted) ^ set(member.roles):
            self._require_role(guild, role_id)
        return list(dict.fromkeys(wanted))

    def _require_role(self, guild: Guild, role_id: int) -> Role:
        self._require(guild, Permission.MANAGE_ROLES)
        role = guild.roles.get(role_id)
        if role is None:
            raise unknown_role()
        if role.bot_id is not None or role_id == guild.id or role.position >= own_rank(self._world, guild):
            raise missing_permissions()
        return role

    async def _kick(self, call: Call) -> Answer:
        guild, member = self._find(call)
        self._require(guild, Permission.KICK_MEMBERS)
        self._require_above(guild, member)
        self._controls.remove_member(guild, member)
        return 204, None

    async def _give_role(self, call: Call) -> Answer:
        guild, member = self._find(call)
        self._controls.give_role(guild, member, self._require_role(guild, call.id("role_id")))
        return 204, None

    async def _take_role(self, call: Call) -> Answer:
        guild, member = self._find(call)
        self._controls.take_role(guild, member, self._require_role(guild, call.id("role_id")))
        return 204, None
