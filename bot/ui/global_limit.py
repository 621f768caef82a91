"""A flaw of discord.py 2.7 mended: a request cancelled at the wrong moment would have it send nothing more.

All requests wait while Discord's global rate limit lasts. The one that met the limit sleeps through it and
lets the others go; if it is cancelled in its sleep, as by a time limit, nobody lets them go.
"""

import asyncio
from typing import Any

from discord.http import HTTPClient, Route


def survive_cancelled_requests(http: HTTPClient) -> None:
    """Have a request of this client that is cancelled let all others go; Discord may limit those anew."""
    request = http.request

    async def request_that_lets_go(route: Route, **options: Any) -> Any:  # noqa: ANN401 (as discord.py has it)
        try:
            return await request(route, **options)
        except asyncio.CancelledError:
            http._global_over.set()  # noqa: SLF001 (there is no public way; pinned and tested)
            raise

    setattr(http, "request", request_that_lets_go)  # noqa: B010 (mypy forbids to assign to a method)
