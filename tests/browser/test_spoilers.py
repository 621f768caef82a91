"""Covers come off by mouse and by keyboard, and hide all before."""

from tests.browser.demo_bot import COVERED
from tests.browser.tab import Tab

COVER = "Spoiler, press to show"


async def test_by_keyboard(tab: Tab) -> None:
    await tab.run("card")
    cover = tab.button(COVER).first
    assert COVERED not in await tab.last.inner_text()
    await cover.focus()
    await tab.press("Enter")
    await tab.expect(tab.last.get_by_text(COVERED)).to_be_visible()
    assert await tab.page.evaluate("document.activeElement.classList.contains('spoiler')")


async def test_by_click_anywhere_on_it(tab: Tab) -> None:
    await tab.run("card")
    await tab.last.locator(".spoiler").click(position={"x": 90, "y": 8})
    await tab.expect(tab.last.get_by_text(COVERED)).to_be_visible()


async def test_a_covered_container(tab: Tab) -> None:
    await tab.run("card")
    inside = tab.last.get_by_text("Under the cover")
    await tab.expect(inside).to_be_hidden()
    await tab.button(COVER).last.click()
    await tab.expect(inside).to_be_visible()


async def test_it_is_not_announced(tab: Tab) -> None:
    await tab.page.evaluate(
        """() => { window.said = [];
        new MutationObserver((all) => all.forEach((change) =>
        change.addedNodes.forEach((node) => said.push(node.textContent))
        )).observe(live, { childList: true }) }"""
    )
    await tab.run("card")
    said = " ".join(await tab.page.evaluate("said"))
    assert "The freeway" in said
    assert "(spoiler)" in said
    assert COVERED not in said
    assert "Under the cover" not in said
