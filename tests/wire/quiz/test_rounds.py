"""Whole rounds from start to podium, and what happens when they are steered."""

import asyncio
import re

import pytest

from bot.app import TriviaBot
from bot.core.quiz_moves import EARLY_GRACE_MS
from bot.core.scoring import speed_points
from bot.core.snowflakes import snowflake_ms
from playground import Actor, Driver, Reply
from tests.wire.quiz.game import ANSWER, Game, took_ms

DANGER = 4


def points_by_the_ids(base: int, took: int, streak: int) -> int:
    """Return the points of a right answer in twenty seconds."""
    return speed_points(base, took, 20_000, streak, reopened=False)


@pytest.mark.both_engines
@pytest.mark.timeout(180)
@pytest.mark.parametrize("form", ["buttons", "typed"])
async def test_ten_questions_eight_members_and_a_podium(
    discord: Driver, game: Game, bot: TriviaBot, form: str
) -> None:
    await bot.tools.settings.change(discord.guild.id, early_answers=False)
    players = discord.add_members(8)
    await game.start(questions=10, seconds=20, answers=form)
    expected: dict[tuple[int, int], int] = {}
    streaks = dict.fromkeys((player.id for player in players), 0)
    for position in range(1, 11):
        shown = await game.question(position) if position == 1 else await game.next(position)
        asked = await game.asked(position)
        for number, player in enumerate(players[: 8 if position % 3 else 5]):
            correct = (number + position) % 4 != 0
            discord.advance(0.7)
            reply = await answer(game, player, position, correct=correct)
            assert reply.state == "done"
            assert reply.ephemeral
            assert "Your answer is in" in reply.text
            took = took_ms(reply.interaction.id, shown.id)
            points = points_by_the_ids(asked.base, took, streaks[player.id]) if correct else 0
            expected[position, player.id] = points
            streaks[player.id] = streaks[player.id] + 1 if correct else 0
        for player in players[8 if position % 3 else 5 :]:
            streaks[player.id] = 0
        await game.close(shown)
        assert asked.right in shown.text
        assert shown.raw.mentions == []
        assert "Fastest" in shown.text
    podium = await game.podium()
    stored = await game.answers()
    assert {key: row[2] for key, row in stored.items()} == expected
    for player in players:
        total = sum(points for (_, user_id), points in expected.items() if user_id == player.id)
        assert f"<@{player.id}> **{total:,} point" in podium.text
    await game.until_finished()
    assert await game.rounds() == [("finished", "completed")]
    assert podium.files["picture.png"].startswith(b"\x89PNG")
    assert podium.alt_texts


async def answer(game: Game, player: Actor, position: int, *, correct: bool) -> Reply:
    """Answer rightly or wrongly, by a button or in words."""
    shown = await game.question(position)
    asked = await game.asked(position)
    if "Type your answer" in shown.buttons:
        return await game.type(player, shown, asked.right.upper() if correct else "no idea at all")
    button = await (game.right_button(position) if correct else game.wrong_button(position))
    return await player.click(shown, button)


async def test_five_hundred_answers_within_a_second(discord: Driver, game: Game) -> None:
    players = discord.add_members(500)
    await game.start(questions=1, seconds=60)
    shown = await game.question(1)
    right, wrong = await game.right_button(1), await game.wrong_button(1)
    replies = await asyncio.gather(
        *(player.click(shown, wrong if number % 5 == 0 else right) for number, player in enumerate(players))
    )
    assert {reply.state for reply in replies} == {"done"}
    assert all("Your answer is in" in reply.text and reply.ephemeral for reply in replies)
    stored = await game.answers()
    assert len(stored) == 500
    assert sum(row[1] for row in stored.values()) == 400
    await game.close(shown, 60)
    assert "400 of 500 answers right" in shown.text


async def test_the_host_reveals_goes_on_and_stops(discord: Driver, game: Game) -> None:
    ada, carmen = discord.member("Ada"), discord.member("Carmen")
    await game.start("Ada", questions=5, seconds=60)
    first = await game.question(1)
    await carmen.click(first, await game.right_button(1))
    for button in ("Reveal now", "Stop"):
        refused = await carmen.click(first, button)
        assert refused.ephemeral
        assert "host" in refused.text
    assert (await ada.click(first, "Reveal now")).state == "done"
    await game.shows(first, "The fact behind it")
    assert "Next" in first.buttons
    refused = await carmen.click(first, "Next")
    assert "host" in refused.text
    await ada.click(first, "Next")
    second = await game.question(2)
    await discord.until(lambda: "Next" not in first.buttons)
    await ada.click((await ada.click(second, "Stop")).message, "Stop the round")
    await game.shows(second, "The fact behind it")
    podium = await game.podium()
    assert "stopped" in podium.text
    assert f"<@{carmen.id}>" in podium.text
    await game.until_finished()


