"""Daily posts over the wire, through clock changes, trouble and lost things."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from discord.utils import snowflake_time

from bot.app import TriviaBot
from bot.storage import daily as schedules
from bot.storage.connection import Connection
from bot.storage.daily import Wish
from bot.ui import daily_schedules
from bot.ui.daily_messenger import MOST_READ
from playground import Channel, Driver
from tests.engines import query
from tests.wire.challenge import begin, finish
from tests.wire.daily.acts import SEND, Daily, before_clock_change, eventually, words_of

POST_MESSAGE = f"POST {SEND}"
GET_CHANNEL = "GET /channels/{channel_id}"
GONE = "Their channel is gone, or cannot be used any more. Remove them with"
PAUSES = "SELECT pause_reason FROM daily_schedules"


@pytest.mark.timeout(120)
async def test_thirty_days_over_a_clock_change(discord: Driver, trivia: TriviaBot, daily: Daily) -> None:
    daily.jump(before_clock_change(discord.clock.now()))
    await daily.set()
    hours = set()
    for _ in range(30):
        moment = daily.next_moment()
        shown = await daily.next_post(moment)
        assert snowflake_time(shown.id) - moment < timedelta(seconds=30)
        hours.add(snowflake_time(shown.id).hour)
    dates = daily.dates()
    assert len(hours) == 2, "the clocks changed on the way"
    assert dates == [dates[0] + timedelta(days=number) for number in range(30)]
    assert len({words_of(shown) for shown in daily.posts()}) == 30


@pytest.mark.both_engines
async def test_a_post_has_its_fact_and_its_buttons(discord: Driver, trivia: TriviaBot, daily: Daily) -> None:
    await daily.set()
    shown = await daily.next_post(daily.next_moment())
    assert {"Another", "Report"} <= shown.buttons.keys()
    another = await discord.member("Dev").click(shown, "Another")
    assert another.ephemeral
    assert "Another" in another.buttons, "it is a fact, not a sentence on what went wrong"
    assert words_of(shown) not in another.text
    assert not shown.edited
    opened = await discord.member("Dev").click(shown, "Report")
    assert opened.modal is not None


async def test_a_preview_is_private_and_foretells_the_post(
    discord: Driver, trivia: TriviaBot, daily: Daily
) -> None:
    await daily.set()
    for _ in range(3):
        preview = await daily.run(discord.member("Ada"), "daily preview")
        assert preview.ephemeral
        assert words_of(await daily.next_post(daily.next_moment())) in preview.text


async def test_only_the_role_that_was_named_is_pinged(
    discord: Driver, trivia: TriviaBot, daily: Daily
) -> None:
    role = next(role for role in discord.guild.roles.values() if role.name == "Film lovers")
    await daily.set(role=role.id)
    shown = await daily.next_post(daily.next_moment())
    assert f"<@&{role.id}>" in shown.text
    [record] = [record for record in discord.log.to("POST", SEND) if record.status == 200]
    allowed = record.body["allowed_mentions"]
    assert (allowed["parse"], [int(one) for one in allowed["roles"]]) == ([], [role.id])
    assert "users" not in allowed


async def test_a_post_invites_to_the_challenge_and_tells_of_yesterdays(
    discord: Driver, trivia: TriviaBot, daily: Daily
) -> None:
    dev, eli = discord.member("Dev"), discord.member("Eli")
    place = trivia.tools.database.location
    await daily.set(challenge=True, timezone="UTC")
    assert "with today's five" in await daily.status()
    preview = await daily.run(discord.member("Ada"), "daily preview")
    assert "Today's five" in preview.buttons
    first = await daily.next_post(daily.next_moment(zone="UTC"))
    assert "Yesterday" not in first.text
    asked = await dev.click((await dev.click(first, "Today's five")).message, "Begin")
    await finish(dev, asked, place, [True] * 5)
    await finish(eli, await begin(eli), place, (True, True, False))
    second = await daily.next_post(daily.next_moment(zone="UTC"))
    assert (
        f"Yesterday's five: 2 players. Everything right: <@{dev.id}>. "
        "Question 3 was the hardest: 1 of 2 got it right."
    ) in second.text
    assert second.raw.mentions == []
    for (answer,) in query(place, "SELECT prompt FROM challenge_questions"):
        assert answer not in second.text
    await trivia.tools.settings.change(discord.guild.id, challenge=False)
    third = await daily.next_post(daily.next_moment(zone="UTC"))
    assert "Today's five" not in third.buttons
    assert "no daily challenge" in (await daily.set(challenge=True)).text


@pytest.mark.parametrize(
    ("status", "when", "jumps"),
    [(500, "before", 0), (500, "after", 0), (503, "before", 1), (503, "after", 1), (429, "before", 0)],
)
@pytest.mark.both_engines
async def test_trouble_delays_a_post_and_never_doubles_it(
    discord: Driver, trivia: TriviaBot, daily: Daily, status: int, when: str, jumps: int
) -> None:
    await daily.set()
    discord.faults.fail_next(status, 1, POST_MESSAGE, when=when)  # type: ignore[arg-type]
    moment = daily.next_moment()
    daily.jump(moment)
    if jumps:
        await daily.status_says("has not accepted")
        discord.advance(20)
    await discord.until(lambda: sum(record.status == 200 for record in discord.log.to("POST", SEND)) == 1)
    await daily.next_post(daily.next_moment())
    assert len(daily.dates()) == len(set(daily.dates())) == 2


async def test_trouble_for_many_minutes_is_looked_through(
    discord: Driver, trivia: TriviaBot, daily: Daily
) -> None:
    """The message was made, every answer was lost, and the nonce is forgotten: it is found by its button."""
    await daily.set()
    discord.faults.fail_next(503, 1, POST_MESSAGE, when="after")
    daily.jump(daily.next_moment())
    await daily.status_says("has not accepted")
    discord.advance(600)
    await discord.until(lambda: bool(discord.log.to("GET", SEND)))
    await daily.next_post(daily.next_moment())
    assert len(daily.dates()) == len(set(daily.dates())) == 2


@pytest.mark.parametrize("others", [MOST_READ - 1, MOST_READ])
@pytest.mark.timeout(120)
async def test_a_post_that_cannot_be_told_among_a_thousand_messages_counts_as_sent(
    discord: Driver, trivia: TriviaBot, daily: Daily, others: int
) -> None:
    """No attempt arrived; that can be known only where fewer people wrote in the meantime."""
    await daily.set()
    discord.faults.fail_next(503, 1, POST_MESSAGE)
    daily.jump(daily.next_moment())
    await daily.status_says("has not accepted")
    for number in range(others):
        discord.member("Dev").say(f"Line {number}.", channel="film-club")
    discord.advance(600)
    if others < MOST_READ:
        await discord.until(lambda: len(daily.posts()) == 1)
    else:
        await daily.status_says("I cannot tell whether")
        assert daily.posts() == []
    await daily.next_post(daily.next_moment())
    assert len(daily.dates()) == (2 if others < MOST_READ else 1)


Break = Callable[[Driver, Channel], None]


def lose_view(discord: Driver, channel: Channel) -> None:
    discord.deny(channel, "view_channel")


def lose_send(discord: Driver, channel: Channel) -> None:
    discord.deny(channel, "send_messages")


def mend_view(discord: Driver, channel: Channel) -> None:
    discord.allow(channel, "view_channel")


def mend_send(discord: Driver, channel: Channel) -> None:
    discord.allow(channel, "send_messages")


@pytest.mark.parametrize(
    ("lose", "mend", "sentence"),
    [
        (lose_view, mend_view, "View Channel in"),
        (lose_send, mend_send, "Send Messages in"),
    ],
)
async def test_a_lost_permission_pauses_and_resume_goes_on(
    discord: Driver, trivia: TriviaBot, daily: Daily, lose: Break, mend: Break, sentence: str
) -> None:
    channel = discord.channel("film-club")
    await daily.set()
    lose(discord, channel)
    await daily.status_says(sentence)
    daily.jump(daily.next_moment())
    assert sentence in await daily.status_says("**Paused**")
    discord.advance(3 * 86_400)
    refused = await daily.run(discord.member("Ada"), "daily resume")
    assert sentence in refused.text
    assert daily.sends() == 0
    mend(discord, channel)
    await daily.resume()
    await daily.next_post(daily.next_moment())
    assert len(daily.dates()) == 1


async def test_a_deleted_channel_pauses_and_can_be_taken_away(
    discord: Driver, trivia: TriviaBot, daily: Daily
) -> None:
    channel = discord.channel("film-club")
    await daily.set()
    discord.controls.delete_channel(channel)
    await daily.status_says(GONE)
    daily.jump(daily.next_moment())
    assert "Their channel is gone" in await daily.status_says("**Paused**")
    discord.advance(3 * 86_400)
    assert "gone" in (await daily.run(discord.member("Ada"), "daily resume")).text
    assert len(discord.log.to("POST", SEND)) <= 1
    [choice] = await daily.complete(discord.member("Ada"), "daily remove", "channel", "")
    assert "gone" in choice["name"]
    asked = await daily.run(discord.member("Ada"), "daily remove", channel=choice["value"])
    removed = await discord.member("Ada").click(asked.message, "Remove them")
    assert "no more daily facts" in removed.text
    assert "no daily facts yet" in await daily.status()


async def test_a_deleted_role_pauses_tells_the_channel_once_and_can_be_set_anew(
    discord: Driver, trivia: TriviaBot, daily: Daily
) -> None:
    role = discord.controls.create_role(discord.guild, "Daily", mentionable=True)
    guild = trivia.guilds[0]
    await eventually(lambda: guild.get_role(role.id) is not None)
    assert "every day" in (await daily.set(role=role.id)).text
    discord.controls.delete_role(discord.guild, role)
    await daily.status_says("role that they mention is gone")
    daily.jump(daily.next_moment())
    await daily.status_says("**Paused**")
    # It is told after it was stored, so it may come a moment after the status.
    await discord.until(lambda: any("are paused" in one.text for one in discord.messages("film-club")))
    discord.advance(3 * 86_400)
    assert "role" in (await daily.run(discord.member("Ada"), "daily resume")).text
    assert daily.sends() == 1
    assert sum("are paused" in one.text for one in discord.messages("film-club")) == 1
    assert "every day" in (await daily.set()).text
    await daily.next_post(daily.next_moment())


@pytest.mark.both_engines
async def test_being_removed_pauses_and_an_invitation_lets_resume(
    discord: Driver, trivia: TriviaBot, daily: Daily
) -> None:
    await daily.set()
    bot_role = discord.guild.roles[discord.guild.id + 1]
    discord.controls.kick(discord.guild)
    await eventually(lambda: trivia.get_guild(discord.guild.id) is None)
    daily.jump(daily.next_moment())
    await eventually(lambda: query(trivia.tools.database.location, PAUSES) == [("removed",)])
    discord.advance(2 * 86_400)
    assert discord.log.to("POST", SEND) == []
    discord.controls.invite(discord.guild, bot_role.permissions)
    await eventually(lambda: trivia.get_guild(discord.guild.id) is not None)
    assert "removed from this server" in await daily.status()
    assert "next one comes" in (await daily.run(discord.member("Ada"), "daily resume")).text
    await daily.next_post(daily.next_moment())
    assert len(daily.dates()) == 1


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        (403, 50001, "View Channel in"),
        (403, 50013, "Send Messages in"),
        (404, 10003, "Their channel is gone"),
        (400, 50024, "Their channel is gone"),
        (400, 50083, "is locked"),
        (400, 50035, "Discord refused the post"),
    ],
)
async def test_what_only_discord_knows_pauses_after_one_request(
    discord: Driver, trivia: TriviaBot, daily: Daily, status: int, code: int, sentence: str
) -> None:
    """Our picture of the server says that all is well; Discord knows better."""
    await daily.set()
    discord.faults.fail_next(status, 1, POST_MESSAGE, code=code)
    daily.jump(daily.next_moment())
    assert sentence in await daily.status_says("**Paused**")
    discord.advance(3 * 86_400)
    assert "next one comes" in (await daily.run(discord.member("Ada"), "daily resume")).text
    await daily.next_post(daily.next_moment())
    assert len(daily.dates()) == 1


async def test_a_thread_and_a_locked_thread(discord: Driver, trivia: TriviaBot, daily: Daily) -> None:
    thread = discord.channel("The opening number")
    assert "every day" in (await daily.set(channel=thread)).text
    await daily.next_post(daily.next_moment(), thread)
    discord.controls.change_thread(thread, archived=True, locked=False)
    await daily.next_post(daily.next_moment(), thread)
    discord.controls.change_thread(thread, archived=True, locked=True)
    daily.jump(daily.next_moment())
    assert "is locked" in await daily.status_says("**Paused**")


async def test_the_status_waits_for_no_channel_that_discord_does_not_tell_about(
    discord: Driver, trivia: TriviaBot, daily: Daily, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = discord.channel("The opening number")
    await daily.set(channel=thread)
    guild = trivia.guilds[0]
    discord.controls.change_thread(thread, archived=True, locked=False)
    await eventually(lambda: guild.get_thread(thread.id) is None)
    assert "⚠️" not in await daily.status()
    discord.faults.fail_next(403, 1, GET_CHANNEL, code=50_001)
    assert f"View Channel in <#{thread.id}>" in await daily.status()
    monkeypatch.setattr(daily_schedules, "LONGEST_LOOK_S", 0)
    with discord.faults.hold(GET_CHANNEL):
        assert "⚠️" not in await daily.status()


async def test_a_channel_of_a_kind_that_nobody_knows_counts_as_gone(
    discord: Driver, trivia: TriviaBot, daily: Daily
) -> None:
    """discord.py keeps no such channel, and raises where Discord answers with one."""
    ada, thread = discord.member("Ada"), discord.channel("The opening number")
    await daily.set(channel=thread)
    discord.controls.change_thread(thread, archived=True, locked=False)
    await eventually(lambda: trivia.guilds[0].get_thread(thread.id) is None)
    thread.kind = 99  # type: ignore[assignment]
    for text in (await daily.status(), (await ada.run("settings")).text, (await ada.run("help")).text):
        assert GONE in text
    await daily.run(ada, "daily pause")
    assert GONE in (await daily.run(ada, "daily resume")).text


async def test_whoever_asks_while_discord_has_trouble_is_told_so(
    discord: Driver, trivia: TriviaBot, daily: Daily, caplog: pytest.LogCaptureFixture
) -> None:
    thread = discord.channel("The opening number")
    await daily.set(channel=thread)
    discord.controls.change_thread(thread, archived=True, locked=False)
    await eventually(lambda: trivia.guilds[0].get_thread(thread.id) is None)
    discord.faults.fail_next(503, 1, GET_CHANNEL)
    assert "Discord has trouble just now" in (await daily.set(channel=thread)).text
    assert "Unexpected failure" not in caplog.text


@pytest.mark.timeout(120)
async def test_many_in_one_minute_are_spread_out(
    discord: Driver, trivia: TriviaBot, daily: Daily, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At most twenty at once and forty a second, none left out, none twice."""
    monkeypatch.setattr(schedules, "MOST_A_SERVER", 1_000)
    channels = [discord.controls.create_channel(discord.guild, f"channel-{number}") for number in range(160)]
    await eventually(lambda: trivia.get_channel(channels[-1].id) is not None)
    now = discord.clock.now()

    def put_all(connection: Connection) -> None:
        for channel in channels:
            wish = Wish(discord.guild.id, channel.id, "Europe/London", time(9))
            schedules.put_schedule(connection, wish, now, channel.id)

    await trivia.tools.database.write(put_all)
    await daily.set(channel="welcome", time="8:00")
    await daily.next_post(daily.next_moment(time(8)), "welcome")
    discord.log.clear()
    with discord.faults.hold(POST_MESSAGE) as held:
        daily.jump(daily.next_moment())
        await held.arrived.wait()
        for _ in range(5):
            await discord.member("Dev").run("topics")
        await eventually(lambda: held.waiting >= 20)
        discord.advance(5)
        for _ in range(5):
            await discord.member("Dev").run("topics")
        assert held.waiting == 20
    await discord.until(lambda: all(map(daily.posts, channels)), patience=60)
    assert all(len(daily.posts(channel)) == 1 for channel in channels)
    moments = sorted(record.at for record in discord.log.to("POST", SEND))
    assert len(moments) == 160
    assert moments[-1] - moments[20] > timedelta(seconds=130 / 40)
    assert all(
        later - earlier > timedelta(seconds=1) for earlier, later in zip(moments, moments[50:], strict=False)
    )
