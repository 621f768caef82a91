"""The page at the width of a phone."""

import pytest
import pytest_asyncio

from tests.browser.conftest import OpenTab
from tests.browser.tab import Tab

OVERFLOW = "document.documentElement.scrollWidth - innerWidth"
WIDER = """[...document.querySelectorAll('#messages *, #composer-area *')]
    .filter((node) => node.getBoundingClientRect().right > innerWidth + 1)
    .filter((node) => !node.closest('.visually-hidden, pre, textarea'))
    .map((node) => node.className)"""


@pytest_asyncio.fixture(loop_scope="session")
async def phone(open_tab: OpenTab) -> Tab:
    return await open_tab("Ada", width=360, height=700)


async def test_nothing_is_wider_than_the_screen(phone: Tab) -> None:
    await phone.run("card")
    await phone.choose_command("pick")
    assert await phone.page.evaluate(OVERFLOW) <= 0
    assert await phone.page.evaluate(WIDER) == []


async def test_channels_are_in_a_drawer(phone: Tab) -> None:
    sidebar = phone.page.locator("#sidebar")
    await phone.expect(sidebar).to_be_hidden()
    opener = phone.page.get_by_role("button", name="Channels")
    await opener.click()
    await phone.expect(sidebar).to_be_visible()
    await phone.press("Escape")
    await phone.expect(sidebar).to_be_hidden()
    await phone.expect(opener).to_be_focused()
    await opener.click()
    await sidebar.get_by_role("link", name="film-club").click()
    await phone.expect(sidebar).to_be_hidden()
    await phone.expect(phone.page.locator("#channel-bar h1")).to_have_text("film-club")


@pytest.mark.parametrize(
    ("opener", "drawer"),
    [("Channels", "#sidebar"), ("Members", "#members"), ("Playground controls", "#controls")],
)
async def test_a_drawer_has_a_button_that_closes_it(phone: Tab, opener: str, drawer: str) -> None:
    open_it = phone.page.get_by_role("button", name=opener)
    await open_it.click()
    await phone.page.locator(drawer).get_by_role("button", name="Close").click()
    await phone.expect(phone.page.locator(drawer)).to_be_hidden()
    await phone.expect(open_it).to_be_focused()


@pytest.mark.parametrize(
    ("opener", "drawer"),
    [("Channels", "#sidebar"), ("Members", "#members"), ("Playground controls", "#controls")],
)
async def test_a_drawer_that_slides_in_has_the_focus_at_once(
    open_tab: OpenTab, opener: str, drawer: str
) -> None:
    phone = await open_tab("Ada", width=360, height=700, motion="no-preference")
    await phone.page.get_by_role("button", name=opener).focus()
    await phone.press("Enter")
    close = phone.page.locator(drawer).get_by_role("button", name="Close")
    await phone.expect(close).to_be_focused()


async def test_escape_closes_a_card_and_then_the_drawer_behind_it(phone: Tab) -> None:
    opener = phone.page.get_by_role("button", name="Members")
    await opener.click()
    ben = phone.page.locator("#members").get_by_role("button", name="Ben")
    await ben.click()
    await phone.press("Escape")
    await phone.expect(phone.page.get_by_role("dialog")).to_have_count(0)
    await phone.expect(ben).to_be_focused()
    await phone.press("Escape")
    await phone.expect(ben).to_be_hidden()
    await phone.expect(opener).to_be_focused()


async def test_the_focus_is_back_in_the_bar_after_a_channel_was_chosen(phone: Tab) -> None:
    opener = phone.page.get_by_role("button", name="Channels")
    await opener.click()
    await phone.page.locator("#sidebar").get_by_role("link", name="film-club").click()
    await phone.expect(phone.page.locator("#channel-bar h1")).to_have_text("film-club")
    await phone.expect(opener).to_be_focused()


async def test_a_wide_screen_needs_no_such_button(tab: Tab) -> None:
    await tab.expect(tab.page.get_by_role("button", name="Close", exact=True)).to_have_count(0)


async def test_the_controls_are_in_a_drawer(phone: Tab) -> None:
    await phone.page.get_by_role("button", name="Playground controls").click()
    await phone.expect(phone.page.get_by_role("button", name="+ 1 day")).to_be_visible()
    await phone.page.locator("#scrim").click(position={"x": 10, "y": 300})
    await phone.expect(phone.page.locator("#controls")).to_be_hidden()
