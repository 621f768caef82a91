"""Permissions as Discord computes them: roles, overwrites in their order, threads, timeouts."""

from datetime import timedelta

import pytest

from playground.clock import SharedClock
from playground.world.model import Channel, ChannelKind, Member, Overwrite
from playground.world.permissions import ALL, NONE, Permission, channel_permissions, may_send
from playground.world.scene import Scene
from playground.world.world import World

SEND, VIEW, FILES = Permission.SEND_MESSAGES, Permission.VIEW_CHANNEL, Permission.ATTACH_FILES
IN_THREADS = Permission.SEND_MESSAGES_IN_THREADS


class Place:
    """A member with a role in a channel."""

    def __init__(self) -> None:
        self.world: World = Scene().new_world(SharedClock(), "a token")
        self.guild = next(iter(self.world.guilds.values()))
        self.role = self.world.add_role(self.guild, "Guests")
        user = self.world.add_user("hal", "Hal")
        self.member: Member = self.world.add_member(self.guild, user, self.role)
        self.channel: Channel = self.world.add_channel(self.guild, "here")

    def rule(self, who: int, *, allow: int = 0, deny: int = 0) -> None:
        self.channel.overwrites[who] = Overwrite(who, int(who == self.member.user_id), allow, deny)

    def has(self, channel: Channel | None = None) -> Permission:
        return channel_permissions(self.guild, self.member, channel or self.channel, self.world.clock.now())


@pytest.fixture
def place() -> Place:
    return Place()


def test_everyones_permissions_hold_without_overwrites(place: Place) -> None:
    assert place.has() & (VIEW | SEND | FILES) == VIEW | SEND | FILES
    assert not place.has() & Permission.MANAGE_MESSAGES


def test_a_roles_exception_beats_everyones_and_a_members_beats_both(place: Place) -> None:
    place.rule(place.guild.id, deny=SEND)
    assert not place.has() & SEND
    place.rule(place.role.id, allow=SEND)
    assert place.has() & SEND
    place.rule(place.member.user_id, deny=SEND)
    assert not place.has() & SEND


def test_one_roles_allow_beats_another_roles_deny(place: Place) -> None:
    other = place.world.add_role(place.guild, "Others")
    place.member.roles.append(other.id)
    place.rule(place.role.id, deny=SEND)
    place.rule(other.id, allow=SEND)
    assert place.has() & SEND


def test_who_cannot_see_can_do_nothing(place: Place) -> None:
    place.rule(place.guild.id, deny=VIEW)
    assert place.has() == NONE


def test_who_cannot_send_cannot_attach_or_ping(place: Place) -> None:
    place.rule(place.guild.id, deny=SEND)
    assert not place.has() & (FILES | Permission.EMBED_LINKS | Permission.MENTION_EVERYONE)
    assert place.has() & VIEW


def test_owner_and_administrator_may_everything(place: Place) -> None:
    place.rule(place.guild.id, deny=VIEW | SEND)
    place.role.permissions = Permission.ADMINISTRATOR
    assert place.has() == ALL
    place.role.permissions = 0
    place.guild.owner_id = place.member.user_id
    assert place.has() == ALL


def test_a_thread_asks_its_parent_and_for_its_own_permission(place: Place) -> None:
    thread = place.world.add_thread(place.channel, "thread", place.guild.owner_id)
    place.rule(place.guild.id, deny=SEND)
    assert may_send(place.has(thread), thread)
    place.rule(place.guild.id, deny=IN_THREADS)
    assert not may_send(place.has(thread), thread)
    assert may_send(place.has(), place.channel)


def test_a_private_thread_is_for_those_inside(place: Place) -> None:
    thread = place.world.add_thread(place.channel, "secret", place.guild.owner_id, ChannelKind.PRIVATE_THREAD)
    assert thread.thread is not None
    assert place.has(thread) == NONE
    thread.thread.member_ids.add(place.member.user_id)
    assert place.has(thread) & VIEW


def test_who_is_timed_out_can_only_read_until_it_is_over(place: Place) -> None:
    now = place.world.clock.now()
    place.member.timed_out_until = now + timedelta(hours=1)
    assert place.has() == VIEW | Permission.READ_MESSAGE_HISTORY
    place.member.timed_out_until = now - timedelta(seconds=1)
    assert place.has() & SEND
