"""Pointing an unmodified discord.py at the local Discord."""

from collections.abc import Iterator
from contextlib import contextmanager

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from playground.api.http import PREFIX


def point_discord_at(url: str) -> None:
    """Let every discord.py client of this process talk to the playground at `url` (http://host:port)."""
    Route.BASE = url + PREFIX
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url(url))
    discord.Asset.BASE = f"{url}/cdn"


@contextmanager
def discord_at(url: str) -> Iterator[None]:
    """Return the same for the length of a `with` block, for tests."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, discord.Asset.BASE
    point_discord_at(url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY, discord.Asset.BASE = before


def gateway_url(url: str) -> str:
    """Return the gateway's address beside the REST API's."""
    return url.replace("http://", "ws://", 1) + "/gateway"
