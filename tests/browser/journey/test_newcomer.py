"""From opening the page to the podium."""

import re

from bot.core.quiz_moves import COUNT_EVERY_MS
from tests.browser.conftest import OpenTab
from tests.browser.journey.moves import answer, card, press, question, reveal
from tests.browser.real_bot import RealBot


async def test_from_the_first_visit_to_the_podium(bot: RealBot, open_tab: OpenTab) -> None:
    ada = await open_tab(fresh=True)
    await ada.page.evaluate("localStorage.clear()")
    await ada.open(bot.driver.server.url)
    await ada.expect(ada.page.locator("#channel-bar h1")).to_have_text("welcome")
    hint = ada.page.locator(".hint")
    await ada.expect(hint).to_contain_text("Welcome to the playground.")
    await hint.get_by_role("button", name="Try /fact").click()
    await ada.expect(ada.last).to_contain_text("La La Land")
    await ada.expect(ada.button("Another", exact=True)).to_be_visible()
    await ada.expect(hint).to_have_count(0)
    first = await ada.last.inner_text()
    await ada.button("Another", exact=True).click()
    await ada.expect(ada.last).not_to_have_text(first)

    await ada.box.focus()
    await ada.page.keyboard.type("/quiz st")
    await ada.expect(ada.popup.get_by_role("option").first).to_contain_text("/quiz start")
    await ada.press("Enter")
    await ada.expect(ada.option("questions")).to_be_focused()
    await ada.page.keyboard.type("2")
    await ada.press("Tab")
    await ada.page.keyboard.type("90")
    await ada.press("Enter")
    await bot.game.next(1, "welcome")
    ben = await open_tab("Ben", channel="welcome")
    for position in (1, 2):
        for tab, letter in ((ada, "A"), (ben, "B")):
            await tab.expect(question(tab, position, 2)).to_contain_text("Time is up in")
            await answer(tab, position, 2, letter)
        bot.driver.advance(COUNT_EVERY_MS / 1000)
        if position == 1:
            await ada.expect(question(ben, position, 2)).to_contain_text("2 answers so far")
            await reveal(ada, position, 2)
        # The second one ends by itself: whoever answered the first has answered it.
        await ada.expect(question(ada, position, 2)).to_contain_text("The fact behind it")
        await press(ada, position, 2, "Next")
    for tab in (ada, ben):
        podium = card(tab, "The round is over")
        for name in ("Ada", "Ben"):
            await tab.expect(podium.get_by_role("button", name=f"@{name}").first).to_be_visible()
        await tab.expect(podium.get_by_role("button", name="Play again")).to_be_visible()


async def test_the_podium_has_its_picture_and_play_again_starts_anew(bot: RealBot, open_tab: OpenTab) -> None:
    ada = await open_tab()
    await ada.choose_command("quiz start")
    await ada.page.keyboard.type("1")
    await ada.press("Enter")
    shown = await bot.game.next(1)
    await ada.expect(question(ada, 1, 1)).to_contain_text("No answers yet")
    right = await bot.game.asked(1)
    await bot.driver.member("Carmen").click(shown, await bot.game.right_button(1))
    await reveal(ada, 1, 1)
    await ada.expect(question(ada, 1, 1)).to_contain_text(f"{right.right} (right) · 1 player: @Carmen")
    await press(ada, 1, 1, "Next")
    picture = card(ada, "The round is over").locator(".picture img")
    await ada.expect(picture).to_have_attribute("alt", re.compile("Carmen"))
    await ada.expect(picture).to_have_js_property("naturalWidth", 900)
    await bot.game.until_finished()
    bot.driver.advance(60)
    await card(ada, "The round is over").get_by_role("button", name="Play again").click()
    await bot.game.next(1)
    await ada.expect(question(ada, 1, 1)).to_contain_text("No answers yet")
