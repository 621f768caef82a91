"""Moments as the database keeps them: unix milliseconds."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    """Return the whole milliseconds from 1970 to an aware moment, exactly."""
    return (moment - _EPOCH) // _MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """Return the moment (UTC) that many milliseconds after 1970 began."""
    return _EPOCH + milliseconds * _MILLISECOND
