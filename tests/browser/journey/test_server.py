"""What whoever manages a server does: daily facts, leaving and coming back, starting afresh."""

import json

from tests.browser.conftest import OpenTab
from tests.browser.journey.moves import card, control, open_controls
from tests.browser.real_bot import RealBot
from tests.browser.tab import Tab


async def set_daily(tab: Tab) -> None:
    """Set daily facts in #film-club by keyboard alone."""
    await tab.choose_command("daily set")
    await tab.page.keyboard.type("film")
    await tab.press("Enter")
    await tab.page.keyboard.type("9am")
    await tab.press("Enter")
    await tab.expect(tab.last).to_contain_text("every day at 09:00")
    await tab.expect(tab.last).to_contain_text("used /daily set channel:#film-club time:9am")


async def test_a_daily_fact_comes_when_the_clock_jumps_to_what_status_offers(open_tab: OpenTab) -> None:
    ada, club = await open_tab(), await open_tab("Eli", channel="film-club")
    await set_daily(ada)
    await ada.run("daily status")
    await ada.expect(ada.last).to_contain_text("Next posts")
    await open_controls(ada)
    await ada.expect(ada.page.locator("#controls .offered-times").get_by_role("button")).to_have_count(5)
    for posts in (1, 2):
        await control(ada, "Jump to")
        await club.expect(club.rows).to_have_count(posts)
        await club.expect(club.last).to_contain_text("The fact of")
    await club.button("Another", exact=True).click()
    await club.expect(club.last).to_contain_text("Only you can see this")
    await club.expect(club.last).to_contain_text("La La Land")


async def test_an_export_is_downloaded_and_holds_what_was_done(bot: RealBot, open_tab: OpenTab) -> None:
    eli = await open_tab("Eli")
    await bot.driver.member("Ada").run("quiz start", questions=1)
    await bot.driver.member("Eli").click(await bot.game.next(1), await bot.game.right_button(1))
    await eli.choose_command("privacy export")
    await eli.press("Enter")
    export = card(eli, "everything that I have stored about you")
    async with eli.page.expect_download() as downloading:
        await export.get_by_role("link", name="Download my-data.json").click()
    download = await downloading.value
    assert download.suggested_filename == "my-data.json"
    held = json.loads((await download.path()).read_text("utf-8"))
    assert str(bot.driver.member("Eli").id) in json.dumps(held)
    assert str(bot.driver.member("Ada").id) not in json.dumps(held)


async def test_out_and_in_again_and_all_afresh(bot: RealBot, open_tab: OpenTab) -> None:
    ada = await open_tab()
    await ada.run("topics")
    await open_controls(ada)
    await control(ada, "Kick the bot")
    await ada.expect(ada.page.locator("#toasts")).to_contain_text("The bot was removed from the server.")
    await ada.expect(ada.page.locator("#members").get_by_text("Another Day of Trivia")).to_have_count(0)
    await ada.choose_command("fact")
    await ada.press("Enter")
    await ada.expect(ada.last).to_contain_text("La La Land")
    await control(ada, "Invite the bot")
    await ada.expect(ada.page.locator("#toasts")).to_contain_text("The bot is back in the server.")
    await ada.run("leaderboard")
    await ada.expect(ada.last).to_contain_text("Nobody has points yet.")
    await control(ada, "Start afresh")
    async with ada.page.expect_navigation():
        await control(ada, "Really delete everything?")
    await ada.page.wait_for_selector("body[data-ready]")
    await ada.expect(ada.rows).to_have_count(0)
    await ada.run("fact")
    await ada.expect(ada.last).to_contain_text("Ada used /fact")
    # A request for the old server that was under way at that moment is refused, and the console tells of it.
    ada.problems[:] = [problem for problem in ada.problems if "400 (Bad Request)" not in problem]
