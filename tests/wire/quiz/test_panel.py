"""The panel of a bare `/quiz start`: chosen in private, started in public."""

import asyncio

import pytest

from bot.app import TriviaBot
from playground import Driver, Reply, Shown
from tests.wire.quiz.game import Game

SEND = "POST /channels/{channel_id}/messages"
COLUMNS = "questions, seconds, topic, difficulty, answer_form, host_user_id"


async def choose(discord: Driver, panel: Reply, index: int, value: str) -> Reply:
    """Have Ada choose in one of the panel's selects, by its place."""
    custom_id = str(panel.message.selects[index]["custom_id"])
    return await discord.member("Ada").forge(panel.message, custom_id, [value])


async def announced(discord: Driver, game: Game) -> Shown:
    """Wait for the announcement of a round."""
    await discord.until(lambda: any("is the host" in shown.text for shown in game.messages()))
    return next(shown for shown in game.messages() if "is the host" in shown.text)


async def test_without_options_a_private_panel_opens_and_no_round(discord: Driver, game: Game) -> None:
    panel = await discord.member("Ada").run("quiz start")
    assert panel.ephemeral
    assert "10 questions · 20 seconds each\n-# There are 54 in all." in panel.text
    assert [one["options"][0]["label"] for one in panel.message.selects] == [
        "All topics",
        "3 questions",
        "From easy to hard",
    ]
    assert await game.rounds() == []


async def test_what_is_chosen_stands_in_the_panel_and_is_started(discord: Driver, game: Game) -> None:
    ada = discord.member("Ada")
    panel = await ada.run("quiz start")
    message = panel.message.id
    panel = await choose(discord, panel, 0, "brass")
    panel = await choose(discord, panel, 1, "3")
    panel = await choose(discord, panel, 2, "easy")
    panel = await ada.click(panel.message, "Typed answers instead")
    assert panel.message.id == message
    assert "3 questions · 20 seconds each · about Brass · all easy · answers are typed" in panel.text
    assert await game.rounds() == []
    started = await ada.click(panel.message, "Start")
    assert started.message.id == message
    assert started.text == "The round begins."
    assert not started.buttons
    assert f"<@{ada.id}> is the host" in (await announced(discord, game)).text
    assert await game.query(f"SELECT {COLUMNS} FROM rounds", ()) == [
        (3, 20, "brass", "easy", "typed", ada.id)
    ]
    await game.next(1)


async def test_the_panel_says_where_there_are_fewer(discord: Driver, game: Game) -> None:
    ada = discord.member("Ada")
    panel = await choose(discord, await ada.run("quiz start"), 0, "rare")
    assert "There are 3 about Rare." in panel.text
    await ada.click(panel.message, "Start")
    assert "You asked for 10; there are 3 about Rare." in (await announced(discord, game)).text
    assert await game.query("SELECT questions FROM rounds", ()) == [(3,)]


async def test_a_kind_without_questions_cannot_be_started(
    discord: Driver, game: Game, bot: TriviaBot
) -> None:
    await bot.tools.database.write(
        lambda connection: connection.execute(
            "INSERT INTO voided_questions VALUES (?, 'orchestra', 'question-1', NULL, 0)", (discord.guild.id,)
        )
    )
    ada = discord.member("Ada")
    panel = await choose(discord, await ada.run("quiz start"), 0, "rare")
    panel = await choose(discord, panel, 2, "medium")
    assert "There are no medium ones about Rare." in panel.text
    assert panel.buttons["Start"]["disabled"]
    refused = await ada.forge(panel.message, str(panel.buttons["Start"]["custom_id"]))
    assert refused.ephemeral
    assert await game.rounds() == []


async def test_where_a_round_is_going_on_no_panel_opens_and_none_starts(discord: Driver, game: Game) -> None:
    ada = discord.member("Ada")
    panel = await ada.run("quiz start")
    await game.start("Ben", questions=1)
    assert "going on in this channel already" in (await discord.member("Dev").run("quiz start")).text
    assert "going on in this channel already" in (await ada.click(panel.message, "Start")).text
    assert len(await game.rounds()) == 1


