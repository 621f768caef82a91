"""What the pictures show: a fact, a round, a daily post, a challenge, and people who always do the same."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from playground import Shown
from tests.browser.real_bot import RealBot
from tests.browser.tab import Tab
from tests.pictures.camera import Camera, shot
from tests.wire.challenge import choices
from tests.wire.quiz.game import ANSWER, PODIUM

if TYPE_CHECKING:
    from playwright.async_api import Locator

NOON = datetime(2026, 12, 9, 12, 0, 5, tzinfo=UTC)
"""The tenth birthday of the film."""
EVENING = datetime(2026, 12, 9, 20, 0, 5, tzinfo=UTC)
NEXT_MORNING = datetime(2026, 12, 10, 9, 0, tzinfo=UTC)
HOST = "Ada"
SECONDS = 20
FIRST: tuple[tuple[str, float, bool], ...] = (
    ("Dev", 2.6, True),
    ("Ada", 6.1, True),
    ("Eli", 9.6, False),
    ("Carmen", 13.1, True),
)
"""Who answers the first question, which is photographed, after how many seconds and whether rightly."""
LATER = (
    (("Ada", 2.1, True), ("Eli", 3.4, True), ("Dev", 5.2, True), ("Carmen", 7.1, False)),
    (("Eli", 3.3, True), ("Dev", 4.7, False), ("Ada", 6.4, True), ("Carmen", 9.2, True)),
)
FIVE: tuple[tuple[str, float, str], ...] = (
    ("Dev", 11.2, "rrrrr"),
    ("Eli", 5.3, "rrwrw"),
    ("Carmen", 6.9, "rrrrw"),
    ("Ada", 8.2, "rwrrr"),
)
"""Who plays the challenge, after how many seconds each question is answered, and which rightly."""
A_MOMENT = timedelta(milliseconds=30)
"""Keeps a rounded time away from the edge between two tenths of a second."""
COUNT_PAUSE = 2.2
"""The count of answers is edited at most once in two seconds."""


class Scenes:
    """The plays, in the order in which they have to be played, as time only moves forward."""

    def __init__(self, bot: RealBot, camera: Camera) -> None:
        self._bot = bot
        self._driver = bot.driver
        self._game = bot.game
        self._camera = camera
        self._audience: tuple[Tab, ...] = ()
        self._frames: list[tuple[bytes, int]] = []

    async def fact(self) -> None:
        """Take the page with a fact, and the fact alone."""
        tab = await self._camera.open_tab(HOST, "welcome", width=1180, height=720, scale=1.5)
        await self._camera.hold(NOON)
        await tab.run("fact")
        await self._camera.take("playground", tab.page)
        close = await self._camera.open_tab(HOST, "welcome", width=700, height=900, scale=2)
        await self._camera.hold(NOON)
        await self._camera.take("fact", close.page, close.last.locator("article"))

    async def round(self) -> None:
        """Take a round: a question, its answer, the podium, the whole as a film, and the board after it."""
        film = await self._camera.open_tab(HOST, "trivia", width=640, height=760, scale=2)
        close = await self._camera.open_tab("Fay", "trivia", width=640, height=1200, scale=2)
        self._audience = (film, close)
        await self._camera.hold(EVENING)
        await self._start(film)
        first = await self._game.question(1)
        await self._shows(first, "No answers yet")
        await self._answer_first(film, close, first)
        for position, answers in enumerate(LATER, 2):
            await self._driver.member(HOST).click(
                await self._game.last_answer("trivia", position - 1), "Next"
            )
            shown = await self._game.question(position)
            for name, seconds, is_right in answers:
                await self._answer(shown, position, name, seconds, is_right=is_right)
            # Everybody is in, so the answer comes before the time is up.
            await self._reveal(shown, answers[-1][1] + 3)
            await self._shoot(film, 1800)
        podium = await self._game.podium()
        await self._shows(podium, PODIUM)
        await self._camera.hold(podium.raw.timestamp + timedelta(seconds=1))
        await self._camera.take("podium", close.page, components(close, podium))
        await self._shoot(film, 5000)
        self._camera.write_film("round", self._frames)
        await self._game.until_finished()
        board = (await self._driver.member(HOST).run("leaderboard")).message
        await close.expect(components(close, board)).to_contain_text("All time")
        await self._camera.take("leaderboard", close.page, close.last.locator("article"))

    async def _start(self, film: Tab) -> None:
        await film.box.focus()
        await film.page.keyboard.type("/quiz st")
        await film.expect(film.popup.get_by_role("option").first).to_be_visible()
        await self._shoot(film, 1500)
        await film.box.fill("")
        await film.choose_command("quiz start")
        await film.page.keyboard.type(str(1 + len(LATER)))
        await film.press("Tab")
        await film.page.keyboard.type(str(SECONDS))
        await self._shoot(film, 1200)
        await film.press("Enter")

    async def _answer_first(self, film: Tab, close: Tab, shown: Shown) -> None:
        await self._camera.hold(shown.raw.timestamp + timedelta(seconds=1))
        await self._shoot(film, 2400)
        for number, (name, seconds, is_right) in enumerate(FIRST, 1):
            await self._answer(shown, 1, name, seconds, is_right=is_right)
            await self._camera.hold(shown.raw.timestamp + timedelta(seconds=seconds + COUNT_PAUSE))
            await self._shows(shown, f"{number} answer{'s' if number > 1 else ''} so far")
            await self._shoot(film, 1200)
            if number == 2:
                await self._camera.take("question", close.page, components(close, shown))
        await self._reveal(shown, SECONDS + 2)
        await self._camera.take("reveal", close.page, components(close, shown))
        await self._shoot(film, 5000)

    async def _answer(
        self, shown: Shown, position: int, name: str, seconds: float, *, is_right: bool
    ) -> None:
        button = await (self._game.right_button(position) if is_right else self._game.wrong_button(position))
        self._driver.clock.jump_to(shown.raw.timestamp + timedelta(seconds=seconds) + A_MOMENT)
        await self._driver.member(name).click(shown, button)

    async def _reveal(self, shown: Shown, seconds: float) -> None:
        await self._camera.hold(shown.raw.timestamp + timedelta(seconds=seconds))
        await self._shows(shown, ANSWER)

    async def _shows(self, shown: Shown, words: str) -> None:
        for tab in self._audience:
            await tab.expect(components(tab, shown)).to_contain_text(words)

    async def _shoot(self, film: Tab, milliseconds: int) -> None:
        self._frames.append((await shot(film.page), milliseconds))

    async def daily(self) -> None:
        """Take a daily fact as it was posted."""
        tab = await self._camera.open_tab(HOST, "film-club", width=640, height=900, scale=2)
        await tab.choose_command("daily set")
        await tab.page.keyboard.type("film-club")
        await tab.press("Enter")
        await tab.page.keyboard.type("9:00")
        await tab.press("Enter")
        await tab.expect(tab.last).to_contain_text("The next one comes")
        self._driver.clock.jump_to(NEXT_MORNING)
        await tab.expect(tab.last).to_contain_text("The fact of")
        await self._camera.hold(NEXT_MORNING + timedelta(seconds=5))
        await self._camera.take("daily", tab.page, tab.last.locator("article"))

    async def challenge(self) -> None:
        """Take the end of a challenge, on the second day of those who play it."""
        for name, seconds, _ in FIVE:
            await self._play_five(name, seconds, "rrrrr")
        self._driver.clock.jump_to(self._driver.clock.now() + timedelta(days=1))
        tab = await self._camera.open_tab(HOST, "trivia", width=640, height=900, scale=2)
        for name, seconds, answers in FIVE:
            shown = await self._play_five(name, seconds, answers)
        await self._camera.hold(self._driver.clock.now() + timedelta(seconds=1))
        await tab.expect(components(tab, shown)).to_contain_text("The best here today")
        await self._camera.take("challenge", tab.page, tab.last.locator("article"))

    async def _play_five(self, name: str, seconds: float, answers: str) -> Shown:
        """Play the challenge of the day; return the message that all of it was in, and its result is now."""
        member = self._driver.member(name)
        reply = await member.click((await member.run("challenge")).message, "Begin")
        for answer in answers:
            options = choices(reply)
            challenge_id, position, _ = map(int, options[0].removeprefix("challenge1:").split(":"))
            [(right,)] = await self._game.query(
                "SELECT answer FROM challenge_questions WHERE challenge_id = ? AND position = ?",
                (challenge_id, position),
            )
            self._driver.clock.jump_to(self._driver.clock.now() + timedelta(seconds=seconds))
            choice = right if answer == "r" else (right + 1) % len(options)
            reply = await member.click(reply.message, options[choice])
            reply = await member.click(reply.message, f"challenge1:next:{challenge_id}")
        return reply.message


def components(tab: Tab, shown: Shown) -> "Locator":
    """Return where a message's card stands in the tab's list."""
    return tab.page.locator(f"[data-message='{shown.id}'] .message-components")
