"""What moderators type, rightly and wrongly: one private sentence each, and nothing half-saved."""

import pytest

from bot.app import TriviaBot
from playground import ChannelKind, Driver, Permission, Reply
from tests.core.test_schedule import WRONG_TIMES
from tests.wire.daily.acts import Daily, eventually

NONE_YET = "no daily facts yet"


def assert_refused(reply: Reply) -> None:
    assert reply.state == "done"
    assert reply.ephemeral
    assert not reply.buttons
    assert reply.text.endswith((".", "?"))
    assert "!" not in reply.text
    assert "wrong on my side" not in reply.text


async def test_wrong_times_zones_topics_and_channels_change_nothing(
    discord: Driver, trivia: TriviaBot, daily: Daily
) -> None:
    category = discord.controls.create_channel(discord.guild, "a category", ChannelKind.CATEGORY)
    forum = discord.controls.create_channel(discord.guild, "a forum", ChannelKind.FORUM)
    everyone = discord.guild.roles[discord.guild.id]
    await eventually(lambda: trivia.get_channel(forum.id) is not None)
    for text in WRONG_TIMES:
        assert_refused(await daily.set(time=text, force=True))
    for zone in ("Londn", "Mars/Base", " ", "../../etc/passwd", "🕰", "x" * 6_000):
        assert_refused(await daily.set(timezone=zone, force=True))
    assert "Europe/London?" in (await daily.set(timezone="Londn")).text
    assert_refused(await daily.set(topic="no such topic"))
    assert_refused(await daily.set(channel=category, force=True))
    assert_refused(await daily.set(channel=forum, force=True))
    assert_refused(await daily.set(role=everyone.id))
    for command in ("status", "preview", "pause", "resume", "remove"):
        reply = await daily.run(discord.member("Ada"), f"daily {command}")
        assert_refused(reply)
        assert NONE_YET in reply.text


async def test_what_is_missing_is_named_with_its_channel(
    discord: Driver, trivia: TriviaBot, daily: Daily
) -> None:
    channel = discord.channel("film-club")
    for permission in ("send_messages", "send_messages_in_threads", "view_channel"):
        discord.deny(channel, permission)
    place = trivia.get_channel(channel.id)
    assert place is not None
    guild = trivia.guilds[0]
    await eventually(lambda: not guild.get_channel(channel.id).permissions_for(guild.me).view_channel)  # type: ignore[union-attr]
    refused = await daily.set()
    assert_refused(refused)
    for words in ("View Channel", "Send Messages", f"<#{channel.id}>"):
        assert words in refused.text
    thread = discord.channel("The opening number")
    assert "Send Messages in Threads" in (await daily.set(channel=thread)).text
    discord.allow(channel, "view_channel")
    discord.allow(channel, "send_messages_in_threads")
    await eventually(lambda: guild.get_channel(channel.id).permissions_for(guild.me).view_channel)  # type: ignore[union-attr]
    only = await daily.set()
    assert "Send Messages in <#" in only.text
    assert "View Channel" not in only.text
    assert "every day" in (await daily.set(channel=thread)).text


async def test_who_may_not_mention_a_role_cannot_make_the_bot_do_it(
    discord: Driver, trivia: TriviaBot, daily: Daily
) -> None:
    quiet = discord.controls.create_role(discord.guild, "Quiet")
    helper = discord.controls.create_role(discord.guild, "Helper", Permission.MANAGE_GUILD)
    carmen = discord.member("Carmen")
    discord.controls.give_role(discord.guild, discord.guild.members[carmen.id], helper)
    await eventually(lambda: trivia.guilds[0].get_role(helper.id) is not None)
    refused = await daily.set(carmen, role=quiet.id)
    assert_refused(refused)
    assert "yourself" in refused.text
    assert NONE_YET in await daily.status()
    loved = next(role for role in discord.guild.roles.values() if role.name == "Film lovers")
    assert "every day" in (await daily.set(carmen, role=loved.id)).text
    assert "every day" in (await daily.set(discord.member("Ben"), role=quiet.id)).text


async def test_the_bot_needs_the_right_to_mention_too(
    discord: Driver, trivia: TriviaBot, daily: Daily
) -> None:
    quiet = discord.controls.create_role(discord.guild, "Quiet")
    own = discord.guild.roles[discord.guild.id + 1]
    discord.controls.change_role(discord.guild, own, own.permissions & ~Permission.MENTION_EVERYONE)
    me = trivia.guilds[0].me
    await eventually(lambda: not me.guild_permissions.mention_everyone)
    refused = await daily.set(discord.member("Ben"), role=quiet.id)
    assert_refused(refused)
    assert "I may not mention" in refused.text


async def test_only_who_manages_the_server_may(discord: Driver, trivia: TriviaBot, daily: Daily) -> None:
    dev = discord.member("Dev")
    place = discord.channel("film-club")
    for command in ("status", "preview", "pause", "resume", "remove"):
        refused = await daily.run(dev, f"daily {command}", force=True)
        assert_refused(refused)
        assert "Manage Server" in refused.text
    refused = await daily.run(dev, "daily set", channel=place, time="9:00", force=True)
    assert "Manage Server" in refused.text
    assert NONE_YET in await daily.status()


