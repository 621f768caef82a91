"""What moderators, owners and bad luck do to the bot. Each act changes the world and tells the gateway."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from playground.faults import Faults
from playground.gateway.gateway import Gateway
from playground.gateway.sessions import Intent
from playground.payloads.objects import (
    channel_payload,
    emoji_payload,
    member_payload,
    role_payload,
    user_payload,
)
from playground.refused import Json, Reason, Refused
from playground.world.events import Hub, StatusEvent
from playground.world.messages import Messages
from playground.world.model import Channel, ChannelKind, Guild, Member, Message, Overwrite, Role, User
from playground.world.permissions import Permission
from playground.world.world import World

RECONNECTABLE = 4000
MEMBER_OVERWRITE = 1


class Controls:
    """The levers behind the page's buttons and the tests' harness."""

    def __init__(self, world: World, hub: Hub, faults: Faults, gateway: Gateway, messages: Messages) -> None:
        self._world = world
        self._hub = hub
        self._faults = faults
        self._gateway = gateway
        self._messages = messages

    def drop_gateway(
        self,
        seconds: float | None = 0,
        *,
        code: int = RECONNECTABLE,
        resumable: bool = True,
        refuse: bool = False,
    ) -> None:
        """Close the gateway's connections and stay away for some real seconds (None: until restore_gateway).

        Meanwhile events are kept for a RESUME. A new connection gets no HELLO, or with `refuse` is
        answered with 503.
        """
        if seconds != 0:
            self._faults.gateway_refused = refuse
            if not refuse:
                self._faults.gateway_open.clear()
        self._gateway.drop(code, resumable=resumable)
        if seconds:
            asyncio.get_running_loop().call_later(seconds, self.restore_gateway)

    def restore_gateway(self) -> None:
        """Bring the gateway back."""
        self._faults.gateway_refused = False
        self._faults.gateway_open.set()
        self._hub.publish(StatusEvent("faults"))

    def kick(self, guild: Guild) -> None:
        """Remove the bot from a server."""
        del guild.members[self._world.bot.id]
        self._tell("GUILD_DELETE", {"id": str(guild.id)}, guild)

    def invite(self, guild: Guild, permissions: int) -> None:
        """Add the bot to a server, with a role of its own."""
        role = Role(guild.id + 1, self._world.bot.shown_name, permissions, 1, bot_id=self._world.bot.id)
        guild.roles[role.id] = role
        self._world.add_member(guild, self._world.bot, role)
        self._gateway.announce(guild)
        self._hub.publish(StatusEvent("world"))

    def outage(self, guild: Guild) -> None:
        """Make a server unavailable, which is not a removal."""
        guild.available = False
        self._tell("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, guild)

    def end_outage(self, guild: Guild) -> None:
        """Make the server available again."""
        guild.available = True
        self._gateway.announce(guild, joined=False)
        self._hub.publish(StatusEvent("world"))

    def allow(self, channel: Channel, permission: Permission, *, user_id: int | None = None) -> None:
        """Grant a member (by default the bot) a permission in a channel."""
        self._overwrite(channel, user_id, permission, allow=True)

    def deny(self, channel: Channel, permission: Permission, *, user_id: int | None = None) -> None:
        """Take a permission in a channel from a member (by default the bot)."""
        self._overwrite(channel, user_id, permission, allow=False)

    def _overwrite(
        self, channel: Channel, user_id: int | None, permission: Permission, *, allow: bool
    ) -> None:
        who = self._world.bot.id if user_id is None else user_id
        place = self._world.channel(channel.parent_id) if channel.thread and channel.parent_id else channel
        overwrite = place.overwrites.setdefault(who, Overwrite(who, MEMBER_OVERWRITE))
        overwrite.allow = overwrite.allow | permission if allow else overwrite.allow & ~permission
        overwrite.deny = overwrite.deny & ~permission if allow else overwrite.deny | permission
        self.channel_changed(place)

    def revoked(self) -> list[tuple[Channel, Permission]]:
        """Return what was taken from the bot, channel by channel."""
        return [
            (channel, permission)
            for guild in self._world.bot_guilds()
            for channel in guild.channels.values()
            if (own := channel.overwrites.get(self._world.bot.id)) is not None
            for permission in Permission(own.deny)
        ]

    def give_back(self) -> None:
        """Give the bot back all that was taken from it."""
        for channel, permission in self.revoked():
            self.allow(channel, permission)

    def time_out(self, guild: Guild, member: Member, until: datetime | None) -> None:
        """Time a member out until an aware moment; None lets them speak again."""
        member.timed_out_until = until
        self.member_changed(guild, member)

    def give_role(self, guild: Guild, member: Member, role: Role) -> None:
        """Give a member a role."""
        if role.id not in member.roles:
            member.roles.append(role.id)
        self.member_changed(guild, member)

    def take_role(self, guild: Guild, member: Member, role: Role) -> None:
        """Take a role from a member."""
        if role.id in member.roles:
            member.roles.remove(role.id)
        self.member_changed(guild, member)

    def change_role(self, guild: Guild, role: Role, permissions: int) -> None:
        """Set what a role may do."""
        role.permissions = permissions
        self._tell("GUILD_ROLE_UPDATE", {"guild_id": str(guild.id), "role": role_payload(role)}, guild)

    def join(self, guild: Guild, user: User, *roles: Role) -> Member:
        """Let somebody join, with these roles; raises Refused for whoever is banned."""
        if user.id in guild.bans:
            raise Refused(Reason.BANNED)
        member = self._world.add_member(guild, user, *roles)
        payload = member_payload(member, user) | {"guild_id": str(guild.id)}
        self._tell("GUILD_MEMBER_ADD", payload, guild, Intent.GUILD_MEMBERS)
        return member

    def remove_member(self, guild: Guild, member: Member) -> None:
        """Let a member leave."""
        guild.members.pop(member.user_id, None)
        gone = {"guild_id": str(guild.id), "user": user_payload(self._world.users[member.user_id])}
        self._tell("GUILD_MEMBER_REMOVE", gone, guild, Intent.GUILD_MEMBERS)

    def ban(self, guild: Guild, user: User, reason: str | None, delete: timedelta = timedelta()) -> None:
        """Ban somebody, who leaves and whose messages of the time before are deleted."""
        guild.bans[user.id] = reason
        ban = {"guild_id": str(guild.id), "user": user_payload(user)}
        self._tell("GUILD_BAN_ADD", ban, guild, Intent.GUILD_MODERATION)
        if user.id in guild.members:
            self.remove_member(guild, guild.members[user.id])
        since = self._world.clock.now() - delete
        for channel in guild.channels.values():
            gone = [one for one in channel.messages.values() if one.author_id == user.id]
            if gone := [one for one in gone if one.timestamp > since]:
                self._messages.delete_many(channel, gone)

    def unban(self, guild: Guild, user: User) -> None:
        """Let somebody come back."""
        del guild.bans[user.id]
        ban = {"guild_id": str(guild.id), "user": user_payload(user)}
        self._tell("GUILD_BAN_REMOVE", ban, guild, Intent.GUILD_MODERATION)

    def member_changed(self, guild: Guild, member: Member) -> None:
        """Tell of a change that was made to a member."""
        # A bot hears of its own member even without the intent.
        intent = Intent.NONE if member.user_id == self._world.bot.id else Intent.GUILD_MEMBERS
        payload = member_payload(member, self._world.users[member.user_id]) | {"guild_id": str(guild.id)}
        self._tell("GUILD_MEMBER_UPDATE", payload, guild, intent)

    def delete_message(self, message: Message) -> None:
        """Delete a message as a moderator does."""
        self._messages.delete(message)

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel or a thread, with what is in it, as a moderator does."""
        payload = channel_payload(self._world, channel)
        guild = self._world.guild_of(channel)
        self._world.remove_channel(channel)
        if guild is not None:
            self._tell("THREAD_DELETE" if channel.thread else "CHANNEL_DELETE", payload, guild)

    def create_channel(self, guild: Guild, name: str, kind: ChannelKind = ChannelKind.TEXT) -> Channel:
        """Add a channel as a moderator does."""
        channel = self._world.add_channel(guild, name, kind)
        self._tell("CHANNEL_CREATE", channel_payload(self._world, channel), guild)
        return channel

    def create_role(
        self,
        guild: Guild,
        name: str,
        permissions: int = 0,
        *,
        mentionable: bool = False,
        lowest: bool = False,
    ) -> Role:
        """Add a role as a moderator does, on top of all others or (`lowest`) just above @everyone."""
        role = self._world.add_role(guild, name, permissions, mentionable=mentionable)
        for other in guild.roles.values() if lowest else ():
            if other.id not in (role.id, guild.id):
                other.position += 1
                self.change_role(guild, other, other.permissions)
        role.position = 1 if lowest else role.position
        self._tell("GUILD_ROLE_CREATE", {"guild_id": str(guild.id), "role": role_payload(role)}, guild)
        return role

    def move_roles(self, guild: Guild, positions: Mapping[int, int]) -> None:
        """Put roles, by their ids, at other positions; the rest makes room, and @everyone stays below."""
        before = {role.id: role.position for role in guild.roles.values()}
        others = [role for role in guild.roles.values() if role.id not in (guild.id, *positions)]
        order = sorted(others, key=lambda role: (role.position, role.id))
        for role_id, position in sorted(positions.items(), key=lambda pair: pair[1]):
            if role_id != guild.id:
                order.insert(max(0, position - 1), guild.roles[role_id])
        for position, role in enumerate(order, 1):
            role.position = position
            if position != before[role.id]:
                self.change_role(guild, role, role.permissions)

    def delete_role(self, guild: Guild, role: Role) -> None:
        """Delete a role as a moderator does."""
        del guild.roles[role.id]
        for member in guild.members.values():
            if role.id in member.roles:
                member.roles.remove(role.id)
        self._tell("GUILD_ROLE_DELETE", {"guild_id": str(guild.id), "role_id": str(role.id)}, guild)

    def emojis_changed(self, guild: Guild) -> None:
        """Tell of a change that was made to a server's own emojis."""
        payload = {
            "guild_id": str(guild.id),
            "emojis": [emoji_payload(emoji) for emoji in guild.emojis.values()],
        }
        self._tell("GUILD_EMOJIS_UPDATE", payload, guild, Intent.GUILD_EXPRESSIONS)

    def channel_changed(self, channel: Channel) -> None:
        """Tell of a change that was made to a channel."""
        guild = self._world.guild_of(channel)
        if guild is not None:
            event = "THREAD_UPDATE" if channel.thread else "CHANNEL_UPDATE"
            self._tell(event, channel_payload(self._world, channel), guild)

    def create_thread(
        self,
        parent: Channel,
        name: str,
        owner_id: int,
        kind: ChannelKind = ChannelKind.PUBLIC_THREAD,
        *,
        channel_id: int | None = None,
    ) -> Channel:
        """Somebody opens a thread; one that begins with a message has that message's id."""
        thread = self._world.add_thread(parent, name, owner_id, kind, channel_id=channel_id)
        guild = self._world.guild_of(thread)
        if guild is not None:
            payload = channel_payload(self._world, thread) | {"newly_created": True}
            self._tell("THREAD_CREATE", payload, guild)
        return thread

    def change_thread(self, channel: Channel, *, archived: bool, locked: bool) -> None:
        """Archive or lock a thread, or open it again, as a moderator or time does."""
        if channel.thread is None:
            raise ValueError("Only a thread can be archived.")
        channel.thread.archived = archived
        channel.thread.locked = locked
        channel.thread.changed_at = self._world.clock.now()
        self.channel_changed(channel)

    def _tell(self, event: str, payload: Json, guild: Guild, intent: Intent = Intent.GUILDS) -> None:
        self._gateway.dispatch(event, payload, guild.id, intent)
        self._hub.publish(StatusEvent("world"))
