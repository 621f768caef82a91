"""What we missed under a podium, and `/practice missed`: private, for what one got wrong here."""

import pytest

from bot.app import TriviaBot
from bot.core.content import Spoiler
from bot.core.missed import AFTER_A_SLIP
from bot.ui.practice_cards import mark_of
from playground import Actor, Driver, Reply, Shown
from tests.wire.quiz.game import ANSWER, Game

DAY = 24 * 60 * 60


def number_of(reply: Reply) -> int:
    """Return the number of the question that a card asks."""
    ids = [str(button["custom_id"]) for button in reply.buttons.values()]
    return int(next(custom_id for custom_id in ids if custom_id.startswith("practice1:")).split(":")[2])


async def answer(bot: TriviaBot, actor: Actor, reply: Reply, *, right: bool) -> Reply:
    wanted = bot.tools.catalogue.get().questions[number_of(reply)].answer.casefold()
    label = next(label for label in reply.buttons if (label.partition("  ")[2].casefold() == wanted) == right)
    return await actor.click(reply.message, label)


async def play(game: Game, dev: Actor, answers: str, **options: str) -> Shown:
    """Have somebody play a round: r is a right answer, w a wrong one, anything else none."""
    eli = game.discord.member("Eli")
    await game.start("Ada", "trivia", questions=len(answers), **options)
    for position, given in enumerate(answers, 1):
        shown = await game.next(position)
        await eli.click(shown, await game.right_button(position))
        if given in "rw":
            button = game.right_button if given == "r" else game.wrong_button
            await dev.click(shown, await button(position))
        await game.close(shown)
    number = len(await game.rounds())
    podium = await game.podium(number=number)
    await game.until_finished(number)
    return podium


async def asked(game: Game, bot: TriviaBot, position: int) -> int:
    [(question,)] = await game.query(
        "SELECT question FROM asked_questions WHERE position = ? AND round_id ="
        " (SELECT MAX(round_id) FROM rounds)",
        (position,),
    )
    return bot.tools.catalogue.get().question_numbers_by_id[question]


