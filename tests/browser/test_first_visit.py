"""What a newcomer meets first."""

import pytest

from tests.browser.conftest import OpenTab, Stage
from tests.browser.tab import Tab


async def test_one_click_to_the_first_answer(open_tab: OpenTab) -> None:
    tab = await open_tab(fresh=True)
    hint = tab.page.locator(".hint")
    await tab.expect(hint).to_contain_text("Welcome to the playground.")
    await hint.get_by_role("button", name="Try /card").click()
    await tab.expect(tab.last).to_contain_text("The freeway")
    await tab.expect(hint).to_have_count(0)
    await tab.page.reload()
    await tab.page.wait_for_selector("body[data-ready]")
    await tab.expect(hint).to_have_count(0)


async def test_a_command_that_was_typed_is_a_beginning_too(open_tab: OpenTab) -> None:
    tab = await open_tab(fresh=True)
    hint = tab.page.locator(".hint")
    await tab.expect(hint).to_have_count(1)
    await tab.run("card")
    await tab.expect(tab.last).to_contain_text("The freeway")
    await tab.expect(hint).to_have_count(0)
    await tab.page.reload()
    await tab.page.wait_for_selector("body[data-ready]")
    await tab.expect(hint).to_have_count(0)


@pytest.mark.parametrize("use", ["say", "press", "jump"])
async def test_any_use_is_a_beginning(open_tab: OpenTab, stage: Stage, use: str) -> None:
    await stage.driver.member("Ben").run("count")
    tab = await open_tab(fresh=True)
    hint = tab.page.locator(".hint")
    await tab.expect(hint).to_have_count(1)
    match use:
        case "say":
            await tab.box.fill("Hello")
            await tab.press("Enter")
        case "press":
            await tab.button("Count 0").click()
        case _:
            await tab.page.get_by_role("button", name="Playground controls").click()
            await tab.page.get_by_role("button", name="+ 1 minute").click()
    await tab.expect(hint).to_have_count(0)


async def test_the_hint_is_small_on_a_phone(open_tab: OpenTab) -> None:
    tab = await open_tab(fresh=True, width=360, height=700)
    box = await tab.page.locator(".hint").bounding_box()
    assert box is not None
    assert box["height"] < 110
    await tab.expect(tab.page.locator(".hint")).to_contain_text("Welcome to the playground.")


async def test_an_address_without_a_person(stage: Stage, tab: Tab) -> None:
    await tab.page.evaluate("localStorage.clear()")
    for address in ("/", "/?as=nobody", "/?as=99#77"):
        await tab.open(stage.driver.server.url + address)
        await tab.expect(tab.page.locator(".person summary")).to_contain_text("Ada")
        await tab.expect(tab.page.locator("#channel-bar h1")).to_have_text("welcome")
        await tab.page.evaluate("localStorage.clear()")
    tab.problems.clear()


async def test_light_or_dark_is_remembered(tab: Tab) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = await tab.page.evaluate(ground)
    await tab.page.get_by_role("button", name="Switch between light and dark").click()
    light = await tab.page.evaluate(ground)
    assert light != dark
    await tab.page.reload()
    await tab.page.wait_for_selector("body[data-ready]")
    assert await tab.page.evaluate(ground) == light


async def test_the_server_and_its_places(tab: Tab) -> None:
    sidebar = tab.page.locator("#sidebar")
    await tab.expect(sidebar.locator(".server-name")).to_have_text("City of Stars")
    await tab.expect(sidebar.locator(".channel-name")).to_have_text(
        ["welcome", "trivia", "film-club", "The opening number", "Another Day of Trivia"]
    )
    await tab.expect(tab.page.locator("#members .member")).to_have_count(7)
