"""The gateway: sessions that survive a lost connection, and the protocol spoken over each WebSocket.

Source: Discord's documentation, Events / Gateway and Topics / Opcodes and Status Codes.
"""

import asyncio
import secrets
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Any

import orjson
from aiohttp import WSMsgType, web

from bot.playground import limits
from bot.playground.api_error import Json
from bot.playground.events import Hub, StatusEvent
from bot.playground.faults import Faults
from bot.playground.payloads import guild_create_payload, member_payload, own_user_payload
from bot.playground.world import Guild, World

HEARTBEATS_MISSED = 2


class Op(IntEnum):
    """Gateway opcodes."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    VOICE_STATE = 4
    RESUME = 6
    RECONNECT = 7
    REQUEST_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Close(IntEnum):
    """Close codes."""

    UNKNOWN_OPCODE = 4001
    DECODE_ERROR = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    INVALID_SEQUENCE = 4007
    RATE_LIMITED = 4008
    TIMED_OUT = 4009
    INVALID_SHARD = 4010
    SHARDING_REQUIRED = 4011
    INVALID_VERSION = 4012
    INVALID_INTENTS = 4013
    DISALLOWED_INTENTS = 4014


class Intent(IntFlag):
    """The intents that this playground's events belong to, and the privileged ones that it refuses."""

    NONE = 0
    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    DIRECT_MESSAGES = 1 << 12
    MESSAGE_CONTENT = 1 << 15


PRIVILEGED = Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES | Intent.MESSAGE_CONTENT
EVERY_INTENT = (1 << 26) - 1


@dataclass(slots=True, eq=False)
class Session:
    """One identified shard: what it was sent, so that a RESUME can have it again."""

    id: str
    shard: int
    shards: int
    intents: int
    sequence: int = 0
    sent: deque[tuple[int, bytes]] = field(
        default_factory=lambda: deque(maxlen=limits.EVENTS_KEPT_FOR_RESUME)
    )
    connection: "Connection | None" = None

    def push(self, event: str, data: bytes) -> None:
        """Send an event now, or keep it for the RESUME to come."""
        self.sequence += 1
        frame = b'{"op":0,"s":%d,"t":"%s","d":%s}' % (self.sequence, event.encode(), data)
        self.sent.append((self.sequence, frame))
        if self.connection is not None:
            self.connection.send_bytes(frame)

    def covers(self, guild_id: int | None) -> bool:
        """Whether a server's events (None: direct messages') come to this shard."""
        return (0 if guild_id is None else (guild_id >> 22) % self.shards) == self.shard


class Connection:
    """One WebSocket; what is sent is queued, so that order is kept and senders never wait."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self.socket = socket
        self._outgoing: asyncio.Queue[bytes | int] = asyncio.Queue()
        self._arrivals: deque[float] = deque(maxlen=limits.GATEWAY_EVENTS_A_MINUTE)

    def send_bytes(self, frame: bytes) -> None:
        """Queue one text frame."""
        self._outgoing.put_nowait(frame)

    def send(self, op: Op, data: Any = None) -> None:
        """Queue one message that is not an event."""
        self.send_bytes(orjson.dumps({"op": int(op), "d": data, "s": None, "t": None}))

    def close(self, code: int) -> None:
        """Close after what is queued."""
        self._outgoing.put_nowait(int(code))

    def too_fast(self) -> bool:
        """Count one arrival; True once there were more than 120 in a minute."""
        now = time.monotonic()
        full = len(self._arrivals) == limits.GATEWAY_EVENTS_A_MINUTE and now - self._arrivals[0] < 60
        self._arrivals.append(now)
        return full

    async def write(self) -> None:
        """Send what is queued until the connection closes."""
        while True:
            item = await self._outgoing.get()
            if isinstance(item, int):
                await self.socket.close(code=item)
                return
            await self.socket.send_str(item.decode())


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
        """What `GET /gateway/bot` says."""
        if self.shards is not None:
            return self.shards
        return max(1, -(-sum(1 for _ in self._world.bot_guilds()) // limits.GUILDS_A_SHARD))

    def dispatch(self, event: str, data: Json, guild_id: int | None, intents: int = Intent.NONE) -> None:
        """Tell every session whose shard and intents it concerns."""
        encoded = orjson.dumps(data)
        for session in tuple(self.sessions.values()):
            if session.covers(guild_id) and (not intents or session.intents & intents):
                session.push(event, encoded)

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
                # A client that closes in peace does not come back for its session.
                self.sessions.pop(session.id, None)
            self._hub.publish(StatusEvent("bot_status"))
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
                connection.send(Op.HEARTBEAT_ACK)
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
        elif intents & PRIVILEGED:
            refusal = Close.DISALLOWED_INTENTS
        if refusal is not None or not isinstance(intents, int):
            connection.close(refusal or Close.INVALID_INTENTS)
            return None
        self.identifies_left -= 1
        for old in [one for one in self.sessions.values() if one.shard == shard and one.connection is None]:
            # Discord forgets an unused session after a while; the shard's next IDENTIFY is a good moment for it.
            del self.sessions[old.id]
        session = Session(secrets.token_hex(16), shard, shards, intents, connection=connection)
        self.sessions[session.id] = session
        session.push("READY", orjson.dumps(self._ready(session, mine)))
        for guild in mine:
            if guild.available and intents & Intent.GUILDS:
                self._announce(session, guild)
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
            "application": {"id": str(self._world.application_id), "flags": 0},
            "private_channels": [],
            "relationships": [],
            "geo_ordered_rtc_regions": [],
        }

    def _announce(self, session: Session, guild: Guild) -> None:
        everybody = bool(session.intents & Intent.GUILD_MEMBERS)
        session.push(
            "GUILD_CREATE", orjson.dumps(guild_create_payload(self._world, guild, all_members=everybody))
        )

    def announce(self, guild: Guild) -> None:
        """Tell the bot that a server is there: after an invite or an outage."""
        for session in self.sessions.values():
            if session.covers(guild.id) and session.intents & Intent.GUILDS:
                self._announce(session, guild)

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
        for _, frame in _after(session, sequence):
            connection.send_bytes(frame)
        session.push("RESUMED", b"{}")
        self._hub.publish(StatusEvent("bot_status"))
        return session

    def _send_members(self, session: Session, data: Json) -> None:
        guild = self._world.guilds.get(int(data["guild_id"]))
        if guild is None:
            return
        wanted = {int(user) for user in data.get("user_ids") or ()}
        found = [member for member in guild.members.values() if member.user_id in wanted]
        chunk = {
            "guild_id": str(guild.id),
            "members": [member_payload(member, self._world.users[member.user_id]) for member in found],
            "not_found": [str(user) for user in wanted - guild.members.keys()],
            "chunk_index": 0,
            "chunk_count": 1,
        }
        if data.get("nonce"):
            chunk["nonce"] = data["nonce"]
        session.push("GUILD_MEMBERS_CHUNK", orjson.dumps(chunk))


def _after(session: Session, sequence: int) -> Iterator[tuple[int, bytes]]:
    return (entry for entry in tuple(session.sent) if entry[0] > sequence)
