"""Drive a bot through the local Discord as people would.

Run, click, choose, complete, submit, and read the answer.

    ada = discord.member("Ada")
    reply = await ada.run("roll", dice="2d6", channel="games")
    again = await ada.click(reply.message, "Again")

Nothing here sleeps: waiting is for events of the local Discord, with a real-time limit only against a test
that hangs.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from playground.clock import SharedTime
from playground.process import BotProcess
from playground.refused import Json
from playground.schema.callbacks import Kind
from playground.schema.components import ComponentKind
from playground.server import LocalDiscord
from playground.testing.shown import Reply, Shown
from playground.world.events import Event, MessageEvent
from playground.world.model import Channel, ChannelKind, Guild, Interaction, Message, User
from playground.world.permissions import permission_named
from playground.world.scene import EVERYONE

PATIENCE = 10.0
START_PATIENCE = 30.0


class Actor:
    """A person.

    Channels are given by name or object; without one it is the scene's home, `DM` is their talk with the bot.
    """

    def __init__(self, driver: "Driver", user: User, guild: Guild) -> None:
        self._driver = driver
        self._people = driver.server.people
        self.user = user
        self.guild = guild

    @property
    def id(self) -> int:
        return self.user.id

    def say(self, content: str, *, channel: str | Channel | None = None) -> Shown:
        """Write a plain message."""
        place = self._driver.channel(channel, self)
        return Shown(self._people.say(self.id, place.id, content))

    def react(self, message: Shown | Message, emoji: str) -> None:
        """Put a reaction under a message, or take one's own away."""
        raw = _raw(message)
        self._people.react(self.id, raw.channel_id, raw.id, emoji)

    async def use_on(
        self, target: "Actor | Shown | Message", command: str, *, channel: str | Channel | None = None
    ) -> Reply:
        """Use a command of the context menu of a person (in a channel) or of a message."""
        if isinstance(target, Actor):
            place = self._driver.channel(channel, self)
            return await self._settled(self._people.use_on_user(self.id, place.id, command, target.id))
        raw = _raw(target)
        return await self._settled(self._people.use_on_message(self.id, raw.channel_id, command, raw.id))

    async def run(
        self, command: str, *, channel: str | Channel | None = None, force: bool = False, **options: Any
    ) -> Reply:
        """Run a command (`game start`) and wait for its final answer.

        `force` skips what Discord's client checks.
        """
        place = self._driver.channel(channel, self)
        return await self._settled(self._people.run(self.id, place.id, command, options, force=force))

    async def complete(
        self, command: str, option: str, typed: str, *, channel: str | Channel | None = None, **others: Any
    ) -> list[Json]:
        """Return what is offered while typing into an option: objects with `name` and `value`."""
        place = self._driver.channel(channel, self)
        interaction = self._people.complete(self.id, place.id, command, others | {option: typed}, option)
        await self._settled(interaction)
        assert interaction.choices is not None, "the bot did not offer anything in time"
        return interaction.choices

    async def click(self, message: Shown | Message, button: str) -> Reply:
        """Click a button by what is written on it, or by its custom_id."""
        return await self._settled(self.begin_click(message, button))

    def begin_click(self, message: Shown | Message, button: str) -> Interaction:
        """Click without waiting for the answer."""
        raw = _raw(message)
        labelled = Shown(raw).buttons.get(button)
        custom_id = button if labelled is None else str(labelled["custom_id"])
        return self._people.click(self.id, raw.channel_id, raw.id, custom_id)

    async def forge(
        self, message: Shown | Message, custom_id: str, values: Sequence[str] | None = None
    ) -> Reply:
        """Click with any custom_id at all, as only a forged request can."""
        raw = _raw(message)
        return await self._settled(
            self._people.click(self.id, raw.channel_id, raw.id, custom_id, values, force=True)
        )

    def forge_interaction(
        self, kind: int, channel: Channel, data: Json, *, source: Message | None = None
    ) -> Interaction:
        """Begin an interaction of Discord's type `kind` with data of any shape, as no client would."""
        in_server = channel.guild_id is not None
        installed = in_server and self._driver.world.bot.id in self.guild.members
        owners = {"0": str(channel.guild_id)} if installed else {"1": str(self.id)}
        return self._driver.server.interactions.create(
            Kind(kind), self.id, channel, data, owners=owners, source=source
        )

    async def choose(self, message: Shown | Message, *values: str, select: int | str = 0) -> Reply:
        """Choose values in a select, which is given by its place among the selects or by its custom_id."""
        raw = _raw(message)
        custom_id = Shown(raw).selects[select]["custom_id"] if isinstance(select, int) else select
        return await self._settled(self._people.click(self.id, raw.channel_id, raw.id, custom_id, values))

    async def submit(self, opened: Reply, fields: Json, *, force: bool = False) -> Reply:
        """Fill in the form that a reply opened.

        Values by custom_id, or by a field's label. `force` submits it twice.
        """
        assert opened.modal is not None, "no form is open"
        by_label = dict(_labelled(opened.modal["components"]))
        named = {by_label.get(name, name): value for name, value in fields.items()}
        return await self._settled(self._people.submit(self.id, opened.interaction.id, named, force=force))

    @staticmethod
    async def _settled(interaction: Interaction) -> Reply:
        await asyncio.wait_for(interaction.settled.wait(), PATIENCE)
        return Reply(interaction)


