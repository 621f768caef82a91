"""The JSON API and the live events of the playground's page. Ids are strings; refusals are sentences."""

from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from aiohttp import web

from playground.refused import Json, Reason, Refused
from playground.server import LocalDiscord
from playground.web.levers import Levers, id_in, place_in
from playground.web.live import Live
from playground.web.payloads import command_entry, member_entry, page_message, user_entry
from playground.world.model import Channel, Guild
from playground.world.permissions import NONE, Permission, channel_permissions, guild_permissions

PAGE = Path(__file__).resolve().with_name("static")
MESSAGES_SHOWN = 100
MODERATES = Permission.MANAGE_GUILD | Permission.MANAGE_MESSAGES
STATUS = {
    Reason.UNKNOWN_CHANNEL: 404,
    Reason.UNKNOWN_GUILD: 404,
    Reason.UNKNOWN_MESSAGE: 404,
    Reason.UNKNOWN_INTERACTION: 404,
    Reason.NO_ACCESS: 403,
}
Query = Mapping[str, str]
Action = Callable[[Json], Awaitable[Json]]


class Page:
    """The page, and what it asks for below /playground. Mount it on a LocalDiscord before that starts.

    `restart_bot` is there where whoever serves the page has started the bot too.
    """

    def __init__(self, discord: LocalDiscord, restart_bot: Callable[[], None] | None = None) -> None:
        self._discord = discord
        self._world = discord.world
        self._live = Live(discord)
        self._levers = Levers(discord, restart_bot)

    def register(self, app: web.Application) -> None:
        """Add the page's routes."""
        app.router.add_get("/", self._index)
        app.router.add_get("/page/{name:.+}", self._asset)
        app.router.add_get("/playground/state", _look(self._state))
        app.router.add_get("/playground/messages", _look(self._messages))
        app.router.add_get("/playground/live", self._live.handle)
        actions: dict[str, Action] = {
            "say": self._say,
            "react": self._react,
            "command": self._command,
            "menu": self._menu,
            "autocomplete": self._autocomplete,
            "click": self._click,
            "submit": self._submit,
            "dismiss": self._dismiss,
            "players": self._invite_players,
            "clock": self._clock,
            "faults": self._pull_levers,
            "reset": self._reset,
        }
        for name, action in actions.items():
            app.router.add_post(f"/playground/{name}", _entry(action))

    async def close(self) -> None:
        """End the live connections."""
        await self._live.close()

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        return self._file("index.html")

    async def _asset(self, request: web.Request) -> web.StreamResponse:
        return self._file(request.match_info["name"])

    def _file(self, name: str) -> web.StreamResponse:
        # Only what lies in the folder itself: no name that is sent can lead anywhere else.
        found = next((file for file in PAGE.rglob("*") if file.relative_to(PAGE).as_posix() == name), None)
        if found is None or not found.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(found, headers={"Cache-Control": "no-cache"})

    def _state(self, query: Query) -> Json:
        user_id = id_in(query, "user") if "user" in query else self._world.first_guild.owner_id
        guild, world = self._world.first_guild, self._world
        channels = [one for one in guild.channels.values() if self._sees(user_id, guild, one)]
        direct = world.direct.get(user_id)
        member = guild.members.get(user_id)
        permissions = NONE if member is None else guild_permissions(guild, member)
        commands = [*world.commands.get(None, ()), *world.commands.get(guild.id, ())]
        return {
            "guild": {"id": str(guild.id), "name": guild.name},
            "channels": [
                {
                    "id": str(one.id),
                    "name": one.name,
                    "type": int(one.kind),
                    "topic": one.topic,
                    "position": one.position,
                    "parent_id": None if one.parent_id is None else str(one.parent_id),
                }
                for one in channels
            ],
            "members": [
                member_entry(world, guild, member, MODERATES)
                for member in guild.members.values()
                if member.user_id != world.bot.id
            ],
            "roles": [{"id": str(role.id), "name": role.name} for role in guild.roles.values()],
            "dm": None if direct is None else {"id": str(direct.id)},
            "bot": user_entry(world.bot)
            | {"online": self._discord.gateway.online, "in_guild": world.bot.id in guild.members},
            "commands": [command_entry(command, permissions) for command in commands],
            "players": self._discord.players.here,
            "hints": {
                "first_command": self._discord.scene.first_command,
                "times": self._discord.scene.times,
            },
            **self._live.clock(),
            "faults": self._live.trouble(),
        }

    def _sees(self, user_id: int, guild: Guild, channel: Channel) -> bool:
        member = guild.members.get(user_id)
        if member is None:
            return False
        return bool(
            channel_permissions(guild, member, channel, self._world.clock.now()) & Permission.VIEW_CHANNEL
        )

    def _messages(self, query: Query) -> Json:
        user_id, channel_id = place_in(query)
        channel = self._world.channel(channel_id)
        guild = self._world.guild_of(channel)
        if guild is not None and not self._sees(user_id, guild, channel):
            raise Refused(Reason.NO_ACCESS, "You cannot see this channel.")
        visible = channel.messages_for(user_id)[-MESSAGES_SHOWN:]
        return {"messages": [page_message(self._discord, one) for one in visible]}

    async def _say(self, body: Json) -> Json:
        message = self._discord.people.say(*place_in(body), str(body.get("content", "")))
        return {"message_id": str(message.id), "bot_hears": self._discord.gateway.hears(message.guild_id)}

    async def _react(self, body: Json) -> Json:
        self._discord.people.react(*place_in(body), id_in(body, "message"), str(body.get("emoji", "")))
        return {}

    async def _menu(self, body: Json) -> Json:
        people, name = self._discord.people, str(body.get("command", ""))
        if "message" in body:
            interaction = people.use_on_message(*place_in(body), name, id_in(body, "message"))
        else:
            interaction = people.use_on_user(*place_in(body), name, id_in(body, "target"))
        return {"interaction_id": str(interaction.id)}

    async def _command(self, body: Json) -> Json:
        interaction = self._discord.people.run(*place_in(body), str(body.get("command", "")), _options(body))
        return {"interaction_id": str(interaction.id)}

    async def _autocomplete(self, body: Json) -> Json:
        interaction = self._discord.people.complete(
            *place_in(body), str(body.get("command", "")), _options(body), str(body.get("focused", ""))
        )
        await interaction.settled.wait()
        return {"choices": interaction.choices or []}

    async def _click(self, body: Json) -> Json:
        interaction = self._discord.people.click(
            *place_in(body), id_in(body, "message"), str(body.get("custom_id", "")), body.get("values")
        )
        return {"interaction_id": str(interaction.id)}

    async def _submit(self, body: Json) -> Json:
        interaction = self._discord.people.submit(
            id_in(body, "user"),
            id_in(body, "interaction"),
            {name: _given_all(value) for name, value in dict(body.get("fields") or {}).items()},
            custom_id=str(body.get("custom_id", "")),
        )
        return {"interaction_id": str(interaction.id)}

    async def _dismiss(self, body: Json) -> Json:
        message_id, user_id = id_in(body, "message"), id_in(body, "user")
        for channel in self._world.channels.values():
            message = channel.messages.get(message_id)
            if message is not None and message.for_user == user_id:
                self._discord.messages.delete(message)
                return {}
        raise Refused(Reason.UNKNOWN_MESSAGE)

    async def _invite_players(self, body: Json) -> Json:
        if body.get("here"):
            self._discord.players.come(self._world.first_guild)
        else:
            self._discord.players.leave()
        return {"players": self._discord.players.here}

    async def _clock(self, body: Json) -> Json:
        clock = self._discord.clock
        try:
            if "advance" in body:
                clock.advance(float(body["advance"]))
            else:
                moment = datetime.fromisoformat(str(body.get("to", "")))
                if moment.tzinfo is None:
                    raise Refused(Reason.NOT_OFFERED, "The moment needs its offset from UTC.")
                clock.jump_to(moment)
        except (ValueError, TypeError, OverflowError) as error:
            raise Refused(Reason.NOT_OFFERED, str(error)) from None
        return self._live.clock()

    async def _pull_levers(self, body: Json) -> Json:
        self._levers.pull(body)
        return {"faults": self._live.trouble()}

    async def _reset(self, _body: Json) -> Json:
        self._discord.begin_anew()
        return {}


