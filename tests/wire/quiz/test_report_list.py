"""What people reported in a server: how its moderators read and settle it, and how its sender hears of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.app import TriviaBot
from bot.core.shards import EVERY
from bot.storage.notices import waiting
from bot.storage.reports import Report, add_report, settle
from playground import Driver
from tests.wire.quiz.game import Game
from tests.wire.quiz.test_moderation import PACK, from_settings, number_of

REPORT = Report(PACK, "question", "question-1", "It was a bridge.", 1, 0, datetime(2026, 8, 5, tzinfo=UTC))


async def test_reports_come_in_pages(discord: Driver, bot: TriviaBot) -> None:
    ben = discord.member("Ben")
    assert "No reports are waiting." in (await from_settings(ben, "Reports")).text
    for number in range(1, 10):
        report = replace(
            REPORT,
            guild_id=discord.guild.id,
            item=f"question-{number}",
            reported=REPORT.reported + timedelta(minutes=number),
        )
        await bot.tools.database.write(add_report, report)
    first = await from_settings(ben, "Reports")
    assert "9 items" in first.text
    assert "musician number 9 " in first.text.lower()
    last = await ben.click((await ben.click(first.message, "Next")).message, "Next")
    assert "Page 3 of 3" in last.buttons
    assert "musician number 1 " in last.text.lower()
    voided = await ben.click(last.message, "Void")
    assert "musician number 1 " in voided.text.lower()
    assert "void since" in voided.text
    assert "Page 3 of 3" in voided.buttons


@pytest.mark.both_engines
async def test_a_report_is_read_whole_and_settled_and_its_sender_hears_of_it_once(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    ada, ben, dev = (discord.member(name) for name in ("Ada", "Ben", "Dev"))
    somewhere = await ben.run("leaderboard")
    number = await number_of(bot, "question-1")
    long_reason = "It was *not* a musician. " * 15
    for sender, reason in ((ada, "Wrong."), (dev, long_reason), (ben, "Who?")):
        opened = await sender.forge(somewhere.message, f"report1:question:{number}")
        sent = await sender.submit(opened, {"reason": reason})
        assert "you will hear from me once it is settled" in sent.text
    listed = await from_settings(ben, "Reports")
    assert long_reason.strip().replace("*", "\\*") not in listed.text
    read = await ben.click(listed.message, "Read")
    assert read.message.id == listed.message.id
    assert "Question · 3 reports" in read.text
    fact = bot.tools.catalogue.get(PACK).facts[1].text
    assert fact in read.text
    assert long_reason.strip().replace("*", "\\*") in read.text
    assert "> Who?" in read.text
    assert "> Wrong." not in read.text
    rest = await ben.click(read.message, "Next")
    assert "> Wrong." in rest.text
    assert "> Who?" not in rest.text
    back = await ben.click(rest.message, "Back")
    assert "1 item" in back.text
    await ben.click(back.message, "Void")
    settled = await ben.click((await ben.click(back.message, "Read")).message, "Settled")
    assert settled.message.id == listed.message.id
    assert "0 reports · void since" in settled.text
    assert "Read" not in settled.buttons

    reply = await dev.run("fact")
    await discord.until(lambda: bool(reply.follow_ups))
    [told] = reply.follow_ups
    assert told.ephemeral
    assert "You reported **What is musician number 1 of the orchestra called?**" in told.text
    assert (
        "The moderators of this server have settled that. Thank you. It is out of play here now." in told.text
    )
    await game.stored("SELECT 1 FROM reports WHERE told = 1 AND user_id = ?", (dev.id,))
    later = [await dev.run("topics"), await dev.run("fact")]
    assert await bot.tools.database.read(waiting, EVERY) == {(discord.guild.id, one.id) for one in (ada, ben)}
    assert [one.follow_ups for one in later] == [[], []]

    opened = await dev.forge(somewhere.message, f"report1:question:{number}")
    assert "Thank you" in (await dev.submit(opened, {"reason": "Still wrong."})).text
    assert "Question · 1 report" in (await from_settings(ben, "Reports")).text


async def test_what_discord_does_not_take_is_told_another_time(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    dev = discord.member("Dev")
    report = replace(REPORT, guild_id=discord.guild.id, user_id=dev.id)
    await bot.tools.database.write(add_report, report)
    await bot.tools.database.write(settle, discord.guild.id, 1, REPORT.reported)
    bot.tools.to_tell.add((discord.guild.id, dev.id))
    discord.faults.fail_next(404, 1, "POST /webhooks/{webhook_id}/{webhook_token}", code=10015)
    first = await dev.run("topics")
    await discord.until(lambda: not discord.faults.summary()["fail_next"])
    elsewhere = await dev.run("topics", channel="DM")
    again = await dev.run("topics")
    await discord.until(lambda: bool(again.follow_ups))
    assert "You reported" in again.follow_ups[0].text
    assert [first.follow_ups, elsewhere.follow_ups] == [[], []]
