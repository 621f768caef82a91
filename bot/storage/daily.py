"""Schedules of daily facts: one a channel, five a server, each with its next due moment in an index."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.refusal import Refusal
from bot.core.schedule import Due, next_due
from bot.core.shards import Shards
from bot.core.zones import known_zone
from bot.storage.connection import Connection
from bot.storage.moments import to_ms
from bot.storage.on_shards import on_shards
from bot.storage.rows import Row, from_row, named_rows, upsert

MOST_A_SERVER = 5
NOT_OF_THIS_SERVER = "That channel belongs to another server. Choose one of this server's."


class PauseReason(StrEnum):
    """Why a schedule waits for a moderator."""

    BY_HAND = "by hand"
    CHANNEL_GONE = "channel gone"
    CANNOT_VIEW = "cannot view"
    CANNOT_SEND = "cannot send"
    THREAD_LOCKED = "thread locked"
    ROLE_GONE = "role gone"
    ROLE_SILENT = "role silent"
    REMOVED = "removed"
    NO_FACTS = "no facts"
    ZONE_GONE = "zone gone"
    REFUSED = "refused"


class MissReason(StrEnum):
    """Why a post did not come although its schedule went on."""

    AWAY = "away"
    NOT_TAKEN = "not taken"


@dataclass(frozen=True, slots=True)
class Missed:
    """A date whose post was skipped, and why; None if that was not kept."""

    date: date
    reason: MissReason | PauseReason | None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a moderator asks for in one channel; `zone` is an IANA name, `topic` and `role_id` may be None.

    With `challenge` the posts invite to the challenge of the day.
    """

    guild_id: int
    channel_id: int
    zone: str
    wall: time
    topic: str | None = None
    role_id: int | None = None
    challenge: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule as stored: `next` is its post to come (paused or not), `missed` the newest one skipped."""

    id: int
    wish: Wish
    seed: int
    next: Due
    pause: PauseReason | None = None
    paused: datetime | None = None
    missed: Missed | None = None


_SELECT = (
    "SELECT schedule_id AS id, guild_id, channel_id, time_zone AS zone, wall_time AS wall, topic, role_id,"
    " challenge, seed, next_date AS date, next_ms AS moment, pause_reason AS pause, paused_ms AS paused,"
    " missed_date, missed_reason FROM daily_schedules"
)


def put_schedule(connection: Connection, wish: Wish, now: datetime, seed: int) -> Schedule:
    """Store the wish as its channel's schedule, new or changed, not paused, due next after `now`.

    A changed one keeps its deck, its seed and the dates it has posted. One that was removed and set again
    begins after the last date it had. Raises Refusal for a server's sixth, and for another server's channel.
    """
    old = next(iter(_rows(connection, "WHERE channel_id = ?", (wish.channel_id,))), None)
    if old and old.wish.guild_id != wish.guild_id:
        raise Refusal(NOT_OF_THIS_SERVER)
    others = connection.execute(
        "SELECT COUNT(*) FROM daily_schedules WHERE guild_id = ? AND channel_id <> ?",
        (wish.guild_id, wish.channel_id),
    ).fetchone()[0]
    if others >= MOST_A_SERVER:
        raise Refusal(
            f"This server already has daily facts in {MOST_A_SERVER} channels, which is the most. "
            "Remove one with `/daily remove` first."
        )
    due = next_due(ZoneInfo(wish.zone), wish.wall, now, beyond=_last_date(connection, wish, now))
    row = {
        "guild_id": wish.guild_id,
        "time_zone": wish.zone,
        "wall_time": f"{wish.wall:%H:%M}",
        "topic": wish.topic,
        "role_id": wish.role_id,
        "challenge": wish.challenge,
        "seed": old.seed if old else seed,
        "next_date": due.date,
        "next_ms": due.moment,
        "pause_reason": None,
        "paused_ms": None,
        "missed_date": None,
        "missed_reason": None,
    }
    upsert(connection, "daily_schedules", {"channel_id": wish.channel_id}, row)
    return _rows(connection, "WHERE channel_id = ?", (wish.channel_id,))[0]


def schedules_of(connection: Connection, guild_id: int) -> list[Schedule]:
    """Return the server's schedules, oldest first."""
    return _rows(connection, "WHERE guild_id = ? ORDER BY schedule_id", (guild_id,))


def active_schedules(connection: Connection) -> list[Schedule]:
    """Return all schedules that are not paused."""
    return _rows(connection, "WHERE pause_reason IS NULL ORDER BY schedule_id", ())


def get_schedule(connection: Connection, schedule_id: int) -> Schedule:
    """Return one schedule. Raises Refusal if it was removed."""
    found = _rows(connection, "WHERE schedule_id = ?", (schedule_id,))
    if not found:
        raise Refusal("Those daily facts were removed in the meantime; `/daily status` shows what there is.")
    return found[0]


def due_schedules(connection: Connection, shards: Shards, now: datetime, limit: int) -> list[Schedule]:
    """Return at most `limit` schedules that are due at `now` and not paused, the longest due first."""
    mine, values = on_shards(shards)
    return _rows(
        connection,
        f"WHERE pause_reason IS NULL AND next_ms <= ? AND {mine} ORDER BY next_ms LIMIT ?",
        (to_ms(now), *values, limit),
    )


