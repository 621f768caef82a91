"""Rounds: answers in words, and a restart of the bot in mid-question."""

import asyncio

from bot.core.quiz_moves import COUNT_EVERY_MS
from tests.browser.conftest import OpenTab
from tests.browser.journey.moves import answer, card, control, open_controls, press, question, reveal
from tests.browser.real_bot import RealBot

BOT_IS_AWAY = "() => document.querySelector('#bot-line')?.textContent.includes('is not connected')"


async def test_a_typed_round_through_the_form(bot: RealBot, open_tab: OpenTab) -> None:
    ada, ben = await open_tab(), await open_tab("Ben")
    await ada.choose_command("quiz start")
    await ada.page.keyboard.type("1")
    await ada.page.get_by_role("button", name="2 more").click()
    await ada.option("answers").fill("typ")
    await ada.press("Enter", "Enter")
    await ada.expect(card(ada, "A quiz on")).to_contain_text("answers are typed")
    await bot.game.next(1)
    right = (await bot.game.asked(1)).right
    [[prompt]] = await bot.game.query("SELECT prompt FROM asked_questions", ())
    for tab, words in ((ada, "no idea"), (ben, right.lower())):
        await question(tab, 1, 1).get_by_role("button", name="Type your answer").click()
        form = tab.page.get_by_role("dialog", name="Your answer")
        await tab.expect(form.get_by_label("The first one counts")).to_be_focused()
        await tab.expect(form).to_contain_text(prompt)
        await tab.page.keyboard.type(words)
        await tab.press("Enter")
        await tab.expect(form).to_have_count(0)
        await tab.expect(card(tab, "Your answer is in")).to_contain_text(f"“{words}”")
    await reveal(ada, 1, 1)
    await ada.expect(question(ada, 1, 1)).to_contain_text(f"{right} · 1 player: @Ben")
    await ada.expect(question(ada, 1, 1)).to_contain_text("1 other answer")


async def test_a_round_from_the_panel_is_stopped_once_that_is_sure(bot: RealBot, open_tab: OpenTab) -> None:
    ada = await open_tab()
    await ada.run("quiz start")
    panel = card(ada, "Your round")
    await ada.expect(panel).to_contain_text("Only you can see this")
    await ada.button("Length: 10 questions").click()
    await ada.page.get_by_role("option", name="3 questions").click()
    await ada.expect(panel).to_contain_text("3 questions · 20 seconds each")
    await panel.get_by_role("button", name="Typed answers instead").click()
    await ada.expect(panel).to_contain_text("answers are typed")
    await panel.get_by_role("button", name="Start", exact=True).click()
    await ada.expect(card(ada, "The round begins.")).to_be_visible()
    await bot.game.next(1)
    await press(ada, 1, 3, "Stop")
    asked = card(ada, "Stop this round?")
    await asked.get_by_role("button", name="Go on playing").click()
    await ada.expect(card(ada, "Nothing was changed.")).to_be_visible()
    await press(ada, 1, 3, "Stop")
    await asked.get_by_role("button", name="Stop the round").click()
    podium = card(ada, "The round is over")
    await ada.expect(podium).to_contain_text("stopped before its last question")
    await podium.get_by_role("button", name="Another topic").click()
    await ada.expect(card(ada, "Your round")).to_contain_text("3 questions · 20 seconds each")


async def test_a_restart_in_mid_question_leaves_the_question_open_in_its_message(
    bot: RealBot, open_tab: OpenTab
) -> None:
    ada, ben = await open_tab(), await open_tab("Ben")
    await ada.choose_command("quiz start")
    await ada.page.keyboard.type("1")
    await ada.press("Tab")
    await ada.page.keyboard.type("120")
    await ada.press("Enter")
    await bot.game.next(1)
    await answer(ada, 1, 1, "A")
    asked = await question(ada, 1, 1).get_attribute("data-message")
    await open_controls(ada)
    # Looked for in every frame from before the press on: the bot is back within a moment.
    told = asyncio.create_task(ada.page.wait_for_function(BOT_IS_AWAY))
    await control(ada, "Restart the bot")
    await told
    await ada.expect(ada.page.locator("#bot-line")).to_have_count(0, timeout=20_000)
    await ben.page.reload()
    await ben.expect(question(ben, 1, 1)).to_have_attribute("data-message", str(asked))
    await answer(ben, 1, 1, "B")
    bot.driver.advance(COUNT_EVERY_MS / 1000)
    await ben.expect(question(ben, 1, 1)).to_contain_text("2 answers so far")
    await reveal(ada, 1, 1)
    await ben.expect(question(ben, 1, 1)).to_contain_text("@Ada")
    await ben.expect(card(ben, "The round is over")).to_have_count(0)
    bot.driver.advance(10)
    await ben.expect(card(ben, "The round is over")).to_contain_text("@Ben")
