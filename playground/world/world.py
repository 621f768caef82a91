"""Everything that exists, and how it comes and goes."""

from collections.abc import Iterator
from datetime import timedelta

from playground.clock import SharedClock
from playground.refused import Json, Reason, Refused
from playground.world.model import (
    Attachment,
    Channel,
    ChannelKind,
    Guild,
    Member,
    Message,
    Role,
    ThreadState,
    User,
    Webhook,
)
from playground.world.snowflakes import DISCORD_EPOCH, Snowflakes, snowflake


class World:
    """Everything that exists, by id.

    The bot is a user like others; its id and `application_id` are the same, as Discord makes them. `url` is
    where all of this is served. `uploads` are the files that people gave to commands, by their ids.
    """

    def __init__(
        self, clock: SharedClock, bot: User, token: str, *, privileged_intents: bool = False
    ) -> None:
        self.clock = clock
        self.snowflakes = Snowflakes(clock.now)
        self.bot = bot
        self.application_id = bot.id
        self.token = token
        self.privileged_intents = privileged_intents
        self.url = ""
        self.users: dict[int, User] = {bot.id: bot}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.direct: dict[int, Channel] = {}
        self.commands: dict[int | None, list[Json]] = {}
        self.user_installs: set[int] = set()
        self.uploads: dict[int, Attachment] = {}
        self.webhooks: dict[int, Webhook] = {}

    @property
    def owner(self) -> User:
        """The person whom the application belongs to: the first there is, or the bot where there is none."""
        return next((user for user in self.users.values() if not user.bot), self.bot)

    @property
    def first_guild(self) -> Guild:
        """The server that there was at the beginning, or the one that took its place."""
        return next(iter(self.guilds.values()))

    def add_user(
        self, username: str, display_name: str | None = None, *, user_id: int | None = None, **more: object
    ) -> User:
        """Return a new account; further fields as in User."""
        user = User(user_id or self.snowflakes.next(), username, display_name)
        for name, value in more.items():
            setattr(user, name, value)
        self.users[user.id] = user
        return user

    def add_guild(
        self,
        name: str,
        owner: User,
        *,
        everyone: int,
        bot_permissions: int | None,
        guild_id: int | None = None,
    ) -> Guild:
        """Return a server with @everyone, its owner and the bot with a role of its own.

        `bot_permissions` None leaves the bot out.
        """
        guild = Guild(guild_id or self.snowflakes.next(), name, owner.id)
        self.guilds[guild.id] = guild
        guild.roles[guild.id] = Role(guild.id, "@everyone", everyone)
        self.add_member(guild, owner)
        if bot_permissions is not None:
            role = Role(guild.id + 1, self.bot.shown_name, bot_permissions, 1, bot_id=self.bot.id)
            guild.roles[role.id] = role
            self.add_member(guild, self.bot, role)
        return guild

    def add_guilds(self, count: int, owner: User, *, everyone: int, bot_permissions: int) -> list[Guild]:
        """Many small servers with a text channel each, spread evenly over shards; for load tests."""
        made = []
        for index in range(count):
            # The shard comes from the bits above 22, so each server gets a millisecond of its own.
            guild_id = snowflake(DISCORD_EPOCH + timedelta(days=365, milliseconds=index))
            guild = self.add_guild(
                f"Server {index}",
                owner,
                everyone=everyone,
                bot_permissions=bot_permissions,
                guild_id=guild_id,
            )
            self.add_channel(guild, "general", channel_id=guild_id + 2)
            made.append(guild)
        return made

    def add_role(
        self, guild: Guild, name: str, permissions: int = 0, *, role_id: int | None = None, **more: object
    ) -> Role:
        """Return a new role at the top; further fields as in Role."""
        role = Role(role_id or self.snowflakes.next(), name, permissions, len(guild.roles))
        for field_name, value in more.items():
            setattr(role, field_name, value)
        guild.roles[role.id] = role
        return role

    def add_member(self, guild: Guild, user: User, *roles: Role) -> Member:
        """Let a user join."""
        member = Member(user.id, self.clock.now(), [role.id for role in roles])
        guild.members[user.id] = member
        return member

    def add_channel(
        self,
        guild: Guild,
        name: str,
        kind: ChannelKind = ChannelKind.TEXT,
        *,
        topic: str | None = None,
        channel_id: int | None = None,
    ) -> Channel:
        """Return a new channel at the bottom of the list."""
        position = sum(1 for channel in guild.channels.values() if channel.thread is None)
        channel = Channel(channel_id or self.snowflakes.next(), kind, name, guild.id, position, topic)
        guild.channels[channel.id] = channel
        self.channels[channel.id] = channel
        return channel

    def add_thread(
        self,
        parent: Channel,
        name: str,
        owner_id: int,
        kind: ChannelKind = ChannelKind.PUBLIC_THREAD,
        *,
        channel_id: int | None = None,
    ) -> Channel:
        """Return a new thread; its owner is in it."""
        if parent.guild_id is None:
            raise ValueError("Threads live in servers.")
        state = ThreadState(owner_id, self.clock.now(), member_ids={owner_id})
        channel = Channel(
            channel_id or self.snowflakes.next(),
            kind,
            name,
            parent.guild_id,
            parent_id=parent.id,
            thread=state,
        )
        self.guilds[parent.guild_id].channels[channel.id] = channel
        self.channels[channel.id] = channel
        return channel

    def remove_channel(self, channel: Channel) -> list[Channel]:
        """Forget a channel and its threads; returns all that went."""
        guild = self.guilds[channel.guild_id] if channel.guild_id is not None else None
        gone = [channel]
        if guild is not None:
            gone += [other for other in guild.channels.values() if other.parent_id == channel.id]
        for one in gone:
            self.channels.pop(one.id, None)
            if guild is not None:
                guild.channels.pop(one.id, None)
        return gone

    def remove_guild(self, guild: Guild) -> None:
        """Forget a server with its channels."""
        for channel in guild.channels.values():
            self.channels.pop(channel.id, None)
        del self.guilds[guild.id]

    def direct_channel(self, user_id: int) -> Channel:
        """Return the user's conversation with the bot, opened if there was none."""
        if user_id not in self.direct:
            channel = Channel(self.snowflakes.next(), ChannelKind.DIRECT, "", recipient_id=user_id)
            self.direct[user_id] = channel
            self.channels[channel.id] = channel
        return self.direct[user_id]

    def guild(self, guild_id: int) -> Guild:
        """Return a server that the bot is in and that is not having an outage.

        Raises Refused otherwise.
        """
        guild = self.guilds.get(guild_id)
        if guild is None or self.bot.id not in guild.members:
            raise Refused(Reason.UNKNOWN_GUILD)
        if not guild.available:
            raise Refused(Reason.OUTAGE)
        return guild

    def members_named(self, guild: Guild, start: str, limit: int) -> list[Member]:
        """Return the first members with a name or nickname that starts with `start`, in any case."""
        found = [
            member
            for member in guild.members.values()
            for user in (self.users[member.user_id],)
            if any(
                (name or "").lower().startswith(start.lower())
                for name in (user.username, user.display_name, member.nickname)
            )
        ]
        return found[:limit]

    def channel(self, channel_id: int) -> Channel:
        """Return a channel by id; raises Refused."""
        try:
            return self.channels[channel_id]
        except KeyError:
            raise Refused(Reason.UNKNOWN_CHANNEL) from None

    def guild_of(self, channel: Channel) -> Guild | None:
        """Return the server that a channel belongs to; None for a direct conversation."""
        return None if channel.guild_id is None else self.guilds[channel.guild_id]

    def bot_guilds(self) -> Iterator[Guild]:
        """Return the servers that the bot is in."""
        return (guild for guild in self.guilds.values() if self.bot.id in guild.members)

    def upload_url(self, upload: Attachment) -> str:
        """Return where a file is served that a person gave to a command."""
        return f"{self.url}/cdn/ephemeral-attachments/{self.application_id}/{upload.id}/{upload.filename}"

    def attachment_url(self, message: Message, attachment: Attachment) -> str:
        """Return where an attachment is served."""
        return f"{self.url}/cdn/attachments/{message.channel_id}/{attachment.id}/{attachment.filename}"
