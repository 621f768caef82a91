"""What a bot that moderates asks for: members, roles, pins, deletion in bulk, threads from messages."""

from datetime import timedelta
from typing import Any

import pytest

from playground.refused import Json
from playground.schema import limits
from playground.world.model import Message
from playground.world.permissions import Permission
from playground.world.snowflakes import snowflake
from tests.playground.raw import Raw
from tests.wire.openapi import load_validator

MEMBER, ROLES = "/guilds/{guild}/members/{eli}", "/guilds/{guild}/roles"
PINS = "/channels/{trivia}/messages/pins"
BULK = "/channels/{trivia}/messages/bulk-delete"
FROM_OWN = "/channels/{trivia}/messages/{own}/threads"


@pytest.fixture
async def moderator(raw: Raw) -> Raw:
    """A bot that may moderate, with a role above most."""
    role = raw.discord.guild.roles[raw.discord.guild.id + 1]
    role.position = 10
    role.permissions |= (
        Permission.MODERATE_MEMBERS
        | Permission.MANAGE_NICKNAMES
        | Permission.CHANGE_NICKNAME
        | Permission.MANAGE_ROLES
        | Permission.KICK_MEMBERS
        | Permission.MANAGE_MESSAGES
        | Permission.PIN_MESSAGES
        | Permission.CREATE_PUBLIC_THREADS
    )
    for name in ("ben", "eli"):
        raw.ids[name] = raw.discord.member(name.title()).id
    raw.ids["lovers"] = next(one.id for one in raw.discord.guild.roles.values() if one.name == "Film lovers")
    return raw


def shaped(method: str, template: str, got: Any) -> list[str]:
    validator = load_validator()
    return [] if validator is None else list(validator.answer_faults(method, template, got.status, got.body))


def moment(raw: Raw, **ahead: int) -> str:
    return (raw.discord.clock.now() + timedelta(**ahead)).isoformat()


async def test_a_member_is_timed_out_named_and_freed(moderator: Raw) -> None:
    until = moment(moderator, hours=1)
    got = await moderator.call("PATCH", MEMBER, {"communication_disabled_until": until, "nick": "Sebastian"})
    assert (got.status, got.body["nick"]) == (200, "Sebastian")
    assert shaped("PATCH", "/guilds/{guild_id}/members/{user_id}", got) == []
    assert got.body["communication_disabled_until"] is not None
    got = await moderator.call("PATCH", MEMBER, {"communication_disabled_until": None, "nick": ""})
    assert (got.body["communication_disabled_until"], got.body["nick"]) == (None, None)
    got = await moderator.call("PATCH", "/guilds/{guild}/members/@me", {"nick": "Quizzer"})
    assert got.body["nick"] == "Quizzer"


async def test_roles_are_made_given_taken_and_deleted(moderator: Raw) -> None:
    body = {"name": "Dancer", "color": 0xE0A458, "permissions": str(1 << 11), "hoist": True}
    made = await moderator.call("POST", ROLES, body)
    assert (made.status, made.body["name"], made.body["position"]) == (200, "Dancer", 1)
    assert shaped("POST", "/guilds/{guild_id}/roles", made) == []
    moderator.ids["role"] = int(made.body["id"])
    own = f"{MEMBER}/roles/{{role}}"
    eli = moderator.discord.guild.members[moderator.ids["eli"]]
    assert (await moderator.call("PUT", own)).status == 204
    assert moderator.ids["role"] in eli.roles
    assert (await moderator.call("DELETE", own)).status == 204
    assert moderator.ids["role"] not in eli.roles
    got = await moderator.call("PATCH", MEMBER, {"roles": [str(moderator.ids["role"])]})
    assert got.body["roles"] == [str(moderator.ids["role"])]
    edited = await moderator.call(
        "PATCH", f"{ROLES}/{{role}}", {"name": "Singer", "colors": {"primary_color": 5}}
    )
    assert (edited.body["name"], edited.body["color"], edited.body["hoist"]) == ("Singer", 5, True)
    assert (await moderator.call("GET", f"{ROLES}/{{role}}")).body == edited.body
    assert (await moderator.call("DELETE", f"{ROLES}/{{role}}")).status == 204
    assert eli.roles == []
    assert (await moderator.call("POST", ROLES)).body["name"] == "new role"


async def test_somebody_is_kicked(moderator: Raw) -> None:
    assert (await moderator.call("DELETE", MEMBER)).status == 204
    assert (await moderator.call("GET", MEMBER)).code == 10007


async def test_the_list_of_members_takes_its_intent(moderator: Raw) -> None:
    path = "/guilds/{guild}/members?limit=3"
    got = await moderator.call("GET", path)
    assert (got.status, got.code) == (403, 50001)
    moderator.discord.world.privileged_intents = True
    got = await moderator.call("GET", path)
    assert len(got.body) == 3
    after = got.body[-1]["user"]["id"]
    rest = await moderator.call("GET", f"{path}&after={after}")
    assert int(rest.body[0]["user"]["id"]) > int(after)


async def test_messages_are_pinned_listed_and_let_go(moderator: Raw) -> None:
    first, second = moderator.ids["own"], moderator.ids["theirs"]
    for message_id in (first, second, second):
        assert (await moderator.call("PUT", f"{PINS}/{message_id}")).status == 204
        moderator.discord.advance(1)
    page = await moderator.call("GET", f"{PINS}?limit=1")
    assert [item["message"]["id"] for item in page.body["items"]] == [str(second)]
    assert page.body["has_more"]
    assert shaped("GET", "/channels/{channel_id}/messages/pins", page) == []
    before = page.body["items"][0]["pinned_at"].replace("+", "%2B")
    page = await moderator.call("GET", f"{PINS}?before={before}")
    assert [item["message"]["id"] for item in page.body["items"]] == [str(first)]
    old = await moderator.call("GET", "/channels/{trivia}/pins")
    assert [(one["id"], one["pinned"]) for one in old.body] == [(str(second), True), (str(first), True)]
    channel = await moderator.call("GET", "/channels/{trivia}")
    assert channel.body["last_pin_timestamp"] is not None
    assert (await moderator.call("DELETE", f"/channels/{{trivia}}/pins/{second}")).status == 204
    assert len((await moderator.call("GET", PINS)).body["items"]) == 1


