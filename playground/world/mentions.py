"""Whom a message pings: what its text names, as far as `allowed_mentions` lets it."""

import re
from dataclasses import dataclass

from playground.refused import Json
from playground.schema.components import ComponentKind, walk
from playground.world.model import Guild, Message
from playground.world.world import World

USER = re.compile(r"<@!?(\d{1,20})>")
ROLE = re.compile(r"<@&(\d{1,20})>")
EVERYONE = re.compile(r"@(?:everyone|here)\b")


@dataclass(frozen=True, slots=True)
class Allowed:
    """Which kinds of mention may ping; a set of ids narrows a kind down."""

    users: bool | frozenset[int] = True
    roles: bool | frozenset[int] = True
    everyone: bool = True

    @classmethod
    def of(cls, body: Json, *, by_interaction: bool) -> "Allowed":
        """Read a body's `allowed_mentions`; without it an interaction's answer pings only users."""
        given = body.get("allowed_mentions")
        if given is None:
            return cls(roles=not by_interaction, everyone=not by_interaction)
        parse = given.get("parse") or ()
        return cls(
            "users" in parse or frozenset(map(int, given.get("users") or ())),
            "roles" in parse or frozenset(map(int, given.get("roles") or ())),
            "everyone" in parse,
        )


def displayed_text(message: Message) -> str:
    """All that a message says outside of embeds."""
    texts = [
        part["content"] for _, part in walk(message.components) if part["type"] == ComponentKind.TEXT_DISPLAY
    ]
    return "\n".join([message.content, *texts])


def apply_mentions(
    world: World, guild: Guild | None, message: Message, allowed: Allowed, *, may_ping: bool
) -> None:
    """Fill in the message's mentions.

    `may_ping`: whether the author may mention @everyone and every role here.
    """
    words = displayed_text(message)
    named = dict.fromkeys(int(found) for found in USER.findall(words))
    message.mentions = [user for user in named if user in world.users and _passes(allowed.users, user)]
    message.mention_roles = []
    message.mention_everyone = False
    if guild is None:
        return
    roles = dict.fromkeys(int(found) for found in ROLE.findall(words))
    message.mention_roles = [
        role
        for role in roles
        if role in guild.roles
        and _passes(allowed.roles, role)
        and (may_ping or guild.roles[role].mentionable)
    ]
    message.mention_everyone = allowed.everyone and may_ping and EVERYONE.search(words) is not None


def _passes(allowed: bool | frozenset[int], identifier: int) -> bool:
    return allowed if isinstance(allowed, bool) else identifier in allowed
