"""Gateway sessions that survive a lost connection, and the connections themselves.

Source: Discord's documentation, Events / Gateway and Topics / Opcodes and Status Codes.
"""

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Any

import orjson
from aiohttp import web

from playground.schema import limits


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
    """The intents that this playground's events belong to, and the privileged ones."""

    NONE = 0
    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_MODERATION = 1 << 2
    GUILD_EXPRESSIONS = 1 << 3
    GUILD_WEBHOOKS = 1 << 5
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    DIRECT_MESSAGES = 1 << 12
    DIRECT_MESSAGE_REACTIONS = 1 << 13
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
        self.closing = False
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
        self.closing = True
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