async def test_there_is_room_for_so_many_pins(moderator: Raw) -> None:
    place, world = moderator.discord.channel("trivia"), moderator.discord.world
    for _ in range(limits.PINS):
        one = Message(world.snowflakes.next(), place.id, place.guild_id, world.bot.id, world.clock.now())
        one.pinned_at = one.timestamp
        place.messages[one.id] = one
    got = await moderator.call("PUT", f"{PINS}/{{own}}")
    assert (got.status, got.code) == (400, 30003)


async def test_messages_are_deleted_in_bulk(moderator: Raw) -> None:
    ids = [
        str(moderator.ids["own"]),
        str(moderator.ids["theirs"]),
        str(snowflake(moderator.discord.clock.now(), counter=4_095)),
    ]
    assert (await moderator.call("POST", BULK, {"messages": ids})).status == 204
    kept = moderator.discord.channel("trivia").messages
    assert not {moderator.ids["own"], moderator.ids["theirs"]} & kept.keys()


async def test_a_thread_begins_with_a_message(moderator: Raw) -> None:
    got = await moderator.call("POST", FROM_OWN, {"name": "About this"})
    assert (got.status, got.body["id"], got.body["type"]) == (201, str(moderator.ids["own"]), 11)
    assert shaped("POST", "/channels/{channel_id}/messages/{message_id}/threads", got) == []
    message = await moderator.call("GET", "/channels/{trivia}/messages/{own}")
    assert (message.body["flags"] & 1 << 5, message.body["thread"]["name"]) == (1 << 5, "About this")
    await moderator.call("PATCH", "/channels/{trivia}/messages/{own}", {"content": "new", "flags": 0})
    message = await moderator.call("GET", "/channels/{trivia}/messages/{own}")
    assert message.body["flags"] & 1 << 5
    assert (await moderator.call("POST", "/channels/{own}/messages", {"content": "in it"})).status == 200
    got = await moderator.call("POST", FROM_OWN, {"name": "Again"})
    assert (got.status, got.code) == (400, 160004)


WRONG: list[tuple[str, str, Json | None, int, int]] = [
    ("PATCH", MEMBER, {"nick": "a" * 33}, 400, 50035),
    ("PATCH", MEMBER, {"communication_disabled_until": "soon"}, 400, 50035),
    ("PATCH", MEMBER, {"communication_disabled_until": "2090-01-01T00:00:00+00:00"}, 400, 50035),
    ("PATCH", MEMBER, {"mute": True}, 400, 40032),
    ("PATCH", MEMBER, {"roles": ["5"]}, 404, 10011),
    ("PATCH", "/guilds/{guild}/members/{ada}", {"nick": "Mia"}, 403, 50013),
    ("PATCH", "/guilds/{guild}/members/5", {"nick": "Mia"}, 404, 10007),
    ("DELETE", "/guilds/{guild}/members/{ada}", None, 403, 50013),
    ("PUT", f"{MEMBER}/roles/5", None, 404, 10011),
    ("PUT", f"{MEMBER}/roles/{{guild}}", None, 403, 50013),
    ("POST", ROLES, {"name": "a" * 101}, 400, 50035),
    ("POST", ROLES, {"permissions": str(1 << 3)}, 403, 50013),
    ("PATCH", f"{ROLES}/5", {"name": "a"}, 404, 10011),
    ("DELETE", f"{ROLES}/{{guild}}", None, 400, 50028),
    ("PUT", f"{PINS}/5", None, 404, 10008),
    ("GET", f"{PINS}?limit=51", None, 400, 50035),
    ("GET", f"{PINS}?before=soon", None, 400, 50035),
    ("POST", BULK, {"messages": ["1"]}, 400, 50035),
    ("POST", BULK, {"messages": ["1", "1"]}, 400, 50035),
    ("POST", BULK, {"messages": ["1", "2"]}, 400, 50034),
    ("POST", FROM_OWN, {"name": ""}, 400, 50035),
    ("POST", "/channels/{trivia}/messages/5/threads", {"name": "a"}, 404, 10008),
    ("POST", "/channels/{forum}/messages/5/threads", {"name": "a"}, 400, 50024),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "code"), WRONG)
async def test_what_is_wrong_is_refused(
    moderator: Raw, method: str, path: str, body: Json | None, status: int, code: int
) -> None:
    got = await moderator.call(method, path, body)
    assert (got.status, got.code) == (status, code), got.body


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/guilds/{guild}/members/{ada}", {"nick": "Mia"}),
        ("PATCH", "/guilds/{guild}/members/{ada}", {"communication_disabled_until": None}),
        ("PUT", "/guilds/{guild}/members/{ada}/roles/5", None),
        ("DELETE", "/guilds/{guild}/members/{ada}", None),
        ("POST", ROLES, {"name": "a"}),
        ("PUT", f"{PINS}/{{own}}", None),
        ("POST", BULK, {"messages": ["1", "2"]}),
    ],
)
async def test_each_takes_its_permission(raw: Raw, method: str, path: str, body: Json | None) -> None:
    got = await raw.call(method, path, body)
    assert (got.status, got.code) == (403, 50013), got.body
