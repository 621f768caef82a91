"""Blank pages of one browser, used again: the first visit costs a page three times what a later one does."""

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

PATIENCE_MILLISECONDS = 6000
HINT_SEEN = "localStorage.setItem('playground-hint-seen', 'yes')"


class BlankPages:
    """Pages that share nothing with each other, as each has a context of its own."""

    def __init__(self, browser: "Browser") -> None:
        self._browser = browser
        self._blank: dict[bool, list[Page]] = defaultdict(list)
        self._taken: list[tuple[Page, bool]] = []

    async def take(self, *, fresh: bool) -> "Page":
        """Return a page that remembers nothing; unless it is `fresh`, its visitor has seen the hint."""
        page = self._blank[fresh].pop() if self._blank[fresh] else await self._new(fresh=fresh)
        self._taken.append((page, fresh))
        return page

    async def give_back(self) -> None:
        """Have every page that was taken forget what it was used for."""
        taken, self._taken = self._taken, []
        for page, fresh in taken:
            await page.evaluate("localStorage.clear(); sessionStorage.clear()")
            # Nothing is under the pointer of a new page.
            await page.mouse.move(-10, -10)
            await page.goto("about:blank")
            self._blank[fresh].append(page)

    async def _new(self, *, fresh: bool) -> "Page":
        context = await self._browser.new_context()
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        if not fresh:
            await context.add_init_script(HINT_SEEN)
        return await context.new_page()
