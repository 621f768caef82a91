"""The daily challenge over the wire: private, once, and never lost."""

import pytest

from bot.app import TriviaBot
from playground import Driver


async def test_smoke(discord: Driver, trivia: TriviaBot) -> None:
    dev = discord.member("Dev")
    reply = await dev.run("challenge")
    print(reply.text, list(reply.buttons))
    reply = await dev.click(reply.message, "Begin")
    for _ in range(5):
        print(reply.text, [b["custom_id"] for b in reply.buttons.values()])
        reply = await dev.click(reply.message, list(reply.buttons)[0])
        print(reply.text, [b["custom_id"] for b in reply.buttons.values()])
        reply = await dev.click(reply.message, list(reply.buttons)[0])
    print(reply.text, list(reply.buttons))
    again = await dev.click(reply.message, "Share")
    print(again.text, again.ephemeral)
    again = await dev.click(reply.message, "Share")
    print(again.text, again.ephemeral)
    assert 0
