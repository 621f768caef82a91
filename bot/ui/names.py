"""Players' display names for pictures: kept in memory only, noted as people act, fetched when needed."""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta

import discord

from bot.runners.time import Time
from bot.ui.failures import DISCORD_FAILED

MOST_KEPT = 10_000
MOST_FETCHED = 10
NO_MEMBER_FOR = timedelta(hours=1)
"""How long somebody who has left is not looked up again."""
NO_ANSWER_FOR = timedelta(minutes=1)
"""How long a name that Discord did not send in time is not looked up again."""

Key = tuple[int, int]
"""A server and a user."""


class Names:
    """The display names of members, by server."""

    def __init__(self, client: discord.Client, time: Time) -> None:
        self._client = client
        self._time = time
        self._kept: OrderedDict[Key, str] = OrderedDict()
        self._unknown_until: OrderedDict[Key, datetime] = OrderedDict()

    def note(self, guild_id: int, member: discord.abc.User) -> None:
        """Remember the name of somebody who acted."""
        key = (guild_id, member.id)
        self._unknown_until.pop(key, None)
        self._kept[key] = member.display_name
        self._kept.move_to_end(key)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    async def of(self, guild_id: int, user_ids: Sequence[int], patience_s: float) -> list[str | None]:
        """Return the names of these members in order, None for those that are not known.

        At most ten are fetched, within `patience_s` seconds in all, as a picture waits for no name. One that
        could not be fetched is not asked for again for a while.
        """
        guild = self._client.get_guild(guild_id)
        if guild is not None:
            asked = [user_id for user_id in user_ids if self._is_worth_asking((guild_id, user_id))]
            del asked[MOST_FETCHED:]
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience_s):
                    await asyncio.gather(*(self._fetch(guild, user_id) for user_id in asked))
            for user_id in asked:
                self._give_up((guild_id, user_id), NO_ANSWER_FOR)
        return [self._kept.get((guild_id, user_id)) for user_id in user_ids]

    async def _fetch(self, guild: discord.Guild, user_id: int) -> None:
        # Each is noted as it comes, so that a slow one costs none of the others.
        try:
            self.note(guild.id, await guild.fetch_member(user_id))
        except discord.NotFound:
            self._give_up((guild.id, user_id), NO_MEMBER_FOR)
        except DISCORD_FAILED:
            pass

    def _is_worth_asking(self, key: Key) -> bool:
        until = self._unknown_until.get(key)
        return key not in self._kept and (until is None or until <= self._time.now())

    def _give_up(self, key: Key, span: timedelta) -> None:
        """Stop asking for a name during `span`, unless it is known or given up for longer."""
        if key in self._kept:
            return
        until = self._time.now() + span
        self._unknown_until[key] = max(until, self._unknown_until.get(key, until))
        if len(self._unknown_until) > MOST_KEPT:
            self._unknown_until.popitem(last=False)
