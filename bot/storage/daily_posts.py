"""Daily posts: claimed before they are sent, confirmed after, and what becomes of those in between."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from bot.core.schedule import CatchUp, Due
from bot.core.shards import Shards
from bot.storage import daily, decks
from bot.storage.connection import Connection
from bot.storage.daily import Missed, MissReason, PauseReason
from bot.storage.decks import DeckKey
from bot.storage.moments import from_ms, to_ms
from bot.storage.on_shards import on_shards
from bot.storage.rows import from_row, insert, named_rows

KEPT = timedelta(days=31)


class PostState(StrEnum):
    """How far a post has come."""

    CLAIMED = "claimed"
    POSTED = "posted"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Cards:
    """What a schedule's post is drawn from: numbers of facts, all of the same pack."""

    pack: str
    facts: Sequence[int]


@dataclass(frozen=True, slots=True)
class Post:
    """One post of one date; `fact` is a number in `pack`, `claimed` the moment that its nonce counts from.

    With `challenge` it invites to the challenge of the day.
    """

    schedule_id: int
    guild_id: int
    channel_id: int
    role_id: int | None
    due: Due
    pack: str
    fact: int
    claimed: datetime
    state: PostState = PostState.CLAIMED
    tries: int = 0
    next_try: datetime | None = None
    challenge: bool = False

    @property
    def nonce(self) -> str:
        """The text by which Discord recognises a repeated request."""
        return f"d{self.schedule_id}.{self.due.date:%Y%m%d}"


POSTS_FIRST = "daily_posts p JOIN daily_schedules s ON s.schedule_id = +p.schedule_id"
"""Posts with their schedules. The plus keeps SQLite from looking for the posts of each schedule in turn."""

_SELECT = (
    "SELECT p.schedule_id, guild_id, channel_id, role_id, challenge, date, due_ms AS moment, pack, fact,"
    " claimed_ms AS claimed, state, tries, try_ms AS next_try"
    f" FROM {POSTS_FIRST}"
)


def draw_rng(schedule: daily.Schedule, day: date) -> Random:
    """Return the chance that draws the card of one date: the same for a preview and for the post."""
    return Random(f"{schedule.seed}/{day.isoformat()}")


def preview_fact(connection: Connection, schedule: daily.Schedule, cards: Cards) -> int:
    """Return the fact that the next post will have, and draw nothing."""
    rng = draw_rng(schedule, schedule.next.date)
    key = DeckKey(cards.pack, schedule_id=schedule.id)
    return decks.peek(connection, key, cards.facts, cards.facts, rng.choice)


def claim(
    connection: Connection, schedule: daily.Schedule, plan: CatchUp, cards: Cards, now: datetime
) -> Post | None:
    """Do what `plan` says: note what was missed, move on to the next date, claim the post if there is one.

    None if there is nothing to send: nothing is due any more, the schedule was changed since it was read,
    or the date is claimed already.
    """
    moved = connection.execute(
        "UPDATE daily_schedules SET next_date = ?, next_ms = ?"
        " WHERE schedule_id = ? AND next_date = ? AND next_ms = ? AND pause_reason IS NULL",
        (
            plan.next.date.isoformat(),
            to_ms(plan.next.moment),
            schedule.id,
            schedule.next.date.isoformat(),
            to_ms(schedule.next.moment),
        ),
    )
    if not moved.rowcount:
        return None
    if plan.missed is not None:
        daily.note_missed(connection, schedule.id, Missed(plan.missed.date, MissReason.AWAY))
    if plan.post is None:
        return None
    key = (schedule.id, plan.post.date.isoformat())
    taken = connection.execute("SELECT 1 FROM daily_posts WHERE schedule_id = ? AND date = ?", key)
    if taken.fetchone() is not None:
        return None
    row = {
        "schedule_id": schedule.id,
        "date": plan.post.date,
        "due_ms": plan.post.moment,
        "pack": cards.pack,
        "fact": _draw(connection, schedule, plan.post.date, cards),
        "state": PostState.CLAIMED,
        "claimed_ms": now,
    }
    insert(connection, "daily_posts", row)
    connection.execute(
        "DELETE FROM daily_posts WHERE schedule_id = ? AND date < ? AND state <> ?",
        (schedule.id, (plan.post.date - KEPT).isoformat(), PostState.CLAIMED),
    )
    return _rows(connection, "WHERE p.schedule_id = ? AND date = ?", key)[0]


def to_try(connection: Connection, shards: Shards, now: datetime, limit: int) -> list[Post]:
    """Return at most `limit` claimed posts whose next attempt is due, those of paused schedules left out."""
    mine, values = on_shards(shards)
    return _rows(
        connection,
        f"WHERE try_ms <= ? AND pause_reason IS NULL AND {mine} ORDER BY try_ms LIMIT ?",
        (to_ms(now), *values, limit),
    )


def count_due(connection: Connection, shards: Shards, now: datetime) -> int:
    """Return how many daily facts are due and not posted yet; those of paused schedules do not count."""
    mine, values = on_shards(shards)
    claimed, due = connection.execute(
        "SELECT (SELECT COUNT(*) FROM daily_posts JOIN daily_schedules USING (schedule_id)"
        f"  WHERE state = ? AND pause_reason IS NULL AND {mine}),"
        f" (SELECT COUNT(*) FROM daily_schedules WHERE pause_reason IS NULL AND next_ms <= ? AND {mine})",
        (PostState.CLAIMED, *values, to_ms(now), *values),
    ).fetchone()
    return int(claimed + due)


