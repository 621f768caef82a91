"""The page, with files that a tab keeps.

To ask of each of its fifty files whether it is still the same is a third of what a visit costs.
"""

from aiohttp import web

from playground import Page


class KeptPage(Page):
    """The page for tests, while which its files stay as they are."""

    def _file(self, name: str) -> web.StreamResponse:
        response = super()._file(name)
        response.headers["Cache-Control"] = "max-age=3600"
        return response
