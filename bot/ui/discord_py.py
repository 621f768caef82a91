"""Three faults of discord.py 2.7, each worked around in the client's HTTP.

* A request that is cancelled while it sleeps through Discord's global rate limit, as by a time limit, never
  lets the others go, and the client sends nothing more.
* Anything that answers in Discord's place, such as the login page of a network, is taken for Discord: what is
  not JSON is passed on as text, and whoever asked for a user or a message fails on it.
* A gateway that refuses one connection costs the session. Discord keeps what was clicked meanwhile for a
  RESUME and loses it with an IDENTIFY; discord.py has 60 seconds for a RESUME, and does not use them.
"""

import asyncio
import logging
from typing import Any

import aiohttp
from discord.http import HTTPClient, Route

log = logging.getLogger(__name__)

KEYS = {"/users/@me": "id", "/oauth2/applications/@me": "id", "/gateway/bot": "url"}
"""What the answers to a start must contain: somebody else's may be JSON too."""
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 5.0
PATIENCE_S = 50.0
"""By the event loop's clock; below discord.py's own 60 seconds, in which HELLO and RESUME must fit too."""


class NotDiscord(aiohttp.ClientError):
    """Something else answered in Discord's place; it passes as a failure of the network."""


def work_around_faults(http: HTTPClient) -> None:
    """Replace the two methods of this client's HTTP that have the faults."""
    request, connect = http.request, http.ws_connect
    was_connected = False

    async def sound_request(route: Route, **options: Any) -> Any:  # noqa: ANN401 (as discord.py has it)
        try:
            answer = await request(route, **options)
        except asyncio.CancelledError:
            # The others may meet the limit again, and one of them then sleeps through it.
            http._global_over.set()  # noqa: SLF001 (there is no public way; pinned and tested)
            raise
        except ValueError as error:
            raise NotDiscord("an answer that is no JSON") from error
        key = KEYS.get(route.path) if route.method == "GET" else None
        if (isinstance(answer, str) and answer) or (key and not (isinstance(answer, dict) and key in answer)):
            raise NotDiscord("a web page, or something else that is not Discord's")
        return answer

    async def patient_connect(url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        nonlocal was_connected
        loop = asyncio.get_running_loop()
        ends, wait = loop.time() + PATIENCE_S, FIRST_WAIT_S
        while True:
            try:
                socket = await connect(url, compress=compress)
            except (aiohttp.ClientError, OSError) as error:
                # A start that fails is reported at once.
                if not was_connected or loop.time() + wait > ends:
                    raise
                log.info("The gateway refused a connection (%r); trying again in %.1f s", error, wait)
            else:
                was_connected = True
                return socket
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT_S)

    setattr(http, "request", sound_request)  # noqa: B010 (mypy forbids assigning to a method)
    setattr(http, "ws_connect", patient_connect)  # noqa: B010
