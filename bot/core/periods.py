"""The periods that a board shows: today, this week, this month and all time, by a server's own calendar."""

from datetime import datetime, timedelta, tzinfo
from enum import StrEnum


class Period(StrEnum):
    """A span of time that points are summed over; a week begins on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"

    def first_day(self, moment: datetime, zone: tzinfo) -> str:
        """Return the ISO date of the first day of the period that holds `moment` (aware); '' for all time.

        The date is the server's: the one that a calendar in `zone` shows at that moment.
        """
        day = moment.astimezone(zone).date()
        match self:
            case Period.DAY:
                return day.isoformat()
            case Period.WEEK:
                return (day - timedelta(days=day.weekday())).isoformat()
            case Period.MONTH:
                return day.replace(day=1).isoformat()
            case Period.ALL:
                return ""
