"""Each component as people meet it, and messages that change under their eyes."""

from pathlib import Path

import pytest

from tests.browser.conftest import OpenTab, Stage
from tests.browser.demo_bot import FILE
from tests.browser.tab import Tab


async def test_every_component_is_there(tab: Tab) -> None:
    await tab.run("card")
    await tab.expect(tab.last.get_by_role("heading", name="The freeway")).to_be_visible()
    for name in ("The podium", "Small podium"):
        picture = tab.last.get_by_role("img", name=name)
        await tab.expect(picture).to_be_visible()
        assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 120
    await tab.expect(tab.last.locator("hr")).to_have_count(1)
    await tab.expect(tab.button("Closed")).to_be_disabled()
    await tab.expect(tab.last.get_by_role("link", name="Site")).to_have_attribute(
        "href", "https://example.com/"
    )
    await tab.expect(tab.last).not_to_contain_text("cannot be shown")
    accent = await tab.last.locator(".container").first.evaluate(
        "box => getComputedStyle(box, '::before').backgroundColor"
    )
    assert accent == "rgb(224, 164, 88)"


async def test_a_file_is_downloaded(tab: Tab, tmp_path: Path) -> None:
    await tab.run("card")
    await tab.expect(tab.last.locator(".file-size")).to_have_text("14 bytes")
    async with tab.page.expect_download() as started:
        await tab.last.get_by_role("link", name=f"Download {FILE}").click()
    download = await started.value
    assert download.suggested_filename == FILE
    await download.save_as(tmp_path / FILE)
    assert (tmp_path / FILE).read_text() == '{"answers": 3}'


@pytest.mark.parametrize(
    ("menu", "keys", "answer"),
    [
        ("Choose one", ("ArrowDown", "Enter"), "one: b"),
        ("Choose a person", ("B", "e", "n", "Enter"), "user: {Ben}"),
        ("Choose a role", ("f", "i", "l", "Enter"), "role: {Film lovers}"),
        ("Choose a channel", ("f", "i", "l", "m", "Enter"), "channel: {film-club}"),
    ],
)
async def test_a_select_by_keyboard(
    stage: Stage, tab: Tab, menu: str, keys: tuple[str, ...], answer: str
) -> None:
    driver = stage.driver
    ids = {
        "{Ben}": driver.member("Ben").id,
        "{film-club}": driver.channel("film-club").id,
        "{Film lovers}": next(role.id for role in driver.guild.roles.values() if role.name == "Film lovers"),
    }
    for name, number in ids.items():
        answer = answer.replace(name, str(number))
    await tab.run("card")
    await tab.button(menu).focus()
    await tab.press("Enter", *keys)
    await tab.expect(tab.last.locator(".message-content")).to_have_text(answer)


async def test_several_choices(tab: Tab) -> None:
    await tab.run("card")
    await tab.button("Choose some").click()
    for label in ("Option a", "Option c", "Option b"):
        await tab.page.get_by_role("option", name=label).click()
    await tab.expect(tab.page.locator(".menu-status")).to_have_text("2 of at most 2 chosen")
    await tab.page.get_by_role("button", name="Done").click()
    await tab.expect(tab.last.locator(".message-content")).to_have_text("some: a, c")


async def test_an_edit_shows_everywhere_and_keeps_the_focus(open_tab: OpenTab) -> None:
    ada, ben = await open_tab("Ada"), await open_tab("Ben")
    await ada.run("count")
    await ada.button("Count 0").focus()
    await ada.press("Enter")
    for tab in (ada, ben):
        await tab.expect(tab.last).to_contain_text("Clicks: 1")
    await ben.button("Count 1").click()
    await ada.expect(ada.last).to_contain_text("Clicks: 2")
    assert await ada.page.evaluate("document.activeElement.closest('[data-message]') !== null")


async def test_thinking_until_the_answer_comes(stage: Stage, tab: Tab) -> None:
    stage.bot.released.clear()
    await tab.choose_command("think")
    await tab.press("Enter")
    await tab.expect(tab.page.get_by_text("Another Day of Trivia is thinking…")).to_be_visible()
    await tab.expect(tab.rows).to_have_count(1)
    stage.bot.released.set()
    await tab.expect(tab.last.locator(".message-content")).to_contain_text("Thought of it")
    await tab.expect(tab.page.get_by_text("is thinking…")).to_have_count(0)


async def test_a_command_without_an_answer(stage: Stage, tab: Tab) -> None:
    await tab.choose_command("silent")
    await tab.press("Enter")
    row = tab.page.locator("[data-interaction]")
    await tab.expect(row).to_contain_text("Sending command…")
    stage.driver.advance(3.5)
    await tab.expect(row).to_contain_text("The application did not respond")
    await row.get_by_role("button", name="Dismiss message").click()
    await tab.expect(row).to_have_count(0)
    await tab.expect(tab.box).to_be_focused()


async def test_a_click_without_an_answer(stage: Stage, tab: Tab) -> None:
    await tab.run("card")
    await tab.button("Silent").click()
    await tab.expect(tab.button("Silent")).to_have_attribute("aria-busy", "true")
    stage.driver.advance(3.5)
    await tab.expect(tab.last.get_by_role("alert")).to_contain_text("The application did not respond")
    await tab.button("Quietly").click()
    await tab.expect(tab.last.locator(".message-content")).to_have_text("quietly:")
