"""Whatever looks over all servers sees those of its own shards, and between them no process misses one."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.schedule import catch_up
from bot.core.shards import EVERY, Shards
from bot.storage import daily, daily_posts
from bot.storage.connection import Connection
from bot.storage.daily import Wish
from bot.storage.daily_posts import Cards
from bot.storage.database import Database
from bot.storage.notices import waiting
from bot.storage.open_rounds import load_open_rounds
from bot.storage.privacy import stored_guilds
from bot.storage.reports import Report, add_report, settle
from bot.storage.settings import Settings
from tests.storage.played import PACK, add_questions, begin

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)
PROCESSES = (Shards(4, (0, 1)), Shards(4, (2,)), Shards(4, (3,)))
SERVERS = tuple((number << 22) + 77 for number in range(1, 9))
"""Two on each shard."""


def fill(connection: Connection) -> None:
    """Give each server a round that goes on, two daily facts, one of them claimed, and a settled report."""
    add_questions(connection, "ramp")
    for guild_id in SERVERS:
        begin(connection, guild_id, [])
        for channel_id in (1, 2):
            wish = Wish(guild_id, guild_id + channel_id, "UTC", time(9))
            schedule = daily.put_schedule(connection, wish, NOW, 1)
        plan = catch_up(ZoneInfo("UTC"), wish.wall, schedule.next.date, schedule.next.moment)
        daily_posts.claim(connection, schedule, plan, Cards(PACK, (1, 2)), schedule.next.moment)
        add_report(connection, Report(PACK, "question", "ramp", "A bridge.", guild_id, guild_id, NOW))
    numbers = connection.execute("SELECT guild_id, number FROM reports").fetchall()
    for guild_id, number in numbers:
        settle(connection, guild_id, number, NOW)


LOOKS: dict[str, Callable[[Connection, Shards], list[int]]] = {
    "open rounds": lambda c, shards: [one.plan.guild_id for one in load_open_rounds(c, shards)],
    "due schedules": lambda c, shards: [
        one.wish.guild_id for one in daily.due_schedules(c, shards, TOMORROW, 99)
    ],
    "who is to be told": lambda c, shards: [guild_id for guild_id, _ in waiting(c, shards)],
    "servers of which anything is stored": lambda c, shards: list(stored_guilds(c, shards)),
}


@pytest.mark.parametrize("look", LOOKS)
def test_each_process_sees_its_own(connection: Connection, look: str) -> None:
    fill(connection)
    seen = [LOOKS[look](connection, shards) for shards in PROCESSES]
    assert sorted(guild_id for part in seen for guild_id in part) == list(SERVERS)
    for shards, part in zip(PROCESSES, seen, strict=True):
        assert all(shards.has(guild_id) for guild_id in part)
    assert sorted(LOOKS[look](connection, EVERY)) == list(SERVERS)


def test_a_start_takes_up_its_own_claims_alone(connection: Connection) -> None:
    fill(connection)
    one, *others = PROCESSES
    assert daily_posts.take_up_after_start(connection, one) == 4
    assert {post.guild_id for post in daily_posts.to_try(connection, one, TOMORROW, 99)} == {
        guild_id for guild_id in SERVERS if one.has(guild_id)
    }
    for shards in others:
        assert daily_posts.to_try(connection, shards, TOMORROW, 99) == []
    assert daily_posts.count_due(connection, one, TOMORROW) == 8
    assert daily_posts.count_due(connection, EVERY, TOMORROW) == 16


def test_it_sleeps_until_its_own_next_moment(connection: Connection) -> None:
    for guild_id, hour in ((SERVERS[0], 9), (SERVERS[1], 7), (SERVERS[2], 8)):
        daily.put_schedule(connection, Wish(guild_id, guild_id, "UTC", time(hour)), NOW, 1)
    moments = [daily_posts.next_moment(connection, shards) for shards in (*PROCESSES, EVERY)]
    assert [moment and moment.hour for moment in moments] == [9, 7, 8, 7]
    assert daily_posts.next_moment(connection, Shards(4, (0,))) is None


async def test_settings_are_of_its_own_servers(database: Database) -> None:
    every = await Settings.load(database, EVERY)
    for guild_id in SERVERS:
        await every.change(guild_id, round_questions=7)
    known = [(await Settings.load(database, shards)).guild_ids() for shards in PROCESSES]
    assert sorted(guild_id for part in known for guild_id in part) == list(SERVERS)
    assert [len(part) for part in known] == [4, 2, 2]
