"""What a bot that moderates may not do, and the shape of what it is answered."""

from dataclasses import replace
from typing import Any

import pytest

from playground.refused import Json
from playground.schema import limits
from playground.world.model import ChannelKind
from playground.world.permissions import Permission
from tests.playground.raw import Raw
from tests.playground.test_moderation_routes import moderator, shaped

__all__ = ["moderator"]

BAN, BANS = "/guilds/{guild}/bans/{eli}", "/guilds/{guild}/bans"
BULK_BAN, ROLES = "/guilds/{guild}/bulk-ban", "/guilds/{guild}/roles"
EVERYONE = "/channels/{trivia}/permissions/{guild}"
ARCHIVED = "/channels/{trivia}/threads/archived/public"
SECRET = "/channels/{trivia}/threads/archived/private"
JOINED = "/channels/{trivia}/users/@me/threads/archived/private"


EMOJIS = "/guilds/{guild}/emojis"
GIF = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


@pytest.fixture
async def stronger(moderator: Raw) -> Raw:
    """A bot that may ban, make exceptions and see old threads as well."""
    role = moderator.discord.guild.roles[moderator.discord.guild.id + 1]
    role.permissions |= (
        Permission.BAN_MEMBERS
        | Permission.MANAGE_GUILD
        | Permission.MANAGE_ROLES
        | Permission.MANAGE_CHANNELS
        | Permission.MANAGE_THREADS
        | Permission.CREATE_GUILD_EXPRESSIONS
    )
    moderator.ids["own_role"] = role.id
    return moderator


WRONG: list[tuple[str, str, Json | list[Json] | None, int, int]] = [
    ("PUT", "/guilds/{guild}/bans/5", None, 404, 10013),
    ("PUT", "/guilds/{guild}/bans/{ada}", None, 403, 50013),
    ("PUT", "/guilds/{guild}/bans/{bot}", None, 403, 50013),
    ("PUT", BAN, {"delete_message_seconds": 604_801}, 400, 50035),
    ("PUT", f"{BAN}?delete_message_seconds=soon", None, 400, 50035),
    ("DELETE", BAN, None, 404, 10026),
    ("DELETE", "/guilds/{guild}/bans/5", None, 404, 10013),
    ("GET", BAN, None, 404, 10026),
    ("GET", f"{BANS}?limit=0", None, 400, 50035),
    ("GET", f"{BANS}?limit=1001", None, 400, 50035),
    ("POST", BULK_BAN, {"user_ids": []}, 400, 50035),
    ("POST", BULK_BAN, {"user_ids": ["5"]}, 400, 500000),
    ("PUT", EVERYONE, {"type": 2}, 400, 50035),
    ("PUT", EVERYONE, {"type": 0, "allow": "all"}, 400, 50035),
    ("PUT", EVERYONE, {"type": 0, "deny": str(int(Permission.MANAGE_WEBHOOKS))}, 403, 50013),
    ("PUT", "/channels/{trivia}/permissions/5", {"type": 0}, 404, 10011),
    ("PUT", "/channels/{trivia}/permissions/5", {"type": 1}, 404, 10013),
    ("PUT", "/channels/{mute}/permissions/{guild}", {"type": 0}, 400, 50024),
    ("PUT", "/channels/{no_dm}/permissions/{guild}", {"type": 0}, 400, 50024),
    ("DELETE", "/channels/{trivia}/permissions/5", None, 404, 10009),
    ("PATCH", ROLES, [{"id": "5", "position": 1}], 404, 10011),
    ("PATCH", ROLES, [{"id": "{own_role}", "position": 1}], 403, 50013),
    ("PATCH", ROLES, [{"id": "{lovers}", "position": 10}], 403, 50013),
    ("PATCH", ROLES, {"id": "5"}, 400, 50035),
    ("GET", f"{ARCHIVED}?limit=1", None, 400, 50035),
    ("GET", f"{ARCHIVED}?limit=101", None, 400, 50035),
    ("GET", f"{ARCHIVED}?before=soon", None, 400, 50035),
    ("GET", f"{JOINED}?before=soon", None, 400, 50035),
    ("GET", f"{EMOJIS}/5", None, 404, 10014),
    ("PATCH", f"{EMOJIS}/5", {"name": "waltz"}, 404, 10014),
    ("DELETE", f"{EMOJIS}/5", None, 404, 10014),
    ("POST", EMOJIS, {"name": "a", "image": GIF}, 400, 50035),
    ("POST", EMOJIS, {"name": "la la", "image": GIF}, 400, 50035),
    ("POST", EMOJIS, {"name": "dance"}, 400, 50035),
    ("POST", EMOJIS, {"name": "dance", "image": "data:image/png;base64,AAAA"}, 400, 50035),
    ("POST", EMOJIS, {"name": "dance", "image": "data:image/png;base64,?"}, 400, 50035),
    ("POST", EMOJIS, {"name": "dance", "image": "data:text/html;base64,AAAA"}, 400, 50035),
    ("PUT", "/channels/{trivia}/messages/{own}/reactions/dance%3A5/@me", None, 400, 10014),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "code"), WRONG)
