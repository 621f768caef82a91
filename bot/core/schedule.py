"""When a daily post is due: wall times, IANA zones, and what clock changes do to them.

A schedule is a wall time in a zone. Its moments are always worked out from these, never by adding twenty-four
hours. Three rules decide the hard cases:

* a time that a clock change skips comes at the first moment after the gap;
* a time that happens twice comes once, the first time;
* a date that does not exist in the zone (Samoa, 30 December 2011) has no moment at all.
"""

import re
import unicodedata
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.refusal import Refusal

LATEST = timedelta(hours=6)
"""A post may come this long after its due moment, also past midnight; later it is skipped."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_CLOCK = re.compile(r"(\d{1,2})(?:\s*[:.h]\s*(\d{2})|\s*h)?\s*(?:(am|pm|a|p)|(?:o'?clock|uhr))?", re.ASCII)
_DIGITS = re.compile(r"(\d{2})(\d{2})", re.ASCII)
_NAMED = {"noon": time(12), "midday": time(12), "midnight": time(0)}


@dataclass(frozen=True, slots=True)
class Due:
    """One post: the local `date` that it belongs to and the `moment` it is due (aware, UTC)."""

    date: date
    moment: datetime


@dataclass(frozen=True, slots=True)
class CatchUp:
    """What to do about the moments that have passed, and which one comes next."""

    post: Due | None
    """The newest passed moment, if it is at most `LATEST` ago."""
    missed: Due | None
    """The newest moment that is lost: too long ago, or followed by the one to post."""
    next: Due
    """The first moment in the future."""


def parse_time(text: str) -> time:
    """Return the wall time that `text` means: `9:00`, `9am`, `21.30`, `0930`, `noon`.

    Raises `Refusal`, which says what is wrong with it.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    if (named := _NAMED.get(plain)) is not None:
        return named
    compact = plain.replace("a.m.", "am").replace("p.m.", "pm").replace("a.m", "am").replace("p.m", "pm")
    match = _CLOCK.fullmatch(compact) or _DIGITS.fullmatch(compact)
    if match is None:
        raise Refusal("I can't read that time. Write it like 9:00, 9am or 21:30.")
    hour, minute = int(match[1]), int(match[2] or 0)
    half = match[3] if match.re is _CLOCK else None
    if minute > 59:
        raise Refusal(
            f"An hour has 60 minutes, so {minute} can't be right. Write the time like 9:00 or 21:30."
        )
    if half is not None:
        if not 1 <= hour <= 12:
            raise Refusal("With am or pm the hour goes from 1 to 12. Write the time like 9am or 21:30.")
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    if hour > 23:
        raise Refusal("A day has the hours 0 to 23. Write the time like 9:00 or 21:30; midnight is 0:00.")
    return time(hour, minute)


def due_moment(zone: ZoneInfo, wall: time, day: date) -> datetime | None:
    """Return the moment (UTC) at which `wall` is due on the local date `day`; None if there is none."""
    local = datetime.combine(day, wall.replace(fold=0), tzinfo=zone)
    # Fold 0 reads a repeated time as the first of the two, and a skipped one by the offset before the gap.
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    before = local.utcoffset()
    after = local.replace(fold=1).utcoffset()
    if before is None or after is None:
        raise ValueError("a zone without offsets")
    gap_end = _first_moment_with_other_offset(zone, moment - (after - before), moment)
    midnight = datetime.combine(day, time(0), tzinfo=UTC)
    if gap_end + before <= midnight and gap_end + after >= midnight + _DAY:
        return None
    return gap_end


def upcoming(zone: ZoneInfo, wall: time, after: datetime, *, beyond: date | None = None) -> Iterator[Due]:
    """Yield every post due after the moment `after` (aware) for dates later than `beyond`, oldest first.

    It ends where Python's calendar does.
    """
    # A gap across midnight moves a post into the next date, so a passed date may still have one to come.
    day = after.astimezone(zone).date() - _DAY
    if beyond is not None:
        day = max(day, beyond + _DAY)
    return (due for due in _from(day, zone, wall) if due.moment > after)


def next_due(zone: ZoneInfo, wall: time, after: datetime, *, beyond: date | None = None) -> Due:
    """Return the first post due after the moment `after` (aware), for a date later than `beyond`."""
    return next(upcoming(zone, wall, after, beyond=beyond))


def catch_up(zone: ZoneInfo, wall: time, waiting: date, now: datetime) -> CatchUp:
    """Decide at `now` (aware) what to do about the posts from the local date `waiting` on.

    At most one is posted: the newest that is due, if it is not too late. Those before it are missed.
    """
    post: Due | None = None
    missed: Due | None = None
    for due in _from(waiting, zone, wall):
        if due.moment > now:
            return CatchUp(post, missed, due)
        if now - due.moment <= LATEST:
            missed, post = post or missed, due
        else:
            missed, post = due, None
    raise ValueError("nothing is due any more")


def _from(day: date, zone: ZoneInfo, wall: time) -> Iterator[Due]:
    """Yield the posts of `day` and all later dates."""
    while day < date.max - 2 * _DAY:
        if (moment := due_moment(zone, wall, day)) is not None:
            yield Due(day, moment)
        day += _DAY


def _first_moment_with_other_offset(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Find where the offset changes between `low` (the old one) and `high` (the new one), to the second."""
    old = (low - _SECOND).astimezone(zone).utcoffset()
    seconds = range(round((high - low).total_seconds()))
    changed = bisect(seconds, False, key=lambda s: (low + s * _SECOND).astimezone(zone).utcoffset() != old)
    return low + changed * _SECOND
