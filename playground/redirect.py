"""Pointing an unmodified discord.py at the local Discord.

It stands alone, for `inside` runs it by its path.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

API_PATH = "/api"
VERSION = "/v10"
GATEWAY_PATH = "/gateway"
CDN_PATH = "/cdn"


def point_discord_at(url: str) -> None:
    """Point every discord.py client in this process at the playground at `url` (http://host:port)."""
    Route.BASE = url + API_PATH + VERSION
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url(url))
    discord.Asset.BASE = url + CDN_PATH


@contextmanager
def discord_at(url: str) -> Iterator[None]:
    """Do the same for the length of a `with` block, for tests."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, discord.Asset.BASE
    point_discord_at(url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, discord.Asset.BASE = before


def gateway_url(url: str) -> str:
    """Return the gateway's address beside the REST API's."""
    return url.replace("http://", "ws://", 1) + GATEWAY_PATH
