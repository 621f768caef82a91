"""What can be done with a message and with a person: reactions, and the bot's commands in their menus."""

import pytest

from tests.browser.axe import axe_faults
from tests.browser.conftest import OpenTab, Stage
from tests.browser.tab import Tab

SIZES = {"desk": (1200, 800), "phone": (360, 700)}


async def open_actions(tab: Tab) -> None:
    await tab.last.hover()
    await tab.button("React, or use a command").click()
    await tab.expect(tab.page.get_by_role("dialog")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
async def test_a_reaction_is_seen_by_all_and_taken_back(open_tab: OpenTab, size: str) -> None:
    width, height = SIZES[size]
    ada, ben = await open_tab("Ada", width=width, height=height), await open_tab("Ben")
    await ada.run("count")
    await open_actions(ada)
    assert await axe_faults(ada) == []
    await ada.page.get_by_role("button", name="React with 🎉").click()
    reaction = ada.last.get_by_role("button", name="🎉 1")
    await ada.expect(reaction).to_have_attribute("aria-pressed", "true")
    await ben.last.get_by_role("button", name="🎉 1").click()
    await ada.expect(ada.last.get_by_role("button", name="🎉 2")).to_be_visible()
    assert await axe_faults(ada) == []
    await ben.expect(ben.last.get_by_role("button", name="🎉 2")).to_be_focused()
    await ben.last.get_by_role("button", name="🎉 2").click()
    await ada.last.get_by_role("button", name="🎉 1").click()
    await ada.expect(ada.last.locator(".reaction")).to_have_count(0)


@pytest.mark.parametrize("size", SIZES)
async def test_a_message_is_quoted_by_its_menu(stage: Stage, open_tab: OpenTab, size: str) -> None:
    width, height = SIZES[size]
    tab = await open_tab(width=width, height=height)
    stage.driver.member("Ben").say("Here is to the ones who dream")
    await tab.expect(tab.rows).to_have_count(1)
    await open_actions(tab)
    await tab.page.get_by_role("dialog", name="Ben’s message").get_by_role("button", name="Quote").click()
    await tab.expect(tab.last).to_contain_text("Ada used Quote")
    await tab.expect(tab.last).to_contain_text("“Here is to the ones who dream”")


async def test_somebody_is_waved_at_from_their_card(tab: Tab) -> None:
    await tab.page.locator("#members").get_by_role("button", name="Ben").click()
    await tab.page.get_by_role("dialog", name="Ben").get_by_role("button", name="Wave").click()
    await tab.expect(tab.last).to_contain_text("@Ada waves at @Ben")


async def test_a_pin_is_told_like_a_message(stage: Stage, tab: Tab) -> None:
    driver = stage.driver
    said = driver.member("Ben").say("Remember this").raw
    driver.server.messages.pin(driver.channel("trivia"), said, driver.member("Ada").id)
    await tab.expect(tab.rows).to_have_count(2)
    await tab.expect(tab.last).to_contain_text("Ada")
    await tab.expect(tab.last).to_contain_text("pinned a message to this channel.")
