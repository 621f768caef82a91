"""What players are called, for pictures: kept in memory only, as they come by, and asked for when needed."""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Iterable, Sequence

import aiohttp
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

    async def of(
        self, guild_id: int, user_ids: Sequence[int], *, patience_s: float = PATIENCE_S
    ) -> list[str | None]:
        """Return the names of these members in order, None for whom we cannot tell.

        At most ten are asked of Discord, for `patience_s` seconds in all: a picture waits for no name.
        """
        missing = [user_id for user_id in user_ids if (guild_id, user_id) not in self._kept]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await self._fetch(guild_id, missing[:MOST_FETCHED])
        return [self._kept.get((guild_id, user_id)) for user_id in user_ids]

    async def _fetch(self, guild_id: int, user_ids: Iterable[int]) -> None:
        guild = self._client.get_guild(guild_id)
        if guild is None:
            return
        await asyncio.gather(*(self._fetch_one(guild, user_id) for user_id in user_ids))

    async def _fetch_one(self, guild: discord.Guild, user_id: int) -> None:
        # Each is noted as it comes, so that a slow one loses none of the others.
        with contextlib.suppress(discord.HTTPException, aiohttp.ClientError, OSError):
            self.note(guild.id, await guild.fetch_member(user_id))
