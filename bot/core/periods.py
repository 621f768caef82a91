"""The periods that a board shows, by a server's own calendar."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole days of a calendar, from the first to the last."""

    first: date
    last: date

    def begins(self, zone: tzinfo) -> datetime:
        """Return the moment (UTC) at which it begins in that zone."""
        return _midnight(self.first, zone)

    def ends(self, zone: tzinfo) -> datetime:
        """Return the moment (UTC) at which it is over, the first after it."""
        return _midnight(self.last + timedelta(days=1), zone)


class Period(StrEnum):
    """A span of time that points are summed over; a week begins on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"
    LAST_WEEK = "last-week"
    LAST_MONTH = "last-month"

    def stretch(self, now: datetime, zone: tzinfo) -> Stretch | None:
        """Return its days at a moment (aware) by the calendar of a zone, or None for all time."""
        today = now.astimezone(zone).date()
        monday = today - timedelta(days=today.weekday())
        match self:
            case Period.DAY:
                return Stretch(today, today)
            case Period.WEEK:
                return Stretch(monday, monday + timedelta(days=6))
            case Period.LAST_WEEK:
                return Stretch(monday - timedelta(days=7), monday - timedelta(days=1))
            case Period.MONTH:
                return month_of(today)
            case Period.LAST_MONTH:
                return month_of(today.replace(day=1) - timedelta(days=1))
            case Period.ALL:
                return None


def month_of(day: date) -> Stretch:
    """Return the month that a day is part of."""
    first = day.replace(day=1)
    return Stretch(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def _midnight(day: date, zone: tzinfo) -> datetime:
    # Where a clock change skips midnight, this is the moment of the change.
    return datetime.combine(day, time(), zone).astimezone(UTC)
