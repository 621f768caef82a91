"""An unmodified discord.py at the local Discord, over real sockets."""

import asyncio

import discord as discord_py
import pytest

from playground.testing.driver import Driver
from playground.world.model import Channel
from tests.playground.null_bot import NullBot
from tests.wire.conftest import StartClient

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"


@pytest.fixture
async def bot(start_client: StartClient) -> NullBot:
    client = NullBot()
    await start_client(client)
    return client


async def test_a_command_a_click_and_a_choice(discord: Driver, bot: NullBot) -> None:
    assert bot.user is not None
    ada = discord.member("Ada")
    reply = await ada.run("ping")
    assert (reply.text, reply.ephemeral, reply.state) == ("pong", False, "done")
    assert list(reply.buttons) == ["Again", "Mine", "🎬", "Web"]
    updated = await ada.click(reply.message, "Again")
    assert updated.message.id == reply.message.id
    assert reply.text == "pong again"
    private = await discord.member("Ben").click(reply.message, "Mine")
    assert private.ephemeral
    await discord.until(lambda: len(private.follow_ups) == 1)
    assert [shown.text for shown in private.follow_ups] == ["and more"]
    picked = await ada.choose(reply.message, "cast")
    assert picked.text == "picked cast"


@pytest.mark.usefixtures("bot")
async def test_completion_offers_what_begins_alike(discord: Driver) -> None:
    choices = await discord.member("Eli").complete("topic", "name", "m")
    assert [choice["value"] for choice in choices] == ["music", "making"]


@pytest.mark.usefixtures("bot")
async def test_a_form_opens_and_comes_back(discord: Driver) -> None:
    dev = discord.member("Dev")
    opened = await dev.run("form")
    assert opened.modal is not None
    assert opened.modal["title"] == "Say it"
    said = await dev.submit(opened, {"Word": "star", "tone": ["Loud"]})
    assert said.text == "You said word=star, tone=Loud"
    assert said.ephemeral


@pytest.mark.usefixtures("bot")
async def test_a_deferred_answer_is_final_when_it_is_filled(discord: Driver) -> None:
    reply = await discord.member("Ada").run("slow")
    assert (reply.state, reply.text, reply.ephemeral) == ("done", "thought", True)


async def test_who_gets_no_answer_sees_a_failure(discord: Driver, bot: NullBot) -> None:
    waiting = asyncio.create_task(discord.member("Ada").run("silent"))
    await discord.until(lambda: bool(discord.server.interactions.waiting))
    discord.advance(3)
    assert (await waiting).state == "failed"
    assert not bot.is_closed()


@pytest.mark.usefixtures("bot")
async def test_a_file_a_nonce_and_the_cdn(discord: Driver) -> None:
    reply = await discord.member("Ada").run("picture")
    assert reply.text.startswith("True "), "the second send gave the first message"
    sent = [shown for shown in discord.messages() if shown.files]
    assert [shown.files for shown in sent] == [{"star.bin": b"not really a picture"}]
    assert sent[0].raw.attachments[0].description == "A star"


@pytest.mark.usefixtures("bot")
async def test_direct_messages_and_both_installs(discord: Driver) -> None:
    ada = discord.member("Ada")
    assert (await ada.run("topic", name="cast", channel="DM")).text == "cast False True"
    assert (await ada.run("topic", name="cast")).text == "cast True True"


@pytest.mark.usefixtures("bot")
async def test_a_users_install_in_a_server_without_the_bot(discord: Driver) -> None:
    elsewhere = discord.add_guild("Elsewhere", with_bot=False)
    ada = discord.member("Ada", elsewhere)
    assert (await ada.run("mine")).text == "False"
    assert (await ada.run("topic", name="cast")).text == "cast False True"


async def test_a_dropped_gateway_resumes_and_misses_nothing(discord: Driver, bot: NullBot) -> None:
    ada = discord.member("Ada")
    discord.controls.drop_gateway(None)
    calls = [asyncio.create_task(ada.run("ping")) for _ in range(3)]
    await discord.until(lambda: len(discord.server.interactions.waiting) == 3)
    discord.controls.restore_gateway()
    assert [(await call).text for call in calls] == ["pong"] * 3
    await asyncio.wait_for(bot.resumed.wait(), 5)
    assert bot.heard == ["resumed"]


