"""The daily challenge by keyboard alone, as a screen reader tells it."""

import re

from tests.browser.axe import axe_faults
from tests.browser.conftest import OpenTab
from tests.browser.journey.moves import card
from tests.browser.real_bot import RealBot
from tests.browser.tab import Tab

FOCUSED = "document.activeElement.innerText"
MOST_STEPS = 25


async def reach(tab: Tab, name: str, key: str = "Tab") -> None:
    """Move the focus, step by step, to a button whose words begin like this."""
    for _ in range(MOST_STEPS):
        if re.match(name, (await tab.page.evaluate(FOCUSED) or "").strip()):
            return
        await tab.press(key)
    raise AssertionError(f"no {name} within {MOST_STEPS} steps")


async def press(tab: Tab, name: str, key: str = "Tab") -> None:
    """Press a button of the message that has the focus, and have its words read out."""
    await reach(tab, name, key)
    await tab.page.evaluate("document.getElementById('live').replaceChildren()")
    await tab.press("Enter")


async def test_it_is_played_by_keyboard_and_told_in_words(bot: RealBot, open_tab: OpenTab) -> None:
    dev = await open_tab("Dev")
    heard = dev.page.locator("#live")
    await dev.run("challenge")
    await dev.expect(heard).to_contain_text("Five questions, the same for everybody in this server")
    await dev.expect(card(dev, "Only you can see this")).to_contain_text("Today's five")
    assert await axe_faults(dev) == []
    await press(dev, "Begin", "Shift+Tab")
    for position in range(1, 6):
        await dev.expect(dev.last).to_contain_text(f"question {position} of 5 ·")
        await dev.expect(heard).to_contain_text(f"question {position} of 5")
        if position == 1:
            assert await axe_faults(dev) == []
        await press(dev, r"A\b")
        await dev.expect(dev.last).to_contain_text("The fact behind it")
        await dev.expect(heard).to_contain_text(re.compile(r"is right\.|The answer is "))
        if position == 1:
            assert await axe_faults(dev) == []
        await press(dev, "Next question" if position < 5 else "See how it went")
    await dev.expect(dev.last).to_contain_text("The best here today")
    await dev.expect(heard).to_contain_text(re.compile(r"(Right|Wrong)(, (right|wrong)){4}\."))
    assert await axe_faults(dev) == []
    await dev.expect(dev.rows).to_have_count(1)
    await press(dev, "Share")
    ada = await open_tab("Ada")
    await ada.expect(ada.last).to_contain_text("Today's five")
    await ada.expect(ada.last).to_contain_text(re.compile(r"[0-5] of 5"))
    await ada.expect(ada.last).not_to_contain_text("Only you")
    assert await axe_faults(ada) == []
