"""Schedules and their posts as rows."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.refusal import Refusal
from bot.core.schedule import catch_up
from bot.core.shards import EVERY
from bot.storage import daily, daily_posts, decks
from bot.storage.connection import Connection
from bot.storage.daily import Missed, MissReason, PauseReason, Schedule, Wish
from bot.storage.daily_posts import Cards, Post, PostState
from bot.storage.decks import DeckKey
from bot.storage.sqlite import SqliteConnection

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
CARDS = Cards("la-la-land", (1, 2, 3, 4))


def wish(channel_id: int = 1, zone: str = "Europe/London", wall: time = time(9), guild_id: int = 7) -> Wish:
    return Wish(guild_id, channel_id, zone, wall)


def claim(connection: Connection, schedule: Schedule, now: datetime) -> Post | None:
    plan = catch_up(ZoneInfo(schedule.wish.zone), schedule.wish.wall, schedule.next.date, now)
    return daily_posts.claim(connection, schedule, plan, CARDS, now)


def drawn(connection: Connection, schedule: Schedule) -> bytes:
    row = connection.execute("SELECT drawn FROM decks WHERE schedule_id = ?", (schedule.id,)).fetchone()
    return row[0] if row else b""


def test_one_a_channel_and_five_a_server(connection: Connection) -> None:
    for channel_id in range(1, 6):
        daily.put_schedule(connection, wish(channel_id), NOW, 1)
    changed = daily.put_schedule(connection, wish(3, wall=time(18)), NOW, 2)
    assert [schedule.wish.wall.hour for schedule in daily.schedules_of(connection, 7)] == [9, 9, 18, 9, 9]
    assert changed.seed == 1
    with pytest.raises(Refusal, match="/daily remove"):
        daily.put_schedule(connection, wish(6), NOW, 1)
    daily.put_schedule(connection, wish(6, guild_id=8), NOW, 1)
    assert len(daily.schedules_of(connection, 7)) == 5


def test_a_date_is_claimed_once_whatever_is_set_in_between(connection: Connection) -> None:
    schedule = daily.put_schedule(connection, wish(), NOW, 1)
    due = schedule.next.moment
    assert claim(connection, schedule, due) is not None
    assert claim(connection, schedule, due) is None, "it was read before it was claimed"
    changed = daily.put_schedule(connection, wish(wall=time(18)), due, 1)
    assert changed.next.date == date(2026, 3, 22), "the 21st has had its post"
    west = daily.put_schedule(connection, wish(zone="Pacific/Honolulu", wall=time(23)), due, 1)
    assert west.next.date == date(2026, 3, 22)
    daily.pause(connection, schedule.id, PauseReason.BY_HAND, due)
    assert daily.resume(connection, schedule.id, due).next.date == date(2026, 3, 22)


def test_a_claimed_date_is_passed_over_even_if_it_seems_due(connection: Connection) -> None:
    schedule = daily.put_schedule(connection, wish(), NOW, 1)
    assert claim(connection, schedule, schedule.next.moment) is not None
    connection.execute("UPDATE daily_schedules SET next_date = '2026-03-21', next_ms = next_ms - 86400000")
    again = daily.get_schedule(connection, schedule.id)
    assert again.next == schedule.next
    assert claim(connection, again, again.next.moment) is None
    assert daily.get_schedule(connection, schedule.id).next.date == date(2026, 3, 22)
    assert connection.execute("SELECT COUNT(*) FROM daily_posts").fetchone() == (1,)


def test_a_change_keeps_the_deck_and_removal_takes_everything(connection: Connection) -> None:
    schedule = daily.put_schedule(connection, wish(), NOW, 1)
    claim(connection, schedule, schedule.next.moment)
    daily.put_schedule(connection, wish(wall=time(18)), NOW, 1)
    assert len(drawn(connection, schedule)) == 4
    daily.remove(connection, schedule.id)
    for table in ("daily_schedules", "daily_posts", "decks"):
        assert connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone() == (0,)
    again = daily.put_schedule(connection, wish(), NOW, 1)
    assert again.id != schedule.id, "old buttons and nonces must not mean the new one"


def test_a_date_is_posted_once_though_the_schedule_was_taken_away_and_set_anew(
    connection: Connection,
) -> None:
    schedule = daily.put_schedule(connection, wish(), NOW, 1)
    due = schedule.next.moment
    claim(connection, schedule, due)
    for _ in range(2):
        daily.remove(connection, schedule.id)
        schedule = daily.put_schedule(connection, wish(wall=time(18)), due, 1)
        assert schedule.next.date == date(2026, 3, 22), "the 21st has had its post"
    changed = daily.put_schedule(connection, wish(wall=time(20)), due, 1)
    assert changed.next.date == date(2026, 3, 22), "a change does not give it another one"
    assert daily.resume(connection, schedule.id, due).next.date == date(2026, 3, 22)
    elsewhere = daily.put_schedule(connection, wish(2, wall=time(18)), due, 1)
    assert elsewhere.next.date == date(2026, 3, 21)
    daily.remove(connection, schedule.id)
    earlier = due - timedelta(days=300)
    again = daily.put_schedule(connection, wish(), earlier, 1)
    assert again.next.date == earlier.date() + timedelta(days=1), "a clock that was ahead holds up nothing"


def test_a_channel_stays_with_its_server(connection: Connection) -> None:
    schedule = daily.put_schedule(connection, wish(), NOW, 1)
    with pytest.raises(Refusal, match="another server"):
        daily.put_schedule(connection, wish(guild_id=8, wall=time(18)), NOW, 1)
    assert daily.schedules_of(connection, 7) == [schedule]
    assert daily.schedules_of(connection, 8) == []


def test_a_pause_keeps_its_first_reason(connection: Connection) -> None:
    schedule = daily.put_schedule(connection, wish(), NOW, 1)
    assert daily.pause(connection, schedule.id, PauseReason.CANNOT_SEND, NOW)
    assert not daily.pause(connection, schedule.id, PauseReason.BY_HAND, NOW)
    paused = daily.get_schedule(connection, schedule.id)
    assert (paused.pause, paused.paused) == (PauseReason.CANNOT_SEND, NOW)
    assert daily.due_schedules(connection, EVERY, NOW + timedelta(days=3), 10) == []
    assert claim(connection, schedule, schedule.next.moment) is None
    assert daily_posts.next_moment(connection, EVERY) is None


def test_what_was_put_right_since_it_was_read_is_not_paused(connection: Connection) -> None:
    schedule = daily.put_schedule(connection, wish(), NOW, 1)
    due, reason = schedule.next.moment, PauseReason.NO_FACTS
    mended = daily.put_schedule(connection, wish(wall=time(18)), due, 1)
    assert not daily.pause_unclaimed(connection, schedule, reason, due)
    assert daily.get_schedule(connection, schedule.id) == mended
    assert daily.pause_unclaimed(connection, mended, reason, due)
    paused = daily.get_schedule(connection, schedule.id)
    assert (paused.pause, paused.paused, paused.missed) == (reason, due, Missed(mended.next.date, reason))
    assert not daily.pause_unclaimed(connection, mended, reason, due), "it is paused already"
    daily.remove(connection, schedule.id)
    assert not daily.pause_unclaimed(connection, mended, reason, due)


def test_giving_up_puts_the_fact_back(connection: Connection) -> None:
    schedule = daily.put_schedule(connection, wish(), NOW, 1)
    post = claim(connection, schedule, schedule.next.moment)
    assert post is not None
    daily_posts.give_up(connection, post, MissReason.NOT_TAKEN)
    assert drawn(connection, schedule) == b""
    missed = Missed(post.due.date, MissReason.NOT_TAKEN)
    assert daily.get_schedule(connection, schedule.id).missed == missed
    daily_posts.give_up(connection, post, PauseReason.CANNOT_SEND)
    assert daily.get_schedule(connection, schedule.id).missed == missed
    assert daily_posts.newest_post(connection, schedule.id) is None


def test_why_a_post_was_missed_is_kept_until_it_goes_on(connection: Connection) -> None:
    schedule = daily.put_schedule(connection, wish(), NOW, 1)
    day = schedule.next.date
    for reason in (None, *MissReason, *PauseReason):
        daily.note_missed(connection, schedule.id, Missed(day, reason))
        assert daily.get_schedule(connection, schedule.id).missed == Missed(day, reason)
    assert daily.resume(connection, schedule.id, NOW).missed is None
    daily.note_missed(connection, schedule.id, Missed(day, MissReason.AWAY))
    assert daily.put_schedule(connection, wish(), NOW, 1).missed is None
    left = connection.execute("SELECT missed_date, missed_reason FROM daily_schedules").fetchone()
    assert left == (None, None)


def test_the_newest_post_that_was_missed_is_kept_in_whatever_order_they_are_noted(
    connection: Connection,
) -> None:
    """After days away an old claim is given up while those that fell due since are noted."""
    schedule = daily.put_schedule(connection, wish(), NOW, 1)
    old = claim(connection, schedule, schedule.next.moment)
    assert old is not None
    waiting = daily.get_schedule(connection, schedule.id)
    assert claim(connection, waiting, old.due.moment + timedelta(days=4)) is not None
    newest = Missed(old.due.date + timedelta(days=3), MissReason.AWAY)
    assert daily.get_schedule(connection, schedule.id).missed == newest
    daily_posts.give_up(connection, old, MissReason.NOT_TAKEN)
    assert daily.get_schedule(connection, schedule.id).missed == newest


def test_what_was_posted_cannot_be_given_up(connection: Connection) -> None:
    schedule = daily.put_schedule(connection, wish(), NOW, 1)
    post = claim(connection, schedule, schedule.next.moment)
    assert post is not None
    daily_posts.confirm(connection, post, 99)
    daily_posts.give_up(connection, post, MissReason.AWAY)
    assert not daily_posts.renew(connection, post, NOW)
    newest = daily_posts.newest_post(connection, schedule.id)
    assert newest is not None
    assert newest.state is PostState.POSTED


def test_only_a_month_of_posts_is_kept(connection: Connection) -> None:
    schedule = daily.put_schedule(connection, wish(), NOW, 1)
    for _ in range(60):
        schedule = daily.get_schedule(connection, schedule.id)
        post = claim(connection, schedule, schedule.next.moment)
        assert post is not None
        daily_posts.confirm(connection, post, 1)
    assert connection.execute("SELECT COUNT(*) FROM daily_posts").fetchone() == (32,)


def test_after_a_start_only_claims_are_taken_up(connection: Connection) -> None:
    for channel_id in (1, 2):
        schedule = daily.put_schedule(connection, wish(channel_id), NOW, 1)
        post = claim(connection, schedule, schedule.next.moment)
        assert post is not None
        if channel_id == 1:
            daily_posts.confirm(connection, post, 1)
    assert daily_posts.to_try(connection, EVERY, NOW, 10) == []
    assert daily_posts.take_up_after_start(connection, EVERY) == 1
    assert [post.channel_id for post in daily_posts.to_try(connection, EVERY, NOW, 10)] == [2]


def test_moments_are_worked_out_anew_for_all_at_once(connection: Connection) -> None:
    for channel_id in range(1, 6):
        daily.put_schedule(connection, wish(channel_id), NOW, 1)
    right = daily.schedules_of(connection, 7)
    assert daily.refresh_due_moments(connection) == 0
    connection.execute("UPDATE daily_schedules SET next_ms = next_ms - 7200000 WHERE channel_id < 4")
    assert daily.refresh_due_moments(connection) == 3
    assert daily.schedules_of(connection, 7) == right


def test_a_tick_reads_by_index_alone(sqlite_connection: SqliteConnection) -> None:
    """What is stored and not due is not looked at."""
    seen: list[str] = []
    sqlite_connection.set_trace_callback(seen.append)
    daily.due_schedules(sqlite_connection, EVERY, NOW, 20)
    daily_posts.to_try(sqlite_connection, EVERY, NOW, 20)
    daily_posts.next_moment(sqlite_connection, EVERY)
    daily_posts.take_up_after_start(sqlite_connection, EVERY)
    sqlite_connection.set_trace_callback(None)
    plans = [
        row[3]
        for statement in seen
        if statement.startswith(("SELECT", "UPDATE"))
        for row in sqlite_connection.execute(f"EXPLAIN QUERY PLAN {statement}")
    ]
    assert len(plans) >= 5
    by_index = (" INDEX daily_", "INTEGER PRIMARY KEY", "CORRELATED SCALAR SUBQUERY")
    assert all(any(word in plan for word in by_index) for plan in plans), plans


def test_a_deck_gives_what_it_foretold_and_takes_back(connection: Connection) -> None:
    schedule = daily.put_schedule(connection, wish(), NOW, 5)
    key = DeckKey("la-la-land", schedule_id=schedule.id)
    for _ in range(9):
        day = daily.get_schedule(connection, schedule.id).next.date
        foretold = daily_posts.preview_fact(connection, daily.get_schedule(connection, schedule.id), CARDS)
        assert foretold == decks.peek(
            connection, key, CARDS.facts, CARDS.facts, daily_posts.draw_rng(schedule, day).choice
        )
        current = daily.get_schedule(connection, schedule.id)
        post = claim(connection, current, current.next.moment)
        assert post is not None
        assert post.fact == foretold
        daily_posts.confirm(connection, post, 1)
