"""A restart is invisible: rounds go on in their own messages, with every answer that was given."""

import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.snowflakes import snowflake_ms
from bot.storage.moments import from_ms
from playground import Driver
from tests.quiz_pack import write_pack
from tests.wire.quiz.conftest import Restartable
from tests.wire.quiz.game import ANSWER, GRACE, Game


@pytest.mark.both_engines
async def test_a_question_goes_on_in_its_message_with_its_answers(
    discord: Driver, living: Restartable, played: Game
) -> None:
    dev, eli = discord.member("Dev"), discord.member("Eli")
    await played.start("Ada", questions=1, seconds=60)
    shown = await played.question(1)
    button = await played.right_button(1)
    await dev.click(shown, button)
    before = await played.answers()
    await living.restart()
    assert "answered already" in (await dev.click(shown, button)).text
    assert "Your answer is in" in (await eli.click(shown, button)).text
    await played.shows_count(shown, "2 answers so far")
    assert "away" not in shown.text
    await played.close(shown, 60)
    after = await played.answers()
    assert after[1, dev.id] == before[1, dev.id]
    podium = await played.podium()
    assert f"<@{dev.id}>" in podium.text
    assert f"<@{eli.id}>" in podium.text


@pytest.mark.both_engines
async def test_a_question_that_ran_out_meanwhile_is_reopened_for_the_others(
    discord: Driver, living: Restartable, played: Game
) -> None:
    dev, eli = discord.member("Dev"), discord.member("Eli")
    await played.start("Ada", questions=1, seconds=20)
    shown = await played.question(1)
    button = await played.right_button(1)
    await dev.click(shown, button)
    full = (await played.answers())[1, dev.id][2]
    await living.restart(away=120)
    await discord.until(lambda: "open again" in shown.text)
    assert "answered already" in (await dev.click(shown, button)).text
    assert "Your answer is in" in (await eli.click(shown, button)).text
    answers = await played.answers()
    assert answers[1, dev.id][2] == full
    assert answers[1, eli.id][2] == (await played.asked(1)).base // 2
    discord.advance(20 + GRACE)
    await played.shows(shown, ANSWER)
    await played.podium()


async def test_more_than_ten_minutes_away_end_a_round_with_the_scores_it_has(
    discord: Driver, living: Restartable, played: Game
) -> None:
    dev = discord.member("Dev")
    await played.start("Ada", questions=5, seconds=20)
    shown = await played.question(1)
    await dev.click(shown, await played.right_button(1))
    points = (await played.answers())[1, dev.id][2]
    await living.restart(away=11 * 60)
    podium = await played.podium()
    assert "away for more than ten minutes" in podium.text
    assert f"<@{dev.id}> **{points:,} point" in podium.text
    await played.until_finished()
    assert await played.rounds() == [("finished", "away")]
    assert not (await discord.member("Ben").run("quiz start", questions=10)).ephemeral


@pytest.mark.both_engines
async def test_clicks_in_time_count_that_came_to_a_process_that_stood_still(
    discord: Driver, living: Restartable, played: Game
) -> None:
    """It is stopped in earnest and in real time: only so do the frames wait in its socket."""
    people = discord.add_members(30)
    dev = discord.member("Dev")
    await played.start("Ada", questions=2, seconds=10)
    shown, right = await played.question(1), await played.right_button(1)
    discord.advance(8)
    # The count that this has shown makes the bot's timer begin after the jump.
    await dev.click(shown, right)
    await discord.until(lambda: "1 answer so far" in shown.text)
    asked = await played.asked(1)
    os.kill(living.process.pid, signal.SIGSTOP)
    try:
        in_time = [player.begin_click(shown, right) for player in people]
        assert all(snowflake_ms(click.id) <= asked.deadline_ms for click in in_time)
        await discord.time.sleep_until(from_ms(asked.deadline_ms) + timedelta(seconds=GRACE + 0.5))
        too_late = discord.member("Eli").begin_click(shown, right)
    finally:
        os.kill(living.process.pid, signal.SIGCONT)
    await played.shows(shown, ANSWER)
    given = {user for _, user in await played.answers()}
    assert given == {dev.id, *(click.user_id for click in in_time)}
    assert too_late.user_id not in given


async def test_a_form_that_was_open_during_a_restart_counts(
    discord: Driver, living: Restartable, played: Game
) -> None:
    dev = discord.member("Dev")
    await played.start("Ada", questions=1, seconds=60, answers="typed")
    shown = await played.question(1)
    opened = await dev.click(shown, "Type your answer")
    await living.restart()
    reply = await dev.submit(opened, {"answer": (await played.asked(1)).right})
    assert "Your answer is in" in reply.text
    assert (await played.answers())[1, dev.id][1] == 1


async def test_a_pack_changed_under_an_open_round_alters_only_what_comes_next(
    discord: Driver, living: Restartable, played: Game, packs_path: Path
) -> None:
    dev = discord.member("Dev")
    await played.start("Ada", questions=2, seconds=60)
    shown = await played.question(1)
    asked = await played.asked(1)
    prompt = next(line for line in shown.text.splitlines() if line.startswith("###"))
    write_pack(packs_path / "orchestra", edition="second")
    await living.restart()
    await dev.click(shown, await played.right_button(1))
    await played.shows_count(shown, "1 answer so far")
    await played.close(shown, 60)
    assert prompt in shown.text
    assert "first programme" in shown.text
    assert (await played.asked(1)).options == asked.options
    second = await played.next(2)
    await discord.member("Ada").click(second, "Reveal now")
    await played.shows(second, "second programme")


async def test_a_host_can_go_on_after_a_restart_in_the_pause(
    discord: Driver, living: Restartable, played: Game
) -> None:
    ada, dev = discord.member("Ada"), discord.member("Dev")
    await played.start("Ada", questions=2, seconds=60)
    shown = await played.question(1)
    await dev.click(shown, await played.right_button(1))
    await ada.click(shown, "Reveal now")
    await played.shows(shown, ANSWER)
    await living.restart()
    await ada.click(shown, "Next")
    await played.question(2)
    assert len([one for one in played.messages() if "Question 1 of" in one.text]) == 1


@pytest.mark.both_engines
async def test_a_clean_stop_and_start_keeps_the_round(
    discord: Driver, living: Restartable, played: Game
) -> None:
    dev, eli = discord.member("Dev"), discord.member("Eli")
    await played.start("Ada", questions=1, seconds=60)
    shown, right = await played.question(1), await played.right_button(1)
    await dev.click(shown, right)
    assert await living.process.stop() == 0
    await living.start()
    await eli.click(shown, right)
    await played.shows_count(shown, "2 answers so far")
    await played.close(shown, 60)
    await played.podium()


async def test_a_question_that_cannot_be_looked_for_just_now_is_not_sent_twice(
    discord: Driver, living: Restartable, played: Game
) -> None:
    send, look = "POST /channels/{channel_id}/messages", "GET /channels/{channel_id}/messages"
    with discord.faults.hold(send, when="after") as held:
        await discord.member("Ada").run("quiz start", questions=1, seconds=60)
        await played.jump_until(held.arrived.is_set)
        await living.process.kill()
    # By now Discord has forgotten the nonce, so that only a look at the channel tells what was sent.
    discord.faults.fail_next(503, 1, look)
    discord.advance(200)
    await living.start()
    await played.jump_until(lambda: not discord.faults.summary()["fail_next"])
    await played.jump_until_stored("SELECT 1 FROM asked_questions WHERE state <> 'asking'")
    shown = await played.question(1)
    assert [one.id for one in played.messages() if "Question 1 of" in one.text] == [shown.id]
