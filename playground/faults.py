"""The ways in which the local Discord can be told to misbehave."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from playground.refused import Json

When = Literal["before", "after"]
STANDARD: dict[int, tuple[int, str]] = {
    400: (50035, "Invalid Form Body"),
    401: (0, "401: Unauthorized"),
    403: (50013, "Missing Permissions"),
    404: (10008, "Unknown Message"),
    429: (0, "You are being rate limited."),
}


def route_matches(wanted: str | None, method: str, route: str) -> bool:
    """Whether `wanted` names this route: None for any, a template, or a method and a template."""
    return wanted is None or wanted in (route, f"{method} {route}")


@dataclass(slots=True)
class RequestFault:
    """The next `count` requests on `route` fail.

    `after`: they take effect first and only the answer is an error.
    """

    status: int
    count: int
    route: str | None
    code: int
    message: str
    when: When
    retry_after: float
    everywhere: bool


@dataclass(slots=True)
class Hold:
    """Requests on a route that wait until they are released."""

    route: str
    when: When
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: int = 0

    def release(self) -> None:
        """Let through the requests that wait, and all that follow."""
        self.released.set()


@dataclass(slots=True)
class Slowness:
    """Requests on a route take this many seconds longer."""

    seconds: float
    route: str | None
    when: When


class Faults:
    """What is going wrong at the moment: at the start, nothing."""

    def __init__(self) -> None:
        self._requests: list[RequestFault] = []
        self._slow: list[Slowness] = []
        self._holds: list[Hold] = []
        self.gateway_refused = False
        self.gateway_open = asyncio.Event()
        self.gateway_open.set()

    def fail_next(
        self,
        status: int,
        count: int = 1,
        route: str | None = None,
        *,
        code: int | None = None,
        when: When = "before",
        retry_after: float = 0.05,
        everywhere: bool = False,
    ) -> None:
        """Answer the next `count` requests with `status`.

        `route` is a template, also with its method before it; None takes any.

        `when="after"` lets the request take effect and loses only its answer. A 429 carries
        `retry_after` seconds.
        """
        standard = STANDARD.get(status, (0, f"{status}: Internal Server Error"))
        self._requests.append(
            RequestFault(
                status,
                count,
                route,
                standard[0] if code is None else code,
                standard[1],
                when,
                retry_after,
                everywhere,
            )
        )

    def slow(self, seconds: float, route: str | None = None, *, when: When = "before") -> None:
        """Let requests take this many real seconds longer, on the way there or on the way back.

        0 ends it for the route.
        """
        self._slow = [one for one in self._slow if (one.route, one.when) != (route, when)]
        if seconds > 0:
            self._slow.append(Slowness(seconds, route, when))

    @contextmanager
    def hold(self, route: str, *, when: When = "before") -> Iterator[Hold]:
        """Keep requests on a route waiting inside the `with` block, before or after they take effect."""
        held = Hold(route, when)
        self._holds.append(held)
        try:
            yield held
        finally:
            held.release()
            self._holds.remove(held)

    def clear(self) -> None:
        """Behave again."""
        self._requests.clear()
        self._slow.clear()
        for held in self._holds:
            held.release()
        self.gateway_refused = False
        self.gateway_open.set()

    def failure(self, method: str, route: str, when: When) -> RequestFault | None:
        """Return the fault that applies to this request, if any, and count it as used."""
        for fault in self._requests:
            if fault.when == when and route_matches(fault.route, method, route):
                fault.count -= 1
                if fault.count == 0:
                    self._requests.remove(fault)
                return fault
        return None

    async def delay(self, method: str, route: str, when: When) -> None:
        """Wait as long as this request has to."""
        for held in tuple(self._holds):
            if held.when == when and route_matches(held.route, method, route):
                held.waiting += 1
                held.arrived.set()
                await held.released.wait()
        for slowness in self._slow:
            if slowness.when == when and route_matches(slowness.route, method, route):
                await asyncio.sleep(slowness.seconds)

    def summary(self) -> Json:
        """Return what is going wrong at the moment, for the page."""
        return {
            "gateway_down": self.gateway_refused or not self.gateway_open.is_set(),
            "slow": max((one.seconds for one in self._slow), default=0),
            "fail_next": [
                {"status": fault.status, "count": fault.count, "route": fault.route}
                for fault in self._requests
            ],
        }
