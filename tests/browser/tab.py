"""A browser tab that acts as one person, with the few moves that every test makes."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import ConsoleMessage, Error, Locator, Page


class Tab:
    """One page. `problems` are what its console complained of; a test fails if any are left at its end."""

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.problems: list[str] = []
        self.expect: Any = import_module("playwright.async_api").expect
        page.on("console", self._hear)
        page.on("pageerror", self._fail)

    def hear_no_more(self) -> None:
        """Leave the page to others: what it says from now on is none of this tab's problems."""
        self.page.remove_listener("console", self._hear)
        self.page.remove_listener("pageerror", self._fail)

    def _fail(self, error: "Error") -> None:
        self.problems.append(str(error))

    def _hear(self, message: "ConsoleMessage") -> None:
        if message.type in ("error", "warning"):
            self.problems.append(message.text)

    async def open(self, address: str) -> None:
        """Go there and wait until the page is ready for use."""
        await self.page.goto(address)
        await self.page.wait_for_selector("body[data-ready]")

    @property
    def box(self) -> "Locator":
        """The message box."""
        return self.page.locator("#message-input")

    @property
    def rows(self) -> "Locator":
        """The messages in the list."""
        return self.page.locator("[data-message]")

    @property
    def last(self) -> "Locator":
        """The newest message."""
        return self.rows.last

    @property
    def popup(self) -> "Locator":
        """The list above the message box."""
        return self.page.locator(".composer-area .popup")

    def button(self, name: str, *, exact: bool = False) -> "Locator":
        """The newest message's button of this name."""
        parts = self.last.locator(".message-components, .message-tools")
        return parts.get_by_role("button", name=name, exact=exact)

    def option(self, name: str) -> "Locator":
        """The field of a command's option."""
        return self.page.locator(".command-form").get_by_label(name, exact=True)

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            await self.page.keyboard.press(key)

    async def choose_command(self, path: str) -> None:
        """Type a command's whole path, which brings up its options."""
        await self.box.focus()
        await self.page.keyboard.type(f"/{path} ")
        await self.expect(self.page.locator(".command-chip")).to_have_text(f"/{path}")

    async def run(self, path: str) -> None:
        """Run a command without options, and wait for the answer to be the newest message."""
        before = await self.rows.count()
        await self.choose_command(path)
        await self.press("Enter")
        await self.expect(self.rows).to_have_count(before + 1)
