"""Whatever people and packs write, the page shows it as text."""

from tests.browser.conftest import OpenTab, Stage
from tests.browser.demo_bot import HOSTILE
from tests.browser.tab import Tab

NAME = "<b>Carmen</b> ||x|| [y](javascript:window.pwned=1)"


async def assert_harmless(tab: Tab) -> None:
    assert await tab.page.evaluate("window.pwned") is None
    assert await tab.page.locator("a[href^='javascript']").count() == 0
    assert await tab.page.locator("#messages script, #messages b, #messages img[src='x']").count() == 0


async def test_a_fact_with_markup(tab: Tab) -> None:
    await tab.run("card")
    assert HOSTILE in await tab.last.inner_text()
    await assert_harmless(tab)


async def test_a_name_with_markup(stage: Stage, open_tab: OpenTab) -> None:
    carmen = stage.driver.member("Carmen").user
    carmen.display_name = NAME
    try:
        tab = await open_tab(NAME)
        await tab.run("private")
        await tab.expect(tab.last).to_contain_text(f"{NAME} used /private")
        await tab.expect(tab.last).to_contain_text(f"Just for you, @{NAME}")
        await tab.expect(tab.page.locator("#members")).to_contain_text(NAME)
        await assert_harmless(tab)
    finally:
        carmen.display_name = "Carmen"


async def test_options_with_markup(tab: Tab) -> None:
    await tab.run("card")
    await tab.button("Choose one").click()
    await tab.expect(tab.page.get_by_role("option").first).to_contain_text(HOSTILE[:40])
    await tab.press("Escape")
    await tab.choose_command("pick")
    await tab.expect(tab.popup.get_by_role("option").last).to_have_text("<b>Awards</b> (20)")
    await assert_harmless(tab)


async def test_what_somebody_types_into_a_command(tab: Tab) -> None:
    await tab.choose_command("pick")
    await tab.option("topic").fill("<img src=x onerror=window.pwned=1>")
    await tab.option("amount").fill("3")
    await tab.press("Enter")
    await tab.expect(tab.last).to_contain_text("used /pick topic:<img src=x")
    await assert_harmless(tab)


async def test_html_cannot_be_inserted_at_all(tab: Tab) -> None:
    refused = await tab.page.evaluate(
        "() => { try { document.body.innerHTML = '<b>x</b>'; return false } catch { return true } }"
    )
    assert refused
    tab.problems.clear()


async def test_moments_that_are_none_do_not_break_the_page(stage: Stage, open_tab: OpenTab) -> None:
    ada = stage.driver.member("Ada")
    tab = await open_tab()
    await tab.page.get_by_role("button", name="Playground controls").click()
    for words in ("<t:9999999999999:F>", "<t:-9999999999999:R>", "<t:8640000000001>"):
        ada.say(f"At {words}.")
        await tab.expect(tab.last).to_contain_text("At Invalid date.")
    # The API takes no such timestamp, so it is put there behind its back.
    shown = ada.say("an embed")
    shown.raw.embeds = [{"type": "rich", "title": "A card", "timestamp": "yesterday"}]
    await tab.page.reload()
    await tab.expect(tab.last.locator(".embed")).to_have_text("A card")
    ada.say("still here")
    await tab.expect(tab.last).to_contain_text("still here")


async def test_an_address_that_names_nobody_opens_the_page_all_the_same(tab: Tab, stage: Stage) -> None:
    for nobody in ("nonsense", "9" * 4_400, "5", "<b>"):
        await tab.page.goto(f"{stage.driver.server.url}/?as={nobody}")
        await tab.expect(tab.page.locator(".person summary")).to_contain_text("Ada")
    assert all("400" in problem for problem in tab.problems)
    tab.problems.clear()