def take(connection: Connection, posts: Sequence[Post]) -> None:
    """Note that these are being sent, so that nobody else takes them."""
    connection.executemany(
        "UPDATE daily_posts SET try_ms = NULL WHERE schedule_id = ? AND date = ?",
        [_key(post) for post in posts],
    )


def take_up_after_start(connection: Connection, shards: Shards) -> int:
    """Have every claim that an earlier process left behind tried at once; return how many."""
    mine, values = on_shards(shards)
    # The state is spelled out because the index that finds these rows is for this state alone.
    return connection.execute(
        "UPDATE daily_posts SET try_ms = 0 WHERE state = 'claimed'"
        " AND EXISTS (SELECT 1 FROM daily_schedules s"
        f"  WHERE s.schedule_id = daily_posts.schedule_id AND {mine})",
        values,
    ).rowcount


def confirm(connection: Connection, post: Post, message_id: int | None) -> None:
    """Note that the post is in the channel, as this message.

    With None it counts as sent, because nobody can tell.
    """
    connection.execute(
        "UPDATE daily_posts SET state = ?, message_id = ?, try_ms = NULL WHERE schedule_id = ? AND date = ?",
        (PostState.POSTED if message_id else PostState.ASSUMED, message_id, *_key(post)),
    )


def renew(connection: Connection, post: Post, now: datetime) -> bool:
    """Begin the claim anew at `now`: its message was looked for and is not there. False if it is gone."""
    return (
        connection.execute(
            "UPDATE daily_posts SET claimed_ms = ? WHERE schedule_id = ? AND date = ? AND state = ?",
            (to_ms(now), *_key(post), PostState.CLAIMED),
        ).rowcount
        > 0
    )


def try_again(connection: Connection, post: Post, moment: datetime) -> None:
    """Note that Discord did not take the post, and when to try it again."""
    connection.execute(
        "UPDATE daily_posts SET tries = tries + 1, try_ms = ?"
        " WHERE schedule_id = ? AND date = ? AND state = ?",
        (to_ms(moment), *_key(post), PostState.CLAIMED),
    )


def exchange_fact(connection: Connection, schedule: daily.Schedule, post: Post, cards: Cards) -> int:
    """Draw another fact for a claimed post whose own may not be posted any more, and return its number.

    Its own goes back into the deck, for the day on which it may.
    """
    fact = _draw(connection, schedule, post.due.date, cards)
    decks.put_back(connection, DeckKey(post.pack, schedule_id=post.schedule_id), post.fact)
    connection.execute(
        "UPDATE daily_posts SET pack = ?, fact = ? WHERE schedule_id = ? AND date = ?",
        (cards.pack, fact, *_key(post)),
    )
    return fact


def give_up(connection: Connection, post: Post, reason: MissReason | PauseReason) -> None:
    """Delete a claim that was never sent, put its fact back into the deck and note why it was missed."""
    deleted = connection.execute(
        "DELETE FROM daily_posts WHERE schedule_id = ? AND date = ? AND state = ?",
        (*_key(post), PostState.CLAIMED),
    )
    if deleted.rowcount:
        decks.put_back(connection, DeckKey(post.pack, schedule_id=post.schedule_id), post.fact)
        daily.note_missed(connection, post.schedule_id, Missed(post.due.date, reason))


def give_up_and_pause(connection: Connection, post: Post, reason: PauseReason, now: datetime) -> bool:
    """Delete a claim that cannot be sent and pause its schedule; return whether that was running."""
    give_up(connection, post, reason)
    return daily.pause(connection, post.schedule_id, reason, now)


def newest_post(connection: Connection, schedule_id: int) -> Post | None:
    """Return the schedule's newest post, in whatever state."""
    return next(
        iter(_rows(connection, "WHERE p.schedule_id = ? ORDER BY date DESC LIMIT 1", (schedule_id,))), None
    )


def schedules_with_newest_post(
    connection: Connection, guild_id: int
) -> list[tuple[daily.Schedule, Post | None]]:
    """Return the server's schedules, oldest first, each with its newest post."""
    return [
        (schedule, newest_post(connection, schedule.id))
        for schedule in daily.schedules_of(connection, guild_id)
    ]


def next_moment(connection: Connection, shards: Shards) -> datetime | None:
    """Return when there is next something to do: a post that falls due, or one to try again."""
    mine, values = on_shards(shards)
    due = connection.execute(
        f"SELECT next_ms FROM daily_schedules WHERE pause_reason IS NULL AND {mine} ORDER BY next_ms LIMIT 1",
        values,
    ).fetchone()
    retry = connection.execute(
        f"SELECT try_ms FROM {POSTS_FIRST}"
        f" WHERE try_ms IS NOT NULL AND pause_reason IS NULL AND {mine} ORDER BY try_ms LIMIT 1",
        values,
    ).fetchone()
    waiting = [row[0] for row in (due, retry) if row]
    return from_ms(min(waiting)) if waiting else None


def _draw(connection: Connection, schedule: daily.Schedule, day: date, cards: Cards) -> int:
    key = DeckKey(cards.pack, schedule_id=schedule.id)
    return decks.deal(connection, key, cards.facts, cards.facts, draw_rng(schedule, day).choice)


def _key(post: Post) -> tuple[int, str]:
    return post.schedule_id, post.due.date.isoformat()


def _rows(connection: Connection, where: str, values: Sequence[Any]) -> list[Post]:
    return [
        from_row(Post, row, due=from_row(Due, row))
        for row in named_rows(connection.execute(f"{_SELECT} {where}", values))
    ]
