"""What several journeys have in common."""

import re
from typing import TYPE_CHECKING

from tests.browser.tab import Tab

if TYPE_CHECKING:
    from playwright.async_api import Locator

ANSWERED = "Your answer is in"


def card(tab: Tab, words: str) -> "Locator":
    """Return the newest message with these words."""
    return tab.rows.filter(has_text=words).last


def question(tab: Tab, position: int, questions: int) -> "Locator":
    """Return a question's message, open or not."""
    return card(tab, f"Question {position} of {questions}")


async def answer(tab: Tab, position: int, questions: int, letter: str) -> None:
    """Press a letter's button, and wait for the word that it counts."""
    before = await tab.rows.filter(has_text=ANSWERED).count()
    choices = question(tab, position, questions).locator(".message-components")
    await choices.get_by_role("button", name=re.compile(rf"^{letter}\b")).click()
    await tab.expect(tab.rows.filter(has_text=ANSWERED)).to_have_count(before + 1)
    await tab.expect(card(tab, ANSWERED)).to_contain_text("Only you can see this")


async def press(tab: Tab, position: int, questions: int, button: str) -> None:
    """Press one of the host's buttons under a question."""
    await question(tab, position, questions).get_by_role("button", name=button, exact=True).click()


async def reveal(tab: Tab, position: int, questions: int) -> None:
    """Show the answer to a question, as its host."""
    await press(tab, position, questions, "Reveal now")
    await tab.expect(question(tab, position, questions)).to_contain_text("The fact behind it")


async def open_controls(tab: Tab) -> None:
    """Open the panel for time and trouble."""
    await tab.page.get_by_role("button", name="Playground controls").click()
    await tab.expect(tab.page.locator("#controls")).to_be_visible()


async def control(tab: Tab, name: str) -> None:
    """Press a button of that panel."""
    await tab.page.locator("#controls").get_by_role("button", name=name).first.click()