def _look(answer: Callable[[Query], Json]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def look(request: web.Request) -> web.Response:
        try:
            return _json(answer(request.query))
        except Refused as refused:
            return _refuse(refused)

    return look


def _entry(action: Action) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def entry(request: web.Request) -> web.Response:
        # Pages of other origins can send forms here but not this content type.
        if request.content_type != "application/json":
            return _json({"message": "Send JSON, please."}, 415)
        try:
            body = orjson.loads(await request.read())
            if not isinstance(body, dict):
                return _json({"message": "Send an object, please."}, 400)
            return _json(await action(body))
        except Refused as refused:
            return _refuse(refused)
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
            return _json({"message": "That request was not understood."}, 400)

    return entry


def _refuse(refused: Refused) -> web.Response:
    return _json({"message": str(refused)}, STATUS.get(refused.reason, 400))


def _json(body: Json, status: int = 200) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(body), content_type="application/json")


def _options(body: Json) -> Json:
    return {name: _given(value) for name, value in dict(body.get("options") or {}).items()}


def _given(value: Any) -> Any:
    """Return an option's value as people give it: a file, which comes in base64, as its name and bytes."""
    if isinstance(value, dict):
        return str(value["filename"]), b64decode(str(value["content"]), validate=True)
    return value


def _given_all(value: Any) -> Any:
    """Return a form's value as people give it; some fields take several."""
    return [_given(one) for one in value] if isinstance(value, list) else value
