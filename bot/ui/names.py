"""What players are called, for pictures: kept in memory only, as they come by, and asked for when needed."""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Iterable, Sequence

import discord

MOST_KEPT = 10_000
MOST_FETCHED = 10
PATIENCE_S = 2.0


class Names:
    """The display names of members, by server."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._kept: OrderedDict[tuple[int, int], str] = OrderedDict()

    def note(self, guild_id: int, member: discord.abc.User) -> None:
        """Remember what somebody who acted is called."""
        key = (guild_id, member.id)
        self._kept[key] = member.display_name
        self._kept.move_to_end(key)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    async def of(self, guild_id: int, user_ids: Sequence[int]) -> list[str | None]:
        """Return the names of these members in order, None for whom we cannot tell.

        At most ten are asked of Discord, for two seconds in all: a picture waits for no name.
        """
        missing = [user_id for user_id in user_ids if (guild_id, user_id) not in self._kept]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                await self._fetch(guild_id, missing[:MOST_FETCHED])
        return [self._kept.get((guild_id, user_id)) for user_id in user_ids]

    async def _fetch(self, guild_id: int, user_ids: Iterable[int]) -> None:
        guild = self._client.get_guild(guild_id)
        if guild is None:
            return
        fetches = [guild.fetch_member(user_id) for user_id in user_ids]
        for member in await asyncio.gather(*fetches, return_exceptions=True):
            if isinstance(member, discord.Member):
                self.note(guild_id, member)
