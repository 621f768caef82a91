"""Somebody who is alone asks three players in, and they play a round of the real bot."""

import asyncio
import re

from tests.browser.conftest import OpenTab
from tests.browser.journey.moves import control, open_controls, question
from tests.browser.real_bot import RealBot

STEPS = 60


async def test_three_players_answer_a_round(bot: RealBot, open_tab: OpenTab) -> None:
    ada = await open_tab()
    await open_controls(ada)
    await control(ada, "Add three players")
    await ada.expect(ada.page.get_by_role("button", name="Send the three players away")).to_be_visible()
    await ada.choose_command("quiz start")
    await ada.page.keyboard.type("1")
    await ada.press("Enter")
    await bot.game.next(1)
    shown = question(ada, 1, 1)
    await ada.expect(shown).to_contain_text("Time is up")
    for _ in range(STEPS):
        bot.driver.advance(0.5)
        await asyncio.sleep(0)
        if "The fact behind it" in await shown.inner_text():
            break
    await ada.expect(shown).to_contain_text("The fact behind it")
    # Any of them: a question that two have answered need not wait for the third.
    await ada.expect(shown).to_contain_text(re.compile("@(Gil|Hana|Ivo)"))
