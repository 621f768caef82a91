"""Downloads what people attach to a command, from Discord's own hosts and up to a size limit."""

import aiohttp
import discord
from yarl import URL

from bot.core.refusal import Refusal

MEDIA = URL("https://media.discordapp.net")
"""Discord's second file host. The first is the one that discord.py uses, which may have been redirected."""
PATIENCE = aiohttp.ClientTimeout(total=20)
NOT_THERE = "I could not get that file from Discord. Please try again in a moment."


async def read_attachment(address: str, size: int, most: int) -> bytes:
    """Return the content of a file. Raises Refusal if it has more than `most` bytes."""
    if size > most:
        raise Refusal(f"That file is too large: it may have up to {most // 1024} KiB.")
    url = URL(address)
    if _server(url) not in map(_server, (URL(discord.Asset.BASE), MEDIA)):
        raise Refusal(NOT_THERE)
    content = b""
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.get(url, allow_redirects=False) as response,
        ):
            if response.status != 200:
                raise Refusal(NOT_THERE)
            async for chunk in response.content.iter_any():
                content += chunk
                if len(content) > most:
                    # It is larger than Discord said.
                    raise Refusal(NOT_THERE)
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise Refusal(NOT_THERE) from None
    return content


def _server(url: URL) -> tuple[str, str | None, int | None]:
    return url.scheme, url.host, url.port
