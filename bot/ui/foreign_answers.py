"""A gap in discord.py 2.7 closed: it takes whatever answers for Discord, as the login page of a network does.

What is not JSON it hands on as text, and whoever asked for a user or a message then fails on it.
"""

from typing import Any

import aiohttp
from discord.http import HTTPClient, Route

KEYS = {"/users/@me": "id", "/oauth2/applications/@me": "id", "/gateway/bot": "url"}
"""What the answers to a start have to have: JSON as well may be somebody else's."""


class NotDiscord(aiohttp.ClientError):
    """Something else answered in Discord's place; it passes as a failure of the network."""


def refuse_foreign_answers(http: HTTPClient) -> None:
    """Have this client raise NotDiscord for an answer that cannot be Discord's."""
    request = http.request

    async def request_of_discord(route: Route, **options: Any) -> Any:  # noqa: ANN401 (as discord.py has it)
        try:
            answer = await request(route, **options)
        except ValueError as error:
            raise NotDiscord("an answer that is no JSON") from error
        key = KEYS.get(route.path) if route.method == "GET" else None
        if (isinstance(answer, str) and answer) or (key and not (isinstance(answer, dict) and key in answer)):
            raise NotDiscord("a web page, or something else that is not Discord's")
        return answer

    setattr(http, "request", request_of_discord)  # noqa: B010 (mypy forbids to assign to a method)
