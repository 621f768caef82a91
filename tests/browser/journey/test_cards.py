"""Every card of the real bot, as axe-core and the screen of a phone see it."""

from tests.browser.axe import axe_faults_by_scheme
from tests.browser.conftest import OpenTab
from tests.browser.journey.moves import card
from tests.browser.real_bot import RealBot
from tests.browser.tab import Tab
from tests.browser.test_narrow import OVERFLOW, WIDER

PRIVATE = (
    "topics",
    "help",
    "daily status",
    "daily preview",
    "settings",
    "practice",
    "quiz start",
    "challenge",
    "privacy delete",
)


async def play(bot: RealBot, tab: Tab) -> None:
    """Let everything come up in the channel: a fact, a round with its podium, boards, private cards."""
    ada, game = bot.driver.member("Ada"), bot.game
    await ada.run("fact")
    await ada.run("fact", search="piano")
    await game.start(questions=2)
    for position in (1, 2):
        shown = await game.question(position) if position == 1 else await game.next(position)
        for number, name in enumerate(("Carmen", "Dev", "Eli")):
            button = await (
                game.wrong_button(position) if number == position else game.right_button(position)
            )
            await bot.driver.member(name).click(shown, button)
        if position == 1:
            await game.close(shown)
    await ada.run("leaderboard")
    await bot.driver.server.people.run(
        ada.id,
        bot.driver.channel("trivia").id,
        "daily set",
        {"channel": str(bot.driver.channel("film-club").id), "time": "9:00"},
    ).settled.wait()
    for command in PRIVATE:
        await ada.run(command)
    await game.close(shown)
    await game.podium()
    await tab.expect(card(tab, "The round is over")).to_be_visible()
    await bot.driver.member("Carmen").run("stats")
    await tab.expect(card(tab, "Statistics")).to_be_visible()
    await ada.run("quiz start", questions=1, answers="typed", topic="music")
    await game.next(1)
    await tab.expect(card(tab, "Type your answer")).to_be_visible()


async def test_no_fault_and_nothing_wider_than_a_phone(bot: RealBot, open_tab: OpenTab) -> None:
    wide = await open_tab()
    await play(bot, wide)
    assert await axe_faults_by_scheme(wide) == {}
    phone = await open_tab(width=360, height=700)
    await phone.page.evaluate("Promise.all([...document.images].map((image) => image.decode()))")
    assert await phone.page.evaluate(OVERFLOW) <= 0
    assert await phone.page.evaluate(WIDER) == []