@pytest.mark.both_engines
async def test_a_moderator_skips_and_stops_by_command(discord: Driver, game: Game) -> None:
    ben, carmen, dev = (discord.member(name) for name in ("Ben", "Carmen", "Dev"))
    await game.start("Carmen", questions=5, seconds=60)
    first = await game.question(1)
    await dev.click(first, await game.right_button(1))
    assert "host" in (await dev.run("quiz skip")).text
    assert "host" in (await dev.run("quiz stop")).text
    assert (await ben.run("quiz skip")).text == "Skipped."
    await game.shows(first, "skipped")
    second = await game.question(2)
    assert (await game.answers())[1, dev.id][2] == 0
    await carmen.click(second, await game.right_button(2))
    assert "ends" in (await game.stop("Ben")).text
    podium = await game.podium()
    assert f"<@{carmen.id}>" in podium.text
    assert f"<@{dev.id}>" not in podium.text
    assert "1 of 1 right" in podium.text
    assert "1 of 1 right" in podium.alt_texts[0]
    assert re.search(r"played alone counts in </stats:\d+>, but not on the board", podium.text)
    await game.until_finished()
    assert "No round" in (await ben.run("quiz stop")).text


async def test_stop_asks_first_and_can_be_taken_back(discord: Driver, game: Game) -> None:
    ada, dev = discord.member("Ada"), discord.member("Dev")
    await game.start("Ada", questions=5, seconds=60)
    shown = await game.question(1)
    assert shown.buttons["Stop"]["style"] == DANGER
    asked = await ada.click(shown, "Stop")
    assert asked.ephemeral
    assert "Stop this round?" in asked.text
    assert asked.buttons["Stop the round"]["style"] == DANGER
    kept = await ada.click(asked.message, "Go on playing")
    assert kept.message.id == asked.message.id
    assert kept.text == "Nothing was changed."
    assert not kept.buttons
    assert await game.rounds() == [("running", None)]
    asked = await ada.click(shown, "Stop")
    of_dev = (await dev.run("topics")).message
    forged = await dev.forge(of_dev, str(asked.buttons["Stop the round"]["custom_id"]))
    assert "host" in forged.text
    stopped = await ada.click(asked.message, "Stop the round")
    assert stopped.message.id == asked.message.id
    assert stopped.text == "The round ends now."
    await game.podium()
    await game.until_finished()
    late = await ada.forge(asked.message, "stop1:1")
    assert late.ephemeral
    assert "over" in late.text


async def test_a_skip_before_the_first_question_skips_nothing_and_says_so(
    discord: Driver, game: Game
) -> None:
    ada = discord.member("Ada")
    await ada.run("quiz start", questions=2)
    refused = await ada.run("quiz skip")
    assert refused.ephemeral
    assert "nothing to skip" in refused.text
    await discord.until(lambda: len(game.messages()) == 1)
    shown = await game.next(1)
    assert "Question 1 of 2" in shown.text


async def test_the_next_question_is_announced_with_a_live_time(discord: Driver, game: Game) -> None:
    await game.start("Ada", questions=2, seconds=60)
    first = await game.question(1)
    await discord.member("Ada").click(first, "Reveal now")
    await game.shows(first, "The fact behind it")
    told = re.search(r"The next question comes <t:(\d+):R>", first.text)
    assert told
    second = await game.next(2)
    assert 0 <= int(told[1]) - snowflake_ms(second.id) / 1_000 + 1 < 2
    await discord.member("Ada").click(second, "Reveal now")
    await game.shows(second, "The podium comes <t:")


async def test_two_players_lose_no_time(discord: Driver, game: Game) -> None:
    """From the second question on it ends two seconds after both have answered, and lets a third come in."""
    ada, dev, carmen = (discord.member(name) for name in ("Ada", "Dev", "Carmen"))
    await game.start("Ada", questions=3, seconds=120)
    first = await game.question(1)
    assert "once everybody" not in first.text
    await ada.click(first, await game.right_button(1))
    await dev.click(first, await game.wrong_button(1))
    await game.close(first, 120)
    for position, late in ((2, carmen), (3, None)):
        shown = await game.next(position)
        assert ", or once everybody has answered" in shown.text
        last = [await player.click(shown, await game.right_button(position)) for player in (ada, dev)][-1]
        if late:
            assert "Your answer is in" in (await late.click(shown, await game.wrong_button(position))).text
        if position == 3:
            last = await carmen.click(shown, await game.wrong_button(position))
        await game.jump_until(lambda shown=shown: ANSWER in shown.text)  # type: ignore[misc]
        assert "everybody had answered" in shown.text
        [[reason, closed_ms]] = await game.query(
            "SELECT close_reason, closed_ms FROM asked_questions WHERE message_id = ?", (shown.id,)
        )
        assert reason == "complete"
        assert 0 <= closed_ms - snowflake_ms(last.interaction.id) - EARLY_GRACE_MS < 5_000
    podium = await game.podium()
    assert f"<@{carmen.id}> **0 points** · 0 of 3 right" in podium.text


