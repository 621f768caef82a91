"""The gateway: sessions that survive a lost connection, and the protocol spoken over each WebSocket.

Source: Discord's documentation, Events / Gateway and Topics / Opcodes and Status Codes.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from datetime import timedelta

import orjson
from aiohttp import WSMsgType, web

from playground.faults import Faults
from playground.gateway.sessions import EVERY_INTENT, PRIVILEGED, Close, Connection, Intent, Op, Session
from playground.payloads.objects import (
    application_flags,
    guild_create_payload,
    member_payload,
    own_user_payload,
)
from playground.refused import Json
from playground.schema import limits
from playground.world.events import Hub, StatusEvent
from playground.world.model import Guild, Member
from playground.world.world import World

log = logging.getLogger(__name__)

HEARTBEATS_MISSED = 2
HEARTBEAT_ACK_AFTER = timedelta(milliseconds=50)


class Gateway:
    """All sessions, and the handler of new connections."""

    def __init__(self, world: World, hub: Hub, faults: Faults) -> None:
        self._world = world
        self._hub = hub
        self._faults = faults
        self.sessions: dict[str, Session] = {}
        self.url = ""
        self.shards: int | None = None
        self.identifies_left = limits.IDENTIFIES_A_DAY

    @property
    def online(self) -> bool:
        """Whether the bot is connected."""
        return any(session.connection is not None for session in self.sessions.values())

    def recommended_shards(self) -> int:
        """Return what `GET /gateway/bot` says."""
        if self.shards is not None:
            return self.shards
        return max(1, -(-sum(1 for _ in self._world.bot_guilds()) // limits.GUILDS_A_SHARD_ADVISED))

    def hears(self, guild_id: int | None) -> bool:
        """Tell whether the bot is told of what people write in a server (None: in direct messages)."""
        intent = Intent.DIRECT_MESSAGES if guild_id is None else Intent.GUILD_MESSAGES
        return any(session.intents & intent for session in self.sessions.values())

    def dispatch(
        self,
        event: str,
        data: Json,
        guild_id: int | None,
        intents: int = Intent.NONE,
        *,
        without_content: Json | None = None,
    ) -> None:
        """Tell every session whose shard and intents it concerns.

        `without_content` is told in place of `data` where the Message Content intent is missing.
        """
        full = orjson.dumps(data)
        bare = full if without_content is None else orjson.dumps(without_content)
        for session in tuple(self.sessions.values()):
            if session.covers(guild_id) and (not intents or session.intents & intents):
                session.push(event, full if session.intents & Intent.MESSAGE_CONTENT else bare)

    def drop(self, code: int, *, resumable: bool = True) -> None:
        """Close every connection with a code; without `resumable` a RESUME is refused afterwards."""
        for session in tuple(self.sessions.values()):
            connection = session.connection
            if not resumable:
                self.sessions.pop(session.id, None)
            if connection is not None:
                session.connection = None
                connection.close(code)
        self._hub.publish(StatusEvent("bot_status"))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one WebSocket from HELLO to its close."""
        if self._faults.gateway_refused:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(max_msg_size=limits.GATEWAY_PAYLOAD_BYTES * 4, compress=False)
        await socket.prepare(request)
        connection = Connection(socket)
        writer = asyncio.create_task(connection.write(), name="gateway writer")
        session: Session | None = None
        try:
            await self._faults.gateway_open.wait()
            if request.query.get("v") not in ("9", "10") or request.query.get("encoding") != "json":
                connection.close(Close.INVALID_VERSION)
            interval = int(limits.HEARTBEAT_INTERVAL.total_seconds() * 1000)
            connection.send(Op.HELLO, {"heartbeat_interval": interval})
            async for message in self._incoming(connection):
                session = self._receive(connection, session, message)
        except ConnectionError:
            pass
        finally:
            await self._end(connection, session, writer)
        return socket

    async def _incoming(self, connection: Connection) -> AsyncIterator[str]:
        patience = limits.HEARTBEAT_INTERVAL.total_seconds() * HEARTBEATS_MISSED
        while True:
            try:
                message = await connection.socket.receive(timeout=patience)
            except TimeoutError:
                connection.close(Close.TIMED_OUT)
                return
            if message.type is not WSMsgType.TEXT:
                return
            if connection.too_fast():
                connection.close(Close.RATE_LIMITED)
                return
            yield message.data

    async def _end(self, connection: Connection, session: Session | None, writer: asyncio.Task[None]) -> None:
        if session is not None and session.connection is connection:
            session.connection = None
            if connection.socket.close_code in (1000, 1001):
                # A client that closes cleanly does not come back for its session.
                self.sessions.pop(session.id, None)
            self._hub.publish(StatusEvent("bot_status"))
        if not connection.closing:
            writer.cancel()
        await asyncio.gather(writer, return_exceptions=True)
        if not connection.socket.closed:
            await connection.socket.close()

    def _receive(self, connection: Connection, session: Session | None, text: str) -> Session | None:
        try:
            message = orjson.loads(text)
            op, data = message["op"], message.get("d")
        except (orjson.JSONDecodeError, KeyError, TypeError):
            connection.close(Close.DECODE_ERROR)
            return session
        if len(text) > limits.GATEWAY_PAYLOAD_BYTES:
            connection.close(Close.DECODE_ERROR)
            return session
        match op:
            case Op.HEARTBEAT:
                # discord.py notes the time of a heartbeat only after it was sent. An answer as quick as this
                # machine's comes before that, and it would warn of being 41 seconds behind.
                asyncio.get_running_loop().call_later(
                    HEARTBEAT_ACK_AFTER.total_seconds(), connection.send, Op.HEARTBEAT_ACK
                )
            case Op.IDENTIFY | Op.RESUME if session is not None:
                connection.close(Close.ALREADY_AUTHENTICATED)
            case Op.IDENTIFY:
                return self._identify(connection, data)
            case Op.RESUME:
                return self._resume(connection, data)
            case Op.PRESENCE | Op.VOICE_STATE | Op.REQUEST_MEMBERS if session is None:
                connection.close(Close.NOT_AUTHENTICATED)
            case Op.REQUEST_MEMBERS if session is not None:
                self._send_members(session, data)
            case Op.PRESENCE | Op.VOICE_STATE:
                pass
            case _:
                connection.close(Close.UNKNOWN_OPCODE)
        return session

    def _identify(self, connection: Connection, data: Json) -> Session | None:
        shard, shards = data.get("shard") or (0, 1)
        mine = [guild for guild in self._world.bot_guilds() if (guild.id >> 22) % max(shards, 1) == shard]
        intents = data.get("intents")
        refusal: int | None = None
        if data.get("token") != self._world.token:
            refusal = Close.AUTHENTICATION_FAILED
        elif not 0 <= shard < shards:
            refusal = Close.INVALID_SHARD
        elif len(mine) > limits.GUILDS_A_SHARD:
            refusal = Close.SHARDING_REQUIRED
        elif not isinstance(intents, int) or intents & ~EVERY_INTENT:
            refusal = Close.INVALID_INTENTS
        elif intents & PRIVILEGED and not self._world.privileged_intents:
            log.warning("The bot asks for privileged intents, which are off (see --privileged-intents).")
            refusal = Close.DISALLOWED_INTENTS
        if refusal is not None or not isinstance(intents, int):
            connection.close(refusal or Close.INVALID_INTENTS)
            return None
        self.identifies_left -= 1
        for old in [one for one in self.sessions.values() if one.shard == shard and one.connection is None]:
            # Discord forgets an unused session after a while; here it does at the shard's next IDENTIFY.
            del self.sessions[old.id]
        session = Session(secrets.token_hex(16), shard, shards, intents, connection=connection)
        self.sessions[session.id] = session
        session.push("READY", orjson.dumps(self._ready(session, mine)))
        for guild in mine:
            if guild.available and intents & Intent.GUILDS:
                self._announce(session, guild, joined=False)
        self._hub.publish(StatusEvent("bot_status"))
        return session

    def _ready(self, session: Session, mine: list[Guild]) -> Json:
        return {
            "v": 10,
            "user": own_user_payload(self._world.bot),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in mine],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "shard": [session.shard, session.shards],
            "application": {
                "id": str(self._world.application_id),
                "flags": application_flags(self._world),
            },
            "private_channels": [],
            "relationships": [],
            "geo_ordered_rtc_regions": [],
        }

    def _announce(self, session: Session, guild: Guild, *, joined: bool) -> None:
        everybody = bool(session.intents & Intent.GUILD_MEMBERS)
        payload = guild_create_payload(self._world, guild, all_members=everybody)
        # It says `unavailable: false` for a server that was known before, and nothing for a new one.
        session.push("GUILD_CREATE", orjson.dumps(payload if joined else payload | {"unavailable": False}))

    def announce(self, guild: Guild, *, joined: bool = True) -> None:
        """Tell the bot that a server is there: it was invited (`joined`), or an outage is over."""
        for session in self.sessions.values():
            if session.covers(guild.id) and session.intents & Intent.GUILDS:
                self._announce(session, guild, joined=joined)

    def _resume(self, connection: Connection, data: Json) -> Session | None:
        if data.get("token") != self._world.token:
            connection.close(Close.AUTHENTICATION_FAILED)
            return None
        session = self.sessions.get(str(data.get("session_id")))
        sequence = data.get("seq")
        if session is None or not isinstance(sequence, int):
            connection.send(Op.INVALID_SESSION, data=False)
            return None
        if sequence > session.sequence:
            connection.close(Close.INVALID_SEQUENCE)
            return None
        if session.sent and sequence < session.sent[0][0] - 1:
            connection.send(Op.INVALID_SESSION, data=False)
            return None
        if session.connection is not None:
            session.connection.close(Close.TIMED_OUT)
        session.connection = connection
        for number, frame in session.sent:
            if number > sequence:
                connection.send_bytes(frame)
        session.push("RESUMED", b"{}")
        self._hub.publish(StatusEvent("bot_status"))
        return session

    def _send_members(self, session: Session, data: Json) -> None:
        guild = self._world.guilds.get(int(data["guild_id"]))
        if guild is None:
            return
        asked = data.get("user_ids")
        wanted = {int(user) for user in (asked if isinstance(asked, list) else [asked] if asked else ())}
        found = [member for member in guild.members.values() if member.user_id in wanted]
        if isinstance(data.get("query"), str):
            found = self._named(session, guild, data["query"], data.get("limit") or 0)
        missing = [str(user) for user in wanted - guild.members.keys()]
        size = limits.MEMBERS_A_CHUNK
        parts = [found[start : start + size] for start in range(0, len(found), size)] or [[]]
        for index, part in enumerate(parts):
            chunk = {
                "guild_id": str(guild.id),
                "members": [member_payload(member, self._world.users[member.user_id]) for member in part],
                "not_found": missing if index == 0 else [],
                "chunk_index": index,
                "chunk_count": len(parts),
            }
            if data.get("nonce"):
                chunk["nonce"] = data["nonce"]
            session.push("GUILD_MEMBERS_CHUNK", orjson.dumps(chunk))

    def _named(self, session: Session, guild: Guild, query: str, limit: int) -> list[Member]:
        """Return the members whose name starts with `query`; an empty one takes the members intent."""
        if not query and not limit:
            everybody = bool(session.intents & Intent.GUILD_MEMBERS)
            return list(guild.members.values()) if everybody else []
        limit = min(limit or limits.MEMBERS_BY_NAME, limits.MEMBERS_BY_NAME)
        return self._world.members_named(guild, query, limit)
