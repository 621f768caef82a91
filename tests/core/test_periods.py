from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.periods import Period, Stretch, month_of

zones = st.sampled_from(
    [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Asia/Kolkata")]
)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def stretch(period: Period, moment: datetime, zone: ZoneInfo) -> Stretch:
    found = period.stretch(moment, zone)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("moment", "zone", "day", "week", "month"),
    [
        ("2026-08-03T00:00+00:00", "UTC", "2026-08-03", "2026-08-03", "2026-08-01"),  # a Monday
        ("2026-08-02T23:59+00:00", "UTC", "2026-08-02", "2026-07-27", "2026-08-01"),  # a Sunday
        ("2026-08-02T22:30+00:00", "Europe/Berlin", "2026-08-03", "2026-08-03", "2026-08-01"),
        ("2026-08-01T03:59+00:00", "America/New_York", "2026-07-31", "2026-07-27", "2026-07-01"),
        ("2026-01-01T12:00+00:00", "UTC", "2026-01-01", "2025-12-29", "2026-01-01"),
        ("2024-02-29T23:59+00:00", "UTC", "2024-02-29", "2024-02-26", "2024-02-01"),
        ("2011-12-30T12:00+00:00", "Pacific/Apia", "2011-12-31", "2011-12-26", "2011-12-01"),
    ],
)
def test_first_days(moment: str, zone: str, day: str, week: str, month: str) -> None:
    first_days = [
        f"{stretch(period, datetime.fromisoformat(moment), ZoneInfo(zone)).first}"
        for period in (Period.DAY, Period.WEEK, Period.MONTH)
    ]
    assert first_days == [day, week, month]


@given(moments, zones)
def test_a_period_holds_its_moment_and_begins_where_it_should(moment: datetime, zone: ZoneInfo) -> None:
    today = moment.astimezone(zone).date()
    day, week, month = (stretch(period, moment, zone) for period in (Period.DAY, Period.WEEK, Period.MONTH))
    assert day == Stretch(today, today)
    assert (week.first.weekday(), week.last - week.first) == (0, timedelta(days=6))
    assert (month.first.day, month.first.month, month.first.year) == (1, today.month, today.year)
    assert (month.last + timedelta(days=1)).day == 1
    for one in (day, week, month):
        assert one.first <= today <= one.last
        assert one.begins(zone) <= moment < one.ends(zone)
    assert Period.ALL.stretch(moment, zone) is None


@given(moments, zones)
def test_what_was_last_ends_where_what_is_now_begins(moment: datetime, zone: ZoneInfo) -> None:
    for last, now in ((Period.LAST_WEEK, Period.WEEK), (Period.LAST_MONTH, Period.MONTH)):
        before = stretch(last, moment, zone)
        assert before.ends(zone) == stretch(now, moment, zone).begins(zone)
        assert before == stretch(now, before.begins(zone), zone)


@pytest.mark.parametrize(
    ("zone", "day", "begins", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), "2026-03-28T23:00", 23),
        ("Europe/Berlin", date(2026, 10, 25), "2026-10-24T22:00", 25),
        ("Asia/Beirut", date(2022, 3, 27), "2022-03-26T22:00", 23),  # its clocks skip midnight
        ("Pacific/Apia", date(2011, 12, 29), "2011-12-29T10:00", 24),
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30T10:00", 0),  # a day that was not
    ],
)
def test_days_through_a_change_of_clocks(zone: str, day: date, begins: str, hours: int) -> None:
    one = Stretch(day, day)
    assert one.begins(ZoneInfo(zone)) == datetime.fromisoformat(f"{begins}+00:00")
    assert one.ends(ZoneInfo(zone)) - one.begins(ZoneInfo(zone)) == timedelta(hours=hours)


def test_months_follow_each_other() -> None:
    months = [month_of(date(year, month, 15)) for year in (2023, 2024) for month in range(1, 13)]
    assert all(later.first - one.last == timedelta(days=1) for one, later in pairwise(months))
