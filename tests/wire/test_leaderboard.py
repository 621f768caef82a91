"""`/leaderboard` and `/stats` as people use them."""

import re
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from bot.app import TriviaBot
from bot.ui import drawing
from bot.ui.pictures import PlayerCard, TopTen
from cogs import leaderboard
from playground import Driver, Reply
from tests.storage.played import Asked, Given, play

MEMBER = "/guilds/{guild_id}/members/{user_id}"
WRONG = Given(0, correct=False, streak=0)


async def played(bot: TriviaBot, discord: Driver, ended: datetime, scores: dict[int, int]) -> None:
    """Store a round of one question that gave these points by player."""
    answers = {user_id: Given(points) if points else WRONG for user_id, points in scores.items()}
    await bot.tools.database.write(play, discord.guild.id, ended, [Asked("ramp", answers)])


def pixels(reply: Reply) -> tuple[int, int]:
    """Return the size of the one picture of a message."""
    [content] = reply.message.files.values()
    return Image.open(BytesIO(content)).size


@pytest.mark.both_engines
async def test_the_board_names_the_best_and_the_readers_own_place(discord: Driver, trivia: TriviaBot) -> None:
    ada, ben, carmen = (discord.member(name) for name in ("Ada", "Ben", "Carmen"))
    await played(trivia, discord, trivia.tools.time.now(), {ada.id: 120, ben.id: 120, carmen.id: 0})
    reply = await carmen.run("leaderboard")
    assert not reply.ephemeral
    assert "### Leaderboard: All time" in reply.text
    assert f"🥇 <@{ada.id}> · 120 points · 1 right" in reply.text
    assert f"🥇 <@{ben.id}> · 120 points" in reply.text
    assert f"**3.** <@{carmen.id}> · 0 points" in reply.text
    assert f"<@{carmen.id}> is in place **3** of 3 with 0 points." in reply.text
    assert "Next" not in reply.buttons
    assert pixels(reply)[0] == 900
    [alt] = reply.message.alt_texts
    assert f"The leaderboard of {discord.guild.name}, All time." in alt
    assert "1st: Ada, 120 points. 1st: Ben, 120 points. 3rd: Carmen, 0 points." in alt
    assert reply.message.raw.mentions == []


@pytest.mark.both_engines
async def test_periods_follow_the_servers_calendar(discord: Driver, trivia: TriviaBot) -> None:
    ada, ben = discord.member("Ada"), discord.member("Ben")
    now = trivia.tools.time.now()
    await played(trivia, discord, now, {ada.id: 10, ben.id: 0})
    await played(trivia, discord, now - timedelta(days=40), {ada.id: 1_000, ben.id: 0})
    for period, points in (("day", 10), ("week", 10), ("month", 10), ("all", 1_010)):
        reply = await ada.run("leaderboard", period=period)
        assert f"<@{ada.id}> · {points:,} points" in reply.text
    month = await ada.run("leaderboard", period="last-month")
    assert "### Leaderboard: Last month" in month.text
    turned = await ada.click(reply.message, "Today")
    assert "### Leaderboard: Today" in turned.text
    assert turned.message.id == reply.message.id
    discord.advance(86_400)
    empty = await ada.click(turned.message, "Today")
    assert "Nobody has points from today yet." in empty.text
    assert empty.message.files == {}
    back = await ada.click(empty.message, "All time")
    assert f"<@{ada.id}> · 1,010 points" in back.text
    assert len(back.message.files) == 1


@pytest.mark.both_engines
async def test_pages_turn_for_who_asked_and_come_privately_to_others(
    discord: Driver, trivia: TriviaBot
) -> None:
    ada, ben = discord.member("Ada"), discord.member("Ben")
    many = {user_id: 5_000 - user_id for user_id in range(1, 24)}
    await played(trivia, discord, trivia.tools.time.now(), {**many, ada.id: 1, ben.id: 0})
    first = await ada.run("leaderboard")
    assert first.buttons["Previous"].get("disabled")
    second = await ada.click(first.message, "Next")
    assert second.message.id == first.message.id
    assert "**11.** <@11> · 4,989 points" in second.text
    assert second.message.files == {}
    mine = await ada.click(second.message, "My place")
    assert mine.buttons["Next"].get("disabled")
    assert "**16.** <@16> · 4,984 points" in mine.text
    assert f"**24.** <@{ada.id}> · 1 point" in mine.text
    assert "**15.**" not in mine.text
    others = await ben.click(mine.message, "My place")
    assert others.ephemeral
    assert f"<@{ben.id}> is in place **25** of 25" in others.text
    assert Reply(others.interaction).buttons["Next"].get("disabled")
    his = await ben.click(others.message, "Previous")
    assert his.message.id == others.message.id
    assert "**6.** <@6>" in his.text
    assert "**15.** <@15>" in his.text
    assert f"**24.** <@{ada.id}> · 1 point" in mine.text


