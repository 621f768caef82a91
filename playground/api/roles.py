"""Routes of roles. Source: Discord's documentation, Resources / Guild."""

from playground.api.errors import ApiError, missing_permissions, unknown_role
from playground.api.http import Answer, Call, Route, as_object
from playground.api.permissions import own_guild_permissions, own_rank, require
from playground.payloads.objects import role_payload
from playground.people.controls import Controls
from playground.refused import Json
from playground.schema import limits
from playground.schema.forms import anything, boolean, check, listing, record, snowflake, text, whole
from playground.world.model import Guild, Role
from playground.world.permissions import ALL, Permission
from playground.world.world import World

ROLES = "/guilds/{guild_id}/roles"
ONE = f"{ROLES}/{{role_id}}"
COLOR = whole(0, limits.COLOR)
FORM = record(
    {},
    {
        "name": text(1, limits.ROLE_NAME_LENGTH),
        "permissions": snowflake,  # bits, which are written as ids are
        "color": COLOR,
        "colors": record({"primary_color": COLOR}, {"secondary_color": COLOR, "tertiary_color": COLOR}),
        "hoist": boolean,
        "mentionable": boolean,
        "icon": anything,
        "unicode_emoji": text(0, 100),
    },
)
POSITIONS = listing(record({"id": snowflake}, {"position": whole(0, limits.ROLES)}), 0, limits.ROLES)
NEW_NAME = "new role"


class RoleRoutes:
    """A server's roles."""

    def __init__(self, world: World, controls: Controls) -> None:
        self._world = world
        self._controls = controls

    def routes(self) -> list[Route]:
        """Return the routes of this resource."""
        return [
            Route("GET", ROLES, self._list),
            Route("POST", ROLES, self._create),
            Route("PATCH", ROLES, self._move),
            Route("GET", ONE, self._get),
            Route("PATCH", ONE, self._edit),
            Route("DELETE", ONE, self._delete),
        ]

    async def _list(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        return 200, [role_payload(role) for role in guild.roles.values()]

    async def _get(self, call: Call) -> Answer:
        return 200, role_payload(self._find(call)[1])

    def _find(self, call: Call) -> tuple[Guild, Role]:
        guild = self._world.guild(call.id("guild_id"))
        role = guild.roles.get(call.id("role_id"))
        if role is None:
            raise unknown_role()
        return guild, role

    def _check(self, guild: Guild, body: Json) -> None:
        """Check a form, and that the bot has itself what it gives."""
        check(FORM, body)
        given = Permission(int(body.get("permissions") or 0) & ALL)
        require(own_guild_permissions(self._world, guild), Permission.MANAGE_ROLES | given)

    def _check_below(self, guild: Guild, role: Role) -> None:
        require(own_guild_permissions(self._world, guild), Permission.MANAGE_ROLES)
        if role.position >= own_rank(self._world, guild):
            raise missing_permissions()

    async def _create(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        body = as_object(call.body if call.body is not None else {})
        self._check(guild, body)
        if len(guild.roles) >= limits.ROLES:
            raise ApiError(400, 30005, f"Maximum number of guild roles reached ({limits.ROLES})")
        everyone = guild.roles[guild.id].permissions
        role = self._controls.create_role(guild, body.get("name") or NEW_NAME, everyone, lowest=True)
        if body:
            self._change(guild, role, body)
        return 200, role_payload(role)

    async def _edit(self, call: Call) -> Answer:
        guild, role = self._find(call)
        body = as_object(call.body)
        self._check(guild, body)
        self._check_below(guild, role)
        self._change(guild, role, body)
        return 200, role_payload(role)

    def _change(self, guild: Guild, role: Role, body: Json) -> None:
        colors = body.get("colors") or {}
        color = colors.get("primary_color", body.get("color"))
        role.name = body.get("name") or role.name
        role.color = role.color if color is None else color
        for name in ("hoist", "mentionable"):
            if body.get(name) is not None:
                setattr(role, name, body[name])
        bits = body.get("permissions")
        self._controls.change_role(guild, role, role.permissions if bits is None else int(bits) & ALL)

    async def _move(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild_id"))
        check(POSITIONS, call.body)
        wanted: dict[int, int] = {}
        for entry in call.body:
            role = guild.roles.get(int(entry["id"]))
            if role is None:
                raise unknown_role()
            if entry.get("position") is not None:
                self._check_below(guild, role)
                wanted[role.id] = entry["position"]
        if any(position >= own_rank(self._world, guild) for position in wanted.values()):
            raise missing_permissions()
        self._controls.move_roles(guild, wanted)
        return 200, [role_payload(role) for role in guild.roles.values()]

    async def _delete(self, call: Call) -> Answer:
        guild, role = self._find(call)
        self._check_below(guild, role)
        if role.id == guild.id or role.bot_id is not None:
            raise ApiError(400, 50028, "Invalid Role")
        self._controls.delete_role(guild, role)
        return 204, None
