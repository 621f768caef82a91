"""Discord's rate limits, which are off unless somebody turns them on.

Source: Discord's documentation, Topics / Rate Limits. Time is the event loop's: clients wait by a real one.
"""

import asyncio
from dataclasses import dataclass

from playground.faults import STANDARD, RequestFault
from playground.schema import limits

SEND = ("POST", "/channels/{channel_id}/messages")
NO_GLOBAL_LIMIT = ("/interactions/", "/webhooks/")


@dataclass(slots=True)
class Window:
    """A number of requests that are allowed in a stretch of time; once that is over it starts afresh."""

    size: int
    seconds: float
    left: int = 0
    ends: float = 0.0

    def take(self, now: float) -> bool:
        """Count a request, if there is room for it."""
        if now >= self.ends:
            self.left, self.ends = self.size, now + self.seconds
        if self.left == 0:
            return False
        self.left -= 1
        return True


class Rates:
    """Counts the bot's requests: all of them, and messages by channel. `refused` counts those too many."""

    def __init__(self, *, on: bool) -> None:
        self.on = on
        self.refused = 0
        self.everything = Window(limits.REQUESTS_A_SECOND, 1.0)
        self._sends: dict[str, Window] = {}

    def refusal(self, method: str, template: str, path: dict[str, str]) -> RequestFault | None:
        """Count a request; return the refusal if there were too many."""
        if not self.on:
            return None
        now = asyncio.get_running_loop().time()
        if not template.startswith(NO_GLOBAL_LIMIT) and not self.everything.take(now):
            return self._refuse(self.everything.ends - now, everywhere=True)
        if (method, template) == SEND:
            window = self._sends.setdefault(
                path["channel_id"], Window(limits.CHANNEL_MESSAGES, limits.CHANNEL_MESSAGES_SECONDS)
            )
            if not window.take(now):
                return self._refuse(window.ends - now, everywhere=False)
        return None

    def headers(self, method: str, template: str, path: dict[str, str]) -> dict[str, str]:
        """Return the rate limit headers for a channel's messages, after one was counted."""
        window = self._sends.get(path.get("channel_id", "")) if (method, template) == SEND else None
        if not self.on or window is None:
            return {}
        return {
            "X-RateLimit-Limit": str(window.size),
            "X-RateLimit-Remaining": str(window.left),
            "X-RateLimit-Reset-After": f"{max(0.0, window.ends - asyncio.get_running_loop().time()):.3f}",
            "X-RateLimit-Bucket": "messages",
        }

    def _refuse(self, wait: float, *, everywhere: bool) -> RequestFault:
        self.refused += 1
        code, message = STANDARD[429]
        return RequestFault(429, 1, None, code, message, "before", wait, everywhere)