async def test_a_board_takes_the_place_of_nobody_elses_message(discord: Driver, trivia: TriviaBot) -> None:
    ada, ben = discord.member("Ada"), discord.member("Ben")
    public = (await ben.run("fact")).message
    before = public.text
    for period in ("all", "hall"):
        own = await ada.run("leaderboard", period=period)
        for button in ("Today", "Hall of fame"):
            forged = await ada.forge(public, str(own.buttons[button]["custom_id"]))
            assert forged.ephemeral
            assert forged.message.id != public.id
            assert public.text == before


async def test_a_blocked_player_sees_the_board_and_why_they_are_not_on_it_alone(
    discord: Driver, trivia: TriviaBot
) -> None:
    ada, ben, carmen = (discord.member(name) for name in ("Ada", "Ben", "Carmen"))
    await played(trivia, discord, trivia.tools.time.now(), {ada.id: 9, ben.id: 5, carmen.id: 3})
    before = await carmen.run("leaderboard")
    public = before.text
    panel = await ben.click((await ben.run("settings")).message, "Blocked players")
    await ben.choose(panel.message, str(carmen.id))
    seen = await carmen.run("leaderboard")
    assert seen.ephemeral
    assert "Moderators have blocked you from this server's games" in seen.text
    assert f"🥇 <@{ada.id}> · 9 points" in seen.text
    assert f"<@{carmen.id}>" not in seen.text
    turned = await carmen.click(seen.message, "Today")
    assert turned.message.id == seen.message.id
    pressed = await carmen.click(before.message, "Today")
    assert pressed.ephemeral
    assert pressed.message.id != before.message.id
    assert before.text == public
    assert not (await ada.run("leaderboard")).ephemeral
    statistics = await ada.run("stats", player=carmen.id)
    assert "Not on the board\n1 round" in statistics.text


async def test_an_empty_board_says_how_to_begin(discord: Driver, trivia: TriviaBot) -> None:
    reply = await discord.member("Ada").run("leaderboard")
    assert "Nobody has points yet. Start a round with </quiz start:" in reply.text
    assert reply.message.files == {}


@pytest.mark.both_engines
async def test_the_hall_of_fame_shows_past_months_newest_first(discord: Driver, trivia: TriviaBot) -> None:
    ada, ben = discord.member("Ada"), discord.member("Ben")
    now = trivia.tools.time.now().replace(day=15)
    for months in range(9):
        points = {ada.id: 100 * months, ben.id: 50}
        await played(trivia, discord, now - timedelta(days=61 * months), points)
    reply = await ada.run("leaderboard", period="hall")
    assert not reply.ephemeral
    latest, oldest = now - timedelta(days=61), now - timedelta(days=61 * 8)
    assert "### Hall of fame" in reply.text
    assert f"**{now:%B %Y}**" not in reply.text
    assert f"**{latest:%B %Y}**\n🥇 <@{ada.id}> · 100 points\n🥈 <@{ben.id}> · 50 points" in reply.text
    assert reply.buttons["Newer"].get("disabled")
    newest = reply.text
    older = await ada.click(reply.message, "Older")
    assert older.message.id == reply.message.id
    assert f"**{oldest:%B %Y}**\n🥇 <@{ada.id}> · 800 points" in older.text
    assert older.buttons["Older"].get("disabled")
    others = await ben.click(older.message, "Newer")
    assert others.ephemeral
    assert others.text == newest
    board = await ada.click(older.message, "All time")
    assert "### Leaderboard: All time" in board.text
    hall = await ada.click(board.message, "Hall of fame")
    assert hall.text == newest


