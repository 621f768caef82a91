"""The local Discord, put together and served."""

import base64
import random
import secrets
from typing import Protocol

from aiohttp import web

from playground.api.applications import ApplicationRoutes
from playground.api.bans import BanRoutes
from playground.api.emojis import EmojiRoutes
from playground.api.files import Cdn
from playground.api.guilds import GuildRoutes
from playground.api.http import BODY_BYTES, Api, Route
from playground.api.interactions import InteractionRoutes
from playground.api.members import MemberRoutes
from playground.api.messages import MessageRoutes
from playground.api.missing import missing_routes
from playground.api.overwrites import OverwriteRoutes
from playground.api.pins import PinRoutes
from playground.api.rates import Rates
from playground.api.reactions import ReactionRoutes
from playground.api.roles import RoleRoutes
from playground.api.threads import ThreadRoutes
from playground.api.webhooks import WebhookRoutes
from playground.clock import SharedClock
from playground.faults import Faults
from playground.gateway.events import Announcer
from playground.gateway.gateway import Gateway
from playground.guard import LOOPBACK, protect
from playground.people.controls import Controls
from playground.people.people import People
from playground.people.players import Players
from playground.redirect import gateway_url
from playground.world.events import Hub, StatusEvent
from playground.world.interactions import Interactions
from playground.world.messages import Messages
from playground.world.reactions import Reactions
from playground.world.scene import BOT_ID, Scene

SHUTDOWN_SECONDS = 1.0
BACKLOG = 2_048  # a crowd that clicks at once connects at once; a refused connection would wait a second


class Part(Protocol):
    """Something served beside the API, such as the page."""

    def register(self, app: web.Application) -> None:
        """Add its routes."""

    async def close(self) -> None:
        """End its connections."""


class LocalDiscord:
    """A small Discord for one bot: REST, gateway and CDN.

    Its parts are public, for tests and for whatever is mounted on it. Fields that Discord does not know are
    ignored, as by Discord; a `strict` one refuses them. `chance` is what the players
    who come by themselves leave things to.
    """

    def __init__(
        self,
        clock: SharedClock | None = None,
        scene: Scene | None = None,
        *,
        strict: bool = False,
        chance: random.Random | None = None,
    ) -> None:
        self.clock = clock or SharedClock()
        self.scene = scene or Scene()
        self.world = self.scene.new_world(self.clock, new_token())
        self.hub = Hub()
        self.faults = Faults()
        self.gateway = Gateway(self.world, self.hub, self.faults)
        self.announcer = Announcer(self.world, self.hub, self.gateway)
        self.messages = Messages(self.world, self.hub)
        self.reactions = Reactions(self.hub)
        self.interactions = Interactions(self.world, self.hub, self.messages)
        self.people = People(self.world, self.messages, self.interactions, self.reactions)
        self.controls = Controls(self.world, self.hub, self.faults, self.gateway, self.messages)
        self.players = Players(self.world, self.hub, self.people, self.controls, chance or random.Random())
        self.rates = Rates(on=self.scene.rate_limits)
        self.api = Api(self.world, self.hub, self.faults, self.rates, strict)
        self.log = self.api.log
        self.url = ""
        self._parts: list[Part] = []
        self._runner: web.AppRunner | None = None
        self.clock.on_jump(lambda: self.hub.publish(StatusEvent("clock")))

    def mount(self, part: Part) -> None:
        """Serve a further part, from the next start on."""
        self._parts.append(part)

    def routes(self) -> list[Route]:
        """Return the routes of Discord's that are here."""
        webhooks = WebhookRoutes(self.world, self.gateway, self.messages)
        resources = (
            webhooks,
            MessageRoutes(self.world, self.messages),
            ReactionRoutes(self.world, self.messages, self.reactions),
            InteractionRoutes(self.world, self.interactions, webhooks),
            ApplicationRoutes(self.world, self.hub, self.gateway),
            GuildRoutes(self.world, self.controls),
            MemberRoutes(self.world, self.controls),
            BanRoutes(self.world, self.controls),
            RoleRoutes(self.world, self.controls),
            OverwriteRoutes(self.world, self.controls),
            EmojiRoutes(self.world, self.controls),
            PinRoutes(self.world, self.messages),
            ThreadRoutes(self.world, self.messages, self.controls),
        )
        return [route for resource in resources for route in resource.routes()]

    async def start(self, port: int = 0) -> None:
        """Listen, on this machine only; port 0 takes a free one. Raises OSError when the port is taken."""
        app = web.Application(client_max_size=BODY_BYTES)
        protect(app)
        self.api.register(app, self.routes() + missing_routes())
        self.api.refuse_the_rest(app)
        app.router.add_get("/gateway", self.gateway.handle)
        app.router.add_get("/gateway/", self.gateway.handle)
        Cdn(self.world).register(app)
        for part in self._parts:
            part.register(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, port, backlog=BACKLOG)
        await site.start()
        taken = self._runner.addresses[0][1]
        self.url = f"http://{LOOPBACK}:{taken}"
        self.world.url = self.url
        self.gateway.url = gateway_url(self.url)

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        self.faults.clear()
        self.gateway.drop(1001)
        for part in self._parts:
            await part.close()
        await self.players.close()
        await self.interactions.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def begin_anew(self) -> None:
        """Put a new server in place of the first one, empty the conversations, and end all trouble.

        The registered commands stay, because a bot registers them only once.
        """
        self.players.leave()
        old = self.world.first_guild
        if self.world.bot.id in old.members:
            self.controls.kick(old)
        self.world.remove_guild(old)
        for channel in self.world.direct.values():
            channel.messages.clear()
        self.faults.clear()
        self.gateway.announce(self.scene.add_server(self.world))
        self.hub.publish(StatusEvent("reset"))


def new_token() -> str:
    """Draw a bot's token, in the form that Discord's have: some libraries read the id from its first part."""
    identifier = base64.urlsafe_b64encode(str(BOT_ID).encode()).decode().rstrip("=")
    return f"{identifier}.{secrets.token_urlsafe(6)[:6]}.{secrets.token_urlsafe(28)}"
