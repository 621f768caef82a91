"""Webhooks: made by the bot, used by whoever knows the token."""

import pytest

from playground.refused import Json
from playground.schema import limits
from playground.testing.driver import Driver
from playground.world.permissions import Permission
from tests.playground.raw import Raw, button, row, text, v2
from tests.wire.openapi import load_validator

OF_CHANNEL = "/channels/{trivia}/webhooks"


@pytest.fixture
async def hook(raw: Raw) -> Raw:
    """A bot with a webhook in #trivia: {hook} is its id and {token} its token."""
    raw.discord.allow("trivia", "manage_webhooks")
    got = await raw.call("POST", OF_CHANNEL, {"name": "Casting"})
    assert got.status == 200, got
    if (validator := load_validator()) is not None:
        faults = validator.answer_faults("POST", "/channels/{channel_id}/webhooks", got.status, got.body)
        assert list(faults) == []
    raw.ids["hook"] = int(got.body["id"])
    raw.ids["token"] = got.body["token"]
    return raw


BY_TOKEN = "/webhooks/{hook}/{token}"


async def test_a_message_is_posted_read_edited_and_deleted_without_the_bots_token(hook: Raw) -> None:
    posted = await hook.call(
        "POST", f"{BY_TOKEN}?wait=true", {"content": "Next", "username": "Bill"}, token=""
    )
    assert (posted.status, posted.body["author"]["username"]) == (200, "Bill")
    assert posted.body["webhook_id"] == posted.body["author"]["id"] == str(hook.ids["hook"])
    one = f"{BY_TOKEN}/messages/{posted.body['id']}"
    edited = await hook.call("PATCH", one, v2(text("Thank you"), row(button())) | {"content": ""}, token="")
    assert edited.status == 200, edited
    read = await hook.call("GET", one, token="")
    assert (read.status, read.body["components"][0]["content"]) == (200, "Thank you")
    if (validator := load_validator()) is not None:
        template = "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
        assert list(validator.answer_faults("GET", template, read.status, read.body)) == []
    assert (await hook.call("DELETE", one, token="")).status == 204
    assert (await hook.call("GET", one, token="")).code == 10008
    assert (await hook.call("POST", BY_TOKEN, {"content": "Quietly"}, token="")).status == 204


async def test_it_posts_in_a_thread_of_its_channel(hook: Raw) -> None:
    thread = hook.discord.add_thread("auditions", "trivia")
    path = f"{BY_TOKEN}?wait=true&thread_id={thread.id}"
    got = await hook.call("POST", path, {"content": "here"}, token="")
    assert got.body["channel_id"] == str(thread.id)
    got = await hook.call("POST", f"{BY_TOKEN}?thread_id={hook.ids['silent']}", {"content": "a"}, token="")
    assert (got.status, got.code) == (404, 10003)


async def test_it_is_listed_renamed_moved_and_deleted(hook: Raw) -> None:
    hook.discord.allow("welcome", "manage_webhooks")
    assert [one["name"] for one in (await hook.call("GET", OF_CHANNEL)).body] == ["Casting"]
    hook.discord.guild.roles[hook.discord.guild.id + 1].permissions |= Permission.MANAGE_WEBHOOKS
    assert [one["name"] for one in (await hook.call("GET", "/guilds/{guild}/webhooks")).body] == ["Casting"]
    got = await hook.call(
        "PATCH", "/webhooks/{hook}", {"name": "Crew", "channel_id": str(hook.ids["welcome"])}
    )
    assert (got.body["name"], got.body["channel_id"]) == ("Crew", str(hook.ids["welcome"]))
    assert (await hook.call("PATCH", BY_TOKEN, {"name": "Cast"}, token="")).body["name"] == "Cast"
    assert (await hook.call("GET", BY_TOKEN, token="")).body["name"] == "Cast"
    assert (await hook.call("GET", "/webhooks/{hook}")).body["name"] == "Cast"
    assert (await hook.call("DELETE", "/webhooks/{hook}")).status == 204
    assert (await hook.call("POST", BY_TOKEN, {"content": "a"}, token="")).code == 10015


async def test_a_channel_has_fifteen_at_most(hook: Raw) -> None:
    for number in range(1, limits.WEBHOOKS):
        assert (await hook.call("POST", OF_CHANNEL, {"name": str(number)})).status == 200
    got = await hook.call("POST", OF_CHANNEL, {"name": "One more"})
    assert (got.status, got.code) == (400, 30007)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", OF_CHANNEL, {}, 400, 50035),
        ("POST", OF_CHANNEL, {"name": "a" * 81}, 400, 50035),
        ("POST", OF_CHANNEL, {"name": "My Clyde"}, 400, 50035),
        ("POST", "/channels/{welcome}/webhooks", {"name": "a"}, 403, 50013),
        ("GET", "/guilds/{guild}/webhooks", None, 403, 50013),
        ("POST", "/webhooks/{hook}/wrong", {"content": "a"}, 401, 50027),
        ("POST", BY_TOKEN, {"content": ""}, 400, 50006),
        ("POST", BY_TOKEN, {"content": "a", "username": "a" * 81}, 400, 50035),
        ("PATCH", BY_TOKEN, {"channel_id": "5"}, 400, 50035),
        ("GET", "/webhooks/5", None, 404, 10015),
        ("DELETE", f"{BY_TOKEN}/messages/{{own}}", None, 404, 10008),
    ],
)
async def test_what_is_wrong_is_refused(
    hook: Raw, method: str, path: str, body: Json | None, status: int, code: int
) -> None:
    got = await hook.call(method, path, body)
    assert (got.status, got.code) == (status, code), got.body


async def test_people_see_what_was_posted(hook: Raw) -> None:
    await hook.call("POST", BY_TOKEN, {"content": "Next"}, token="")
    driver: Driver = hook.discord
    assert driver.messages("trivia")[-1].text == "Next"
    url = f"{driver.server.url}/cdn/avatars/{hook.ids['hook']}/a.png"
    async with hook.session.get(url) as answer:
        assert answer.status == 200
