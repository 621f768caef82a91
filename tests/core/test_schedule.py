"""When a daily post is due, checked against clock changes that are found by scanning."""

import time as clock
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice, pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.refusal import Refusal
from bot.core.schedule import LATEST, Due, catch_up, due_moment, next_due, parse_time, upcoming
from bot.core.zones import zone_names
from tests.examples import examples

BEGIN, END = datetime(2009, 12, 1, tzinfo=UTC), datetime(2031, 2, 1, tzinfo=UTC)
DAY = timedelta(days=1)
LOOKS = tuple(BEGIN + 5 * i * DAY for i in range((END - BEGIN) // (5 * DAY) + 1))
"""When each zone is looked at: no offset has held for less than twenty days."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time with one offset; `end` is not in it."""

    start: datetime
    end: datetime
    offset: timedelta

    def moment(self, local: datetime) -> datetime | None:
        moment = (local - self.offset).replace(tzinfo=UTC)
        return moment if self.start <= moment < self.end else None


@cache
def offsets(name: str) -> tuple[timedelta | None, ...]:
    """Return the zone's offset at each look."""
    zone = ZoneInfo(name)
    return tuple(look.astimezone(zone).utcoffset() for look in LOOKS)


@cache
def stretches(name: str) -> tuple[Stretch, ...]:
    """Find when the zone's offset changed: halve where two looks differ."""
    zone = ZoneInfo(name)
    changes: list[datetime] = [BEGIN]
    for (look, before), (next_look, after) in pairwise(zip(LOOKS, offsets(name), strict=True)):
        if before == after:
            continue
        low, high = look, next_look
        while high - low > timedelta(seconds=1):
            middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
            if middle.astimezone(zone).utcoffset() == before:
                low = middle
            else:
                high = middle
        changes.append(high)
    found = []
    for start, end in pairwise([*changes, END]):
        offset = start.astimezone(zone).utcoffset()
        assert offset is not None
        found.append(Stretch(start, end, offset))
    return tuple(found)


@cache
def distinct_zones() -> tuple[str, ...]:
    """One name for each set of offsets over the years; the others are links to the same rules."""
    first: dict[tuple[timedelta | None, ...], str] = {}
    for name in zone_names():
        first.setdefault(offsets(name), name)
    return tuple(first.values())


DISTINCT = st.deferred(lambda: st.sampled_from(distinct_zones()))


def expected_moment(name: str, wall: time, day: date) -> datetime | None:
    """Return when a post is due on a day, from the stretches alone, by the rules in `schedule.py`."""
    local = datetime.combine(day, wall)
    all_stretches = stretches(name)
    around = bisect_right([stretch.start for stretch in all_stretches], local.replace(tzinfo=UTC))
    near = all_stretches[max(0, around - 3) : around + 2]
    moments = [moment for stretch in near if (moment := stretch.moment(local)) is not None]
    if moments:
        return min(moments)
    midnight = datetime.combine(day, time(0))
    exists = any(
        (stretch.start + stretch.offset).replace(tzinfo=None) < midnight + DAY
        and (stretch.end + stretch.offset).replace(tzinfo=None) > midnight
        for stretch in near
    )
    if not exists:
        return None
    return min(
        after.start
        for before, after in pairwise(near)
        if (after.start + before.offset).replace(tzinfo=None)
        <= local
        < (after.start + after.offset).replace(tzinfo=None)
    )


def test_all_zones_at_every_clock_change() -> None:
    checked = 0
    for name in distinct_zones():
        zone = ZoneInfo(name)
        for before, after in pairwise(stretches(name)):
            edges = {after.start + before.offset, after.start + after.offset}
            walls = {time(0), time(9), time(23, 59)} | {
                (edge + timedelta(minutes=shift)).time() for edge in edges for shift in (-1, 0, 1, 15)
            }
            days = {edge.date() + shift * DAY for edge in edges for shift in (-1, 0, 1)}
            for wall in walls:
                for day in days:
                    assert due_moment(zone, wall, day) == expected_moment(name, wall, day), (name, wall, day)
                    checked += 1
    assert checked > 50_000


def test_each_date_that_exists_has_exactly_one_moment() -> None:
    """Twenty-one years: no date twice, none left out but those that do not exist, always forwards."""
    rng = Random(20260101)
    begin, end = date(2010, 1, 1), date(2030, 12, 31)
    all_days = {begin + i * DAY for i in range((end - begin).days + 1)}
    for name in rng.sample(distinct_zones(), 12):
        zone = ZoneInfo(name)
        wall = time(rng.randrange(24), rng.randrange(60))
        start = datetime.combine(begin - DAY, wall, tzinfo=UTC)
        dues = [
            due for due in islice(upcoming(zone, wall, start), len(all_days) + 5) if begin <= due.date <= end
        ]
        assert all(one.moment < two.moment and one.date < two.date for one, two in pairwise(dues)), name
        missing = all_days - {due.date for due in dues}
        assert missing == {day for day in missing if expected_moment(name, wall, day) is None}, name
        assert len(missing) <= 1


@settings(max_examples=examples(2000), deadline=None)
@given(
    name=DISTINCT,
    wall=st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    day=st.dates(date(2010, 1, 1), date(2030, 12, 31)),
)
def test_any_zone_time_and_date(name: str, wall: time, day: date) -> None:
    assert due_moment(ZoneInfo(name), wall, day) == expected_moment(name, wall, day)


@settings(max_examples=examples(1000), deadline=None)
@given(
    name=DISTINCT,
    minute=st.integers(0, 24 * 60 - 1),
    after=st.datetimes(datetime(2010, 1, 1), datetime(2030, 12, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_the_next_one_is_later_and_none_lies_between(name: str, minute: int, after: datetime) -> None:
    zone, wall = ZoneInfo(name), time(minute // 60, minute % 60)
    due = next_due(zone, wall, after)
    assert due.moment > after
    local = after.astimezone(zone).date()
    earlier = [
        expected_moment(name, wall, day) for day in (local - DAY, local, local + DAY) if day < due.date
    ]
    assert all(moment is None or moment <= after for moment in earlier)


@pytest.mark.parametrize(
    ("name", "wall", "day", "moment"),
    [
        # Lord Howe moves by half an hour: 02:00 becomes 02:30.
        ("Australia/Lord_Howe", time(2, 15), date(2026, 10, 4), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
        ("Australia/Lord_Howe", time(1, 45), date(2026, 4, 5), datetime(2026, 4, 4, 14, 45, tzinfo=UTC)),
        # Samoa went across the date line and had no 30 December 2011.
        ("Pacific/Apia", time(9), date(2011, 12, 29), datetime(2011, 12, 29, 19, tzinfo=UTC)),
        ("Pacific/Apia", time(9), date(2011, 12, 30), None),
        ("Pacific/Apia", time(9), date(2011, 12, 31), datetime(2011, 12, 30, 19, tzinfo=UTC)),
        # Morocco sets its clocks back for Ramadan (2025: 23 February to 6 April).
        ("Africa/Casablanca", time(9), date(2025, 2, 22), datetime(2025, 2, 22, 8, tzinfo=UTC)),
        ("Africa/Casablanca", time(9), date(2025, 3, 10), datetime(2025, 3, 10, 9, tzinfo=UTC)),
        ("Africa/Casablanca", time(2, 30), date(2025, 4, 6), datetime(2025, 4, 6, 2, tzinfo=UTC)),
        ("Africa/Casablanca", time(2, 30), date(2025, 2, 23), datetime(2025, 2, 23, 1, 30, tzinfo=UTC)),
        # As far from UTC as it gets.
        ("Pacific/Kiritimati", time(0), date(2026, 1, 1), datetime(2025, 12, 31, 10, tzinfo=UTC)),
        ("Etc/GMT-14", time(0), date(2026, 1, 1), datetime(2025, 12, 31, 10, tzinfo=UTC)),
        ("Etc/GMT+12", time(23, 59), date(2026, 1, 1), datetime(2026, 1, 2, 11, 59, tzinfo=UTC)),
        # The usual two, and a gap that begins at midnight.
        ("Europe/London", time(1, 30), date(2026, 3, 29), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("Europe/London", time(1, 30), date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("Africa/Cairo", time(0, 15), date(2026, 4, 24), datetime(2026, 4, 23, 22, tzinfo=UTC)),
    ],
)
def test_known_cases(name: str, wall: time, day: date, moment: datetime | None) -> None:
    assert due_moment(ZoneInfo(name), wall, day) == moment


def test_a_gap_over_midnight_moves_the_post_but_not_its_date() -> None:
    """Nuuk puts its clocks forward from 23:00 to midnight: 23:30 of that Saturday comes as Sunday begins."""
    zone, wall = ZoneInfo("America/Nuuk"), time(23, 30)
    dues = list(islice(upcoming(zone, wall, datetime(2026, 3, 28, 12, tzinfo=UTC)), 2))
    assert dues == [
        Due(date(2026, 3, 28), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        Due(date(2026, 3, 29), datetime(2026, 3, 30, 0, 30, tzinfo=UTC)),
    ]


def test_a_date_that_does_not_exist_is_passed_over() -> None:
    """Samoa had no 30 December 2011."""
    dues = list(
        islice(upcoming(ZoneInfo("Pacific/Apia"), time(9), datetime(2011, 12, 28, 20, tzinfo=UTC)), 3)
    )
    assert [due.date for due in dues] == [date(2011, 12, 29), date(2011, 12, 31), date(2012, 1, 1)]


@pytest.mark.skipif(not hasattr(clock, "tzset"), reason="this system sets its zone in another way")
def test_the_zone_of_the_machine_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    clock.tzset()
    try:
        due = next_due(ZoneInfo("Etc/GMT+12"), time(23, 30), datetime(2026, 1, 5, 11, tzinfo=UTC))
    finally:
        monkeypatch.undo()
        clock.tzset()
    assert due == Due(date(2026, 1, 4), datetime(2026, 1, 5, 11, 30, tzinfo=UTC))
    assert due.moment.tzinfo is UTC


def test_the_posts_end_where_the_calendar_does() -> None:
    dues = list(upcoming(ZoneInfo("UTC"), time(9), datetime(9999, 12, 20, tzinfo=UTC)))
    assert [due.date.day for due in dues] == list(range(20, 29))


def test_only_dates_beyond_the_last_one_posted_count() -> None:
    """A schedule that moves west after its post does not post the same date again."""
    after = datetime(2026, 1, 5, 12, tzinfo=UTC)
    due = next_due(ZoneInfo("Pacific/Honolulu"), time(9), after, beyond=date(2026, 1, 6))
    assert due == Due(date(2026, 1, 7), datetime(2026, 1, 7, 19, tzinfo=UTC))


def test_catching_up_posts_the_newest_and_counts_the_rest_as_missed() -> None:
    zone, wall = ZoneInfo("Europe/London"), time(23, 0)
    due = {n: Due(date(2026, 1, n), datetime(2026, 1, n, 23, tzinfo=UTC)) for n in range(1, 12)}
    waiting = date(2026, 1, 5)

    before = catch_up(zone, wall, waiting, due[5].moment - timedelta(milliseconds=1))
    assert (before.post, before.missed, before.next) == (None, None, due[5])
    at = catch_up(zone, wall, waiting, due[5].moment)
    assert (at.post, at.missed, at.next) == (due[5], None, due[6])
    past_midnight = catch_up(zone, wall, waiting, due[5].moment + LATEST)
    assert (past_midnight.post, past_midnight.missed, past_midnight.next) == (due[5], None, due[6])
    too_late = catch_up(zone, wall, waiting, due[5].moment + LATEST + timedelta(milliseconds=1))
    assert (too_late.post, too_late.missed, too_late.next) == (None, due[5], due[6])
    days_later = catch_up(zone, wall, waiting, due[9].moment + timedelta(hours=1))
    assert (days_later.post, days_later.missed, days_later.next) == (due[9], due[8], due[10])


@settings(max_examples=examples(1500), deadline=None)
@given(
    name=st.sampled_from(zone_names()),
    minute=st.integers(0, 24 * 60 - 1),
    start=st.datetimes(datetime(2010, 1, 1), datetime(2030, 6, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    naps=st.lists(st.integers(1, 60 * 24 * 9), min_size=1, max_size=12),
)
def test_waking_at_any_moments_posts_no_date_twice_and_forgets_none(
    name: str, minute: int, start: datetime, naps: list[int]
) -> None:
    zone, wall = ZoneInfo(name), time(minute // 60, minute % 60)
    waiting = next_due(zone, wall, start)
    now, posted, missed = start, [], set()
    for nap in naps:
        now += timedelta(minutes=nap)
        before, result = waiting, catch_up(zone, wall, waiting.date, now)
        waiting = result.next
        assert waiting.moment > now
        for due in (result.post, result.missed):
            assert due is None or before.moment <= due.moment <= now
        if result.post is not None:
            assert now - result.post.moment <= LATEST
            posted.append(result.post.date)
        day = before.date
        while day < waiting.date:
            missed.add(day)
            day += DAY
    assert len(posted) == len(set(posted))
    assert set(posted) <= missed


@pytest.mark.parametrize(
    ("text", "wall"),
    [
        ("9:00", time(9)),
        ("9", time(9)),
        ("09:00", time(9)),
        ("9am", time(9)),
        ("9 AM", time(9)),
        ("9 a.m.", time(9)),
        ("9:30 pm", time(21, 30)),
        ("9 p.m.", time(21)),
        ("9 p.m", time(21)),
        ("9 a.m", time(9)),
        ("9:59 p", time(21, 59)),
        ("21.30", time(21, 30)),
        ("21h30", time(21, 30)),
        ("21h", time(21)),
        ("0930", time(9, 30)),
        ("noon", time(12)),
        ("Midnight", time(0)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("12:01 am", time(0, 1)),
        ("7 o'clock", time(7)),
        ("９：００", time(9)),
        ("  23:59  ", time(23, 59)),
    ],
)
def test_times_as_people_write_them(text: str, wall: time) -> None:
    assert parse_time(text) == wall


WRONG_TIMES = [
    *(
        "25:00",
        "24:00",
        "9:61",
        "960",
        "noonish",
        "",
        " ",
        "13pm",
        "0am",
        "-1:00",
        "9:0",
        "9:00:00",
        "1e1",
        "9,5",
        "٩:٠٠",
    ),
    *("9:00 UTC", "half past nine", "99999999999", "9:00\n; DROP TABLE", "🕘", "9" * 6000, "nine", "^2:00"),
]


@pytest.mark.parametrize("text", WRONG_TIMES)
def test_wrong_times_get_a_sentence(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_time(text)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "!" not in sentence
    assert len(sentence) < 150


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("half past nine", "I can't read that time. Write it like 9:00, 9am or 21:30."),
        ("9:60", "An hour has 60 minutes, so 60 can't be right. Write the time like 9:00 or 21:30."),
        ("13pm", "With am or pm the hour goes from 1 to 12. Write the time like 9am or 21:30."),
        ("24:00", "A day has the hours 0 to 23. Write the time like 9:00 or 21:30; midnight is 0:00."),
    ],
)
def test_each_wrong_time_is_told_what_is_wrong_with_it(text: str, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_time(text)
    assert str(refused.value) == sentence


@given(st.times().map(lambda wall: wall.replace(second=0, microsecond=0, tzinfo=None, fold=0)))
def test_what_is_printed_can_be_typed(wall: time) -> None:
    assert (
        parse_time(f"{wall:%H:%M}") == parse_time(f"{wall:%H.%M}") == parse_time(f"{wall:%I:%M %p}") == wall
    )


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_a_refusal(text: str) -> None:
    try:
        wall = parse_time(text)
    except Refusal:
        return
    assert (wall.second, wall.microsecond, wall.tzinfo, wall.fold) == (0, 0, None, 0)