class Driver:
    """The local Discord as a test sees it. `server` has all its parts: world, faults, controls, log."""

    def __init__(self, server: LocalDiscord) -> None:
        self.server = server
        self.world = server.world
        self.clock = server.clock
        self.time = SharedTime(server.clock)
        self.faults = server.faults
        self.controls = server.controls
        self.log = server.log
        self._waiters: set[asyncio.Event] = set()
        server.hub.subscribe(self._hear)

    def _hear(self, _event: Event) -> None:
        for waiter in self._waiters:
            waiter.set()

    @property
    def guild(self) -> Guild:
        """The server that there was at the beginning."""
        return self.world.first_guild

    @property
    def members(self) -> list[Actor]:
        """Everybody in the first server but the bot."""
        return [
            Actor(self, self.world.users[user_id], self.guild)
            for user_id in self.guild.members
            if user_id != self.world.bot.id
        ]

    def member(self, name: str, guild: Guild | None = None) -> Actor:
        """Return a person by display name: Ada owns the server, Ben moderates, Fay is timed out."""
        user = next(user for user in self.world.users.values() if user.shown_name == name)
        return Actor(self, user, guild or self.guild)

    def add_members(self, count: int, guild: Guild | None = None) -> list[Actor]:
        """Many new people in a server."""
        place = guild or self.guild
        added = []
        for index in range(count):
            user = self.world.add_user(f"player{index}", f"Player {index}")
            self.world.add_member(place, user)
            added.append(Actor(self, user, place))
        return added

    def add_guild(self, name: str, *, with_bot: bool = True, channels: Sequence[str] = ()) -> Guild:
        """Add a server owned by Ada, by default with the scene's home; the bot is told when it is in it."""
        bot_permissions = self.guild.roles[self.guild.id + 1].permissions if with_bot else None
        guild = self.world.add_guild(
            name, self.member("Ada").user, everyone=EVERYONE, bot_permissions=bot_permissions
        )
        for channel in channels or (self.server.scene.home,):
            self.world.add_channel(guild, channel)
        if with_bot:
            self.server.gateway.announce(guild)
        return guild

    def channel(self, channel: str | Channel | None = None, actor: Actor | None = None) -> Channel:
        """Return a channel or thread by name (in the actor's server), by default the scene's home.

        `DM` is the actor's conversation with the bot.
        """
        if isinstance(channel, Channel):
            return channel
        name = self.server.scene.home if channel is None else channel
        if name == "DM":
            assert actor is not None, "whose?"
            return self.world.direct_channel(actor.id)
        guild = actor.guild if actor is not None else self.guild
        return next(one for one in guild.channels.values() if one.name == name)

    def add_channel(self, name: str, kind: ChannelKind = ChannelKind.TEXT) -> Channel:
        """Add a channel to the first server; the bot is told of it."""
        return self.controls.create_channel(self.guild, name, kind)

    def add_thread(self, name: str, parent: str | Channel | None = None, owner: str = "Ada") -> Channel:
        """Open a public thread; the bot is told of it."""
        return self.controls.create_thread(self.channel(parent), name, self.member(owner).id)

    def deny(self, channel: str | Channel, permission: str, actor: Actor | None = None) -> None:
        """Take a permission (`send_messages`) in a channel from the bot, or from somebody else."""
        user_id = None if actor is None else actor.id
        self.controls.deny(self.channel(channel), permission_named(permission), user_id=user_id)

    def allow(self, channel: str | Channel, permission: str, actor: Actor | None = None) -> None:
        """Grant a permission in a channel."""
        user_id = None if actor is None else actor.id
        self.controls.allow(self.channel(channel), permission_named(permission), user_id=user_id)

    def messages(self, channel: str | Channel | None = None, actor: Actor | None = None) -> list[Shown]:
        """Return what can be read in a channel, oldest first; private answers only those of `actor`."""
        reader = None if actor is None else actor.id
        return [Shown(one) for one in self.channel(channel, actor).messages_for(reader)]

    async def until(self, condition: Callable[[], bool], *, patience: float = PATIENCE) -> None:
        """Wait until a condition holds; it is looked at after each event of the local Discord."""
        waiter = asyncio.Event()
        self._waiters.add(waiter)
        try:
            async with asyncio.timeout(patience):
                while not condition():
                    waiter.clear()
                    await waiter.wait()
        finally:
            self._waiters.discard(waiter)

    async def next_message(
        self, channel: str | Channel | None = None, where: Callable[[Shown], bool] = lambda _: True
    ) -> Shown:
        """Wait for a new message of everybody's in a channel that fits."""
        place = self.channel(channel)
        found: asyncio.Future[Shown] = asyncio.get_running_loop().create_future()

        def hear(event: Event) -> None:
            if isinstance(event, MessageEvent) and event.what == "create" and not found.done():
                shown = Shown(event.message)
                if event.message.channel_id == place.id and not shown.ephemeral and where(shown):
                    found.set_result(shown)

        forget = self.server.hub.subscribe(hear)
        try:
            return await asyncio.wait_for(found, PATIENCE)
        finally:
            forget()

    def on_message(self, listener: Callable[[Shown], None]) -> Callable[[], None]:
        """Call `listener` with each message that is sent or edited; the function returned ends it."""

        def hear(event: Event) -> None:
            if isinstance(event, MessageEvent) and event.what != "delete":
                listener(Shown(event.message))

        return self.server.hub.subscribe(hear)

    async def connected(self) -> None:
        """Wait until the bot is at the gateway and has been sent its servers."""
        await self.until(lambda: self.server.gateway.online)

    async def start_process(self, process: BotProcess) -> None:
        """Start a bot process and wait until this very one is at the gateway, its commands registered."""
        before = set(self.server.gateway.sessions)
        await process.start()
        await self.until(lambda: bool(set(self.server.gateway.sessions) - before), patience=START_PATIENCE)

    def advance(self, seconds: float) -> None:
        """Jump the clock; whoever sleeps on it wakes."""
        self.clock.advance(seconds)


def _raw(message: Shown | Message) -> Message:
    return message.raw if isinstance(message, Shown) else message


def _labelled(components: Sequence[Json]) -> Iterator[tuple[str, str]]:
    for part in components:
        if part["type"] == ComponentKind.LABEL:
            yield part["label"], part["component"]["custom_id"]
        for child in part.get("components") or ():
            yield child["label"], child["custom_id"]
