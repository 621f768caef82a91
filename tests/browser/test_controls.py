"""The panel for time and trouble."""

import pytest

from tests.browser.conftest import Stage
from tests.browser.tab import Tab

PANEL = "#controls"


async def open_panel(tab: Tab) -> None:
    await tab.page.get_by_role("button", name="Playground controls").click()
    await tab.expect(tab.page.locator(PANEL)).to_be_visible()


async def test_a_day_passes_and_the_times_follow(stage: Stage, tab: Tab) -> None:
    await tab.run("card")
    before = stage.driver.clock.offset
    await open_panel(tab)
    await tab.expect(tab.last.locator(".message-time")).to_contain_text("Today at")
    await tab.page.get_by_role("button", name="+ 1 day").click()
    await stage.driver.until(lambda: stage.driver.clock.offset >= before + 86_400)
    await tab.expect(tab.last.locator(".message-time")).to_contain_text("Yesterday at")
    await tab.run("count")
    await tab.expect(tab.page.locator(".day-line")).to_have_count(2)
    shown = await tab.page.evaluate("async () => (await import('/page/lib/clock.js')).now()")
    assert shown / 1000 == pytest.approx(stage.driver.clock.now().timestamp(), abs=2)


async def test_a_running_time_runs(stage: Stage, tab: Tab) -> None:
    await tab.run("card")
    running = tab.last.locator("time[data-running]")
    stamp = 1_700_000_000
    years = int((stage.driver.clock.now().timestamp() - stamp) // 31_536_000)
    await tab.expect(running).to_have_text(f"{years} years ago")
    stage.driver.advance(31_536_000)
    await tab.expect(running).to_have_text(f"{years + 1} years ago")


async def test_only_forward(stage: Stage, tab: Tab) -> None:
    before = stage.driver.clock.offset
    await open_panel(tab)
    await tab.page.get_by_label("Jump to").fill("2020-01-01T10:00")
    await tab.page.get_by_role("button", name="Jump", exact=True).click()
    await tab.expect(tab.page.locator("#toasts")).to_contain_text(
        "The playground's clock only moves forward."
    )
    assert stage.driver.clock.offset == before
    tab.problems.clear()
    await tab.run("card")
    await tab.expect(tab.page.locator("#toasts .error")).to_have_count(0)


async def test_the_date_to_jump_to_is_shown_in_full(tab: Tab) -> None:
    await open_panel(tab)
    shown, needed = await tab.page.get_by_label("Jump to").evaluate(
        """(field) => {
            const shown = field.offsetWidth;
            field.parentElement.style.width = field.style.width = "max-content";
            field.parentElement.style.flex = "none";
            return [shown, field.offsetWidth];
        }"""
    )
    assert shown >= needed


async def test_only_the_last_thing_that_was_done_is_told(tab: Tab) -> None:
    await open_panel(tab)
    await tab.page.get_by_role("button", name="Kick the bot").click()
    await tab.expect(tab.page.locator("#toasts")).to_have_text("The bot was removed from the server.")
    await tab.page.get_by_role("button", name="End all trouble").click()
    await tab.expect(tab.page.locator("#toasts")).to_have_text("All is well again.")


async def test_a_permission_is_taken_and_given_back(stage: Stage, tab: Tab) -> None:
    place = stage.driver.channel("trivia")
    await open_panel(tab)
    await tab.page.get_by_label("Channel", exact=True).select_option("#trivia")
    await tab.page.get_by_label("Permission of the bot").select_option("Send Messages")
    await tab.page.get_by_role("button", name="Revoke").click()
    await stage.driver.until(
        lambda: bool(place.overwrites) and place.overwrites[stage.driver.world.bot.id].deny == 1 << 11
    )
    await tab.page.get_by_role("button", name="Grant").click()
    await stage.driver.until(lambda: place.overwrites[stage.driver.world.bot.id].deny == 0)


async def test_the_next_request_fails(stage: Stage, tab: Tab) -> None:
    await open_panel(tab)
    await tab.page.get_by_label("The bot's next request fails with").select_option("403 Forbidden")
    await tab.page.get_by_role("button", name="Fail it").click()
    await tab.expect(tab.page.locator(".fault-list")).to_have_text("The next request fails with 403.")
    await tab.page.get_by_role("button", name="End all trouble").click()
    await tab.expect(tab.page.locator(".fault-list")).to_be_empty()
    assert stage.driver.faults.summary()["fail_next"] == []


async def test_slowness_can_be_ended(stage: Stage, tab: Tab) -> None:
    await open_panel(tab)
    slow = tab.page.get_by_label("Every request takes 2 seconds")
    await slow.check()
    await stage.driver.until(lambda: stage.driver.faults.summary()["slow"] == 2)
    await slow.uncheck()
    await stage.driver.until(lambda: stage.driver.faults.summary()["slow"] == 0)


async def test_the_gateway_is_dropped_and_comes_back(stage: Stage, tab: Tab) -> None:
    await open_panel(tab)
    await tab.page.get_by_role("button", name="Drop the gateway for 10 s").click()
    line = tab.page.locator("#bot-line")
    await tab.expect(line).to_contain_text("Another Day of Trivia is not connected.")
    await tab.page.get_by_role("button", name="End all trouble").click()
    await tab.expect(line).to_have_count(0)
    assert stage.driver.server.gateway.online


async def test_what_was_revoked_is_listed_and_comes_back_with_the_end_of_all_trouble(
    stage: Stage, tab: Tab
) -> None:
    await open_panel(tab)
    listed = tab.page.locator(".fault-list li")
    await tab.page.get_by_label("Channel", exact=True).select_option("#trivia")
    for name in ("Send Messages", "Embed Links"):
        await tab.page.get_by_label("Permission of the bot").select_option(name)
        await tab.page.get_by_role("button", name="Revoke").click()
        await tab.expect(listed.last).to_have_text(f"#trivia: the bot has no {name}.")
    await tab.page.get_by_role("button", name="Kick the bot").click()
    await tab.expect(listed).to_have_text(["The bot is not in the server."])
    await tab.page.get_by_role("button", name="End all trouble").click()
    await tab.expect(listed).to_have_count(0)
    own = stage.driver.world.bot.id
    assert own in stage.driver.guild.members
    assert stage.driver.channel("trivia").overwrites[own].deny == 0
    await tab.run("count")


async def test_jump_to_goes_with_the_clock(stage: Stage, tab: Tab) -> None:
    await open_panel(tab)
    field = tab.page.get_by_label("Jump to")

    async def ahead() -> float:
        return float(await field.evaluate("async (node) => (new Date(node.value) - await now()) / 3.6e6"))

    await tab.page.evaluate("window.now = async () => (await import('/page/lib/clock.js')).now()")
    assert await ahead() == pytest.approx(1, abs=0.05)
    before = await field.input_value()
    stage.driver.advance(5 * 86_400)
    await tab.expect(field).not_to_have_value(before)
    assert await ahead() == pytest.approx(1, abs=0.05)
    chosen = "2090-01-01T10:00"
    await field.fill(chosen)
    stage.driver.advance(3_600)
    await tab.expect(tab.page.locator("[data-clock]")).to_be_visible()
    await tab.expect(field).to_have_value(chosen)


async def test_three_players_come_answer_and_go(stage: Stage, tab: Tab) -> None:
    await open_panel(tab)
    await tab.page.get_by_role("button", name="Add three players").click()
    away = tab.page.get_by_role("button", name="Send the three players away")
    await tab.expect(away).to_be_visible()
    try:
        await tab.run("question")
        for _ in range(40):
            stage.driver.advance(1)
            await tab.page.evaluate("fetch('/playground/state')")
        await tab.expect(tab.last).to_contain_text("3 answers")
        await tab.page.get_by_role("button", name="Members").click()
        await tab.expect(tab.page.locator("#members .member", has_text="Hana")).to_be_visible()
        await open_panel(tab)
    finally:
        await away.click()
    await tab.expect(tab.page.get_by_role("button", name="Add three players")).to_be_visible()
    await tab.expect(tab.page.locator("#members .member")).to_have_count(7)


async def test_the_page_comes_back_after_a_break(stage: Stage, tab: Tab) -> None:
    await stage.page.close()
    await tab.run("count")
    await tab.expect(tab.last).to_contain_text("Clicks: 0")