async def test_five_channels_and_no_more(discord: Driver, trivia: TriviaBot, daily: Daily) -> None:
    channels = [discord.controls.create_channel(discord.guild, f"more-{number}") for number in range(6)]
    await eventually(lambda: trivia.get_channel(channels[-1].id) is not None)
    for channel in channels[:5]:
        assert "every day" in (await daily.set(channel=channel)).text
    sixth = await daily.set(channel=channels[5])
    assert_refused(sixth)
    assert "in 5 channels, which is the most. Remove one with" in sixth.text
    status = await daily.run(discord.member("Ada"), "daily status")
    assert status.text.count("Next posts") == 5
    ambiguous = await daily.run(discord.member("Ada"), "daily pause")
    assert "Choose the one" in ambiguous.text
    choices = await daily.complete(discord.member("Ada"), "daily pause", "channel", "more-3")
    assert [choice["value"] for choice in choices] == [str(channels[3].id)]
    paused = await daily.run(discord.member("Ada"), "daily pause", channel=str(channels[3].id))
    assert f"<#{channels[3].id}>" in paused.text
    assert (await daily.status()).count("**Paused**") == 1


async def test_a_channel_of_another_server_is_refused(
    discord: Driver, trivia: TriviaBot, daily: Daily
) -> None:
    other = discord.add_guild("La La Land fans")
    await eventually(lambda: trivia.get_guild(other.id) is not None)
    ada = discord.member("Ada")
    discord.world.add_member(other, ada.user)
    theirs = next(iter(other.channels.values()))
    option = {"name": "channel", "type": 7, "value": str(theirs.id)}
    described = {
        "id": str(theirs.id),
        "name": theirs.name,
        "type": 0,
        "permissions": "0",
        "guild_id": str(other.id),
    }
    [command] = [one for one in discord.world.commands[None] if one["name"] == "daily"]
    data = {
        "id": command["id"],
        "name": "daily",
        "type": 1,
        "options": [
            {
                "name": "set",
                "type": 1,
                "options": [option, {"name": "time", "type": 3, "value": "9:00"}],
            }
        ],
        "resolved": {"channels": {str(theirs.id): described}},
    }
    reply = Reply(ada.forge_interaction(2, discord.channel("trivia"), data))
    await eventually(reply.interaction.settled.is_set)
    assert_refused(reply)
    assert "belongs to another server" in reply.text
    assert NONE_YET in await daily.status()


async def test_the_schedule_of_this_channel_is_meant_first(
    discord: Driver, trivia: TriviaBot, daily: Daily
) -> None:
    await daily.set(channel="trivia")
    await daily.set(channel="film-club")
    ada = discord.member("Ada")
    asked = await daily.run(ada, "daily remove", where="film-club")
    assert f"<#{discord.channel('film-club').id}>" in asked.text
    assert f"<#{discord.channel('film-club').id}>" in await daily.status()
    await ada.click(asked.message, "Remove them")
    assert f"<#{discord.channel('film-club').id}>" not in await daily.status()
    assert f"<#{discord.channel('trivia').id}>" in await daily.status()
    for wrong in ("nowhere", "999", "<#1>", "x" * 6_000):
        assert_refused(await daily.run(discord.member("Ada"), "daily remove", channel=wrong, force=True))


async def test_zones_and_topics_complete(discord: Driver, trivia: TriviaBot, daily: Daily) -> None:
    ada = discord.member("Ada")
    first, *_ = await daily.complete(ada, "daily set", "timezone", "lond")
    assert first["value"] == "Europe/London"
    assert "there" in first["name"]
    assert (await daily.complete(ada, "daily set", "timezone", ""))[0]["value"] == "UTC"
    assert await daily.complete(ada, "daily set", "timezone", "x" * 90) == []
    assert len(await daily.complete(ada, "daily set", "timezone", "a")) == 25
    [topic] = await daily.complete(ada, "daily set", "topic", "costum")
    assert topic["value"] == "costumes"


async def test_without_a_zone_it_is_the_servers(discord: Driver, trivia: TriviaBot, daily: Daily) -> None:
    await trivia.tools.settings.change(discord.guild.id, time_zone="Asia/Tokyo")
    place = discord.channel("film-club")
    reply = await daily.run(discord.member("Ada"), "daily set", channel=place, time="7am", topic="costumes")
    assert "07:00 (Asia/Tokyo), about Costumes" in reply.text


