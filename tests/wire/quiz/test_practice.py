"""`/practice` and Quiz me: private, anywhere, for no points."""

import re

from bot.app import TriviaBot
from bot.core.content import Spoiler
from bot.ui.question_parts import GONE
from playground import Actor, Driver, Reply
from tests.wire.quiz.game import ANSWER, Game


def number_of(reply: Reply) -> int:
    """Return the number of the question that a practice card asks."""
    ids = [str(button["custom_id"]) for button in reply.buttons.values()]
    return int(next(custom_id for custom_id in ids if custom_id.startswith("practice1:")).split(":")[2])


def button_of(bot: TriviaBot, reply: Reply, *, right: bool) -> str:
    """Return the label of a right or a wrong answer."""
    answer = bot.tools.catalogue.get().questions[number_of(reply)].answer
    return next(
        label
        for label in reply.buttons
        if (label.partition("  ")[2].casefold() == answer.casefold()) == right
    )


async def answer(bot: TriviaBot, actor: Actor, reply: Reply, *, right: bool) -> Reply:
    return await actor.click(reply.message, button_of(bot, reply, right=right))


async def test_practice_counts_for_oneself_and_stores_nothing(
    discord: Driver, game: Game, bot: TriviaBot
) -> None:
    dev = discord.member("Dev")
    asked = await dev.run("practice")
    assert asked.ephemeral
    told = await answer(bot, dev, asked, right=True)
    assert told.message.id == asked.message.id
    assert "is right" in told.text
    assert ANSWER in told.text
    assert "1 of 1 right" in told.text
    asked = await dev.click(told.message, "Next question")
    told = await answer(bot, dev, asked, right=False)
    assert "1 of 2 right" in told.text
    assert "❌ You said " in told.text
    assert " The answer is **" in told.text
    assert await game.rounds() == []
    assert await game.query("SELECT 1 FROM answers", ()) == []


async def test_practice_repeats_nothing_until_all_was_asked(
    discord: Driver, game: Game, bot: TriviaBot
) -> None:
    dev = discord.member("Dev")
    seen = []
    reply = await dev.run("practice", topic="rare")
    for _ in range(2):
        seen.append(number_of(reply))
        reply = await dev.click((await answer(bot, dev, reply, right=True)).message, "Next question")
    seen.append(number_of(reply))
    assert len(set(seen)) == 3
    assert await game.rounds() == []


async def test_practice_works_in_a_direct_message_without_spoilers(discord: Driver, bot: TriviaBot) -> None:
    dev = discord.member("Dev")
    reply = await dev.run("practice", channel="DM")
    assert reply.state == "done"
    pack = bot.tools.catalogue.get()
    question = pack.questions[number_of(reply)]
    assert pack.facts[pack.fact_numbers_by_id[question.fact]].spoiler == 0


async def test_the_order_of_the_options_does_not_tell_the_answer(discord: Driver, bot: TriviaBot) -> None:
    dev = discord.member("Dev")
    reply = await dev.run("practice", topic="brass")
    asked = bot.tools.catalogue.get().questions[number_of(reply)]
    ids = [str(button["custom_id"]) for button in reply.buttons.values()]
    assert not any(asked.answer in custom_id for custom_id in ids)
    assert len({re.sub(r"^practice1:\d:", "", custom_id) for custom_id in ids}) == 1


async def test_quiz_me_asks_about_another_fact_of_the_topic(discord: Driver, bot: TriviaBot) -> None:
    dev = discord.member("Dev")
    fact = await dev.run("fact", topic="rare")
    shown = next(number for number in (1, 2, 3) if f"number {number} of" in fact.text)
    reply = await discord.member("Eli").click(fact.message, "Quiz me")
    assert reply.ephemeral
    pack = bot.tools.catalogue.get()
    asked = pack.questions[number_of(reply)]
    assert asked.fact != f"fact-{shown}"
    assert pack.facts[pack.fact_numbers_by_id[asked.fact]].topics == ("rare",)


async def test_a_topic_of_nothing_is_a_sentence(discord: Driver, bot: TriviaBot) -> None:
    reply = await discord.member("Dev").run("practice", topic="nothing at all")
    assert reply.ephemeral
    assert "do not know that topic" in reply.text


async def test_a_question_and_its_topic_that_are_gone_leave_a_way_on(discord: Driver, bot: TriviaBot) -> None:
    dev = discord.member("Dev")
    asked = await dev.run("practice")
    gone = await dev.forge(asked.message, "practice1:0:99999:0:1:2:no-such-topic::film::0")
    assert (gone.message.id, gone.text) == (asked.message.id, f"{GONE}\n-# 1 of 2 right")
    assert number_of(await dev.click(gone.message, "Next question"))
    told = await answer(bot, dev, await dev.run("practice"), right=True)
    assert number_of(await dev.forge(told.message, "practice1:next:1:0:1:1:no-such-topic::film::0"))


async def test_a_forged_question_gives_nothing_away(discord: Driver, bot: TriviaBot) -> None:
    dev = discord.member("Dev")
    await bot.tools.settings.change(discord.guild.id, spoilers=Spoiler.NONE)
    pack = bot.tools.catalogue.get()
    told = set(pack.question_numbers(Spoiler.NONE))
    number = next(number for number in pack.questions if number not in told)
    for custom_id in (f"practice1:0:{number}:0:0:0:::film::0", f"practice1:type:{number}:0:0:0:::film::0"):
        refused = await dev.forge((await dev.run("practice")).message, custom_id)
        assert refused.modal is None
        assert (refused.ephemeral, refused.text) == (True, GONE)
