"""Requests of a round that are not answered, over real sockets: the event loop's clock is moved instead."""

import asyncio

import pytest

from bot.runners.patience import LONGEST_REQUEST_S
from playground import PATIENCE, Driver, Hold
from tests.runners.virtual_time import lose_patience
from tests.wire.quiz.game import ANSWER, Game

SEND = "POST /channels/{channel_id}/messages"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"


async def arrival(held: Hold) -> None:
    """Wait until a request hangs."""
    async with asyncio.timeout(PATIENCE):
        await held.arrived.wait()


async def test_a_question_whose_send_is_not_answered_is_there_once(discord: Driver, game: Game) -> None:
    await game.start("Ada", seconds=30)
    await game.close(await game.question(1), 30)
    with discord.faults.hold(SEND, when="after") as held:
        await game.jump_until(held.arrived.is_set)
        await lose_patience(LONGEST_REQUEST_S)
    second = await game.last_answer("trivia", 2)
    assert (await game.asked(2)).state == "asking"
    for _ in range(6):
        discord.advance(1)
    await game.stored("SELECT 1 FROM asked_questions WHERE message_id = ? AND state = 'open'", (second.id,))
    assert len([one for one in game.messages() if "Question 2 of" in one.text]) == 1


async def test_a_stop_ends_the_wait_and_the_question_is_closed(discord: Driver, game: Game) -> None:
    await game.start("Ada", seconds=30)
    first = await game.question(1)
    await discord.member("Dev").click(first, await game.right_button(1))
    await game.close(first, 30)
    with discord.faults.hold(SEND, when="after") as held:
        await game.jump_until(held.arrived.is_set)
        second = await game.last_answer("trivia", 2)
        button = await game.right_button(2)
        reply = await game.stop()
        assert "ends now" in reply.text
        podium = await game.podium()
        assert f"<@{discord.member('Dev').id}> **" in podium.text
        reply = await discord.member("Dev").click(second, button)
        assert "is over" in reply.text
    await game.shows(second, "skipped, so it counts for nobody")
    assert button not in [part.get("custom_id") for part in second.parts]
    await game.until_finished()
    reply = await discord.member("Dev").forge(second, button)
    assert "That round is over" in reply.text


async def test_an_answer_card_that_hangs_does_not_hold_up_the_round(discord: Driver, game: Game) -> None:
    await game.start("Ada", seconds=30)
    first = await game.question(1)
    with discord.faults.hold(EDIT) as held:
        discord.advance(40)
        await arrival(held)
        await lose_patience(LONGEST_REQUEST_S)
        await game.next(2)
        assert ANSWER not in first.text
    await game.shows(first, ANSWER)
    await discord.until(lambda: "Next" not in first.buttons)


async def test_a_round_is_played_though_its_announcement_hangs(
    discord: Driver, game: Game, caplog: pytest.LogCaptureFixture
) -> None:
    with discord.faults.hold(CALLBACK) as held:
        ada, channel = discord.member("Ada").id, discord.channel("trivia").id
        discord.server.people.run(ada, channel, "quiz start", {"questions": 10})
        await arrival(held)
        await lose_patience(LONGEST_REQUEST_S)
        await game.next(1)
    assert "Unexpected failure" not in caplog.text


async def test_a_wait_that_is_ended_in_a_global_limit_silences_nobody(
    discord: Driver, game: Game, caplog: pytest.LogCaptureFixture
) -> None:
    await game.start("Ada", seconds=30)
    await game.close(await game.question(1), 30)
    discord.faults.fail_next(429, 1, SEND, retry_after=600, everywhere=True)
    await game.jump_until(lambda: "Global rate limit has been hit" in caplog.text)
    reply = await game.stop()
    assert "ends now" in reply.text
    await game.podium()
    await game.until_finished()
