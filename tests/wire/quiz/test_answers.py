"""Answers that do not count: late, doubled, forged, foreign, old, or from somebody who may not play."""

import asyncio
from datetime import timedelta

import pytest

from bot.app import TriviaBot
from bot.ui.text import plain
from playground import Driver, Reply
from tests.wire.quiz.game import ANSWER, GRACE, Game


def assert_refused(reply: Reply) -> None:
    """Fail unless the answer was one private sentence."""
    assert reply.state == "done"
    assert reply.ephemeral
    assert reply.text
    assert not reply.follow_ups
    assert "wrong on my side" not in reply.text


async def everything(game: Game) -> list[object]:
    """Return all that is stored of rounds."""
    tables = ("rounds", "asked_questions", "answers")
    return [await game.query(f"SELECT * FROM {table}", ()) for table in tables]


@pytest.mark.both_engines
async def test_the_first_click_counts_and_a_second_changes_nothing(discord: Driver, game: Game) -> None:
    dev = discord.member("Dev")
    await game.start()
    shown = await game.question(1)
    right, wrong = await game.right_button(1), await game.wrong_button(1)
    both = await asyncio.gather(dev.click(shown, wrong), dev.click(shown, right))
    assert ["first answer counts" in reply.text for reply in both] == [False, True]
    before = await everything(game)
    again = await dev.click(shown, right)
    assert_refused(again)
    assert "answered already" in again.text
    assert await everything(game) == before
    await game.close(shown)
    late = await dev.forge(shown, right)
    assert_refused(late)
    assert "over" in late.text


async def test_a_click_after_the_deadline_gets_a_sentence_while_the_answer_is_awaited(
    discord: Driver, game: Game
) -> None:
    await game.start(seconds=20)
    shown = await game.question(1)
    discord.advance(20 + GRACE / 2)
    reply = await discord.member("Dev").click(shown, await game.right_button(1))
    assert_refused(reply)
    # It may have been the last question, so no next one is spoken of.
    assert reply.text == "Time is up for this question."
    assert await game.answers() == {}


async def test_a_click_made_in_time_and_delivered_late_counts(discord: Driver, game: Game) -> None:
    await game.start(seconds=20)
    shown = await game.question(1)
    discord.advance(19.5)
    interaction = discord.member("Dev").begin_click(shown, await game.right_button(1))
    discord.advance(1.2)
    await asyncio.wait_for(interaction.settled.wait(), 5)
    assert "Your answer is in" in Reply(interaction).text
    assert len(await game.answers()) == 1


FORGED = (
    "quiz1:999:1:0",
    "quiz1:1:1:4",
    "quiz1:1:1:99999999999999999999999",
    "quiz1:1:1:-1",
    "quiz1:1:1:٣",
    "quiz1:1:1",
    "quiz1:1:1:0:0",
    "quiz1:1:2:0",
    "quiz1:1:0:0",
    "quiz1:::",
    "quiz0:1:1:0",
    "quiz2:1:1:0",
    "typed1:1:1",
    "type1:1:1",
    "host1:explode:1:1",
    "host1:stop:1",
    "host1:next:1:1",
    "again1:1:1",
    "again1:77",
    "nothing",
    "practice1:0:1:99:0:0:::film::0",
    "practice1:1",
    "practice1:next:a:b:c:d:::film::0",
    "practice1:next:0:0:0:0:no-such-topic::film::0",
    "quizme1:999999",
)


async def test_a_forged_custom_id_gets_a_private_sentence(discord: Driver, game: Game) -> None:
    await game.start("Ada", seconds=120)
    shown = await game.question(1)
    before = await everything(game)
    for custom_id in FORGED:
        assert_refused(await discord.member("Ada").forge(shown, custom_id))
        assert await everything(game) == before, custom_id


async def test_a_button_of_another_channel_is_refused(discord: Driver, game: Game) -> None:
    await game.start("Ada", "trivia")
    here = await game.right_button(1)
    await game.start("Ben", "welcome")
    elsewhere = await game.question(1, "welcome")
    before = await everything(game)
    for custom_id in (here, "host1:stop:1:1"):
        assert_refused(await discord.member("Ada").forge(elsewhere, custom_id))
    assert await everything(game) == before


