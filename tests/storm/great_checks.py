"""What must hold of a great storm, by the bot's database and by what people see."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.storage import scores
from bot.storage.connection import Connection
from playground import Channel, Driver, Message, Shown
from tests.engines import connection_to
from tests.storage.played import rebuild
from tests.storm.great_players import Promises
from tests.storm.storm_bot import Stored
from tests.wire.daily.acts import POST_ID


def check_day(discord: Driver, bot: Stored, clubs: Sequence[Channel], due: datetime) -> list[str]:
    """Fail unless the date that was due was posted once in each channel; return what its rule let be missing.

    A date may be missing where its schedule was paused, and where nobody could tell whether it was sent.
    """
    missing: Counter[str] = Counter()
    rows = bot.query(
        "SELECT channel_id, schedule_id, time_zone, pause_reason, missed_date FROM daily_schedules"
    )
    assert len(rows) == len(clubs), "a schedule is gone"
    for channel_id, schedule_id, zone, paused, missed in rows:
        posts = posts_of(discord, discord.world.channels[channel_id], schedule_id)
        twice = [day for day, count in posts.items() if count > 1]
        assert not twice, f"posted twice: {twice} of schedule {schedule_id}"
        day = due.astimezone(ZoneInfo(zone)).date()
        if posts[f"{day:%Y%m%d}"]:
            continue
        state = bot.query(
            "SELECT state FROM daily_posts WHERE schedule_id = ? AND date = ?", (schedule_id, f"{day}")
        )
        assert paused or state == [("assumed",)], (
            f"{day} of schedule {schedule_id} is missing: {state}, last missed {missed}"
        )
        missing[paused or "assumed"] += 1
    return [f"daily facts of {due:%d %b}: {len(rows) - missing.total()} posted, not posted: {dict(missing)}"]


def posts_of(discord: Driver, channel: Channel, schedule_id: int) -> Counter[str]:
    """Return how many posts of each date a channel has."""
    dates: Counter[str] = Counter()
    for message in channel.messages.values():
        for button in Shown(message).buttons.values():
            found = POST_ID.fullmatch(str(button.get("custom_id")))
            if found and int(found[1]) == schedule_id and message.for_user is None:
                dates[found[2]] += 1
    return dates


def unfinished(bot: Stored) -> list[Any]:
    """Return the rounds that are not over in every way."""
    return bot.query("SELECT round_id, state, end_reason FROM rounds WHERE state <> 'finished'")


def check_rounds(discord: Driver, bot: Stored, promises: Promises, channels: Sequence[Channel]) -> list[str]:
    """Fail unless every acknowledged answer is stored as it was given, and nothing was said twice."""
    rows = bot.query(
        "SELECT a.round_id, a.position, a.user_id, a.choice, a.correct, a.points, q.answer, q.base, q.state,"
        " r.answer_form FROM answers a JOIN asked_questions q USING (round_id, position)"
        " JOIN rounds r USING (round_id)"
    )
    stored = {tuple(row[:3]): row for row in rows}
    assert not promises.twice, f"acknowledged twice: {promises.twice}"
    missing = {place: answer for place, answer in promises.acknowledged.items() if place not in stored}
    assert not missing, f"{len(missing)} acknowledged answers are missing: {missing}"
    for place, answer in promises.acknowledged.items():
        if isinstance(answer, int):
            assert stored[place][3] == answer, f"another answer is stored: {place}"
    assert stored.keys() <= promises.tried, f"made up: {stored.keys() - promises.tried}"
    for _, _, _, choice, correct, points, answer, base, state, form in rows:
        if form == "buttons":
            assert bool(correct) == (choice == answer)
        assert 0 <= points <= (base * 3 // 2 if correct and state != "void" else 0)
    for channel in channels:
        _check_messages(discord, channel)
    return [f"{len(rows)} answers, {len(promises.acknowledged)} acknowledged, {len(promises.tried)} tried"]


def _check_messages(discord: Driver, channel: Channel) -> None:
    """Fail if anything was sent twice: Discord forgets a nonce, but here it stays on the message."""
    by_nonce: defaultdict[str | int, list[Message]] = defaultdict(list)
    for message in channel.messages.values():
        if message.nonce is not None:
            by_nonce[message.nonce].append(message)
    twice = [message for messages in by_nonce.values() if len(messages) > 1 for message in messages]
    assert not twice, "\n".join(line for message in twice for line in _story(discord, message))


def _story(discord: Driver, message: Message) -> Iterator[str]:
    """Tell what was asked for, and what was sent, of a message that is there twice."""
    yield f"{message.timestamp:%d %H:%M:%S.%f} {message.id}, nonce {message.nonce}: {Shown(message).text}"
    for record in discord.log:
        sent = isinstance(record.body, dict) and record.body.get("nonce") == message.nonce
        looked = record.method == "GET" and record.parameters.get("channel_id") == str(message.channel_id)
        if sent or looked:
            answer = record.answer.get("id") if isinstance(record.answer, dict) else None
            yield f"{record.at:%d %H:%M:%S.%f} {record.method} {record.path}: {record.status} {answer}"


TABLES = tuple(
    f"SELECT * FROM {table} ORDER BY guild_id, board, user_id{further}"
    for table, further in (("totals", ""), ("scores", ", game"))
)


def check_totals(bot: Stored) -> list[str]:
    """Fail unless every board is the sum of the answers that count, kept as well as rebuilt."""
    with connection_to(bot.location) as connection:
        kept = [connection.execute(sql).fetchall() for sql in TABLES]
        all_time = "SELECT guild_id, user_id, points FROM totals WHERE points > 0"
        points = {(guild_id, user_id): points for guild_id, user_id, points in connection.execute(all_time)}
        assert points == _summed(connection), "the boards are not the sum of the answers"
        connection.begin()
        for guild_id in scores.guilds_to_rebuild(connection):
            rebuild(connection, guild_id)
        rebuilt = [connection.execute(sql).fetchall() for sql in TABLES]
        connection.rollback()
    assert kept == rebuilt, "the boards change when they are rebuilt"
    return [f"{len(kept[0])} totals of {len(kept[1])} scores"]


def _summed(connection: Connection) -> dict[tuple[int, int], int]:
    """Return everybody's points, added up one answer after the other."""
    voided = set(connection.execute("SELECT guild_id, question FROM voided_questions").fetchall())
    blocked = set(connection.execute("SELECT guild_id, user_id FROM blocked_players").fetchall())
    sums: defaultdict[tuple[int, int], int] = defaultdict(int)
    for guild_id, user_id, question, points in connection.execute(
        "SELECT guild_id, user_id, question, points FROM answers"
        " JOIN asked_questions USING (round_id, position) JOIN rounds USING (round_id) WHERE ranked = 1"
    ):
        if points and (guild_id, question) not in voided and (guild_id, user_id) not in blocked:
            sums[guild_id, user_id] += points
    return dict(sums)
