"""How long a round waits for Discord's answer to a request."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from bot.core.rounds import Failure
from bot.runners.messenger import MessageFailed

T = TypeVar("T")

LONGEST_REQUEST_S = 15
"""Long enough for a picture over a slow line, and for most of discord.py's own attempts."""


class OutOfTime(MessageFailed):
    """A request was given up while it was under way; nobody knows what became of it."""

    def __init__(self) -> None:
        super().__init__(Failure.OUTAGE, f"no answer in {LONGEST_REQUEST_S} s")


class Patience:
    """Waits for one request at a time.

    It goes by the event loop's clock, not by the injected Time: the playground's can jump, which must not cut
    a healthy request off.
    """

    def __init__(self) -> None:
        self._limit: asyncio.Timeout | None = None

    async def wait_for(self, request: Awaitable[T]) -> T:
        """Return what the request returns. Raises OutOfTime if that takes too long, or when it is ended."""
        try:
            async with asyncio.timeout(LONGEST_REQUEST_S) as self._limit:
                return await request
        except TimeoutError as error:
            raise OutOfTime from error
        finally:
            self._limit = None

    def end(self) -> None:
        """Give up the request that is under way, if there is one."""
        if self._limit is not None and not self._limit.expired():
            self._limit.reschedule(asyncio.get_running_loop().time())
