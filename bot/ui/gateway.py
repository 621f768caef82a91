"""A flaw of discord.py 2.7 mended: one refused connection would have it give up its session at the gateway.

Whatever was clicked meanwhile is kept by Discord for a RESUME, and lost with an IDENTIFY. discord.py allows
60 seconds for a RESUME, but where the connection is refused at once it does not use them.
"""

import asyncio
import logging

import aiohttp
from discord.http import HTTPClient

log = logging.getLogger(__name__)

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 5.0
PATIENCE_S = 50.0
"""By the event loop's clock; below discord.py's own 60 seconds, in which HELLO and RESUME must fit too."""


def survive_refused_connections(http: HTTPClient) -> None:
    """Have this client try again where the gateway refuses a connection, once it has had a first one."""
    connect = http.ws_connect
    was_connected = False

    async def connect_patiently(url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        nonlocal was_connected
        loop = asyncio.get_running_loop()
        ends, wait = loop.time() + PATIENCE_S, FIRST_WAIT_S
        while True:
            try:
                socket = await connect(url, compress=compress)
            except (aiohttp.ClientError, OSError) as error:
                # A start that fails is told at once.
                if not was_connected or loop.time() + wait > ends:
                    raise
                log.info("The gateway refused a connection (%r); trying again in %.1f s", error, wait)
            else:
                was_connected = True
                return socket
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT_S)

    setattr(http, "ws_connect", connect_patiently)  # noqa: B010 (mypy forbids to assign to a method)
