"""Deletes a server's data thirty days after the bot was removed from it."""

import logging
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from bot.runners.time import Alarm
from bot.runners.tools import Tools
from bot.storage import privacy
from bot.storage.moments import from_ms

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)


class GuildPurger:
    """Notes removals and returns, and deletes what is due. An outage is not a removal.

    `is_member` says whether the bot is in a server; it is asked again before each part that is deleted.
    """

    def __init__(self, tools: Tools, is_member: Callable[[int], bool]) -> None:
        self._tools = tools
        self._is_member = is_member
        self._alarm = Alarm(tools.time)
        self._being_deleted: set[int] = set()

    async def removed(self, guild_id: int) -> None:
        """Note that the bot was removed from a server just now."""
        await self._tools.settings.mark_removed(guild_id, self._tools.time.now())
        log.info("Removed from server %d; its data goes in %d days", guild_id, KEPT.days)
        self._alarm.ring()

    async def returned(self, guild_id: int) -> None:
        """Note that the bot is in a server (again), so that nothing, or nothing more, is deleted."""
        # This counts at once; the note itself waits for a part that is being deleted.
        self._being_deleted.discard(guild_id)
        await self._tools.settings.mark_removed(guild_id, None)

    async def compare(self, present: AbstractSet[int]) -> None:
        """Note what happened while the bot was away; `present` are all the servers that it is in."""
        stored = await self._tools.database.read(privacy.stored_guilds, self._tools.shards)
        for guild_id in stored & present:
            await self.returned(guild_id)
        for guild_id in stored - present:
            if self._tools.settings.get(guild_id).removed_ms is None:
                await self.removed(guild_id)
        self._alarm.ring()

    async def run(self) -> None:
        """Delete what is due, until cancelled."""
        await self._alarm.keep_doing(self._purge_due, "The deletion of servers' data")

    async def _purge_due(self) -> datetime:
        """Delete the data of each server whose time has come, and return when to look again."""
        now = self._tools.time.now()
        later = now + KEPT
        for guild_id in self._tools.settings.guild_ids():
            removed_ms = self._tools.settings.get(guild_id).removed_ms
            if removed_ms is None:
                continue
            due = from_ms(removed_ms) + KEPT
            if due > now:
                later = min(later, due)
            else:
                await self._purge(guild_id)
        return later

    async def _purge(self, guild_id: int) -> None:
        """Delete a server's data part by part, but stop once the bot is back in it."""
        self._being_deleted.add(guild_id)
        has_more = True
        while has_more and guild_id in self._being_deleted:
            if self._is_member(guild_id):
                await self.returned(guild_id)
            else:
                has_more = await self._tools.database.write(privacy.purge_guild, guild_id)
        if guild_id not in self._being_deleted:
            log.info("In server %d again; nothing more of its data is deleted", guild_id)
            return
        self._being_deleted.discard(guild_id)
        await self._tools.database.forget_deleted()
        self._tools.settings.forget(guild_id)
        self._tools.own.forget(guild_id)
        log.info("Deleted the data of server %d, %d days after the bot was removed", guild_id, KEPT.days)
