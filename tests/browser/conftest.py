"""One local Discord, one demo bot and one browser for all tests of the page; blank tabs for each test."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
import pytest_asyncio

from bot.playground import SCENE
from playground import Driver, LocalDiscord, Page, RunningClient
from tests.browser.blank_pages import BlankPages
from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.demo_bot import DemoBot
from tests.browser.kept_page import KeptPage
from tests.browser.tab import Tab

if TYPE_CHECKING:
    from playwright.async_api import Browser

HERE = Path(__file__).parent
TIMED_OUT_FOR = timedelta(days=28)

OpenTab = Callable[..., Awaitable[Tab]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser lives longer than a test, so all of these tests share one event loop."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@dataclass(frozen=True, slots=True)
class Stage:
    """The local Discord with the demo bot in it."""

    driver: Driver
    page: Page
    bot: DemoBot


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator["Browser"]:
    """A running Chromium."""
    executable = find_chromium()
    async with import_module("playwright.async_api").async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running_stage(browser: "Browser") -> AsyncIterator[Stage]:
    """The server and the bot, for the whole session."""
    server = LocalDiscord(scene=SCENE, strict=True)
    page = KeptPage(server)
    server.mount(page)
    await server.start()
    driver = Driver(server)
    bot = DemoBot()
    client = RunningClient(driver, bot)
    await client.start()
    yield Stage(driver, page, bot)
    await client.stop()
    await server.stop()


@pytest.fixture
def stage(running_stage: Stage) -> Stage:
    """The same with empty channels and nothing amiss."""
    for channel in running_stage.driver.world.channels.values():
        channel.messages.clear()
    running_stage.driver.faults.clear()
    # A test may have let a year pass, in which a timeout ends.
    driver = running_stage.driver
    driver.guild.members[driver.member("Fay").id].timed_out_until = driver.clock.now() + TIMED_OUT_FOR
    return running_stage


@pytest.fixture
def local_discord(stage: Stage) -> Driver:
    """The local Discord whose page the tabs show."""
    return stage.driver


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def blank_pages(browser: "Browser") -> AsyncIterator[BlankPages]:
    """Pages for the whole session."""
    yield BlankPages(browser)


@pytest_asyncio.fixture(loop_scope="session")
async def open_tab(local_discord: Driver, blank_pages: BlankPages) -> AsyncIterator[OpenTab]:
    """Open a tab as somebody; at the end no tab's console may hold an error."""
    opened: list[Tab] = []

    async def open_(
        name: str = "Ada",
        *,
        channel: str = "trivia",
        width: int = 1200,
        height: int = 800,
        scheme: Literal["light", "dark"] = "dark",
        motion: Literal["no-preference", "reduce"] = "reduce",
        fresh: bool = False,
    ) -> Tab:
        page = await blank_pages.take(fresh=fresh)
        await page.set_viewport_size({"width": width, "height": height})
        await page.emulate_media(color_scheme=scheme, reduced_motion=motion)
        tab = Tab(page)
        opened.append(tab)
        actor = local_discord.member(name)
        place = local_discord.channel(channel, actor)
        await tab.open(f"{local_discord.server.url}/?as={actor.id}#{place.id}")
        return tab

    yield open_
    for tab in opened:
        tab.hear_no_more()
    await blank_pages.give_back()
    assert [problem for tab in opened for problem in tab.problems] == []


@pytest_asyncio.fixture(loop_scope="session")
async def tab(open_tab: OpenTab) -> Tab:
    """A tab as Ada, in #trivia."""
    return await open_tab()