@pytest.mark.timeout(180)
async def test_what_one_missed_in_a_round_comes_again_with_its_facts(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    dev = discord.member("Dev")
    podium = await play(game, dev, "rw-r")
    before = await game.query("SELECT * FROM answers", ())
    opened = await dev.click(podium, "What we missed")
    assert opened.ephemeral
    assert "What you missed · " in opened.text
    assert number_of(opened) == await asked(game, bot, 2)
    told = await answer(bot, dev, opened, right=False)
    assert told.message.id == opened.message.id
    assert "❌" in told.text
    assert ANSWER in told.text
    following = await dev.click(told.message, "Next question")
    assert number_of(following) == await asked(game, bot, 3)
    told = await answer(bot, dev, following, right=True)
    assert "1 of 2 right" in told.text
    done = await dev.click(told.message, "Next question")
    assert done.message.id == opened.message.id
    assert "That was everything you missed in that round." in done.text
    assert "1 of 2 right" in done.text
    nothing = await discord.member("Eli").click(podium, "What we missed")
    assert nothing.ephemeral
    assert "You missed nothing in that round" in nothing.text
    assert await game.query("SELECT * FROM answers", ()) == before
    stored = await game.query("SELECT user_id, question, times_right FROM missed_questions", ())
    pack = bot.tools.catalogue.get()
    # What was right now and never wrong before need not come again.
    assert stored == [(dev.id, pack.questions[await asked(game, bot, 2)].id, 0)]


@pytest.mark.both_engines
@pytest.mark.timeout(180)
async def test_practice_missed_brings_it_until_it_was_right_twice(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    dev = discord.member("Dev")
    none = await dev.run("practice", missed=True)
    assert none.ephemeral
    assert "You have missed nothing here lately." in none.text
    await play(game, dev, "ww-r")
    first, second = await asked(game, bot, 1), await asked(game, bot, 2)
    opened = await dev.run("practice", missed=True)
    assert opened.ephemeral
    assert number_of(opened) == first
    told = await answer(bot, dev, opened, right=True)
    assert ANSWER in told.text
    following = await dev.click(told.message, "Next question")
    assert number_of(following) == second
    told = await answer(bot, dev, following, right=False)
    done = await dev.click(told.message, "Next question")
    assert "Nothing is due just now. 2 questions that you missed come again, the next <t:" in done.text
    assert "1 of 2 right" in done.text
    assert "You have missed nothing" in (await discord.member("Eli").run("practice", missed=True)).text

    discord.advance(AFTER_A_SLIP.total_seconds() + 1)
    again = await dev.run("practice", missed=True)
    assert number_of(again) == second
    await answer(bot, dev, again, right=True)
    for _ in range(2):
        discord.advance(2 * DAY)
        opened = await dev.run("practice", missed=True)
        if "What you missed" in opened.text:
            told = await answer(bot, dev, opened, right=True)
            following = await dev.click(told.message, "Next question")
            if following.buttons:
                await answer(bot, dev, following, right=True)
    done = await dev.run("practice", missed=True)
    assert "Everything you missed here lately, you have since got right twice." in done.text
    rows = await game.query("SELECT times_right FROM missed_questions", ())
    assert rows == [(2,), (2,)]
    told = await dev.run("privacy delete")
    await dev.click(told.message, "Delete my data")
    assert await game.query("SELECT * FROM missed_questions", ()) == []


@pytest.mark.timeout(180)
async def test_spoilers_of_the_moment_and_voids_hold(discord: Driver, bot: TriviaBot, game: Game) -> None:
    dev = discord.member("Dev")
    await bot.tools.settings.change(discord.guild.id, spoilers=Spoiler.ENDING)
    podium = await play(game, dev, "www", topic="rare")
    pack = bot.tools.catalogue.get()
    first = await asked(game, bot, 1)
    ben = discord.member("Ben")
    await ben.forge((await ben.run("topics")).message, f"mod1:void:{first}:0")
    for reply in (await dev.run("practice", missed=True), await dev.click(podium, "What we missed")):
        assert number_of(reply) == await asked(game, bot, 2)
    elsewhere = await dev.run("practice", missed=True, topic="brass")
    assert "You have missed nothing here lately." in elsewhere.text
    again = await dev.run("practice", missed=True, topic="rare")
    assert number_of(again) == await asked(game, bot, 2)
    told = await answer(bot, dev, again, right=True)
    assert number_of(await dev.click(told.message, "Next question")) == await asked(game, bot, 3)

    plot = next(
        number
        for number, one in pack.questions.items()
        if pack.facts[pack.fact_numbers_by_id[one.fact]].spoiler
    )
    mark = mark_of(pack.questions[plot])
    for choice in (0, 1):
        await dev.forge(
            (await dev.run("topics")).message, f"practice1:{choice}:{plot}:0:0:0::0:film:{mark}:0"
        )
    discord.advance(DAY)
    ids = [row[0] for row in await game.query("SELECT question FROM missed_questions", ())]
    assert pack.questions[plot].id in ids
    await bot.tools.settings.change(discord.guild.id, spoilers=Spoiler.NONE)
    reply = await dev.run("practice", missed=True)
    while "What you missed" in reply.text:
        assert number_of(reply) != plot
        told = await answer(bot, dev, reply, right=True)
        reply = await dev.click(told.message, "Next question")
    assert "<t:" in reply.text


async def test_what_was_missed_is_a_matter_of_its_server_and_channel(
    discord: Driver, bot: TriviaBot, game: Game
) -> None:
    dev = discord.member("Dev")
    alone = await dev.run("practice", channel="DM", missed=True)
    assert "in each server" in alone.text
    await game.start(questions=2)
    somewhere = await dev.run("topics", channel="welcome")
    for custom_id in (
        "missed1:1",
        "practice1:next:0:0:0:0::1:film::0",
        "practice1:next:0:0:0:0::99:film::0",
        "missed1:0x",
    ):
        reply = await dev.forge(somewhere.message, custom_id)
        assert reply.ephemeral
        assert "another version of me" in reply.text
    mark = mark_of(bot.tools.catalogue.get().questions[1])
    for custom_id in (
        "practice1:0:99999:0:0:0::0:film::0",
        f"practice1:0:1:99:0:0::0:film:{mark}:0",
        f"practice1:9:1:0:0:0::0:film:{mark}:0",
    ):
        reply = await dev.forge(somewhere.message, custom_id)
        assert "another version of me" in reply.text or "no longer in my collection" in reply.text
    # The round's first question is open: nothing of it is told.
    here = await dev.run("topics")
    assert "You missed nothing" in (await dev.forge(here.message, "missed1:1")).text
