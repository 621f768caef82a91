"""A database file with something in every table, by the bot's own functions as far as there are some."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.storage import daily, moderation
from bot.storage.app_state import set_state
from bot.storage.connection import Connection
from bot.storage.missed import Learner, practise
from bot.storage.own_packs import store_own
from bot.storage.reports import Report, add_report
from bot.storage.rounds import finish_round
from bot.storage.rows import stored, upsert
from bot.storage.settings import GuildSettings
from tests.own_pack import no_questions
from tests.storage import test_challenge, test_daily, test_rounds
from tests.storage.played import MODERATOR, PACK, Asked, Given, add_questions, database_file, play
from tests.storage.test_own_packs import pack_of

GUILD, ELSEWHERE = 5_000, 2**63 - 1
NOW = datetime(2026, 8, 5, 12, tzinfo=UTC)
ANY_TEXT = "tab\t, two\r\nlines, \\N, \\., \\x00, 'quotes\", {1,NULL}, 🎹 é, \x7f\u2028\ufeff\U0010ffff"
ANY_BYTES = bytes(range(256))


def write_everything(path: Path) -> Path:
    """Make the file and return its path."""
    with database_file(path) as connection:
        connection.begin()
        fill(connection)
        connection.commit()
    return path


def fill(connection: Connection) -> None:
    numbers = add_questions(connection, "ramp", "pier", "club")
    store_and_shorten_own_questions(connection)
    upsert(connection, "guilds", {"guild_id": GUILD}, stored(GuildSettings()))
    set_state(connection, "any text", ANY_TEXT)
    add_report(connection, Report(PACK, "fact", "opening", ANY_TEXT, 7, GUILD, NOW))
    for guild_id in (GUILD, ELSEWHERE):
        for days in range(3):
            given = {user_id: Given(100 + days) for user_id in (1, 2, 2**63 - 1)}
            asked = [Asked("ramp", given), Asked("pier", given)]
            finish_round(connection, play(connection, guild_id, NOW - timedelta(days), asked), 2**62)
    asked = [Asked("club", {1: Given(0, correct=False)})]
    finish_round(connection, play(connection, GUILD, NOW, asked, seconds=None), None, tell_host=True)
    plan = test_rounds.plan(10**6, guild_id=GUILD, pack=PACK)
    going_on = test_rounds.Played(connection, test_challenge.PACK, plan)
    going_on.ask()
    going_on.open()
    going_on.answer(test_rounds.answer(3))
    moderation.void_question(connection, ELSEWHERE, numbers["pier"], MODERATOR, NOW)
    moderation.block_player(connection, ELSEWHERE, 2, MODERATOR, NOW)
    moderation.reset_board(connection, 6_000, MODERATOR, 0, NOW)
    practise(connection, Learner(GUILD, 1, PACK), "club", NOW, right=False)
    test_challenge.play(connection, 1, True, False, True)
    for channel_id in (1, 2):
        schedule = daily.put_schedule(connection, test_daily.wish(channel_id), NOW, 2**62)
        assert test_daily.claim(connection, schedule, schedule.next.moment)
    daily.remove(connection, schedule.id)
    connection.execute(
        "INSERT INTO decks (guild_id, user_id, schedule_id, pack, kind, drawn, last)"
        " VALUES (?, 0, 0, 'any bytes', 'fact', ?, ?)",
        (-1, ANY_BYTES, b""),
    )


def store_and_shorten_own_questions(connection: Connection) -> None:
    """Store two, and take the one with the highest number away again."""
    before = no_questions(GUILD)
    for count in (2, 1):
        after = pack_of(GUILD, count)
        store_own(connection, GUILD, before, after)
        before = after
