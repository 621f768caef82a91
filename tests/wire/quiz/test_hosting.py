"""Who starts, stops and skips, two at once included, and what a start needs."""

import asyncio

import pytest

from playground import Driver
from tests.wire.quiz.game import ANSWER, GRACE, Game
from tests.wire.quiz.troubled import new_round_starts


@pytest.mark.both_engines
async def test_two_starts_at_once_make_one_round(discord: Driver, game: Game) -> None:
    replies = await asyncio.gather(
        *(discord.member(name).run("quiz start", questions=10) for name in ("Ada", "Ben", "Dev"))
    )
    private = [reply for reply in replies if reply.ephemeral]
    assert len(private) == 2
    assert all("going on in this channel already" in reply.text for reply in private)
    assert len(await game.rounds()) == 1


async def test_one_start_a_minute(discord: Driver, game: Game) -> None:
    await game.start("Ada")
    reply = await discord.member("Ada").run("quiz start", channel="welcome", questions=10)
    assert reply.ephemeral
    assert "less than a minute ago" in reply.text
    discord.advance(60)
    reply = await discord.member("Ada").run("quiz start", channel="welcome", questions=10)
    assert not reply.ephemeral


async def test_whoever_stopped_a_round_that_nobody_had_answered_may_start_anew_at_once(
    discord: Driver, game: Game
) -> None:
    for number in (1, 2):
        await game.start("Ada", questions=1, seconds=60)
        await game.stop()
        await game.until_finished(number)
    await game.start("Ada", questions=1, seconds=60)
    shown = await game.question(1)
    await discord.member("Dev").click(shown, await game.right_button(1))
    await game.stop()
    await game.until_finished(3)
    reply = await discord.member("Ada").run("quiz start", questions=1)
    assert "less than a minute ago" in reply.text


async def test_stop_racing_start(discord: Driver, game: Game) -> None:
    started, asked = await asyncio.gather(
        discord.member("Ada").run("quiz start", questions=1), discord.member("Ada").run("quiz stop")
    )
    assert started.state == asked.state == "done"
    if "No round" in asked.text:
        await game.stop()
    else:
        await discord.member("Ada").click(asked.message, "Stop the round")
    await game.until_finished()
    await new_round_starts(game)


@pytest.mark.both_engines
async def test_stop_before_the_first_question(discord: Driver, game: Game) -> None:
    await discord.member("Ada").run("quiz start", questions=10)
    await game.stop()
    podium = await game.podium()
    assert "No question was asked" in podium.text
    assert await game.query("SELECT 1 FROM asked_questions", ()) == []


async def test_skip_racing_the_deadline_never_skips_the_next_question(discord: Driver, game: Game) -> None:
    await game.start("Ada", questions=3, seconds=10)
    first = await game.question(1)
    await discord.member("Dev").click(first, await game.right_button(1))
    discord.advance(10 + GRACE - 0.05)
    reply = await discord.member("Ada").run("quiz skip")
    assert reply.ephemeral
    await game.next(2)
    assert (await game.asked(2)).state == "open"
    asked = await game.asked(1)
    assert asked.close_reason in ("deadline", "skipped")
    points = (await game.answers())[1, discord.member("Dev").id][2]
    assert (points > 0) == (asked.close_reason == "deadline")


async def test_the_host_leaves_and_a_moderator_takes_over(discord: Driver, game: Game) -> None:
    await game.start("Carmen", questions=3, seconds=60)
    carmen = discord.member("Carmen")
    discord.controls.remove_member(discord.guild, discord.guild.members[carmen.id])
    shown = await game.question(1)
    await discord.member("Ben").click(shown, "Reveal now")
    await game.shows(shown, ANSWER)
    await game.stop("Ben")
    await game.podium()


@pytest.mark.parametrize("permission", ["view_channel", "send_messages"])
async def test_a_start_names_what_the_bot_is_missing(discord: Driver, game: Game, permission: str) -> None:
    discord.deny("trivia", permission)
    reply = await discord.member("Ada").run("quiz start", questions=10)
    assert reply.ephemeral
    assert permission.replace("_", " ").title() in reply.text
    assert await game.rounds() == []
