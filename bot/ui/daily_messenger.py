"""The daily poster's Messenger: sends posts, finds them again, and says why one cannot come."""

from datetime import timedelta

import discord
from discord.ext import commands

from bot.core.rounds import Failure
from bot.runners.daily_poster import CannotLook, Invitation, Lost, NotTaken
from bot.storage.catalogue import LoadedPack
from bot.storage.daily import PauseReason
from bot.storage.daily_posts import Post
from bot.ui.command_names import make_clickable
from bot.ui.daily_access import Channel, Obstacle, find_obstacles, permissions_in
from bot.ui.daily_cards import paused_card, post_card, post_id
from bot.ui.failures import failing_as
from bot.ui.parts import custom_ids_of

CLOCKS_APART = timedelta(minutes=2)
"""How far our clock and Discord's may differ."""
SENT_WITHIN = timedelta(minutes=5)
"""How soon after its claim a post reaches Discord, if it does so at all."""
MOST_READ = 1_000
"""How many messages are read to find a post."""

REASONS = {
    Failure.CHANNEL_GONE: PauseReason.CHANNEL_GONE,
    Failure.CANNOT_VIEW: PauseReason.CANNOT_VIEW,
    Failure.FORBIDDEN: PauseReason.CANNOT_SEND,
    Failure.ARCHIVED: PauseReason.THREAD_LOCKED,
}
"""Why Discord accepts no post; with any other failure it has refused the post itself."""
CANNOT_SPEAK = frozenset({*REASONS.values(), PauseReason.REMOVED})
"""With these nothing can be said in the channel either."""


class DailyDiscord:
    """Sends through the client, but never what the client's cache knows to be impossible."""

    def __init__(self, client: commands.AutoShardedBot) -> None:
        self._client = client

    async def send(self, post: Post, pack: LoadedPack, invitation: Invitation | None) -> int:
        """Send the post with its nonce and return the message's id. Raises Lost or NotTaken."""
        self._check(post)
        roles = [] if post.role_id is None else [discord.Object(post.role_id)]
        with failing_as(_not_sent):
            message = await self._channel(post.guild_id, post.channel_id).send(
                view=post_card(pack, post.fact, post.due, post.schedule_id, post.role_id, invitation),
                nonce=post.nonce,
                allowed_mentions=discord.AllowedMentions(everyone=False, users=False, roles=roles),
            )
        return message.id

    async def find(self, post: Post) -> int | None:
        """Return the id of the post's message, or None if there is none.

        Raises CannotLook, Lost or NotTaken.
        """
        self._check_membership(post.guild_id)
        known = self._known_channel(post)
        mine = permissions_in(known, known.guild.me) if known else None
        # Without Read Message History Discord answers with an empty list, which says nothing.
        if mine is not None and not (mine.view_channel and mine.read_message_history):
            raise CannotLook
        wanted = post_id(post.schedule_id, post.due.date)
        last = post.claimed + SENT_WITHIN + CLOCKS_APART
        read = 0
        with failing_as(_not_sent):
            channel = self._channel(post.guild_id, post.channel_id)
            async for message in channel.history(
                limit=MOST_READ, after=post.claimed - CLOCKS_APART, oldest_first=True
            ):
                read += 1
                if message.created_at > last:
                    return None
                if message.author == self._client.user and wanted in custom_ids_of(message):
                    return message.id
        if read == MOST_READ:
            raise CannotLook
        return None

    async def tell_paused(self, guild_id: int, channel_id: int, reason: PauseReason) -> None:
        """Say in the channel, if possible, that its daily facts are paused. Raises Lost or NotTaken."""
        if reason in CANNOT_SPEAK:
            return
        with failing_as(_not_sent):
            await self._channel(guild_id, channel_id).send(
                view=make_clickable(paused_card(Obstacle(reason, channel_id).sentence), self._client),
                nonce=f"p{channel_id}",
            )

    def _channel(self, guild_id: int, channel_id: int) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(channel_id, guild_id=guild_id)

    def _known_channel(self, post: Post) -> Channel | None:
        guild = self._client.get_guild(post.guild_id)
        return None if guild is None else guild.get_channel_or_thread(post.channel_id)

    def _check(self, post: Post) -> None:
        """Raise Lost or NotTaken if the cache knows that the post cannot come."""
        self._check_membership(post.guild_id)
        known = self._known_channel(post)
        if known is None:
            return
        obstacles = find_obstacles(known, post.role_id)
        if obstacles:
            raise Lost(obstacles[0].reason)

    def _check_membership(self, guild_id: int) -> None:
        """Raise Lost if the bot was removed from the server, NotTaken while that cannot be known."""
        if self._client.get_guild(guild_id) is None:
            raise Lost(PauseReason.REMOVED) if self._client.is_ready() else NotTaken("not connected yet")


def _not_sent(failure: Failure, error: Exception) -> NotTaken | Lost:
    if failure is Failure.OUTAGE:
        return NotTaken(str(error))
    return Lost(REASONS.get(failure, PauseReason.REFUSED))
