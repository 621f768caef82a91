"""The local Discord, put together and served."""

from aiohttp import web

from playground.api.applications import ApplicationRoutes
from playground.api.files import Cdn
from playground.api.guilds import GuildRoutes
from playground.api.http import BODY_BYTES, Api
from playground.api.interactions import InteractionRoutes
from playground.api.messages import MessageRoutes
from playground.clock import SharedClock
from playground.faults import Faults
from playground.gateway.gateway import Gateway
from playground.people.controls import Controls
from playground.people.invoke import People
from playground.redirect import gateway_url
from playground.web.api import PageApi
from playground.world.default import new_world
from playground.world.events import Hub, StatusEvent
from playground.world.interactions import Interactions
from playground.world.messages import Messages
from playground.world.model import World

SHUTDOWN_SECONDS = 1.0
BACKLOG = 2_048  # a crowd that clicks at once connects at once; refused connections would wait a second


class LocalDiscord:
    """A small Discord for one bot.

    REST, gateway, CDN and the page. Its parts are public, for tests and for the launcher.
    """

    def __init__(self, clock: SharedClock | None = None, world: World | None = None) -> None:
        self.clock = clock or SharedClock()
        self.world = world or new_world(self.clock)
        self.hub = Hub()
        self.faults = Faults()
        self.gateway = Gateway(self.world, self.hub, self.faults)
        self.messages = Messages(self.world, self.hub, self.gateway)
        self.interactions = Interactions(self.world, self.hub, self.gateway, self.messages)
        self.people = People(self.world, self.interactions)
        self.controls = Controls(self.world, self.hub, self.faults, self.gateway, self.messages)
        self.api = Api(self.world, self.hub, self.faults)
        self.page = PageApi(self)
        self.log = self.api.log
        self.url = ""
        self._runner: web.AppRunner | None = None
        self.clock.on_jump(lambda: self.hub.publish(StatusEvent("clock")))

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. Raises OSError when the port is taken."""
        app = web.Application(client_max_size=BODY_BYTES)
        for part in (
            MessageRoutes(self.world, self.messages),
            InteractionRoutes(self.interactions, self.messages),
            ApplicationRoutes(self.world, self.hub, self.gateway),
            GuildRoutes(self.world, self.messages, self.controls),
        ):
            self.api.register(app, part.routes())
        self.api.refuse_the_rest(app)
        app.router.add_get("/gateway", self.gateway.handle)
        app.router.add_get("/gateway/", self.gateway.handle)
        Cdn(self.world).register(app)
        self.page.register(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port, backlog=BACKLOG)
        await site.start()
        taken = self._runner.addresses[0][1]
        self.url = f"http://{host}:{taken}"
        self.messages.base_url = self.url
        self.gateway.url = gateway_url(self.url)

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        self.faults.clear()
        self.gateway.drop(1001)
        await self.page.close()
        await self.interactions.close()
        if self._runner is not None:
            await self._runner.cleanup()