async def test_pressed_twice_at_once_it_starts_one_round(discord: Driver, game: Game) -> None:
    ada = discord.member("Ada")
    panel = await ada.run("quiz start")
    both = await asyncio.gather(*(ada.click(panel.message, "Start") for _ in range(2)))
    assert all(reply.state == "done" for reply in both)
    assert len(await game.rounds()) == 1


@pytest.mark.parametrize(("status", "ends"), [(403, "may not write"), (503, None)])
async def test_a_round_is_played_though_its_announcement_is_refused(
    discord: Driver, game: Game, caplog: pytest.LogCaptureFixture, status: int, ends: str | None
) -> None:
    ada = discord.member("Ada")
    panel = await ada.run("quiz start")
    discord.faults.fail_next(status, 1 if ends is None else 2, SEND)
    reply = await ada.click(panel.message, "Start")
    assert reply.text == "The round begins."
    if ends is None:
        await game.next(1)
        assert not reply.follow_ups
    else:
        await game.jump_until(lambda: any(ends in shown.text for shown in reply.follow_ups))
        assert len(reply.follow_ups) == 1
    assert "Unexpected failure" not in caplog.text


FORGED = (
    "panel1:start:26:20:::buttons:film",
    "panel1:start:0:20:::buttons:film",
    "panel1:start:5:121:::buttons:film",
    "panel1:start:5:20:no-such-topic::buttons:film",
    "panel1:start:5:20::tough:buttons:film",
    "panel1:start:5:5:::buttons:film",
    "panel1:start:5:20:::buttons",
    "panel1:length:5:20:::buttons:film",
    "panel1:colour:5:20:::buttons:film",
    "again1:topic:999",
)


async def test_a_forged_panel_is_refused(discord: Driver, game: Game) -> None:
    ada = discord.member("Ada")
    panel = await ada.run("quiz start")
    for custom_id in FORGED:
        refused = await ada.forge(panel.message, custom_id)
        assert refused.ephemeral
        assert refused.message.id != panel.message.id, custom_id
        assert "wrong on my side" not in refused.text, custom_id
        assert await game.rounds() == [], custom_id


async def test_a_topic_that_is_gone_is_not_asked_for_where_nobody_types(discord: Driver, game: Game) -> None:
    ada = discord.member("Ada")
    panel = await ada.run("quiz start")
    gone = "That topic is not in the film that is played here now."
    for custom_id in ("panel1:start:5:20:gone::buttons:film", "another1:gone"):
        assert (await ada.forge(panel.message, custom_id)).text == gone
    assert "as you type" in (await ada.run("quiz start", topic="gone")).text


async def test_the_podium_leads_to_another_topic_and_to_the_board(discord: Driver, game: Game) -> None:
    dev = discord.member("Dev")
    await game.start("Ada", questions=3, seconds=30, answers="typed")
    await game.stop()
    podium = await game.podium()
    panel = await dev.click(podium, "Another topic")
    assert panel.ephemeral
    assert "3 questions · 30 seconds each · answers are typed" in panel.text
    board = await dev.click(podium, "Leaderboard")
    assert board.ephemeral
    assert "All time" in board.text
    await game.until_finished()
    await dev.click(panel.message, "Start")
    assert await game.query(f"SELECT {COLUMNS} FROM rounds WHERE host_user_id = ?", (dev.id,)) == [
        (3, 30, None, None, "typed", dev.id)
    ]


async def test_another_topic_can_be_chosen_though_the_last_one_is_gone(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    dev = discord.member("Dev")
    await game.start("Ada", questions=3, topic="brass")
    await game.stop()
    podium = await game.podium()
    await game.until_finished()
    await bot.tools.database.write(lambda c: bool(c.execute("UPDATE rounds SET topic = 'gone'")))
    assert "not in the film" in (await dev.click(podium, "Play again")).text
    panel = await dev.click(podium, "Another topic")
    assert "3 questions · 20 seconds each" in panel.text


async def test_who_may_not_write_here_gets_no_panel(discord: Driver, game: Game) -> None:
    discord.deny("trivia", "send_messages")
    refused = await discord.member("Dev").run("quiz start")
    assert refused.ephemeral
    assert not refused.buttons
    assert await game.rounds() == []
