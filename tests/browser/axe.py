"""What axe-core, which checks pages for accessibility, holds against a page."""

from importlib import import_module
from typing import Literal

from tests.browser.tab import Tab

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


async def axe_faults_by_scheme(tab: Tab) -> dict[str, list[str]]:
    """Return the faults of the page as it is, in light and in dark, where there are any."""
    found = {}
    for scheme in SCHEMES:
        await tab.page.emulate_media(color_scheme=scheme)
        found[scheme] = await axe_faults(tab)
    return {scheme: faults for scheme, faults in found.items() if faults}


async def axe_faults(tab: Tab) -> list[str]:
    """Return the faults of the page as it is, each with the start of its element."""
    results = await import_module("axe_playwright_python.async_playwright").Axe().run(tab.page)
    return [
        f"{found['id']}: {node['html'][:160]}"
        for found in results.response["violations"]
        for node in found["nodes"]
    ]
