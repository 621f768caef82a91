"""Discord's ids: milliseconds since 2015 in the upper bits, so an id carries its moment."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

DISCORD_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
TIME_SHIFT = 22


def snowflake(moment: datetime, counter: int = 0) -> int:
    """Return the id of an aware moment; `counter` below 4,096 tells ids of one millisecond apart."""
    return ((moment - DISCORD_EPOCH) // timedelta(milliseconds=1) << TIME_SHIFT) | counter


def moment_of(identifier: int) -> datetime:
    """Return the aware UTC moment that an id carries, to the millisecond."""
    return DISCORD_EPOCH + timedelta(milliseconds=identifier >> TIME_SHIFT)


class Snowflakes:
    """A source of ids that never repeat and always grow."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._last = 0

    def next(self) -> int:
        """Return a new id for the present moment."""
        self._last = max(snowflake(self._now()), self._last + 1)
        return self._last
