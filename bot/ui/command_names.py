"""Turns the commands in our texts into mentions that can be clicked."""

import re
from collections.abc import Mapping

import discord
from discord import ui

NAMED = re.compile(r"`/([a-z]+(?: [a-z]+)*)`")
"""A command in our own sentences. In what people wrote, a backslash stands before each backtick."""
MARK = "`/"
MOST_TEXT = 4_000
"""Discord's limit on the characters in all texts of a card."""


def mention(path: str, ids: Mapping[str, int]) -> str:
    """Return a command as a mention that can be clicked, or as text where Discord has given it no id yet."""
    number = ids.get(path.partition(" ")[0])
    return f"`/{path}`" if number is None else f"</{path}:{number}>"


def clickable_text(text: str, client: discord.Client) -> str:
    """Return a text with each of its commands as a mention."""
    ids: Mapping[str, int] = getattr(client, "command_ids", {})
    return NAMED.sub(lambda found: mention(found[1], ids), text)


def make_clickable(view: ui.LayoutView, client: discord.Client) -> ui.LayoutView:
    """Turn a card's commands into mentions, if there is room for them, and return the card."""
    texts = [item for item in view.walk_children() if isinstance(item, ui.TextDisplay)]
    named = {text: clickable_text(text.content, client) for text in texts if MARK in text.content}
    if named and sum(len(named.get(text, text.content)) for text in texts) <= MOST_TEXT:
        for text, content in named.items():
            text.content = content
    return view
