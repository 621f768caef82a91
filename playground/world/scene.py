"""What a world begins with: a bot, six people, and one server with its channels."""

from dataclasses import dataclass
from datetime import timedelta

from playground.clock import SharedClock
from playground.world.model import Guild, User
from playground.world.permissions import Permission
from playground.world.world import World

# Fixed ids, so that what the bot stored about this server still fits after a restart of the playground.
BOT_ID = 256_708_519_700_070_400
GUILD_ID = 256_708_557_449_199_616
USER_IDS = range(256_700_000_000_000_001, 256_700_000_000_000_007)
CHANNEL_IDS = range(256_708_557_449_199_700, 256_708_557_449_199_710)
ROLE_IDS = range(256_708_557_449_199_720, 256_708_557_449_199_722)
TIMED_OUT_FOR = timedelta(days=28)

EVERYONE = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.READ_MESSAGE_HISTORY
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.ADD_REACTIONS
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.USE_EXTERNAL_APPS
    | Permission.CONNECT
    | Permission.SPEAK
    | Permission.CHANGE_NICKNAME
)
BOT = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.MENTION_EVERYONE
)
MODERATOR = (
    Permission.MANAGE_GUILD
    | Permission.MANAGE_MESSAGES
    | Permission.MANAGE_THREADS
    | Permission.MODERATE_MEMBERS
    | Permission.MENTION_EVERYONE
)
PEOPLE = (
    ("ada", "Ada", 0xE0A458, "Owns this server."),
    ("ben", "Ben", 0x5B8E7D, "Moderator: may manage the server and its messages."),
    ("carmen", "Carmen", 0xC8553D, "Here often."),
    ("dev", "Dev", 0x588B8B, "Here often."),
    ("eli", "Eli", 0x8F5C99, "New here."),
    ("fay", "Fay", 0x6C757D, "Timed out: can read, but not write or use commands."),
)


@dataclass(frozen=True, slots=True)
class Scene:
    """The bot's name and its server; whoever starts a playground for a bot of theirs may choose both.

    `channels` are pairs of name and topic, `home` is the one that people act in unless they say otherwise,
    and `thread` lies in the last one. `role` is everybody's but the moderators', and can be mentioned.
    The page's first hint offers `first_command`, else the first command that needs no option; `times` ends
    the sentence that says where the page finds moments to jump to. `privileged_intents` are those switches of
    Discord's developer portal (members, presences, message content), all on or all off. With `rate_limits`
    too many requests are refused, as by Discord.
    """

    bot_username: str = "bot"
    bot_name: str = "Bot"
    bot_color: int = 0x3D348B
    server: str = "Playground"
    channels: tuple[tuple[str, str], ...] = (
        ("general", "Say anything."),
        ("commands", "Type / to see what the bot can do."),
    )
    home: str = "general"
    thread: str = "A thread"
    role: str = "Member"
    bot_permissions: Permission = BOT
    first_command: str | None = None
    times: str | None = None
    privileged_intents: bool = False
    rate_limits: bool = False

    def new_world(self, clock: SharedClock, token: str) -> World:
        """Return a world with the bot, its people and the server."""
        bot = User(BOT_ID, self.bot_username, self.bot_name, bot=True, color=self.bot_color)
        world = World(clock, bot, token, privileged_intents=self.privileged_intents)
        for user_id, (username, name, color, description) in zip(USER_IDS, PEOPLE, strict=True):
            world.add_user(username, name, user_id=user_id, color=color, description=description)
        world.user_installs.update(USER_IDS)
        self.add_server(world, fixed_ids=True)
        for user_id in USER_IDS:
            world.direct_channel(user_id)
        return world

    def add_server(self, world: World, *, fixed_ids: bool = False) -> Guild:
        """Add the server to a world and return it, with its fixed ids or with new ones."""
        guild_id = GUILD_ID if fixed_ids else None
        role_ids = ROLE_IDS if fixed_ids else (None, None)
        channel_ids = CHANNEL_IDS if fixed_ids else [None] * len(CHANNEL_IDS)
        owner, moderator, *others = (world.users[user_id] for user_id in USER_IDS)
        guild = world.add_guild(
            self.server, owner, everyone=EVERYONE, bot_permissions=self.bot_permissions, guild_id=guild_id
        )
        moderators = world.add_role(guild, "Moderator", MODERATOR, role_id=role_ids[0], color=0xE0A458)
        role = world.add_role(guild, self.role, role_id=role_ids[1], mentionable=True, color=0x5B8E7D)
        guild.members[owner.id].roles += [moderators.id, role.id]
        world.add_member(guild, moderator, moderators)
        for user in others:
            world.add_member(guild, user, role)
        guild.members[USER_IDS[-1]].timed_out_until = world.clock.now() + TIMED_OUT_FOR
        made = [
            world.add_channel(guild, name, topic=topic, channel_id=channel_id)
            for (name, topic), channel_id in zip(self.channels, channel_ids, strict=False)
        ]
        world.add_thread(made[-1], self.thread, owner.id, channel_id=channel_ids[len(made)])
        return guild
