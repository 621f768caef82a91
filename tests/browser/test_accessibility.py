"""axe-core finds nothing serious, whatever is open."""

from collections.abc import Awaitable, Callable

import pytest

from tests.browser.axe import serious_faults
from tests.browser.conftest import OpenTab
from tests.browser.tab import Tab


async def show_messages(tab: Tab) -> None:
    await tab.run("card")
    await tab.run("private")


async def show_picker(tab: Tab) -> None:
    await tab.box.focus()
    await tab.page.keyboard.type("/")
    await tab.expect(tab.popup.get_by_role("option").first).to_be_visible()


async def show_options(tab: Tab) -> None:
    await tab.choose_command("pick")
    await tab.expect(tab.popup.get_by_role("option").first).to_be_visible()


async def show_form(tab: Tab) -> None:
    await tab.choose_command("form")
    await tab.press("Enter")
    await tab.page.get_by_role("button", name="Submit").click()
    await tab.page.get_by_role("button", name="Kind").click()
    await tab.expect(tab.page.get_by_role("option").first).to_be_visible()


async def show_controls(tab: Tab) -> None:
    await tab.page.get_by_role("button", name="Playground controls").click()
    await tab.expect(tab.page.get_by_role("button", name="+ 1 day")).to_be_visible()


STATES = (show_messages, show_picker, show_options, show_form, show_controls)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("show", STATES, ids=lambda show: show.__name__.removeprefix("show_"))
async def test_no_serious_fault(
    open_tab: OpenTab, scheme: str, show: Callable[[Tab], Awaitable[None]]
) -> None:
    tab = await open_tab("Ada", scheme=scheme, fresh=True)
    await show(tab)
    assert await serious_faults(tab) == []


async def test_no_serious_fault_on_a_phone(open_tab: OpenTab) -> None:
    tab = await open_tab("Eli", width=360, height=700, scheme="light")
    await tab.run("card")
    await tab.page.get_by_role("button", name="Channels").click()
    assert await serious_faults(tab) == []