async def test_what_is_wrong_is_refused(
    stronger: Raw, method: str, path: str, body: Any, status: int, code: int
) -> None:
    if isinstance(body, list):
        body = [entry | {"id": entry["id"].format_map(stronger.ids)} for entry in body]
    got = await stronger.call(method, path, body)
    assert (got.status, got.code) == (status, code), got.body


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", BANS, None),
        ("PUT", "/guilds/{guild}/bans/{ada}", None),
        ("POST", BULK_BAN, {"user_ids": ["5"]}),
        ("PUT", EVERYONE, {"type": 0}),
        ("DELETE", EVERYONE, None),
        ("PATCH", ROLES, [{"id": "{guild}", "position": 1}]),
        ("GET", SECRET, None),
        ("POST", EMOJIS, {"name": "dance", "image": GIF}),
        ("GET", "/channels/{bare}/threads/archived/public", None),
    ],
)
async def test_each_takes_its_permission(raw: Raw, method: str, path: str, body: Any) -> None:
    if isinstance(body, list):
        body = [entry | {"id": entry["id"].format_map(raw.ids)} for entry in body]
    got = await raw.call(method, path, body)
    assert (got.status, got.code) == (403, 50013), got.body


async def test_the_answers_have_discords_shape(stronger: Raw) -> None:
    assert (await stronger.call("PUT", BAN)).status == 204
    thread = stronger.discord.world.add_thread(
        stronger.discord.channel("trivia"), "ours", stronger.ids["bot"], ChannelKind.PRIVATE_THREAD
    )
    stronger.discord.controls.change_thread(thread, archived=True, locked=False)
    crowd = {"user_ids": [str(stronger.ids["ben"]), str(stronger.ids["ada"])]}
    for method, path, template, body in (
        ("GET", BAN, "/guilds/{guild_id}/bans/{user_id}", None),
        ("GET", BANS, "/guilds/{guild_id}/bans", None),
        ("POST", BULK_BAN, "/guilds/{guild_id}/bulk-ban", crowd),
        ("PATCH", ROLES, "/guilds/{guild_id}/roles", []),
        ("GET", ARCHIVED, "/channels/{channel_id}/threads/archived/public", None),
        ("GET", SECRET, "/channels/{channel_id}/threads/archived/private", None),
        ("GET", JOINED, "/channels/{channel_id}/users/@me/threads/archived/private", None),
    ):
        got = await stronger.call(method, path, body)
        assert got.status == 200, got.body
        assert shaped(method, template, got) == []
    page = await stronger.call("GET", f"{ARCHIVED}?limit=2")
    assert (len(page.body["threads"]), page.body["has_more"]) == (2, False)
    assert page.body["members"] == []
    own = await stronger.call("GET", JOINED)
    assert [one["id"] for one in own.body["members"]] == [str(thread.id)]
    older = await stronger.call("GET", f"{JOINED}?before={thread.id}")
    assert older.body["threads"] == []


async def test_exceptions_that_are_set_with_the_channel_take_manage_roles(stronger: Raw) -> None:
    wanted = [{"id": str(stronger.ids["guild"]), "type": 0, "deny": str(1 << 11)}]
    got = await stronger.call("PATCH", "/channels/{trivia}", {"permission_overwrites": wanted})
    assert [one["deny"] for one in got.body["permission_overwrites"]] == [str(1 << 11)]
    role = stronger.discord.guild.roles[stronger.ids["own_role"]]
    role.permissions &= ~Permission.MANAGE_ROLES
    same = await stronger.call("PATCH", "/channels/{trivia}", {"permission_overwrites": wanted})
    assert same.status == 200
    got = await stronger.call("PATCH", "/channels/{trivia}", {"permission_overwrites": []})
    assert (got.status, got.code) == (403, 50013)


async def test_emojis_have_discords_shape_and_there_is_room_for_fifty(stronger: Raw) -> None:
    made = await stronger.call("POST", EMOJIS, {"name": "dance", "image": GIF})
    assert (made.status, made.body["user"]["id"]) == (201, str(stronger.ids["bot"]))
    assert shaped("POST", "/guilds/{guild_id}/emojis", made) == []
    one, template = f"{EMOJIS}/{made.body['id']}", "/guilds/{guild_id}/emojis/{emoji_id}"
    assert shaped("GET", template, await stronger.call("GET", one)) == []
    edited = await stronger.call("PATCH", one, {"name": "waltz", "roles": []})
    assert (shaped("PATCH", template, edited), edited.body["name"]) == ([], "waltz")
    listed = await stronger.call("GET", EMOJIS)
    assert shaped("GET", "/guilds/{guild_id}/emojis", listed) == []
    guild = stronger.discord.guild
    [emoji] = guild.emojis.values()
    theirs = replace(emoji, id=5, user_id=stronger.ids["ada"])
    guild.emojis |= {number: replace(emoji, id=number) for number in range(6, limits.EMOJIS + 4)} | {
        5: theirs
    }
    got = await stronger.call("POST", EMOJIS, {"name": "dance", "image": GIF})
    assert (got.status, got.code) == (400, 30008)
    for method, body in (("PATCH", {"name": "waltz"}), ("DELETE", None)):
        got = await stronger.call(method, f"{EMOJIS}/5", body)
        assert (got.status, got.code) == (403, 50013), "somebody else made it"
    assert (await stronger.call("DELETE", one)).status == 204