async def test_buttons_of_the_question_before_and_of_an_old_round(discord: Driver, game: Game) -> None:
    dev = discord.member("Dev")
    await game.start("Ada", questions=2)
    first = await game.question(1)
    old = await game.right_button(1)
    await dev.click(first, old)
    await game.close(first)
    second = await game.next(2)
    assert_refused(await dev.forge(first, old))
    assert_refused(await discord.member("Ada").forge(first, "host1:next:1:1"))
    await game.close(second)
    await game.podium()
    await game.until_finished()
    before = await everything(game)
    for custom_id in (old, "host1:stop:1:2", "type1:1:2"):
        assert_refused(await discord.member("Ada").forge(second, custom_id))
    assert await everything(game) == before


async def test_who_is_timed_out_or_may_not_write_is_told_so(discord: Driver, game: Game) -> None:
    await game.start("Ada")
    shown = await game.question(1)
    button = await game.right_button(1)
    fay = await discord.member("Fay").forge(shown, button)
    assert_refused(fay)
    assert "timed out" in fay.text
    eli = discord.member("Eli")
    discord.deny("trivia", "send_messages", eli)
    reply = await eli.click(shown, button)
    assert_refused(reply)
    assert "may not write" in reply.text
    assert await game.answers() == {}


async def test_bots_do_not_play(discord: Driver, game: Game) -> None:
    """Discord lets no bot and no webhook press anything; a forged click or command of one changes nothing."""
    bot = discord.add_members(1)[0]
    bot.user.bot = True
    await game.start()
    shown = await game.question(1)
    before = await everything(game)
    for reply in (
        await bot.click(shown, await game.right_button(1)),
        await bot.run("quiz start", channel="welcome", questions=10),
    ):
        assert_refused(reply)
        assert "Bots do not play" in reply.text
    assert await everything(game) == before


async def test_a_bot_opens_and_sends_no_form(discord: Driver, game: Game) -> None:
    dev = discord.member("Dev")
    await game.start(answers="typed")
    shown = await game.question(1)
    opened = await dev.click(shown, "Type your answer")
    dev.user.bot = True
    for reply in (
        await dev.click(shown, "Type your answer"),
        await dev.submit(opened, {"answer": (await game.asked(1)).right}),
    ):
        assert "Bots do not play" in reply.text
    assert await game.answers() == {}


async def test_a_blocked_player_is_told_so_and_the_others_play_on(
    discord: Driver, game: Game, bot: TriviaBot
) -> None:
    dev, eli = discord.member("Dev"), discord.member("Eli")
    await bot.tools.database.write(
        lambda connection: connection.execute(
            "INSERT INTO blocked_players VALUES (?, ?, NULL, 0)", (discord.guild.id, dev.id)
        )
    )
    await game.start("Ada")
    shown = await game.question(1)
    button = await game.right_button(1)
    replies = await asyncio.gather(dev.click(shown, button), eli.click(shown, button))
    assert_refused(replies[0])
    assert "taken you out" in replies[0].text
    assert list(await game.answers()) == [(1, eli.id)]


async def test_whoever_deleted_their_data_in_mid_question_has_no_answer_in(
    discord: Driver, game: Game
) -> None:
    carmen, dev = discord.member("Carmen"), discord.member("Dev")
    await game.start(questions=2)
    shown = await game.question(1)
    for player in (carmen, dev):
        await player.click(shown, await game.right_button(1))
    asked = await dev.run("privacy delete")
    assert "deleted" in (await dev.click(asked.message, "Delete my data")).text
    assert list(await game.answers()) == [(1, carmen.id)]
    again = await dev.click(shown, await game.wrong_button(1))
    assert "Your answer is in" in again.text
    await game.close(shown)
    assert "1 of 2 answers right" in shown.text


