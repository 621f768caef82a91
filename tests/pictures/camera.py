"""A browser whose clock stands still, so that a picture is the same whenever it is taken."""

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from playground import Driver
from tests.browser.tab import Tab

if TYPE_CHECKING:
    from playwright.async_api import Browser, FloatRect, Locator, Page

MOST_BYTES = 250_000
MOST_FILM_BYTES = 2_000_000
COLOURS = 256
MARGIN = 12
SET_CLOCK = "async offset => (await import('/page/lib/state.js')).emit('live:clock', { offset })"
SHOW_ALL_PICTURES = "async () => Promise.all([...document.images].map((image) => image.decode()))"


class Camera:
    """Tabs of one local Discord, and the pictures that are taken of them."""

    def __init__(self, driver: Driver, browser: "Browser", folder: Path) -> None:
        self._driver = driver
        self._browser = browser
        self._folder = folder
        self._tabs: list[Tab] = []

    async def open_tab(self, name: str, channel: str, *, width: int, height: int, scale: float) -> Tab:
        """Open a tab as somebody, with a window of this size and so many dots a pixel."""
        context = await self._browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark",
            device_scale_factor=scale,
            locale="en-GB",
            reduced_motion="reduce",
            timezone_id="UTC",
        )
        await context.add_init_script("localStorage.setItem('playground-hint-seen', 'yes')")
        tab = Tab(await context.new_page())
        actor = self._driver.member(name)
        await tab.open(f"{self._driver.server.url}/?as={actor.id}#{self._driver.channel(channel, actor).id}")
        self._tabs.append(tab)
        return tab

    async def hold(self, moment: datetime) -> None:
        """Jump to an aware moment if it is still to come; every tab shows exactly that one from now on."""
        if moment > self._driver.clock.now():
            self._driver.clock.jump_to(moment)
        offset = self._driver.clock.offset
        for tab in self._tabs:
            await tab.page.clock.set_fixed_time(moment - timedelta(seconds=offset))
            await tab.page.evaluate(SET_CLOCK, offset)

    async def take(self, name: str, page: "Page", subject: "Locator | None" = None) -> None:
        """Write a picture of a page, or of a part with a margin, to `name`.png.

        Raises ValueError if it got too large.
        """
        path = self._folder / f"{name}.png"
        area = None if subject is None else await _around(subject)
        picture = _open(await shot(page, area))
        picture.save(path, optimize=True)
        if path.stat().st_size > MOST_BYTES:
            picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE).save(path, optimize=True)
        _check_size(path, MOST_BYTES)

    def write_film(self, name: str, frames: Sequence[tuple[bytes, int]]) -> None:
        """Write shots with their milliseconds to `name`.webp. Raises ValueError if it got too large."""
        path = self._folder / f"{name}.webp"
        first, *others = (_open(picture) for picture, _ in frames)
        durations = [milliseconds for _, milliseconds in frames]
        first.save(
            path, save_all=True, append_images=others, duration=durations, loop=0, lossless=True, method=6
        )
        _check_size(path, MOST_FILM_BYTES)


async def shot(page: "Page", area: "FloatRect | None" = None) -> bytes:
    """Return a picture of a page or an area of it, once all its pictures are there."""
    await page.evaluate(SHOW_ALL_PICTURES)
    return await page.screenshot(animations="disabled", caret="hide", clip=area)


async def _around(subject: "Locator") -> "FloatRect":
    box = await subject.bounding_box()
    if box is None:
        raise ValueError("What was to be photographed is not on the page.")
    return {
        "x": box["x"] - MARGIN,
        "y": box["y"] - MARGIN,
        "width": box["width"] + 2 * MARGIN,
        "height": box["height"] + 2 * MARGIN,
    }


def _open(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture)).convert("RGB")


def _check_size(path: Path, most: int) -> None:
    if (size := path.stat().st_size) > most:
        raise ValueError(f"{path.name} has {size:,} bytes, more than {most:,}.")
