"""What the bot may do in a channel for daily facts, and what stands in their way."""

from dataclasses import dataclass

import discord
from discord.abc import GuildChannel

from bot.storage.daily import PauseReason
from bot.ui.rights import may_write

Channel = GuildChannel | discord.Thread

SENTENCES = {
    PauseReason.BY_HAND: "A moderator paused them.",
    PauseReason.CHANNEL_GONE: (
        "Their channel is gone, or cannot be used any more. Remove them with `/daily remove`, or set another."
    ),
    PauseReason.CANNOT_VIEW: "I need the permission View Channel in {channel}.",
    PauseReason.CANNOT_SEND: "I need the permission {send} in {channel}.",
    PauseReason.THREAD_LOCKED: "The thread {channel} is locked. Unlock it, or let me manage threads.",
    PauseReason.ROLE_GONE: (
        "The role that they mention is gone. Use `/daily set` with another role, or without one."
    ),
    PauseReason.ROLE_SILENT: (
        "I may not mention {role}. Allow anyone to mention that role, or give me the permission to mention "
        "all roles."
    ),
    PauseReason.REMOVED: "I was removed from this server for a while.",
    PauseReason.NO_FACTS: (
        "There is no fact to post: this server's film does not have that topic, or all of it would spoil "
        "the film. Choose another topic with `/daily set`, or allow spoilers in `/settings`."
    ),
    PauseReason.ZONE_GONE: "Their time zone is no longer known. Choose another with `/daily set`.",
    PauseReason.REFUSED: "Discord refused the post. Whoever runs me can find the reason in my log.",
}

IN_SHORT = {
    PauseReason.BY_HAND: "a moderator paused them",
    PauseReason.CHANNEL_GONE: "their channel is gone",
    PauseReason.CANNOT_VIEW: "I may not see the channel",
    PauseReason.CANNOT_SEND: "I may not write there",
    PauseReason.THREAD_LOCKED: "the thread is locked",
    PauseReason.ROLE_GONE: "the role that they mention is gone",
    PauseReason.ROLE_SILENT: "I may not mention their role",
    PauseReason.REMOVED: "I was removed from this server",
    PauseReason.NO_FACTS: "there is no fact to post",
    PauseReason.ZONE_GONE: "their time zone is no longer known",
    PauseReason.REFUSED: "Discord refused the post",
}
"""The same without the remedy, as part of a sentence."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a post cannot be made now."""

    reason: PauseReason
    channel_id: int
    role_id: int | None = None
    in_thread: bool = False

    @property
    def sentence(self) -> str:
        """A sentence with the reason and what would help."""
        return SENTENCES[self.reason].format(
            channel=f"<#{self.channel_id}>",
            role="their role" if self.role_id is None else f"<@&{self.role_id}>",
            send="Send Messages in Threads" if self.in_thread else "Send Messages",
        )


def permissions_in(channel: Channel, member: discord.Member | None) -> discord.Permissions | None:
    """Return what a member may do there, or None if that is not known.

    Without View Channel, Discord counts no other permission either. Here they stay as they are set, so that
    only what is really missing is named.
    """
    ruling = channel.parent if isinstance(channel, discord.Thread) else channel
    if ruling is None or member is None:
        return None
    return GuildChannel.permissions_for(ruling, member)


def find_obstacles(
    channel: Channel | Obstacle, role_id: int | None, me: discord.Member | None = None
) -> list[Obstacle]:
    """Return everything that keeps posts with this role, if any, out of a channel, or from finding it.

    `me` is the bot as a member of its server, where no gateway has told of that.
    """
    if isinstance(channel, Obstacle):
        return [channel]
    mine = permissions_in(channel, me or channel.guild.me)
    if mine is None:
        return []
    in_thread = isinstance(channel, discord.Thread)
    found = [] if mine.view_channel else [PauseReason.CANNOT_VIEW]
    if not may_write(mine, channel):
        found.append(PauseReason.CANNOT_SEND)
    if isinstance(channel, discord.Thread) and channel.locked and not mine.manage_threads:
        found.append(PauseReason.THREAD_LOCKED)
    if role_id is not None:
        role = channel.guild.get_role(role_id)
        if role is None:
            found.append(PauseReason.ROLE_GONE)
        elif not role.mentionable and not mine.mention_everyone:
            found.append(PauseReason.ROLE_SILENT)
    return [Obstacle(reason, channel.id, role_id, in_thread) for reason in found]
