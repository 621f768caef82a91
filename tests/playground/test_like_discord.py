"""Where libraries of all kinds lean on Discord: what it ignores, what it adds to a message, whom it finds."""

import json
import os
import re
from pathlib import Path

import pytest

from playground.api.missing import missing_routes
from playground.api.rates import Window
from playground.server import LocalDiscord
from tests.playground.raw import EPHEMERAL, Raw, button, row, text, v2
from tests.wire.openapi import FILE_VARIABLE

MESSAGE, DEFER = 4, 5
SEND = "/channels/{trivia}/messages"


@pytest.fixture
def lenient(raw: Raw) -> Raw:
    """A bot of bare HTTP at a local Discord as it is by default."""
    raw.discord.server.api.strict = False
    return raw


async def test_fields_that_discord_does_not_know_are_ignored(lenient: Raw) -> None:
    lenient.command()
    asked = lenient.run()
    odd = {"nonce": {"no": "nonce"}, "enforce_nonce": False, "message_reference": 5}
    assert (await lenient.respond(asked, MESSAGE, {"content": "a"} | odd)).status == 204
    original = lenient.webhook(asked, "/messages/@original")
    assert (await lenient.call("PATCH", original, {"content": "b"} | odd)).status == 200
    assert (await lenient.call("POST", lenient.webhook(asked), {"content": "c"} | odd)).status == 200
    assert asked.message is not None
    assert (asked.message.content, asked.message.nonce, asked.message.reference) == ("b", None, None)


async def test_ignored_fields_leave_nothing_behind(lenient: Raw) -> None:
    part = text("a") | {"colour": 3}
    message = await lenient.send(v2(part) | {"poem": True})
    assert "colour" not in message.components[0]
    got = await lenient.call("POST", SEND, {"content": "a" * 2_001, "poem": True})
    assert (got.status, got.faults) == (400, {"BASE_TYPE_MAX_LENGTH"}), "known fields are held to their form"


async def test_a_strict_one_names_fields_that_discord_does_not_know(raw: Raw) -> None:
    got = await raw.call("POST", SEND, {"content": "a", "poem": True})
    assert got.faults == {"UNKNOWN_FIELD"}


async def test_a_reply_carries_what_it_replies_to(raw: Raw) -> None:
    first = await raw.send({"content": "first", "components": [row(button())]})
    reply = {"content": "second", "message_reference": {"message_id": first.id}}
    got = await raw.call("POST", SEND, reply)
    assert got.body["message_reference"] == {
        "type": 0,
        "message_id": str(first.id),
        "channel_id": str(raw.ids["trivia"]),
        "guild_id": str(raw.ids["guild"]),
    }
    assert got.body["referenced_message"]["content"] == "first"
    third = await raw.call(
        "POST", SEND, {"content": "third", "message_reference": {"message_id": got.body["id"]}}
    )
    assert "referenced_message" not in third.body["referenced_message"], "one level, no chain"
    await raw.call("DELETE", f"{SEND}/{first.id}")
    assert (await raw.call("GET", f"{SEND}/{got.body['id']}")).body["referenced_message"] is None


async def test_a_reply_does_not_tell_what_the_intents_hide(raw: Raw) -> None:
    reply = {"content": "seen", "message_reference": {"message_id": raw.ids["theirs"]}}
    got = await raw.call("POST", SEND, reply)
    shown = (await raw.call("GET", f"{SEND}/{got.body['id']}")).body
    assert (shown["content"], shown["referenced_message"]["content"]) == ("seen", "")


async def test_the_application_belongs_to_a_person(raw: Raw) -> None:
    owner = (await raw.call("GET", "/applications/@me")).body["owner"]
    assert (owner["id"], owner["bot"]) == (str(raw.ids["ada"]), False)


