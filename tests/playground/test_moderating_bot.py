"""A bot of discord.py's that moderates: bans, exceptions, roles' places, old threads, emojis, pins."""

import asyncio
import io
from collections.abc import Sequence
from datetime import timedelta

import discord as discord_py
import pytest
from PIL import Image

from playground.refused import Refused
from playground.testing.driver import PATIENCE, Driver
from playground.world.model import ChannelKind
from playground.world.permissions import Permission
from tests.wire.conftest import StartClient


class Moderator(discord_py.Client):
    """Notes what it hears of."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord_py.Intents(guilds=True, guild_messages=True, moderation=True, emojis=True)
        )
        self.heard: list[str] = []
        self._new = asyncio.Event()

    def _hear(self, sentence: str) -> None:
        self.heard.append(sentence)
        self._new.set()

    async def hears(self, sentence: str) -> None:
        """Wait until it has heard this."""
        async with asyncio.timeout(PATIENCE):
            while sentence not in self.heard:
                self._new.clear()
                await self._new.wait()

    async def on_member_ban(self, _: discord_py.Guild, user: discord_py.User | discord_py.Member) -> None:
        self._hear(f"{user.display_name} banned")

    async def on_member_unban(self, _: discord_py.Guild, user: discord_py.User) -> None:
        self._hear(f"{user.display_name} unbanned")

    async def on_message(self, message: discord_py.Message) -> None:
        if message.type is discord_py.MessageType.pins_add and message.reference:
            self._hear(f"{message.author.display_name} pinned {message.reference.message_id}")

    async def on_guild_emojis_update(
        self, _: discord_py.Guild, __: Sequence[discord_py.Emoji], after: Sequence[discord_py.Emoji]
    ) -> None:
        self._hear(f"emojis: {', '.join(one.name for one in after)}")

    async def on_guild_role_update(self, _: discord_py.Role, after: discord_py.Role) -> None:
        self._hear(f"{after.name} at {after.position}")

    async def on_guild_channel_update(
        self, _: discord_py.abc.GuildChannel, after: discord_py.abc.GuildChannel
    ) -> None:
        self._hear(f"{after.name} has {len(after.overwrites)} exceptions")


@pytest.fixture
async def moderator(discord: Driver, start_client: StartClient) -> Moderator:
    """The bot, with a role above all others and what it takes."""
    role = discord.guild.roles[discord.guild.id + 1]
    role.position = 10
    role.permissions |= (
        Permission.BAN_MEMBERS
        | Permission.MANAGE_GUILD
        | Permission.MANAGE_ROLES
        | Permission.MANAGE_CHANNELS
        | Permission.MANAGE_THREADS
        | Permission.CREATE_PRIVATE_THREADS
        | Permission.PIN_MESSAGES
        | Permission.CREATE_GUILD_EXPRESSIONS
    )
    bot = Moderator()
    await start_client(bot)
    return bot


async def test_somebody_is_banned_listed_and_let_back(discord: Driver, moderator: Moderator) -> None:
    guild, eli = moderator.guilds[0], discord.member("Eli")
    old = eli.say("long ago")
    discord.advance(7_200)
    new = eli.say("just now")
    await guild.ban(discord_py.Object(eli.id), reason="Said “no” – twice", delete_message_seconds=3_600)
    await moderator.hears("Eli banned")
    assert eli.id not in discord.guild.members
    assert (old.deleted, new.deleted) == (False, True)
    bans = [(ban.user.id, ban.reason) async for ban in guild.bans()]
    assert bans == [(eli.id, "Said “no” – twice")]
    assert (await guild.fetch_ban(discord_py.Object(eli.id))).user.id == eli.id
    with pytest.raises(Refused, match="banned"):
        discord.controls.join(discord.guild, eli.user)
    await guild.unban(discord_py.Object(eli.id))
    await moderator.hears("Eli unbanned")
    with pytest.raises(discord_py.NotFound):
        await guild.fetch_ban(discord_py.Object(eli.id))
    discord.controls.join(discord.guild, eli.user)


async def test_many_are_banned_at_once(discord: Driver, moderator: Moderator) -> None:
    crowd = [member.id for member in discord.add_members(3)]
    ada = discord.member("Ada").id
    done = await moderator.guilds[0].bulk_ban([discord_py.Object(one) for one in (*crowd, ada)])
    assert [one.id for one in done.banned] == crowd
    assert [one.id for one in done.failed] == [ada], "she owns the server"
    guild = moderator.guilds[0]
    assert [ban.user.id async for ban in guild.bans(limit=2)] == sorted(crowd)[:2]
    before = discord_py.Object(max(crowd))
    assert [ban.user.id async for ban in guild.bans(before=before)] == sorted(crowd)[:2]
    with pytest.raises(discord_py.HTTPException) as caught:
        await guild.bulk_ban([discord_py.Object(ada)])
    assert caught.value.code == 500000


async def test_an_exception_is_made_for_a_role_and_a_member(discord: Driver, moderator: Moderator) -> None:
    guild = moderator.guilds[0]
    channel = guild.get_channel(discord.channel("trivia").id)
    assert isinstance(channel, discord_py.TextChannel)
    eli = await guild.fetch_member(discord.member("Eli").id)
    await channel.set_permissions(guild.default_role, send_messages=False)
    await channel.set_permissions(eli, send_messages=True)
    await moderator.hears("trivia has 2 exceptions")
    with pytest.raises(Refused):
        discord.member("Dev").say("may I?")
    discord.member("Eli").say("I may")
    await channel.set_permissions(eli, overwrite=None)
    await moderator.hears("trivia has 1 exceptions")
    with pytest.raises(Refused):
        discord.member("Eli").say("and now?")
    await channel.edit(overwrites={})
    await moderator.hears("trivia has 0 exceptions")
    discord.member("Dev").say("thanks")


async def test_roles_change_places(discord: Driver, moderator: Moderator) -> None:
    guild = moderator.guilds[0]
    one, two, three = [await guild.create_role(name=name) for name in ("one", "two", "three")]
    await moderator.hears("one at 3")
    assert [discord.guild.roles[role.id].position for role in (one, two, three)] == [3, 2, 1]
    await guild.edit_role_positions({three: 3, one: 1})
    await moderator.hears("three at 3")
    await moderator.hears("one at 1")
    places = {role.name: role.position for role in discord.guild.roles.values()}
    assert (places["one"], places["two"], places["three"]) == (1, 2, 3)
    assert sorted(places.values()) == list(range(len(places)))
    await three.edit(position=1)
    await moderator.hears("three at 1")
    top = max(discord.guild.roles.values(), key=lambda role: role.position)
    with pytest.raises(discord_py.Forbidden):
        await three.edit(position=top.position)


async def test_old_threads_are_found_again(discord: Driver, moderator: Moderator) -> None:
    parent, ada = discord.channel("trivia"), discord.member("Ada")
    channel = moderator.guilds[0].get_channel(parent.id)
    assert isinstance(channel, discord_py.TextChannel)
    for name in ("first", "second", "third"):
        thread = discord.controls.create_thread(parent, name, ada.id)
        discord.advance(60)
        discord.controls.change_thread(thread, archived=True, locked=False)
    discord.controls.create_thread(parent, "still open", ada.id)
    private = discord.controls.create_thread(parent, "secret", ada.id, ChannelKind.PRIVATE_THREAD)
    joined = await channel.create_thread(name="ours", type=discord_py.ChannelType.private_thread)
    for thread in (private, discord.world.channel(joined.id)):
        discord.controls.change_thread(thread, archived=True, locked=False)
    names = [thread.name async for thread in channel.archived_threads(limit=None)]
    assert names == ["third", "second", "first"]
    now = discord.clock.now()
    past = [one.name async for one in channel.archived_threads(before=now - timedelta(seconds=90))]
    assert past == ["first"]
    assert {one.name async for one in channel.archived_threads(private=True)} == {"secret", "ours"}
    assert [one.name async for one in channel.archived_threads(private=True, joined=True)] == ["ours"]


async def test_a_server_has_emojis_of_its_own(discord: Driver, moderator: Moderator) -> None:
    guild, ada = moderator.guilds[0], discord.member("Ada")
    file = io.BytesIO()
    Image.new("RGB", (4, 4), "purple").save(file, "PNG")
    dance = await guild.create_custom_emoji(name="dance", image=file.getvalue(), reason="for the finale")
    await moderator.hears("emojis: dance")
    assert await dance.read() == file.getvalue()
    assert [(one.name, one.animated) for one in await guild.fetch_emojis()] == [("dance", False)]
    said = ada.say("everybody")
    channel = guild.get_channel(said.raw.channel_id)
    assert isinstance(channel, discord_py.TextChannel)
    message = channel.get_partial_message(said.id)
    await message.add_reaction(dance)
    ada.react(said, f"dance:{dance.id}")
    [reaction] = (await message.fetch()).reactions
    assert (str(reaction.emoji), reaction.count, reaction.me) == (str(dance), 2, True)
    assert {user.id async for user in reaction.users()} == {ada.id, discord.world.bot.id}
    renamed = await dance.edit(name="waltz", roles=[guild.default_role])
    assert (renamed.name, len(renamed.roles)) == ("waltz", 1)
    await moderator.hears("emojis: waltz")
    await message.remove_reaction(renamed, discord_py.Object(discord.world.bot.id))
    ada.react(said, f"dance:{dance.id}")
    assert said.raw.reactions == {}, "an emoji is its id, whatever it is called"
    await dance.delete()
    await moderator.hears("emojis: ")
    with pytest.raises(discord_py.NotFound):
        await guild.fetch_emoji(dance.id)
    with pytest.raises(discord_py.HTTPException) as caught:
        await message.add_reaction(dance)
    assert caught.value.code == 10014


async def test_a_pin_is_told_in_the_channel(discord: Driver, moderator: Moderator) -> None:
    said = discord.member("Ada").say("remember this")
    channel = moderator.guilds[0].get_channel(said.raw.channel_id)
    assert isinstance(channel, discord_py.TextChannel)
    await channel.get_partial_message(said.id).pin()
    await moderator.hears(f"{discord.world.bot.shown_name} pinned {said.id}")
    [notice] = [one async for one in channel.history() if one.type is discord_py.MessageType.pins_add]
    assert notice.reference is not None
    assert notice.system_content.endswith("pinned a message to this channel.")
    with pytest.raises(discord_py.Forbidden) as caught:
        await notice.pin()
    assert caught.value.code == 50021
    await channel.get_partial_message(said.id).unpin()
    assert len([one async for one in channel.history()]) == 2, "the end of a pin is not told"