async def test_streaks_are_told_with_what_they_bring(discord: Driver, game: Game) -> None:
    """The card says the most that can come, and the private word nothing of whether the answer is right."""
    ada, dev = discord.member("Ada"), discord.member("Dev")
    await game.start("Ada", questions=3, seconds=60, difficulty="easy")
    said = []
    for position in (1, 2, 3):
        shown = await game.next(position)
        said.append(re.search(r"up to (\d+) points", shown.text))
        right = await ada.click(shown, await game.right_button(position))
        assert ("If so: 🔥" in right.text) == (position > 1)
        if position < 3:
            await dev.click(shown, await game.right_button(position))
        else:
            assert "If so: 🔥 3 in a row +20." in right.text
            wrong = await dev.click(shown, await game.wrong_button(position))
            assert "If so: 🔥 3 in a row +20." in wrong.text
        await ada.click(shown, "Reveal now")
        await game.shows(shown, "The fact behind it")
    assert [found and found[1] for found in said] == ["100", "110", "120"]
    assert f"<@{ada.id}> 🔥 3 in a row +20" in shown.text
    assert f"<@{dev.id}> 🔥" not in shown.text


async def test_play_again_starts_a_round_like_the_last(discord: Driver, game: Game) -> None:
    await game.start("Ada", questions=2, seconds=30, difficulty="hard")
    await game.stop()
    podium = await game.podium()
    reply = await discord.member("Dev").click(podium, "Play again")
    assert not reply.ephemeral
    await game.next(1)
    rows = await game.query("SELECT questions, seconds, difficulty, host_user_id FROM rounds", ())
    assert [tuple(row[:3]) for row in rows] == [(2, 30, "hard")] * 2
    assert rows[1][3] == discord.member("Dev").id


async def test_an_untimed_round_waits_for_its_host(discord: Driver, game: Game) -> None:
    ada = discord.member("Ada")
    await game.start("Ada", questions=1, seconds=0)
    shown = await game.question(1)
    assert "No time limit" in shown.text
    discord.advance(600)
    reply = await discord.member("Dev").click(shown, await game.right_button(1))
    assert "Your answer is in" in reply.text
    await ada.click(shown, "Reveal now")
    await game.shows(shown, "The fact behind it")
    asked = await game.asked(1)
    assert (await game.answers())[1, discord.member("Dev").id][2] == asked.base


async def test_three_questions_without_an_answer_end_a_round(discord: Driver, game: Game) -> None:
    await game.start(questions=10, seconds=10)
    for position in (1, 2, 3):
        shown = await game.question(position) if position == 1 else await game.next(position)
        await game.close(shown, 10)
    podium = await game.podium()
    assert "three questions in a row" in podium.text
    await game.until_finished()
    assert await game.rounds() == [("finished", "unanswered")]


async def test_a_topic_with_fewer_questions_makes_a_shorter_round(discord: Driver, game: Game) -> None:
    reply = await discord.member("Ada").run("quiz start", questions=10, topic="rare")
    assert "3 questions" in reply.text
    assert "You asked for 10; there are 3 about Rare." in reply.text


@pytest.mark.both_engines
async def test_rounds_in_three_channels_share_a_deck_and_nothing_else(discord: Driver, game: Game) -> None:
    channels = ("trivia", "welcome", "film-club")
    hosts = ("Ada", "Ben", "Carmen")
    replies = await asyncio.gather(
        *(
            discord.member(host).run("quiz start", channel=channel, questions=8, seconds=10)
            for host, channel in zip(hosts, channels, strict=True)
        )
    )
    assert not any(reply.ephemeral for reply in replies)
    for position in range(1, 9):
        for channel in channels:
            shown = await game.next(position, channel)
            button = next(str(b["custom_id"]) for label, b in shown.buttons.items() if label.startswith("A"))
            await discord.member("Dev").click(shown, button)
        discord.advance(11.6)
        for channel in channels:
            await game.shows(await game.last_answer(channel, position), "The fact behind it")
    for channel in channels:
        await game.podium(channel)
    asked = await game.query("SELECT question FROM asked_questions", ())
    assert len(asked) == 24
    assert len({row[0] for row in asked}) == 24
