"""The server that a newcomer finds: City of Stars, its channels and its six members."""

from collections.abc import Sequence
from datetime import timedelta

from playground.clock import SharedClock
from playground.world.model import Channel, Guild, User, World
from playground.world.permissions import Permission

# Fixed ids, so that what the bot keeps about this server is still about it after a restart of the playground.
BOT_ID = 256_708_519_700_070_400
GUILD_ID = 256_708_557_449_199_616
USER_IDS = range(256_700_000_000_000_001, 256_700_000_000_000_007)
CHANNEL_IDS = range(256_708_557_449_199_700, 256_708_557_449_199_710)
ROLE_IDS = (256_708_557_449_199_720, 256_708_557_449_199_721)
TOKEN = "no-secret-for-the-playground"  # noqa: S105 (it opens nothing)
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
    ("carmen", "Carmen", 0xC8553D, "Plays often."),
    ("dev", "Dev", 0x588B8B, "Plays often."),
    ("eli", "Eli", 0x8F5C99, "New here."),
    ("fay", "Fay", 0x6C757D, "Timed out: can read, but not write or play."),
)
CHANNELS = (
    ("welcome", "Say hello, and try /help."),
    ("trivia", "Quiz rounds and facts."),
    ("film-club", "One fact a day."),
)
THREAD = "The opening number"


def new_world(clock: SharedClock) -> World:
    """Return a world with the bot, its people and the server."""
    bot = User(BOT_ID, "another-day-of-trivia", "Another Day of Trivia", bot=True, color=0x3D348B)
    world = World(clock, bot, TOKEN)
    for user_id, (username, name, color, description) in zip(USER_IDS, PEOPLE, strict=True):
        world.add_user(username, name, user_id=user_id, color=color, description=description)
    world.user_installs.update(world.users.keys() - {bot.id})
    add_city_of_stars(world, GUILD_ID, CHANNEL_IDS, ROLE_IDS)
    for user_id in USER_IDS:
        world.direct_channel(user_id)
    return world


def add_city_of_stars(
    world: World,
    guild_id: int | None = None,
    channel_ids: Sequence[int | None] = (None,) * 4,
    role_ids: Sequence[int | None] = (None,) * 2,
) -> Guild:
    """Return the server itself, with new ids unless they are given."""
    ada, ben, *others = (world.users[user_id] for user_id in USER_IDS)
    guild = world.add_guild("City of Stars", ada, everyone=EVERYONE, bot_permissions=BOT, guild_id=guild_id)
    moderators = world.add_role(guild, "Moderator", MODERATOR, role_id=role_ids[0], color=0xE0A458)
    film_lovers = world.add_role(guild, "Film lovers", role_id=role_ids[1], mentionable=True, color=0x5B8E7D)
    guild.members[ada.id].roles += [moderators.id, film_lovers.id]
    world.add_member(guild, ben, moderators)
    for user in others:
        world.add_member(guild, user, film_lovers)
    guild.members[USER_IDS[-1]].timed_out_until = world.clock.now() + TIMED_OUT_FOR
    made: list[Channel] = []
    for (name, topic), channel_id in zip(CHANNELS, channel_ids, strict=False):
        made.append(world.add_channel(guild, name, topic=topic, channel_id=channel_id))
    world.add_thread(made[-1], THREAD, ada.id, channel_id=channel_ids[len(CHANNELS)])
    return guild