async def test_a_lost_session_identifies_anew(
    discord: Driver, bot: NullBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(_shard_id: int | None, *, initial: bool = False) -> None:
        """Discord wants five seconds between two shards' IDENTIFYs; one shard need not wait."""

    monkeypatch.setattr(bot, "before_identify_hook", at_once)
    before = set(discord.server.gateway.sessions)
    discord.controls.drop_gateway(code=4009, resumable=False)
    await discord.until(lambda: bool(set(discord.server.gateway.sessions) - before))
    assert (await discord.member("Ada").run("ping")).text == "pong"
    assert "resumed" not in bot.heard


@pytest.mark.usefixtures("bot")
async def test_a_429_is_waited_out(discord: Driver) -> None:
    discord.faults.fail_next(429, 2, f"POST {CALLBACK}", retry_after=0.01)
    assert (await discord.member("Ada").run("ping")).text == "pong"
    assert [record.status for record in discord.log.to("POST", CALLBACK)] == [429, 429, 200]
    assert len(discord.log.refused()) == 2


async def test_a_lost_answer_and_its_nonce(
    discord: Driver, bot: NullBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleep = asyncio.sleep
    monkeypatch.setattr("discord.http.asyncio.sleep", lambda _seconds: sleep(0))
    discord.faults.fail_next(500, 1, "POST /channels/{channel_id}/messages", when="after")
    place = bot.get_channel(discord.channel("trivia").id)
    assert isinstance(place, discord_py.TextChannel)
    sent = await place.send("once", nonce="n1")
    assert [shown.id for shown in discord.messages() if shown.text == "once"] == [sent.id]
    assert [record.status for record in discord.log.to("POST", "/channels/{channel_id}/messages")] == [
        500,
        200,
    ]


@pytest.mark.usefixtures("bot")
async def test_a_held_request_waits_for_its_release(discord: Driver) -> None:
    with discord.faults.hold(f"POST {CALLBACK}") as held:
        call = asyncio.create_task(discord.member("Ada").run("ping"))
        await asyncio.wait_for(held.arrived.wait(), 5)
        assert not discord.messages()
        held.release()
        assert (await call).text == "pong"


async def test_permissions_reach_the_bot(discord: Driver, bot: NullBot) -> None:
    place = bot.get_channel(discord.channel("trivia").id)
    assert isinstance(place, discord_py.TextChannel)
    discord.deny("trivia", "send_messages")
    with pytest.raises(discord_py.Forbidden) as caught:
        await place.send("a")
    assert caught.value.code == 50013
    discord.allow("trivia", "send_messages")
    await place.send("a")


async def test_joining_leaving_and_outages(discord: Driver, bot: NullBot) -> None:
    guild = discord.add_guild("Second")
    await discord_heard(bot, ["join"])
    discord.controls.outage(guild)
    discord.controls.end_outage(guild)
    discord.controls.kick(guild)
    await discord_heard(bot, ["join", "unavailable", "remove"])
    assert [one.name for one in bot.guilds] == ["City of Stars"]


async def discord_heard(bot: NullBot, expected: list[str]) -> None:
    """Wait until the bot has heard what it should, in order."""
    async with asyncio.timeout(5):
        while bot.heard != expected:  # noqa: ASYNC110 (discord.py sets no event for it)
            await asyncio.sleep(0.01)


async def test_no_message_reaches_a_bot_without_that_intent(discord: Driver, bot: NullBot) -> None:
    await discord.member("Ada").run("ping")
    await discord.member("Ada").run("ping", channel="DM")
    await discord.member("Ada").run("ping")
    assert not bot.heard


async def test_a_thread_can_be_spoken_in(discord: Driver, bot: NullBot) -> None:
    thread: Channel = discord.channel("The opening number")
    place = await bot.fetch_channel(thread.id)
    assert isinstance(place, discord_py.Thread)
    await place.send("a")
    discord.controls.change_thread(thread, archived=True, locked=True)
    with pytest.raises(discord_py.HTTPException) as caught:
        await place.send("b")
    assert caught.value.code == 50083


async def test_what_discord_py_fetches(discord: Driver, bot: NullBot) -> None:
    ada = discord.member("Ada")
    guild = await bot.fetch_guild(discord.guild.id)
    member = await guild.fetch_member(ada.id)
    assert (member.display_name, guild.name) == ("Ada", "City of Stars")
    assert (await bot.fetch_user(ada.id)).display_name == "Ada"
    assert len(await (await bot.fetch_user(ada.id)).display_avatar.read()) > 100
    channel = await bot.fetch_channel(discord.channel("trivia").id)
    assert isinstance(channel, discord_py.TextChannel)
    sent = await channel.send("a")
    assert [message.id async for message in channel.history()] == [sent.id]
    assert (await channel.fetch_message(sent.id)).content == "a"
    await sent.delete()
    with pytest.raises(discord_py.NotFound):
        await channel.fetch_message(sent.id)
    assert [one.name async for one in bot.fetch_guilds()] == ["City of Stars"]


@pytest.mark.usefixtures("bot")
async def test_a_hundred_click_at_once(discord: Driver) -> None:
    reply = await discord.member("Ada").run("ping")
    crowd = discord.add_members(100)
    answers = await asyncio.gather(*(actor.click(reply.message, "Mine") for actor in crowd))
    assert {answer.text for answer in answers} == {"only you"}
    assert len({answer.message.id for answer in answers}) == 100


async def test_two_shards(
    discord: Driver, monkeypatch: pytest.MonkeyPatch, start_client: StartClient
) -> None:
    async def at_once(_self: NullBot, _shard_id: int | None, *, initial: bool = False) -> None:
        """There is no other bot to be considerate of."""

    monkeypatch.setattr(NullBot, "before_identify_hook", at_once)
    discord.server.gateway.shards = 2
    discord.world.add_guilds(
        20, discord.member("Ada").user, everyone=1 << 10 | 1 << 31, bot_permissions=1 << 10
    )
    bot = NullBot()
    await start_client(bot)
    assert len(bot.shards) == 2
    assert len(bot.guilds) == 21
    for guild in list(discord.world.guilds.values())[-2:]:
        ada = discord.member("Ada", guild)
        assert (await ada.run("ping", channel="general")).text == "pong"
