"""The pages of `/help`: what people need first, and each group of commands whole."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import discord
from discord import app_commands, ui

from bot.ui.colours import GOLD
from bot.ui.parts import MAIN, QUIET, box, button, card, row
from bot.ui.router import control_id

Root = app_commands.Command[Any, ..., Any] | app_commands.Group


class Group(StrEnum):
    """The groups of commands, in the order in which people look for them."""

    PLAY = "play"
    FACTS = "facts"
    SCORES = "scores"
    PRIVACY = "privacy"
    SERVER = "server"


GROUPS: Mapping[Group, tuple[str, tuple[str, ...]]] = {
    Group.PLAY: ("Play", ("quiz", "challenge", "practice")),
    Group.FACTS: ("Facts", ("fact", "topics")),
    Group.SCORES: ("My scores", ("stats", "leaderboard")),
    Group.PRIVACY: ("Privacy", ("privacy",)),
    Group.SERVER: ("Server", ("settings", "daily", "questions")),
}
"""The title of each group, and its root commands."""
FIRST = ("quiz start", "challenge", "practice", "fact", "topics", "leaderboard")
"""The commands on the first page, where they can be used."""
IN_SERVERS = (
    "In a server there is more: rounds that a whole channel plays, a board of its own, and a fact every day."
)


@dataclass(frozen=True, slots=True)
class Helped:
    """Who asks for help, and where.

    `permissions` are the person's, `daily` has a line for each schedule; both are None outside of servers.
    """

    commands: Sequence[Root]
    permissions: discord.Permissions | None
    daily: Sequence[str] | None
    support_url: str

    def lines(self, *groups: Group) -> dict[str, str]:
        """Return a line for each command in these groups that this person can use here, by its name."""
        roots = {root.name: root for root in self.commands if _is_usable(root, self.permissions)}
        return {
            path: f"`/{path}` {about}"
            for group in groups
            for name in GROUPS[group][1]
            if name in roots
            for path, about in _paths(roots[name])
        }


def help_card(helped: Helped) -> ui.LayoutView:
    """Return the first page: what people need first, and the way to everything else."""
    lines = helped.lines(*Group)
    first = "\n".join(lines[path] for path in FIRST if path in lines)
    return _page(helped, None, "### What I can do here", first, _daily_text(helped.daily))


def group_card(helped: Helped, group: Group) -> ui.LayoutView:
    """Return the page of one group, with all of its commands."""
    title, _ = GROUPS[group]
    return _page(helped, group, f"### {title}", "\n".join(helped.lines(group).values()))


def _daily_text(daily: Sequence[str] | None) -> str:
    if daily is None:
        return IN_SERVERS
    return "\n".join(["**Daily facts of this server**", *(f"- {line}" for line in daily or ["None yet."])])


def _page(helped: Helped, opened: Group | None, *parts: str) -> ui.LayoutView:
    support = f"-# More help: {helped.support_url}" if helped.support_url else None
    buttons = [
        button(GROUPS[group][0], control_id("help", 1, group), MAIN if group is opened else QUIET)
        for group in Group
        if helped.lines(group)
    ]
    return card(box(GOLD, *parts, support), row(*buttons))


def _is_usable(root: Root, permissions: discord.Permissions | None) -> bool:
    if permissions is None:
        contexts = root.allowed_contexts
        return not root.guild_only and (contexts is None or bool(contexts.dm_channel))
    needed = root.default_permissions
    return needed is None or permissions.is_superset(needed)


def _paths(root: Root) -> Iterator[tuple[str, str]]:
    if isinstance(root, app_commands.Group):
        for command in root.walk_commands():
            if isinstance(command, app_commands.Command):
                yield command.qualified_name, command.description
    else:
        yield root.qualified_name, root.description
