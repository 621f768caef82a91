"""A record of every request that the bot makes."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from playground.refused import Json

KEPT = 50_000


@dataclass(slots=True)
class RequestRecord:
    """One request. `route` is a template as in Discord's OpenAPI file; `status` is 0 until it is answered."""

    method: str
    route: str
    path: str
    parameters: dict[str, str]
    query: dict[str, str]
    at: datetime
    body: Any = None
    files: list[str] = field(default_factory=list)
    status: int = 0
    code: int | None = None
    answer: Json | list[Json] | None = None


class RequestLog:
    """The last requests, oldest first."""

    def __init__(self) -> None:
        self._records: deque[RequestRecord] = deque(maxlen=KEPT)

    def add(self, record: RequestRecord) -> None:
        """Note a request as it arrives."""
        self._records.append(record)

    def __iter__(self) -> Iterator[RequestRecord]:
        return iter(tuple(self._records))

    def __len__(self) -> int:
        return len(self._records)

    def to(self, method: str, route: str) -> list[RequestRecord]:
        """Return the requests to one route."""
        return [record for record in self._records if record.method == method and record.route == route]

    def refused(self) -> list[RequestRecord]:
        """Return the requests that count towards Discord's ban for invalid ones.

        Answered with 401, 403 or 429.
        """
        return [record for record in self._records if record.status in (401, 403, 429)]

    def clear(self) -> None:
        """Forget everything so far."""
        self._records.clear()
