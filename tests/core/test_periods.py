from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.periods import Period

zones = st.sampled_from(
    [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Asia/Kolkata")]
)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


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
    first_days = [period.first_day(datetime.fromisoformat(moment), ZoneInfo(zone)) for period in Period]
    assert first_days == [day, week, month, ""]


@given(moments, zones)
def test_a_period_holds_its_moment_and_begins_where_it_should(moment: datetime, zone: ZoneInfo) -> None:
    today = moment.astimezone(zone).date()
    day, week, month = (
        date.fromisoformat(period.first_day(moment, zone)) for period in Period if period is not Period.ALL
    )
    assert day == today
    assert week.weekday() == 0
    assert timedelta() <= today - week < timedelta(days=7)
    assert (month.day, month.month, month.year) == (1, today.month, today.year)


@given(moments, moments, zones)
def test_a_later_moment_is_never_in_an_earlier_period(one: datetime, other: datetime, zone: ZoneInfo) -> None:
    earlier, later = sorted((one, other))
    for period in Period:
        assert period.first_day(earlier, zone) <= period.first_day(later, zone)
