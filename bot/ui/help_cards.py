"""The one page of `/help`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord
from discord import app_commands, ui

from bot.ui.colours import GOLD
from bot.ui.parts import box, card

Root = app_commands.Command[Any, ..., Any] | app_commands.Group


def help_card(
    commands: Sequence[Root],
    ids: Mapping[str, int],
    permissions: discord.Permissions | None,
    daily: Sequence[str] | None,
    support_url: str,
) -> ui.LayoutView:
    """Return what can be done here and by this person, with commands that can be clicked.

    `ids` are Discord's of the root commands by name, `permissions` the person's in the server, None
    elsewhere; `daily` has a line for each daily schedule, and is None outside of servers.
    """
    for_all: list[str] = []
    for_managers: list[str] = []
    for root in sorted(commands, key=lambda command: command.name):
        if not _is_usable(root, permissions):
            continue
        lines = for_managers if root.default_permissions is not None else for_all
        lines += [f"{mention(path, ids)} {about}" for path, about in _paths(root)]
    parts = [["### What I can do here", *for_all]]
    if for_managers:
        parts.append(["**For whoever manages this server**", *for_managers])
    if daily is not None:
        parts.append(["**Daily facts of this server**", *(f"- {line}" for line in daily or ["None yet."])])
    if support_url:
        parts.append([f"-# More help: {support_url}"])
    return card(box(GOLD, *("\n".join(lines) for lines in parts)))


def mention(path: str, ids: Mapping[str, int]) -> str:
    """Return a command as a mention that can be clicked, or as text where Discord has given it no id yet."""
    number = ids.get(path.partition(" ")[0])
    return f"`/{path}`" if number is None else f"</{path}:{number}>"


def _is_usable(root: Root, permissions: discord.Permissions | None) -> bool:
    if permissions is None:
        contexts = root.allowed_contexts
        return not root.guild_only and (contexts is None or bool(contexts.dm_channel))
    needed = root.default_permissions
    return needed is None or permissions.is_superset(needed)


def _paths(root: Root) -> Iterator[tuple[str, str]]:
    if isinstance(root, app_commands.Group):
        for command in sorted(root.walk_commands(), key=lambda command: command.qualified_name):
            if isinstance(command, app_commands.Command):
                yield command.qualified_name, command.description
    else:
        yield root.qualified_name, root.description