def pause(connection: Connection, schedule_id: int, reason: PauseReason, now: datetime) -> bool:
    """Pause the schedule, and return whether it was running; a paused one keeps its reason."""
    changed = connection.execute(
        "UPDATE daily_schedules SET pause_reason = ?, paused_ms = ?"
        " WHERE schedule_id = ? AND pause_reason IS NULL",
        (reason, to_ms(now), schedule_id),
    )
    return changed.rowcount > 0


def pause_unclaimed(connection: Connection, schedule: Schedule, reason: PauseReason, now: datetime) -> bool:
    """Pause a schedule whose due post cannot even be claimed, and note that it was missed.

    Returns False if it has changed since it was read: that may have mended what was in the way.
    """
    if schedule not in schedules_of(connection, schedule.wish.guild_id):
        return False
    pause(connection, schedule.id, reason, now)
    note_missed(connection, schedule.id, Missed(schedule.next.date, reason))
    return True


def note_missed(connection: Connection, schedule_id: int, missed: Missed) -> None:
    """Keep which date was skipped, for `/daily status`, unless a newer one was."""
    day = missed.date.isoformat()
    connection.execute(
        "UPDATE daily_schedules SET missed_date = ?, missed_reason = ?"
        " WHERE schedule_id = ? AND COALESCE(missed_date, '') <= ?",
        (day, missed.reason, schedule_id, day),
    )


def resume(connection: Connection, schedule_id: int, now: datetime) -> Schedule:
    """Let the schedule go on with the first post after `now`; earlier ones are lost. Raises Refusal."""
    schedule = get_schedule(connection, schedule_id)
    return put_schedule(connection, schedule.wish, now, schedule.seed)


def remove(connection: Connection, schedule_id: int) -> None:
    """Delete the schedule with its posts and its deck; its channel's last date stays."""
    connection.execute(
        "INSERT INTO daily_last_dates (channel_id, guild_id, date)"
        " SELECT s.channel_id, s.guild_id, MAX(p.date) FROM daily_schedules s JOIN daily_posts p"
        " ON p.schedule_id = s.schedule_id WHERE s.schedule_id = ? GROUP BY s.channel_id, s.guild_id"
        " ON CONFLICT (channel_id) DO UPDATE SET date = excluded.date",
        (schedule_id,),
    )
    connection.execute("DELETE FROM decks WHERE schedule_id = ?", (schedule_id,))
    connection.execute("DELETE FROM daily_schedules WHERE schedule_id = ?", (schedule_id,))


def refresh_due_moments(connection: Connection) -> int:
    """Work out every waiting post's moment anew, and return how many schedules it changed.

    Zone rules change with the zone data. It costs as much as there are distinct times, not schedules.
    """
    waiting = connection.execute(
        "SELECT DISTINCT time_zone, wall_time, next_date, next_ms FROM daily_schedules"
    ).fetchall()
    changed = 0
    for zone_name, wall, day, stored_ms in waiting:
        zone = known_zone(zone_name)
        if zone is None:
            continue
        due = _first_from(zone, time.fromisoformat(wall), date.fromisoformat(day))
        if to_ms(due.moment) == stored_ms:
            continue
        changed += connection.execute(
            "UPDATE daily_schedules SET next_date = ?, next_ms = ? WHERE time_zone = ? AND wall_time = ?"
            " AND next_date = ? AND next_ms = ?",
            (due.date.isoformat(), to_ms(due.moment), zone_name, wall, day, stored_ms),
        ).rowcount
    return changed


def _first_from(zone: ZoneInfo, wall: time, day: date) -> Due:
    """Return the post of `day`, or of the first date after it that exists."""
    long_before = datetime.combine(day, time(0), tzinfo=UTC) - timedelta(days=2)
    return next_due(zone, wall, long_before, beyond=day - timedelta(days=1))


def _last_date(connection: Connection, wish: Wish, now: datetime) -> date | None:
    """Return the last date that the channel had, of its schedule or of one that was removed.

    Of the latter, a date in the future says that a clock was wrong, and must keep nothing from beginning.
    """
    tomorrow = now.astimezone(ZoneInfo(wish.zone)).date() + timedelta(days=1)
    (last,) = connection.execute(
        "SELECT MAX(date) FROM ("
        " SELECT p.date FROM daily_posts p JOIN daily_schedules s ON s.schedule_id = p.schedule_id"
        "  WHERE s.channel_id = ?"
        " UNION ALL SELECT date FROM daily_last_dates WHERE channel_id = ? AND date <= ?) AS dates",
        (wish.channel_id, wish.channel_id, tomorrow.isoformat()),
    ).fetchone()
    return None if last is None else date.fromisoformat(last)


def _rows(connection: Connection, where: str, values: Sequence[Any]) -> list[Schedule]:
    return [
        from_row(Schedule, row, wish=from_row(Wish, row), next=from_row(Due, row), missed=_missed(row))
        for row in named_rows(connection.execute(f"{_SELECT} {where}", values))
    ]


def _missed(row: Row) -> Missed | None:
    if row["missed_date"] is None:
        return None
    reason = row["missed_reason"]
    kind = MissReason if reason in set(MissReason) else PauseReason
    return Missed(date.fromisoformat(row["missed_date"]), None if reason is None else kind(reason))