async def test_a_deleted_deferral_thinks_no_longer(raw: Raw) -> None:
    raw.command()
    asked = raw.run()
    await raw.respond(asked, DEFER, {"flags": EPHEMERAL})
    assert asked.state == "thinking"
    assert (await raw.call("DELETE", raw.webhook(asked, "/messages/@original"))).status == 204
    assert asked.state == "done"
    later = await raw.call("POST", raw.webhook(asked), {"content": "after all"})
    assert (later.status, later.body["content"]) == (200, "after all"), "a message of its own"


async def test_members_are_searched_by_the_start_of_a_name(raw: Raw) -> None:
    search = "/guilds/{guild}/members/search"
    got = await raw.call("GET", f"{search}?query=AD&limit=5")
    assert [member["user"]["username"] for member in got.body] == ["ada"]
    assert (await raw.call("GET", f"{search}?query=zz")).body == []
    for wrong in ("", "?query=a&limit=0", "?query=a&limit=1001", "?query=a&limit=x"):
        assert (await raw.call("GET", search + wrong)).status == 400, wrong


async def test_a_channel_takes_five_messages_in_five_seconds(raw: Raw) -> None:
    raw.discord.server.rates.on = True
    for number in range(5):
        await raw.send({"content": str(number)})
    got = await raw.call("POST", SEND, {"content": "one more"})
    assert (got.status, got.body["global"]) == (429, False)
    assert 0 < got.body["retry_after"] <= 5
    assert (await raw.call("POST", "/channels/{welcome}/messages", {"content": "elsewhere"})).status == 200


async def test_fifty_requests_a_second_are_taken_and_answers_to_people_always(raw: Raw) -> None:
    raw.command()
    rates = raw.discord.server.rates
    rates.on = True
    rates.everything.seconds = 60.0  # on a busy machine fifty take longer than a second
    got = [(await raw.call("GET", "/users/@me")).status for _ in range(51)]
    assert got == [200] * 50 + [429]
    refused = await raw.call("GET", "/users/@me")
    assert refused.body["global"]
    assert 0 < refused.body["retry_after"] <= 60
    assert (await raw.respond(raw.run(), MESSAGE, {"content": "a"})).status == 204


def test_a_window_begins_anew_and_full() -> None:
    window = Window(size=2, seconds=5.0)
    assert [window.take(now) for now in (100.0, 104.9, 104.9, 105.0, 105.0, 105.0)] == [
        True,
        True,
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("PUT", "/guilds/{guild}/members/{ada}", "PUT /guilds/{guild_id}/members/{user_id}"),
        ("GET", "/guilds/{guild}/invites", "GET /guilds/{guild_id}/invites"),
        (
            "GET",
            "/applications/{app}/guilds/{guild}/commands/permissions",
            "GET /applications/{application_id}/guilds/{guild_id}/commands/permissions",
        ),
    ],
)
async def test_a_missing_route_says_so(
    raw: Raw, caplog: pytest.LogCaptureFixture, method: str, path: str, name: str
) -> None:
    got = await raw.call(method, path)
    assert (got.status, got.body["message"]) == (501, f"501: The playground does not have {name}")
    assert name in caplog.text


def test_each_of_discords_routes_is_there_or_known_to_be_missing() -> None:
    file = os.environ.get(FILE_VARIABLE)
    if not file:
        pytest.skip(f"{FILE_VARIABLE} names no file of Discord's routes")
    paths = json.loads(Path(file).read_text(encoding="utf-8"))["paths"]
    theirs = {
        (method.upper(), _shape(path))
        for path, methods in paths.items()
        for method in methods
        if method in {"get", "put", "post", "patch", "delete"}
    }
    server = LocalDiscord()
    missing = {(route.method, _shape(route.template)) for route in missing_routes()}
    built = {(route.method, _shape(route.template)) for route in server.routes()}
    assert (theirs - built - missing, missing & built) == (set(), set())


def _shape(template: str) -> str:
    return re.sub(r"\{\w+\}", "{}", template)
