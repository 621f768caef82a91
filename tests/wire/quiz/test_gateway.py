"""Rounds whose gateway drops, refuses to resume, or loses its session."""

from collections.abc import Callable

from playground import Driver
from tests.wire.quiz.game import ANSWER, Game

CUT_OFF = "I have no connection to Discord just now"


async def test_the_gateway_drops_over_a_deadline(discord: Driver, game: Game) -> None:
    await game.start("Ada", questions=2, seconds=20)
    shown = await game.question(1)
    button = await game.right_button(1)
    discord.advance(15)
    discord.controls.drop_gateway(None)
    await game.pause()
    in_time = discord.member("Dev").begin_click(shown, button)
    discord.advance(5)
    too_late = discord.member("Carmen").begin_click(shown, button)
    discord.advance(5)
    await game.pause()
    assert (await game.asked(1)).state == "open"
    discord.controls.restore_gateway()
    await discord.connected()
    await game.stored("SELECT 1 FROM answers WHERE user_id = ?", (in_time.user_id,))
    await game.jump_until(lambda: ANSWER in shown.text)
    assert {user for _, user in await game.answers()} == {in_time.user_id}
    assert too_late.user_id != in_time.user_id


async def test_clicks_outlast_a_gateway_that_refuses_to_resume(discord: Driver, game: Game) -> None:
    people = discord.add_members(30)
    await game.start("Ada", questions=2, seconds=20)
    shown = await game.question(1)
    button = await game.right_button(1)
    discord.advance(15)
    discord.controls.drop_gateway(None, refuse=True)
    await game.pause()
    clicks = [player.begin_click(shown, button) for player in people]
    await game.pause()
    discord.controls.restore_gateway()
    await discord.connected()
    for click in clicks:
        await game.stored("SELECT 1 FROM answers WHERE user_id = ?", (click.user_id,))
    assert (await game.asked(1)).reopened == 0


async def test_a_question_that_ran_out_in_a_lost_session_is_reopened_once(
    discord: Driver, game: Game
) -> None:
    dev, eli, ben = discord.member("Dev"), discord.member("Eli"), discord.member("Ben")
    await game.start("Ada", questions=2, seconds=20)
    shown, right = await game.question(1), await game.right_button(1)
    await dev.click(shown, right)
    full = (await game.answers())[1, dev.id]
    await lose_session(game, lambda: eli.begin_click(shown, right))
    await game.shows(shown, "open again for everyone who had not answered, for half the points.")
    assert (await game.asked(1)).reopened == 1
    assert "answered already" in (await dev.click(shown, right)).text
    assert "Your answer is in" in (await eli.click(shown, right)).text
    answers = await game.answers()
    assert answers[1, dev.id] == full
    assert answers[1, eli.id][2] == (await game.asked(1)).base // 2
    await lose_session(game, lambda: ben.begin_click(shown, right))
    await game.jump_until(lambda: ANSWER in shown.text)
    assert set(await game.answers()) == {(1, dev.id), (1, eli.id)}


async def test_a_session_that_is_lost_within_the_time_reopens_nothing(discord: Driver, game: Game) -> None:
    dev = discord.member("Dev")
    await game.start("Ada", questions=1, seconds=60)
    shown, right = await game.question(1), await game.right_button(1)
    await lose_session(game, lambda: dev.begin_click(shown, right))
    assert "Your answer is in" in (await dev.click(shown, right)).text
    assert (await game.asked(1)).reopened == 0
    assert (await game.answers())[1, dev.id][2] > (await game.asked(1)).base // 2


async def test_an_answer_says_that_others_may_be_missing(discord: Driver, game: Game) -> None:
    await game.start("Ada", questions=2, seconds=20)
    shown = await game.question(1)
    discord.controls.drop_gateway(None)
    await game.pause()
    discord.advance(90)
    await game.shows(shown, "answers may be missing")
    discord.controls.restore_gateway()
    await discord.connected()


async def test_an_open_question_says_that_there_is_no_connection(discord: Driver, game: Game) -> None:
    await game.start("Ada", questions=2, seconds=60)
    shown = await game.question(1)
    discord.controls.drop_gateway(None)
    await game.pause()
    assert CUT_OFF not in shown.text
    discord.advance(4)
    await game.shows(shown, CUT_OFF)
    click = discord.member("Dev").begin_click(shown, await game.right_button(1))
    discord.controls.restore_gateway()
    await discord.connected()
    await discord.until(lambda: CUT_OFF not in shown.text)
    await game.stored("SELECT 1 FROM answers WHERE user_id = ?", (click.user_id,))
    assert ANSWER not in shown.text


async def lose_session(game: Game, meanwhile: Callable[[], object]) -> None:
    """Have the gateway forget the bot's session for 25 seconds, in which something happens."""
    game.discord.controls.drop_gateway(None, resumable=False)
    await game.pause()
    meanwhile()
    game.discord.advance(25)
    await game.pause()
    game.discord.controls.restore_gateway()
    await game.discord.connected()
