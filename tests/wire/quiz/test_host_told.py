"""The host of a round that dies hears privately what to do."""

import pytest

from bot.app import TriviaBot
from bot.core.shards import EVERY
from bot.storage.notices import waiting
from playground import Driver
from tests.storm.round_storm import RESPOND
from tests.wire.daily.acts import eventually
from tests.wire.quiz.game import GRACE, Game


async def test_the_host_of_a_round_that_dies_hears_privately_at_once_what_to_do(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    started = await game.start("Dev", questions=3, seconds=30)
    discord.deny("trivia", "view_channel")
    discord.advance(30 + GRACE)
    await discord.until(lambda: bool(started.follow_ups))
    [told] = started.follow_ups
    assert told.ephemeral
    assert f"Your round in <#{discord.channel('trivia').id}> ended early: I may not write there" in told.text
    assert "Ask whoever manages the channel to give me View Channel and Send Messages" in told.text
    assert "then start a new one with </quiz start:" in told.text
    assert "What was answered is kept." in told.text
    await game.until_finished()
    await game.stored("SELECT 1 FROM rounds WHERE tell_host = 0", ())
    assert bot.tools.to_tell == set()
    assert (await discord.member("Dev").run("topics", channel="welcome")).follow_ups == []


async def test_a_host_hears_it_though_discord_hid_that_it_took_the_first_answer(
    discord: Driver, game: Game, caplog: pytest.LogCaptureFixture
) -> None:
    """discord.py then counts the command as unanswered, and Discord as answered."""
    discord.faults.fail_next(500, 1, RESPOND, when="after")
    started = await discord.member("Dev").run("quiz start", questions=3, seconds=30)
    await game.next(1)
    discord.deny("trivia", "view_channel")
    discord.advance(30 + GRACE)
    await discord.until(lambda: bool(started.follow_ups))
    assert "ended early: I may not write there" in started.follow_ups[0].text
    await game.until_finished()
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_host_whose_first_command_is_too_long_ago_hears_it_with_the_next(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    dev = discord.member("Dev")
    started = await game.start("Dev", questions=3, seconds=0)
    discord.advance(14 * 60)
    discord.deny("trivia", "send_messages")
    discord.deny("trivia", "view_channel")
    discord.advance(2 * 60)
    await game.until_finished()
    await eventually(lambda: bool(bot.tools.to_tell))
    assert started.follow_ups == []
    # A new process begins with these.
    assert await bot.tools.database.read(waiting, EVERY) == bot.tools.to_tell
    other = await discord.member("Eli").run("topics", channel="welcome")
    reply = await dev.run("topics", channel="welcome")
    await discord.until(lambda: bool(reply.follow_ups))
    [told] = reply.follow_ups
    assert told.ephemeral
    assert "ended early: I may not write there any more" in told.text
    assert "It ended <t:" in told.text
    assert other.follow_ups == []
    await game.stored("SELECT 1 FROM rounds WHERE tell_host = 0", ())
    assert (await dev.run("topics", channel="welcome")).follow_ups == []


async def test_a_host_whose_channel_is_gone_hears_of_it_elsewhere(discord: Driver, game: Game) -> None:
    started = await game.start("Dev", questions=3, seconds=30)
    discord.controls.delete_channel(discord.channel("trivia"))
    discord.advance(30 + GRACE)
    await game.until_finished()
    said: list[str] = [one.text for one in started.follow_ups]
    if not said:
        reply = await discord.member("Dev").run("topics", channel="welcome")
        await discord.until(lambda: bool(reply.follow_ups))
        said = [one.text for one in reply.follow_ups]
    assert "its channel is gone. Start a new one in another channel" in said[0]


async def test_a_podium_that_nobody_sees_is_told_to_the_host_and_a_good_end_is_not(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    started = await game.start("Dev", questions=1, seconds=30)
    await game.close(await game.question(1), 30)
    discord.deny("trivia", "send_messages")
    await game.jump_until(lambda: bool(started.follow_ups))
    assert "is over, and I could not show its result there" in started.follow_ups[0].text
    await game.until_finished()
    discord.allow("trivia", "send_messages")
    fine = await game.start("Ben", questions=1, seconds=30)
    await game.close(await game.question(1), 30)
    await game.podium()
    await game.until_finished(2)
    assert fine.follow_ups == []
    assert bot.tools.to_tell == set()
