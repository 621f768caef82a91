"""Typing anywhere is meant for the message box, unless something else takes the keys."""

import pytest

from tests.browser.conftest import OpenTab
from tests.browser.tab import Tab


@pytest.mark.parametrize("button", ["Count 0", "Quietly"])
async def test_what_is_typed_after_a_press_goes_into_the_box(tab: Tab, button: str) -> None:
    await tab.run("card")
    card = tab.last
    before = await tab.rows.count()
    await tab.button(button).click()
    if button == "Count 0":
        await tab.expect(card.get_by_role("button", name="Count 1")).to_be_visible()
    else:
        await tab.expect(tab.rows).to_have_count(before + 1)
    await tab.page.keyboard.type("Here's to the fools")
    await tab.expect(tab.box).to_have_value("Here's to the fools")
    await tab.expect(tab.box).to_be_focused()


async def test_a_slash_typed_after_a_press_opens_the_commands(tab: Tab) -> None:
    await tab.run("card")
    await tab.button("Count 0").click()
    await tab.page.keyboard.type("/ca")
    await tab.expect(tab.popup).to_contain_text("Everything at once")


async def test_after_a_click_on_a_channel_too(tab: Tab) -> None:
    await tab.page.locator("#sidebar").get_by_role("link", name="film-club").click()
    await tab.expect(tab.page.locator("#channel-bar h1")).to_have_text("film-club")
    await tab.page.keyboard.type("Hello")
    await tab.expect(tab.box).to_have_value("Hello")


async def test_keys_with_a_modifier_and_those_that_press_leave_the_focus(tab: Tab) -> None:
    await tab.run("card")
    button = tab.button("Count 0")
    await button.focus()
    for key in ("Control+c", "Alt+x", "Meta+k", "ArrowDown", "Shift"):
        await tab.press(key)
        await tab.expect(button).to_be_focused()
    await tab.press("Space")
    await tab.expect(tab.last.get_by_role("button", name="Count 1")).to_be_visible()
    await tab.expect(tab.box).to_have_value("")


async def test_forms_menus_and_dialogs_keep_their_keys(open_tab: OpenTab) -> None:
    tab = await open_tab()
    await tab.run("card")
    await tab.last.get_by_role("button", name="Choose one").click()
    await tab.page.keyboard.type("opt")
    await tab.press("ArrowDown", "Enter")
    await tab.expect(tab.last).to_contain_text("one: b")
    await tab.expect(tab.box).to_have_value("")
    await tab.page.locator("#members").get_by_role("button", name="Ben").click()
    await tab.page.keyboard.type("wave")
    await tab.expect(tab.page.get_by_role("dialog", name="Ben")).to_be_visible()
    await tab.expect(tab.box).to_have_value("")


async def test_the_options_of_a_command_get_what_is_typed(tab: Tab) -> None:
    await tab.run("card")
    await tab.choose_command("pick")
    await tab.button("Count 0").click()
    await tab.page.keyboard.type("x")
    await tab.expect(tab.page.locator(".command-form input").first).to_be_focused()
    await tab.expect(tab.page.locator(".command-form input").first).to_have_value("x")
