"""What axe-core, which checks pages for accessibility, holds against a page."""

from importlib import import_module

from tests.browser.tab import Tab


async def axe_faults(tab: Tab) -> list[str]:
    """Return the faults of the page as it is, each with the start of its element."""
    results = await import_module("axe_playwright_python.async_playwright").Axe().run(tab.page)
    return [
        f"{found['id']}: {node['html'][:160]}"
        for found in results.response["violations"]
        for node in found["nodes"]
    ]
