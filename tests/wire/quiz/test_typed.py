"""Typed rounds: the hint at half the time, what it costs, and the wrong guesses at the reveal."""

import re
from typing import Any

import pytest

from bot.core.hints import hint
from bot.core.scoring import speed_points
from bot.ui.text import plain
from playground import Driver
from tests.wire.quiz.game import ANSWER, Game

EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"


async def test_a_hint_comes_at_half_the_time_and_halves_the_worth(discord: Driver, game: Game) -> None:
    dev, eli = discord.member("Dev"), discord.member("Eli")
    await game.start("Ada", answers="typed", questions=2, seconds=20)
    shown = await game.question(1)
    asked = await game.asked(1)
    told = re.search(r"A hint comes <t:(\d+):R>", shown.text)
    assert told is not None
    # It is printed before Discord says when the question was opened, so it is an estimate.
    assert abs(int(told[1]) * 1_000 - asked.opened_ms - 10_000) < 3_000
    assert "from then on an answer is worth half" in shown.text
    discord.advance(9)
    await game.type(dev, shown, asked.right)
    assert plain(hint(asked.right)) not in shown.text
    discord.advance(1.5)
    await game.shows(shown, plain(hint(asked.right)))
    assert "from now on an answer is worth half" in shown.text
    opened = await eli.click(shown, "Type your answer")
    assert opened.modal is not None
    assert plain(hint(asked.right)) in opened.modal["components"][0]["content"]
    await eli.submit(opened, {"answer": asked.right})
    for player, hinted in ((dev, False), (eli, True)):
        took, correct, points, _ = (await game.answers())[1, player.id]
        assert correct
        assert (took >= 10_000) == hinted
        assert points == speed_points(asked.base, took, 20_000, 0, reopened=False, hinted=hinted)


@pytest.mark.parametrize("options", [{"answers": "typed", "seconds": 0}, {"seconds": 20}])
async def test_no_hint_without_a_time_limit_nor_with_buttons(
    discord: Driver, game: Game, options: dict[str, Any]
) -> None:
    await game.start("Ada", questions=1, **options)
    shown = await game.question(1)
    discord.advance(11)
    await discord.member("Ada").click(shown, "Reveal now")
    await game.shows(shown, ANSWER)
    assert "hint" not in shown.text.lower()


async def test_a_hint_is_shown_though_an_edit_of_the_count_hangs(discord: Driver, game: Game) -> None:
    await game.start("Ada", answers="typed", questions=1, seconds=20)
    shown = await game.question(1)
    asked = await game.asked(1)
    with discord.faults.hold(EDIT) as held:
        await game.type(discord.member("Dev"), shown, "Nobody")
        await game.jump_until(held.arrived.is_set)
        discord.advance(9)
        await game.type(discord.member("Eli"), shown, "Nobody")
    await game.shows(shown, plain(hint(asked.right)))


async def test_wrong_guesses_are_told_at_the_reveal_without_names_or_markup(
    discord: Driver, game: Game
) -> None:
    await game.start("Ada", answers="typed", questions=2, seconds=20)
    shown = await game.question(1)
    asked = await game.asked(1)
    guesses = ["Sebastian", "<@&1> @everyone", "mia", "Mia", "discord.gg/abc", "Keith", "Laura", asked.right]
    players = discord.add_members(len(guesses))
    for player, text in zip(players, guesses, strict=True):
        await game.type(player, shown, text)
    assert "Sebastian" not in shown.text
    await game.close(shown)
    assert "7 other answers · “mia” (2 players) · “Sebastian” · “Keith”" in shown.text
    for left_out in ("Laura", "everyone", "discord.gg"):
        assert left_out not in shown.text
    assert "Sebastian" in shown.text
    await game.next(2)
    await discord.until(lambda: "Next" not in shown.buttons)
    assert "“Sebastian”" in shown.text
    dump = [await game.query(f"SELECT * FROM {table}", ()) for table in ("answers", "asked_questions")]
    assert "Laura" not in str(dump)
    assert "Keith" not in str(dump)


async def test_the_word_after_an_answer_tells_how_the_last_one_went(discord: Driver, game: Game) -> None:
    dev, eli, carmen = (discord.member(name) for name in ("Dev", "Eli", "Carmen"))
    await game.start("Ada", questions=4, seconds=20)
    first = await game.question(1)
    told = await dev.click(first, await game.right_button(1))
    assert "Question" not in told.text
    await eli.click(first, await game.wrong_button(1))
    await game.close(first)
    second = await game.next(2)
    points = (await game.answers())[1, dev.id][2]
    told = await dev.click(second, await game.right_button(2))
    assert told.text.startswith("Your answer is in: ")
    assert f"Question 1: ✅ right, {points} points. So far: place 1 with {points} points." in told.text
    assert (
        "Question 1: ❌ wrong. So far: no points yet."
        in (await eli.click(second, await game.right_button(2))).text
    )
    assert "Question" not in (await carmen.click(second, await game.right_button(2))).text
    await game.close(second)
    third = await game.next(3)
    mine = [(await game.answers())[position, dev.id][2] for position in (1, 2)]
    told = await dev.click(third, await game.right_button(3))
    assert f"Question 2: ✅ right, {mine[1]} points, 🔥 2 in a row." in told.text
    assert f"So far: place 1 with {sum(mine)} points." in told.text
    await discord.member("Ada").run("quiz skip")
    fourth = await game.next(4)
    assert ANSWER in third.text
    told = await dev.click(fourth, await game.right_button(4))
    assert f"Question 3 counts for nobody. So far: place 1 with {sum(mine)} points." in told.text
