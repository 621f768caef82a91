"""A discord.py client of this very process at the local Discord."""

import asyncio

import discord as discord_py

from playground.redirect import discord_at
from playground.testing.driver import PATIENCE, Driver


class RunningClient:
    """A discord.py client connected to the local Discord from this very process."""

    def __init__(self, driver: Driver, client: discord_py.Client) -> None:
        self.client = client
        self._driver = driver
        self._redirect = discord_at(driver.server.url)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect, and return once the client says that it is ready."""
        self._redirect.__enter__()
        # discord.py waits two seconds after the last server for one more; here there is none to come.
        # There is no public way to say so.
        self.client._connection.guild_ready_timeout = 0.05  # noqa: SLF001
        # It also leaves Discord five seconds between two sessions.
        setattr(self.client, "before_identify_hook", _at_once)  # noqa: B010 (mypy forbids it for a method)
        self._task = asyncio.create_task(self.client.start(self._driver.world.token), name="client")
        await self._driver.connected()
        ready = asyncio.create_task(self.client.wait_until_ready())
        await asyncio.wait((ready, self._task), timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if self._task.done():
            ready.cancel()
            await self._task
        await ready

    async def ended(self) -> None:
        """Wait until the client ends by itself. Raises what it ends with."""
        if self._task is not None:
            await asyncio.shield(self._task)

    async def stop(self) -> None:
        """Close the client and let its tasks end."""
        await self.client.close()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)
        self._redirect.__exit__(None, None, None)


async def _at_once(_shard_id: int | None, *, initial: bool) -> None:
    """Begin a session without a pause."""
