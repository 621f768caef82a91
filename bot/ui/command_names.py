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


def clickable(text: str, client: discord.Client) -> str:
    """Return a text with its commands as mentions; one that Discord has given no id yet stays as it is."""
    ids: Mapping[str, int] = getattr(client, "command_ids", {})

    def mention(found: re.Match[str]) -> str:
        root, path = found[1].partition(" ")[0], found[1]
        return f"</{path}:{ids[root]}>" if root in ids else found[0]

    return NAMED.sub(mention, text)


def make_clickable(view: ui.LayoutView, client: discord.Client) -> ui.LayoutView:
    """Turn a card's commands into mentions, if there is room for them, and return the card."""
    texts = [item for item in view.walk_children() if isinstance(item, ui.TextDisplay)]
    named = {text: clickable(text.content, client) for text in texts if MARK in text.content}
    if named and sum(len(named.get(text, text.content)) for text in texts) <= MOST_TEXT:
        for text, content in named.items():
            text.content = content
    return view
