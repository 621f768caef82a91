"""axe-core finds nothing, whatever is open."""

import io
import itertools
from collections.abc import Awaitable, Callable

import pytest
from PIL import Image

from tests.browser.axe import axe_faults, axe_faults_by_scheme
from tests.browser.conftest import OpenTab
from tests.browser.tab import Tab


async def show_messages(tab: Tab) -> None:
    await tab.run("card")
    await tab.run("private")


async def show_picker(tab: Tab) -> None:
    await tab.box.focus()
    await tab.page.keyboard.type("/")
    await tab.expect(tab.popup.get_by_role("option").first).to_be_visible()


async def show_options(tab: Tab) -> None:
    await tab.choose_command("pick")
    await tab.expect(tab.popup.get_by_role("option").first).to_be_visible()


async def show_form(tab: Tab) -> None:
    await tab.choose_command("form")
    await tab.press("Enter")
    await tab.page.get_by_role("button", name="Submit").click()
    await tab.page.get_by_role("button", name="Kind").click()
    await tab.expect(tab.page.get_by_role("option").first).to_be_visible()


async def show_controls(tab: Tab) -> None:
    await tab.page.get_by_role("button", name="Playground controls").click()
    await tab.expect(tab.page.get_by_role("button", name="+ 1 day")).to_be_visible()


STATES = (show_messages, show_picker, show_options, show_form, show_controls)


@pytest.mark.parametrize("show", STATES, ids=lambda show: show.__name__.removeprefix("show_"))
async def test_no_fault(open_tab: OpenTab, show: Callable[[Tab], Awaitable[None]]) -> None:
    tab = await open_tab("Ada", fresh=True)
    await show(tab)
    assert await axe_faults_by_scheme(tab) == {}


async def test_no_fault_on_a_phone(open_tab: OpenTab) -> None:
    tab = await open_tab("Eli", width=360, height=700, scheme="light")
    await tab.run("card")
    await tab.page.get_by_role("button", name="Channels").click()
    assert await axe_faults(tab) == []


async def test_a_question_is_read_out_with_its_choices(tab: Tab) -> None:
    await tab.run("question")
    said = tab.page.locator("#live")
    await tab.expect(said).to_contain_text("Who plays Mia?")
    await tab.expect(said).to_contain_text(
        "Choices: A  Emma Stone, B  Emma Watson, C  Amy Adams, D  Greta Gerwig"
    )


async def test_headings_are_in_order(open_tab: OpenTab) -> None:
    for size in ((1200, 800), (360, 700)):
        tab = await open_tab("Ada", width=size[0], height=size[1])
        await tab.run("card")
        await show_controls(tab)
        levels = await tab.page.evaluate(
            "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]"
            ".filter((node) => node.checkVisibility()).map((node) => Number(node.tagName[1]))"
        )
        assert levels[0] == 1
        assert levels.count(1) == 1
        steps = [later - earlier for earlier, later in itertools.pairwise(levels)]
        assert max(steps) <= 1, levels


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_white_square_can_be_seen(open_tab: OpenTab, scheme: str) -> None:
    tab = await open_tab(scheme=scheme)
    await tab.run("question")
    square = tab.last.locator(".outlined")
    await tab.expect(square).to_have_text("▫️")
    with Image.open(io.BytesIO(await square.screenshot())) as picture:
        pixels = picture.convert("RGB").tobytes()
    lights = [_luminance(*pixels[at : at + 3]) for at in range(0, len(pixels), 3)]
    assert (max(lights) + 0.05) / (min(lights) + 0.05) >= 3


def _luminance(*channels: int) -> float:
    """How bright a colour is, as WCAG counts it."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in channels)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