@pytest.mark.both_engines
async def test_a_typed_answer_is_judged_kindly_and_once(discord: Driver, game: Game) -> None:
    dev, eli, carmen = (discord.member(name) for name in ("Dev", "Eli", "Carmen"))
    await game.start("Ada", answers="typed")
    shown = await game.question(1)
    asked = await game.asked(1)
    assert not any(option in shown.text for option in asked.options)
    assert "Your answer is in" in (await game.type(dev, shown, f" {asked.right.lower()}. ")).text
    assert "Your answer is in" in (await game.type(eli, shown, asked.options[asked.answer - 1])).text
    opened = await carmen.click(shown, "Type your answer")
    assert opened.modal is not None
    [[prompt]] = await game.query("SELECT prompt FROM asked_questions", ())
    assert opened.modal["components"][0]["content"] == f"**{plain(prompt)}**"
    assert "Your answer is in" in (await carmen.submit(opened, {"answer": asked.right})).text
    again = await dev.click(shown, "Type your answer")
    assert_refused(again)
    assert again.modal is None
    rows = await game.answers()
    assert {user: row[1] for (_, user), row in rows.items()} == {dev.id: 1, eli.id: 0, carmen.id: 1}


async def test_an_empty_typed_answer_may_be_given_again(discord: Driver, game: Game) -> None:
    dev = discord.member("Dev")
    await game.start("Ada", answers="typed")
    shown = await game.question(1)
    opened = await dev.click(shown, "Type your answer")
    assert_refused(await dev.submit(opened, {"answer": "   "}))
    assert "Your answer is in" in (await game.type(dev, shown, "Something")).text


async def test_a_form_held_open_past_the_deadline_does_not_count(discord: Driver, game: Game) -> None:
    dev = discord.member("Dev")
    await game.start("Ada", answers="typed", seconds=20)
    shown = await game.question(1)
    opened = await dev.click(shown, "Type your answer")
    asked = await game.asked(1)
    discord.advance(20 + GRACE / 2)
    reply = await dev.submit(opened, {"answer": asked.right})
    assert_refused(reply)
    assert "Time is up" in reply.text
    await game.jump_until(lambda: ANSWER in shown.text)
    assert await game.answers() == {}


async def test_a_form_sent_in_the_next_question_does_not_count_for_it(discord: Driver, game: Game) -> None:
    dev = discord.member("Dev")
    await game.start("Ada", answers="typed", seconds=20, questions=2)
    first = await game.question(1)
    opened = await dev.click(first, "Type your answer")
    await game.close(first)
    await game.next(2)
    assert_refused(await dev.submit(opened, {"answer": (await game.asked(2)).right}))
    assert await game.answers() == {}


async def test_the_right_answer_is_in_no_custom_id(discord: Driver, game: Game) -> None:
    await game.start("Ada")
    shown = await game.question(1)
    asked = await game.asked(1)
    ids = [str(button["custom_id"]) for button in shown.buttons.values() if "custom_id" in button]
    choices = [custom_id for custom_id in ids if custom_id.startswith("quiz1:")]
    assert choices == [f"quiz1:1:1:{index}" for index in range(len(asked.options))]
    assert not any(asked.right.casefold() in custom_id.casefold() for custom_id in ids)
    styles = {button["style"] for button in shown.buttons.values() if "quiz1" in str(button["custom_id"])}
    assert len(styles) == 1


async def test_seconds_between_one_and_nine_are_refused(discord: Driver, game: Game) -> None:
    reply = await discord.member("Ada").run("quiz start", seconds=5)
    assert_refused(reply)
    assert "10 seconds or more" in reply.text
    reply = await discord.member("Ada").run("quiz start", topic="no such topic")
    assert_refused(reply)
    assert await game.rounds() == []


async def test_topics_complete_with_their_counts_of_questions(discord: Driver, game: Game) -> None:
    offered = await discord.member("Ada").complete("quiz start", "topic", "")
    assert {choice["value"]: choice["name"] for choice in offered}["rare"] == "🪗 Rare (3)"
    offered = await discord.member("Ada").complete("quiz start", "topic", "BRA")
    assert [choice["value"] for choice in offered] == ["brass"]
    assert await game.rounds() == []


async def test_a_timeout_that_is_over_is_over(discord: Driver, game: Game) -> None:
    fay = discord.member("Fay")
    await game.start("Ada")
    shown = await game.question(1)
    member = discord.guild.members[fay.id]
    discord.controls.time_out(discord.guild, member, discord.clock.now() - timedelta(seconds=1))
    assert "Your answer is in" in (await fay.click(shown, await game.right_button(1))).text
