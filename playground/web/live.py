"""Live events for the page: one WebSocket for each tab, each acting as one person."""

import asyncio
from dataclasses import dataclass, field

import orjson
from aiohttp import WSMsgType, web

from playground.payloads.objects import iso
from playground.refused import Json
from playground.schema.callbacks import Kind
from playground.schema.forms import is_snowflake
from playground.server import LocalDiscord
from playground.web.payloads import page_message
from playground.world.events import (
    BulkDeleteEvent,
    Event,
    InteractionEvent,
    MessageEvent,
    ReactionEvent,
    StatusEvent,
)
from playground.world.model import Interaction, Message

HEARTBEAT_SECONDS = 20


@dataclass(slots=True, eq=False)
class Tab:
    """One open page."""

    user_id: int
    socket: web.WebSocketResponse
    outgoing: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)


class Live:
    """Turns events into JSON for every tab that may see them."""

    def __init__(self, discord: LocalDiscord) -> None:
        self._discord = discord
        self._tabs: set[Tab] = set()
        discord.hub.subscribe(self._hear)

    def clock(self) -> Json:
        """Return the playground's time."""
        clock = self._discord.clock
        return {"now": iso(clock.now()), "offset": clock.offset}

    def trouble(self) -> Json:
        """Return what is going wrong at the moment."""
        present = any(True for _ in self._discord.world.bot_guilds())
        revoked = [
            {"channel": str(channel.id), "permission": str(permission.name).lower()}
            for channel, permission in self._discord.controls.revoked()
        ]
        return self._discord.faults.summary() | {"kicked": not present, "revoked": revoked}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one tab until it closes."""
        user = request.query.get("user")
        if not is_snowflake(user):
            raise web.HTTPBadRequest
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS)
        await socket.prepare(request)
        tab = Tab(int(str(user)), socket)
        self._tabs.add(tab)
        writer = asyncio.create_task(_write(tab), name="page writer")
        try:
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            self._tabs.discard(tab)
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
        return socket

    async def close(self) -> None:
        """Close every tab's connection."""
        await asyncio.gather(*(tab.socket.close() for tab in tuple(self._tabs)))

    def _hear(self, event: Event) -> None:
        if not self._tabs:
            return
        match event:
            case MessageEvent(what, message):
                self._send_message(f"message_{what}", message)
            case BulkDeleteEvent(_, messages):
                for message in messages:
                    self._send_message("message_delete", message)
            case ReactionEvent(_, message):
                self._send_message("message_update", message)
            case InteractionEvent(interaction, state) if interaction.kind is not Kind.AUTOCOMPLETE:
                self._tell_interaction(interaction, state)
            case StatusEvent(what):
                self._tell_status(what)

    def _send_message(self, kind: str, message: Message) -> None:
        body: Json = {"type": kind}
        if message.deleted:
            body |= {"channel_id": str(message.channel_id), "message_id": str(message.id)}
        else:
            body["message"] = page_message(self._discord, message)
        place = self._discord.world.channels.get(message.channel_id)
        self._send(body, message.for_user or (None if place is None else place.recipient_id))

    def _tell_interaction(self, interaction: Interaction, state: str) -> None:
        body: Json = {
            "type": "interaction",
            "id": str(interaction.id),
            "channel_id": str(interaction.channel_id),
            "state": state,
        }
        if interaction.command is not None:
            body["command"] = interaction.command
        shown = interaction.message or interaction.source
        if shown is not None:
            body["message_id"] = str(shown.id)
        self._send(body, interaction.user_id)
        if interaction.modal is not None:
            opened = {"type": "modal_open", "interaction_id": str(interaction.id)}
            self._send(opened | interaction.modal, interaction.user_id)

    def _tell_status(self, what: str) -> None:
        discord = self._discord
        match what:
            case "commands_update" | "reset":
                self._send({"type": what})
            case "bot_status":
                self._send({"type": what, "online": discord.gateway.online})
            case "clock":
                self._send({"type": what} | self.clock())
            case "faults" | "world":
                self._send({"type": "faults", "faults": self.trouble()})

    def _send(self, body: Json, user_id: int | None = None) -> None:
        encoded = orjson.dumps(body)
        for tab in self._tabs:
            if user_id in (None, tab.user_id):
                tab.outgoing.put_nowait(encoded)


async def _write(tab: Tab) -> None:
    while True:
        await tab.socket.send_str((await tab.outgoing.get()).decode())
