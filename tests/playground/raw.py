"""Requests as no library would send them, to see that each rule of the local Discord bites."""

import io
import json
from dataclasses import dataclass
from typing import Any

import aiohttp

from playground.refused import Json
from playground.schema.commands import registered
from playground.testing.driver import Driver
from playground.world.model import ChannelKind, Interaction, Message

V2 = 1 << 15
EPHEMERAL = 1 << 6


def text(content: str) -> Json:
    return {"type": 10, "content": content}


def button(custom_id: str = "a", **more: Any) -> Json:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": custom_id} | more


def row(*parts: Json) -> Json:
    return {"type": 1, "components": list(parts)}


def select(options: int = 2, **more: Any) -> Json:
    listed = [{"label": f"Option {number}", "value": str(number)} for number in range(options)]
    return {"type": 3, "custom_id": "s", "options": listed} | more


def v2(*parts: Json) -> Json:
    return {"flags": V2, "components": list(parts)}


def modal(*parts: Json, **more: Any) -> Json:
    return {"custom_id": "m", "title": "Form", "components": list(parts)} | more


def field(custom_id: str = "f", label: str = "Field", **more: Any) -> Json:
    component = {"type": 4, "custom_id": custom_id, "style": 1}
    return {"type": 18, "label": label, "component": component} | more


@dataclass(frozen=True, slots=True)
class Got:
    """An answer: its status, Discord's code, and the codes of its nested errors."""

    status: int
    body: Any

    @property
    def code(self) -> int | None:
        return self.body.get("code") if isinstance(self.body, dict) else None

    @property
    def faults(self) -> set[str]:
        return set(_codes(self.body.get("errors", {}))) if isinstance(self.body, dict) else set()


def _codes(errors: Any) -> list[str]:
    found = [entry["code"] for entry in errors.get("_errors", ())]
    for name, nested in errors.items():
        if name != "_errors":
            found += _codes(nested)
    return found


class Raw:
    """A bot made of bare HTTP, in a server where much is forbidden."""

    def __init__(self, discord: Driver, session: aiohttp.ClientSession) -> None:
        self.discord = discord
        self.session = session
        self.ids: dict[str, Any] = {}

    async def call(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> Got:
        """Send JSON with the bot's token, or with another."""
        authority = f"Bot {self.discord.world.token}" if token is None else token
        headers = {"Authorization": authority}
        url = f"{self.discord.server.url}/api/v10{path.format_map(self.ids)}"
        async with self.session.request(method, url, json=body, headers=headers) as answer:
            raw = await answer.read()
            return Got(answer.status, json.loads(raw) if raw else None)

    async def upload(self, path: str, payload: Json, *files: tuple[str, bytes]) -> Got:
        """Send files beside a payload, as multipart."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("payload_json", json.dumps(payload))
        for index, (name, content) in enumerate(files):
            form.add_field(f"files[{index}]", io.BytesIO(content), filename=name)
        headers = {"Authorization": f"Bot {self.discord.world.token}"}
        url = f"{self.discord.server.url}/api/v10{path.format_map(self.ids)}"
        async with self.session.post(url, data=form, headers=headers) as answer:
            return Got(answer.status, await answer.json(content_type=None))

    async def respond(self, interaction: Interaction, kind: int, data: Json | None = None) -> Got:
        """Send a first response."""
        body: Json = {"type": kind} | ({} if data is None else {"data": data})
        return await self.call("POST", f"/interactions/{interaction.id}/{interaction.token}/callback", body)

    def webhook(self, interaction: Interaction, rest: str = "") -> str:
        """The path of an interaction's webhook."""
        return f"/webhooks/{self.discord.world.application_id}/{interaction.token}{rest}"

    def command(self, name: str = "ping", **more: Any) -> None:
        """Register a command without asking the API."""
        world = self.discord.world
        body = {"name": name, "description": "A command"} | more
        world.commands.setdefault(None, []).append(
            registered(body, world.snowflakes.next(), world.application_id, None, world.snowflakes.next())
        )

    def run(
        self, name: str = "ping", member: str = "Ada", channel: str = "trivia", **options: Any
    ) -> Interaction:
        """Let a person run a command."""
        actor = self.discord.member(member)
        place = self.discord.channel(channel, actor)
        return self.discord.server.people.run(actor.id, place.id, name, options)

    async def send(self, body: Json, channel: str = "{trivia}") -> Message:
        """Send a message and return it as it is stored."""
        got = await self.call("POST", f"/channels/{channel}/messages", body)
        assert got.status == 200, got
        place = self.discord.world.channel(int(got.body["channel_id"]))
        return place.messages[int(got.body["id"])]

    async def prepare(self) -> None:
        """Set up what the wrong requests run into, each by a name for paths."""
        discord, world = self.discord, self.discord.world
        guild = discord.guild
        self.ids = {channel.name.replace("-", "_"): channel.id for channel in guild.channels.values()}
        for name in ("hidden", "silent", "bare"):
            self.ids[name] = world.add_channel(guild, name).id
        discord.deny("hidden", "view_channel")
        discord.deny("silent", "send_messages")
        discord.deny("bare", "attach_files")
        discord.deny("bare", "embed_links")
        discord.deny("bare", "read_message_history")
        self.ids["forum"] = world.add_channel(guild, "forum", ChannelKind.FORUM).id
        ada = discord.member("Ada").id
        for name in ("archived", "locked", "closed", "mute"):
            thread = world.add_thread(discord.channel("trivia"), name, ada)
            self.ids[name] = thread.id
        discord.controls.change_thread(discord.channel("locked"), archived=False, locked=True)
        discord.controls.change_thread(discord.channel("closed"), archived=True, locked=True)
        self.ids["quiet_thread"] = world.add_thread(discord.channel("silent"), "quiet thread", ada).id
        discord.deny("silent", "send_messages_in_threads")
        self.ids |= {"app": world.application_id, "bot": world.bot.id, "ada": ada, "guild": guild.id}
        elsewhere, dark = discord.add_guild("Elsewhere", with_bot=False), discord.add_guild("Dark")
        self.ids |= {"elsewhere": elsewhere.id, "far": next(iter(elsewhere.channels))}
        discord.controls.outage(dark)
        self.ids |= {"dark": dark.id, "dim": next(iter(dark.channels))}
        refuser = world.add_user("gail", "Gail", accepts_messages=False)
        self.ids["no_dm"] = world.direct_channel(refuser.id).id
        self.ids["own"] = (await self.send({"content": "mine", "components": [row(button())]})).id
        self.ids["own_v2"] = (await self.send(v2(text("mine")))).id
        self.ids["in_archived"] = (await self.send({"content": "mine"}, "{archived}")).id
        discord.controls.change_thread(discord.channel("archived"), archived=True, locked=False)
        theirs = Message(
            world.snowflakes.next(), self.ids["trivia"], guild.id, ada, world.clock.now(), content="hi"
        )
        discord.channel("trivia").messages[theirs.id] = theirs
        self.ids["theirs"] = theirs.id