async def test_an_abbreviation_is_no_zone_but_one_that_is_stored_goes_on(
    discord: Driver, trivia: TriviaBot, daily: Daily
) -> None:
    refused = await daily.set(timezone="EST")
    assert_refused(refused)
    assert "Did you mean America/New_York" in refused.text
    ada = discord.member("Ada")
    offered = await daily.complete(ada, "daily set", "timezone", "est")
    assert offered[0]["value"] == "America/New_York"
    await trivia.tools.settings.change(discord.guild.id, time_zone="EST")
    place = discord.channel("film-club")
    assert "(EST)" in (await daily.run(ada, "daily set", channel=place, time="7am")).text
    assert "(EST)" in (await daily.set(timezone="EST")).text
    assert (await daily.complete(ada, "daily set", "timezone", ""))[0]["value"] == "EST"
    await daily.run(ada, "daily pause")
    assert "(EST)" in await daily.resume()
    assert "**Time zone** EST, where it is" in (await ada.run("settings")).text


async def test_a_zone_that_the_machine_has_lost_fails_nothing(
    discord: Driver, trivia: TriviaBot, daily: Daily
) -> None:
    ada, place = discord.member("Ada"), discord.channel("film-club")
    await daily.set()
    await trivia.tools.settings.change(discord.guild.id, time_zone="Mars/Base")
    await trivia.tools.database.write(
        lambda connection: connection.execute("UPDATE daily_schedules SET time_zone = 'Mars/Base'")
    )
    panel = await ada.run("settings")
    assert "Mars/Base, which I no longer know" in panel.text
    for text in (panel.text, await daily.status(), (await ada.run("help")).text):
        assert "Their time zone is no longer known." in text
    refused = await daily.run(ada, "daily set", channel=place, time="7am")
    assert_refused(refused)
    assert "time zone, Mars/Base, is no longer known to me" in refused.text
    assert (await daily.complete(ada, "daily set", "timezone", ""))[0]["value"] == "UTC"
    assert "gets it" in (await daily.run(ada, "daily preview")).text
    await daily.run(ada, "daily pause")
    refused = await daily.run(ada, "daily resume")
    assert_refused(refused)
    assert "Their time zone is no longer known." in refused.text
    assert "(Europe/London)" in (await daily.set()).text


async def test_a_topic_without_facts_is_told_before_its_post_is_due(
    discord: Driver, trivia: TriviaBot, daily: Daily
) -> None:
    ada = discord.member("Ada")
    await daily.set(topic="costumes")
    await trivia.tools.database.write(
        lambda connection: connection.execute("UPDATE daily_schedules SET topic = 'left-the-pack'")
    )
    for text in (await daily.status(), (await ada.run("settings")).text, (await ada.run("help")).text):
        assert "There is no fact to post" in text
    assert "There is no fact to post" in (await daily.run(ada, "daily preview")).text
    await daily.run(ada, "daily pause")
    refused = await daily.run(ada, "daily resume")
    assert_refused(refused)
    assert "There is no fact to post" in refused.text


@pytest.mark.both_engines
async def test_pausing_by_hand_and_going_on(discord: Driver, trivia: TriviaBot, daily: Daily) -> None:
    ada = discord.member("Ada")
    await daily.set()
    assert_refused(await daily.run(ada, "daily resume"))
    await daily.run(ada, "daily pause")
    assert_refused(await daily.run(ada, "daily pause"))
    daily.jump(daily.next_moment())
    assert "A moderator paused them" in await daily.status()
    preview = await daily.run(ada, "daily preview")
    assert "paused" in preview.text
    await daily.resume()
    await daily.next_post(daily.next_moment())
    assert len(daily.dates()) == 1


async def test_the_buttons_under_the_status(discord: Driver, trivia: TriviaBot, daily: Daily) -> None:
    ada = discord.member("Ada")
    assert "start over after" in (await daily.set()).text
    status = await daily.run(ada, "daily status")
    assert "gets it" in (await ada.click(status.message, "Preview")).text
    assert "A moderator paused them" in (await ada.click(status.message, "Pause")).text
    assert "Next posts" in (await ada.click(status.message, "Resume")).text
    stale = await daily.run(ada, "daily status")
    asked = await ada.click(status.message, "Remove")
    assert "Nothing was changed" in (await ada.click(asked.message, "Keep them")).text
    assert "Next posts" in await daily.status()
    asked = await ada.click(status.message, "Remove")
    await ada.click(asked.message, "Remove them")
    assert "no daily facts yet" in await daily.status()
    assert_refused(await ada.click(stale.message, "Pause"))


async def test_only_who_manages_the_server_presses_them(
    discord: Driver, trivia: TriviaBot, daily: Daily
) -> None:
    ada, carmen = discord.member("Ada"), discord.member("Carmen")
    await daily.set()
    status = await daily.run(ada, "daily status")
    pause = status.buttons["Pause"]["custom_id"]
    seen_by_carmen = (await carmen.run("topics")).message
    for word in ("preview", "pause", "resume", "remove", "confirm"):
        assert_refused(await carmen.forge(seen_by_carmen, pause.replace("pause", word)))
        assert_refused(await ada.forge(status.message, f"schedule1:{word}:999"))
    assert "Next posts" in await daily.status()
