"""Routes of the application, its commands, and the gateway's address."""

from playground.api.errors import ApiError
from playground.api.http import Answer, Call, Route, as_object
from playground.gateway.gateway import Gateway
from playground.payloads.objects import application_payload
from playground.refused import Json
from playground.schema import limits
from playground.schema.commands import check_command, check_commands, registered
from playground.world.events import Hub, StatusEvent
from playground.world.world import World

DAY_MS = 86_400_000


class ApplicationRoutes:
    """The application, its commands (everywhere and in one server), and `GET /gateway`."""

    def __init__(self, world: World, hub: Hub, gateway: Gateway) -> None:
        self._world = world
        self._hub = hub
        self._gateway = gateway

    def routes(self) -> list[Route]:
        """Return the routes of this resource."""
        found = [
            Route("GET", "/gateway", self._gateway_address, open=True),
            Route("GET", "/gateway/bot", self._gateway_for_bots),
            Route("GET", "/oauth2/applications/@me", self._application),
            Route("GET", "/applications/@me", self._application),
        ]
        for where in ("", "/guilds/{guild_id}"):
            commands = "/applications/{application_id}" + where + "/commands"
            one = commands + "/{command_id}"
            found += [
                Route("GET", commands, self._list),
                Route("PUT", commands, self._replace),
                Route("POST", commands, self._upsert),
                Route("GET", one, self._get),
                Route("PATCH", one, self._edit),
                Route("DELETE", one, self._delete),
            ]
        return found

    async def _gateway_address(self, _call: Call) -> Answer:
        return 200, {"url": self._gateway.url}

    async def _gateway_for_bots(self, _call: Call) -> Answer:
        limit = {
            "total": limits.IDENTIFIES_A_DAY,
            "remaining": max(0, self._gateway.identifies_left),
            "reset_after": DAY_MS,
            "max_concurrency": 1,
        }
        return 200, {
            "url": self._gateway.url,
            "shards": self._gateway.recommended_shards(),
            "session_start_limit": limit,
        }

    async def _application(self, _call: Call) -> Answer:
        return 200, application_payload(self._world)

    def _scope(self, call: Call) -> int | None:
        if call.id("application_id") != self._world.application_id:
            raise ApiError(403, 20012, "You are not authorized to perform this action on this application")
        if "guild_id" not in call.path:
            return None
        guild_id = call.id("guild_id")
        if guild_id not in {guild.id for guild in self._world.bot_guilds()}:
            raise ApiError(403, 50001, "Missing Access")
        return guild_id

    def _find(self, call: Call) -> tuple[int | None, Json]:
        scope = self._scope(call)
        for command in self._world.commands.get(scope, ()):
            if command["id"] == call.path["command_id"]:
                return scope, command
        raise ApiError(404, 10063, "Unknown application command")

    async def _list(self, call: Call) -> Answer:
        return 200, self._world.commands.get(self._scope(call), [])

    async def _replace(self, call: Call) -> Answer:
        scope = self._scope(call)
        check_commands(call.body)
        known = {(old["type"], old["name"]): old["id"] for old in self._world.commands.get(scope, ())}
        self._world.commands[scope] = [self._registered(scope, body, known) for body in call.body]
        self._hub.publish(StatusEvent("commands_update"))
        return 200, self._world.commands[scope]

    async def _upsert(self, call: Call) -> Answer:
        scope = self._scope(call)
        body = as_object(call.body)
        check_command(body)
        commands = self._world.commands.setdefault(scope, [])
        known = {(old["type"], old["name"]): old["id"] for old in commands}
        command = self._registered(scope, body, known)
        is_new = command["id"] not in known.values()
        self._world.commands[scope] = [old for old in commands if old["id"] != command["id"]] + [command]
        self._hub.publish(StatusEvent("commands_update"))
        return 201 if is_new else 200, command

    def _registered(self, scope: int | None, body: Json, known: dict[tuple[int, str], str]) -> Json:
        kept = known.get((body.get("type") or 1, body["name"]))
        command_id = self._world.snowflakes.next() if kept is None else int(kept)
        version = self._world.snowflakes.next()
        return registered(body, command_id, self._world.application_id, scope, version)

    async def _get(self, call: Call) -> Answer:
        return 200, self._find(call)[1]

    async def _edit(self, call: Call) -> Answer:
        scope, command = self._find(call)
        settable = {
            name: value
            for name, value in command.items()
            if name not in ("id", "application_id", "version", "guild_id")
        }
        body = settable | as_object(call.body)
        check_command(body)
        changed = registered(
            body, int(command["id"]), self._world.application_id, scope, self._world.snowflakes.next()
        )
        commands = self._world.commands[scope]
        commands[commands.index(command)] = changed
        self._hub.publish(StatusEvent("commands_update"))
        return 200, changed

    async def _delete(self, call: Call) -> Answer:
        scope, command = self._find(call)
        self._world.commands[scope].remove(command)
        self._hub.publish(StatusEvent("commands_update"))
        return 204, None
