"""A private error is there until the next thing works."""

import logging

import pytest

from bot.app import TriviaBot
from playground import Driver, Reply
from tests.wire.daily.acts import eventually

RESPOND = "POST /interactions/{interaction_id}/{interaction_token}/callback"
DELETE = "DELETE /webhooks/{webhook_id}/{webhook_token}/messages/@original"


async def fail(discord: Driver, name: str = "Dev") -> Reply:
    """Have somebody do what cannot be done."""
    reply = await discord.member(name).run("quiz skip")
    assert reply.ephemeral
    assert "No round is going on" in reply.text
    return reply


async def test_it_goes_when_a_command_works(discord: Driver, trivia: TriviaBot) -> None:
    told = await fail(discord)
    others = await fail(discord, "Eli")
    worked = await discord.member("Dev").run("fact")
    await discord.until(lambda: told.message.deleted)
    assert not worked.message.deleted
    assert not others.message.deleted, "it is somebody else's"


async def test_it_goes_when_a_button_works(discord: Driver, trivia: TriviaBot) -> None:
    dev = discord.member("Dev")
    page = await dev.run("help")
    told = await dev.forge(page.message, "help1:server")
    assert not told.message.deleted
    await dev.click(page.message, "Facts")
    await discord.until(lambda: told.message.deleted)
    assert not page.message.deleted


async def test_another_error_takes_its_place(discord: Driver, trivia: TriviaBot) -> None:
    first, second = await fail(discord), await fail(discord)
    await discord.until(lambda: first.message.deleted)
    assert not second.message.deleted


async def test_what_works_in_another_channel_leaves_it(discord: Driver, trivia: TriviaBot) -> None:
    told = await fail(discord)
    await discord.member("Dev").run("fact", channel="film-club")
    assert (await discord.member("Dev").run("help", channel="film-club")).ephemeral
    assert not told.message.deleted


async def test_nobody_is_told_in_a_channel_that_was_deleted_meanwhile(
    discord: Driver, trivia: TriviaBot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    channel = discord.add_channel("soon-gone")
    with discord.faults.hold(RESPOND) as held:
        discord.server.people.run(discord.member("Dev").id, channel.id, "fact", {})
        await held.arrived.wait()
        discord.controls.delete_channel(channel)
    await eventually(lambda: "Unknown Channel" in caplog.text)
    assert "Unexpected failure" not in caplog.text
    assert len(discord.log.to("POST", RESPOND.removeprefix("POST "))) == 1


async def test_one_that_is_gone_already_is_no_trouble(
    discord: Driver, trivia: TriviaBot, caplog: pytest.LogCaptureFixture
) -> None:
    await fail(discord)
    discord.faults.fail_next(404, 1, DELETE)
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            assert not (await discord.member("Dev").run("fact")).ephemeral
    await discord.until(lambda: any(one.status == 404 for one in discord.log))
    assert caplog.records == []