async def test_an_empty_hall_of_fame_says_how_to_get_in(discord: Driver, trivia: TriviaBot) -> None:
    ada, ben = discord.member("Ada"), discord.member("Ben")
    await played(trivia, discord, trivia.tools.time.now(), {ada.id: 7, ben.id: 3})
    reply = await ada.run("leaderboard", period="hall")
    assert "its three best players join" in reply.text
    assert "Older" not in reply.buttons


FORGED = (
    "board1:",
    "board1:1",
    *(
        f"board1:{ending}"
        for ending in (
            "rounds",
            "rounds:day",
            "rounds:day:after:0",
            "rounds:year:after:0:0",
            "rounds:day:under:0:0",
            "rounds:day:after:-1:0",
            "rounds:day:after:0:x",
            f"rounds:day:after:{2**63}:0",
            "games:day:after:0:0",
            "rounds:day:after:0:0:0",
        )
    ),
    "hall1:",
    "hall1:1",
    *(f"hall1:{ending}" for ending in ("rounds:oldest", "rounds:2026-13-01")),
    "hall1:rounds:newest:0",
)


async def test_a_forged_control_changes_nothing(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    board = await ada.run("leaderboard")
    before = board.text
    for control in FORGED:
        reply = await ada.forge(board.message, control)
        assert reply.state == "done", control
        assert "That control is from another version of me." in reply.text, control
        assert reply.ephemeral
        assert board.text == before, control


async def test_a_page_after_everybody_is_the_last(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    await played(trivia, discord, trivia.tools.time.now(), dict.fromkeys(range(1, 16), 5))
    board = await ada.run("leaderboard")
    reply = await ada.forge(board.message, f"board1:rounds:all:after:0:{2**63 - 1}")
    assert reply.buttons["Next"].get("disabled")
    assert "<@6>" in reply.text
    assert "<@15>" in reply.text


async def test_the_text_does_not_wait_for_names_or_pictures(
    discord: Driver, trivia: TriviaBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, ben = discord.member("Ada"), discord.member("Ben")
    await played(trivia, discord, trivia.tools.time.now(), {ada.id: 7, ben.id: 3})
    monkeypatch.setattr(drawing, "NAMES_SHARE", 0.0)
    unnamed = await ada.run("leaderboard")
    assert "2nd: Player 2, 3 points." in unnamed.message.alt_texts[0]
    monkeypatch.setattr(leaderboard, "PICTURE_PATIENCE_S", 0.0)
    bare = await ada.run("leaderboard")
    assert bare.message.files == {}
    assert f"<@{ada.id}> · 7 points" in bare.text


async def test_a_picture_that_fails_costs_nobody_the_text(
    discord: Driver, trivia: TriviaBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: TopTen | PlayerCard) -> None:
        raise RuntimeError("no ink")

    ada = discord.member("Ada")
    await played(trivia, discord, trivia.tools.time.now(), {ada.id: 7, 12_345: 3})
    monkeypatch.setattr(drawing, "render", fail)
    reply = await ada.run("leaderboard")
    assert reply.message.files == {}
    assert f"<@{ada.id}> · 7 points" in reply.text


async def test_where_files_are_forbidden_there_is_the_text(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    await played(trivia, discord, trivia.tools.time.now(), {ada.id: 7, 12_345: 3})
    discord.deny("trivia", "attach_files")
    reply = await ada.run("leaderboard")
    assert reply.message.files == {}
    assert f"<@{ada.id}> · 7 points" in reply.text


async def test_a_name_that_cannot_be_had_is_not_asked_for_at_each_view(
    discord: Driver, trivia: TriviaBot
) -> None:
    ada, carmen = discord.member("Ada"), discord.member("Carmen")
    await played(trivia, discord, trivia.tools.time.now(), {ada.id: 7, carmen.id: 5, 12_345: 3})

    def asked(user_id: int) -> int:
        return sum(record.parameters["user_id"] == str(user_id) for record in discord.log.to("GET", MEMBER))

    discord.faults.fail_next(403, 2, MEMBER)
    for _ in range(3):
        alt = (await ada.run("leaderboard")).message.alt_texts[0]
    assert "2nd: Player 2, 5 points. 3rd: Player 3, 3 points." in alt
    assert (asked(carmen.id), asked(12_345)) == (1, 1)
    for seconds, times in ((61, 2), (1_800, 2), (1_800, 3)):
        discord.advance(seconds)
        alt = (await ada.run("leaderboard")).message.alt_texts[0]
        assert "2nd: Carmen, 5 points. 3rd: Player 3, 3 points." in alt
        assert (asked(carmen.id), asked(12_345)) == (2, times)


async def test_who_looks_too_fast_is_told_how_long_to_wait(discord: Driver, trivia: TriviaBot) -> None:
    ada, ben = discord.member("Ada"), discord.member("Ben")
    await played(trivia, discord, trivia.tools.time.now(), {ada.id: 7, ben.id: 3})
    board = await ada.run("leaderboard")
    for _ in range(4):
        await ada.click(board.message, "Today")
        await ada.click(board.message, "All time")
    assert not (await ada.run("stats")).ephemeral
    for refused in (
        await ada.click(board.message, "Today"),
        await ada.run("leaderboard"),
        await ada.run("stats", player=ben.id),
    ):
        answer = refused.follow_ups[0] if refused.follow_ups else refused
        assert answer.ephemeral
        assert re.search(r"You can look again in \d+ seconds?\.", answer.text)
    assert "### Leaderboard: All time" in board.text
    assert "### Leaderboard" in (await ben.run("leaderboard")).text
    discord.advance(20)
    assert "### Leaderboard: Today" in (await ada.click(board.message, "Today")).text


@pytest.mark.both_engines
async def test_statistics_tell_in_words_what_the_picture_shows(discord: Driver, trivia: TriviaBot) -> None:
    ada, ben = discord.member("Ada"), discord.member("Ben")
    asked = [
        Asked("ramp", {ada.id: Given(120, took_ms=2_000), ben.id: WRONG}, topics='["music", "costumes"]'),
        Asked("pier", {ada.id: Given(110, took_ms=4_400, streak=2)}, topics='["music"]'),
        Asked("club", {ada.id: WRONG}, topics='["gone-from-the-pack"]'),
    ]
    for _ in range(2):
        await trivia.tools.database.write(play, discord.guild.id, trivia.tools.time.now(), asked)
    reply = await ben.run("stats", player=ada.id)
    assert not reply.ephemeral
    for words in (
        f"<@{ada.id}>",
        "Place **1** of 2 with 460 points",
        "2 rounds · 4 of 6 right (67%)",
        "Best streak: 2 in a row",
        "A right answer takes 3.2 seconds on average",
        "Latest rounds: 67%, 67%",
        f"{_topic(trivia, 'music')}: 4 of 4 right (100%)",
        f"{_topic(trivia, 'costumes')}: 2 of 2 right (100%)",
        "gone-from-the-pack: 0 of 2 right (0%)",
    ):
        assert words in reply.text
    assert pixels(reply)[0] == 900
    [alt] = reply.message.alt_texts
    assert f"The card of Ada in {discord.guild.name}. 1st of 2 players." in alt
    assert "Points 460, rounds 2, right 67%, best streak 2, average time 3.2 s." in alt


def _topic(bot: TriviaBot, topic: str) -> str:
    return bot.tools.catalogue.get().topics_by_id[topic].name


async def test_a_round_alone_is_in_the_statistics_only(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    await played(trivia, discord, trivia.tools.time.now(), {ada.id: 90})
    assert "Nobody has points yet." in (await ada.run("leaderboard")).text
    mine = await ada.run("stats")
    assert "Not on the board yet: play a round with others" in mine.text
    assert "1 round · 1 of 1 right (100%)" in mine.text


async def test_who_has_not_played_is_told_privately(discord: Driver, trivia: TriviaBot) -> None:
    ada, ben = discord.member("Ada"), discord.member("Ben")
    for reply, words in (
        (await ada.run("stats"), "You have not played in this server yet."),
        (await ada.run("stats", player=ben.id), f"<@{ben.id}> has not played in this server yet."),
        (await ada.run("stats", player=discord.world.bot.id), "Bots do not play"),
    ):
        assert reply.ephemeral
        assert words in reply.text


async def test_another_servers_points_are_not_here(discord: Driver, trivia: TriviaBot) -> None:
    ada = discord.member("Ada")
    await played(trivia, discord, trivia.tools.time.now(), {ada.id: 7, 12_345: 3})
    guild = discord.add_guild("Seb's")
    elsewhere = discord.member("Ada", guild)
    assert "Nobody has points yet." in (await elsewhere.run("leaderboard")).text
    assert "You have not played in this server yet." in (await elsewhere.run("stats")).text
