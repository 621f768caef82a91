"""Counts boards anew and clears away old ones, part by part; everybody else writes between the parts."""

import asyncio
import logging
from datetime import timedelta

from bot.runners.time import Time, sleep_or_wake
from bot.storage import recounts
from bot.storage.database import Database

log = logging.getLogger(__name__)

PAUSE = timedelta(milliseconds=10)
"""Between two parts: a bot whose database another process works on needs gaps to find it free."""
AFTER_FAULT = timedelta(minutes=1)
GUILDS_AT_ONCE = 200


class Recounter:
    """Does the parts that are left, also by an earlier process; `wake` says that there are more."""

    def __init__(self, database: Database, time: Time) -> None:
        self._database = database
        self._time = time
        self._changed = asyncio.Event()

    def wake(self) -> None:
        """Look for something to do: a board has changed its zone, or was reset."""
        self._changed.set()

    async def run(self) -> None:
        """Do what there is to do, until cancelled."""
        while True:
            self._changed.clear()
            moment = None
            try:
                await do_all_parts(self._database, self._time)
            except Exception:
                log.exception("A board could not be counted; trying again soon")
                moment = self._time.now() + AFTER_FAULT
            await sleep_or_wake(self._time, moment, self._changed)


async def do_all_parts(database: Database, time: Time) -> None:
    """Do every part that is left, of all servers' boards."""
    while await database.write(recounts.do_part):
        await time.sleep_until(time.now() + PAUSE)


async def rebuild_all(database: Database, time: Time) -> int:
    """Count every server's board anew, also beside a running bot; return how many servers there were."""
    guild_ids = await database.read(recounts.guilds_to_count)
    for start in range(0, len(guild_ids), GUILDS_AT_ONCE):
        chosen = guild_ids[start : start + GUILDS_AT_ONCE]
        await database.write(recounts.begin, chosen)
    await do_all_parts(database, time)
    log.info("Rebuilt the boards of %d servers", len(guild_ids))
    return len(guild_ids)
