"""The local Discord answers as Discord's OpenAPI file says, and the file's validator bites."""

# ruff: noqa: E501 (a row of a table stays on its line)

from datetime import UTC, datetime
from typing import Any

import pytest

from playground.api.log import RequestRecord
from tests.playground.raw import Raw, button, row, select, text, v2
from tests.wire.openapi import FILE_VARIABLE, Validator, load_validator

WEB = "https://example.org/a.png"
EVERYTHING = v2(
    {"type": 17, "components": [text("a"), {"type": 14}, row(button(), button("b", emoji={"name": "🎬"}))]},
    {"type": 9, "components": [text("b")], "accessory": {"type": 11, "media": {"url": WEB}}},
    {"type": 12, "items": [{"media": {"url": WEB}, "description": "A star"}]},
    row(select(3)),
)
ANSWERS = [
    ("GET", "/users/@me", "/users/@me", None),
    ("GET", "/users/{user_id}", "/users/{ada}", None),
    ("GET", "/users/@me/guilds", "/users/@me/guilds", None),
    ("POST", "/users/@me/channels", "/users/@me/channels", {"recipient_id": "256700000000000001"}),
    ("GET", "/applications/@me", "/applications/@me", None),
    ("GET", "/gateway/bot", "/gateway/bot", None),
    ("GET", "/guilds/{guild_id}", "/guilds/{guild}", None),
    ("GET", "/guilds/{guild_id}/roles", "/guilds/{guild}/roles", None),
    ("GET", "/guilds/{guild_id}/channels", "/guilds/{guild}/channels", None),
    ("GET", "/guilds/{guild_id}/members/{user_id}", "/guilds/{guild}/members/{ada}", None),
    ("GET", "/guilds/{guild_id}/threads/active", "/guilds/{guild}/threads/active", None),
    ("GET", "/channels/{channel_id}", "/channels/{trivia}", None),
    ("GET", "/channels/{channel_id}", "/channels/{forum}", None),
    ("GET", "/channels/{channel_id}", "/channels/{archived}", None),
    ("GET", "/channels/{channel_id}", "/channels/{no_dm}", None),
    ("GET", "/channels/{channel_id}/messages", "/channels/{trivia}/messages", None),
    ("GET", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}", "/channels/{trivia}/messages/{theirs}/reactions/%F0%9F%91%8D", None),
    ("GET", "/channels/{channel_id}/thread-members", "/channels/{archived}/thread-members", None),
    ("POST", "/channels/{channel_id}/messages", "/channels/{trivia}/messages", EVERYTHING),
    ("POST", "/channels/{channel_id}/messages", "/channels/{trivia}/messages", {"embeds": [{"title": "a"}]}),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}", "/channels/{trivia}/messages/{own}", {"content": "b"}),
    (
        "PUT",
        "/applications/{application_id}/commands",
        "/applications/{app}/commands",
        [{"name": "ping", "description": "a", "options": [{"type": 3, "name": "word", "description": "b"}]}],
    ),
]  # fmt: skip


@pytest.fixture
def validator() -> Validator:
    found = load_validator()
    if found is None:
        pytest.skip(f"{FILE_VARIABLE} names no file to hold answers against")
    return found


@pytest.mark.parametrize(("method", "template", "path", "body"), ANSWERS, ids=[entry[2] for entry in ANSWERS])
async def test_an_answer_has_discords_shape(
    raw: Raw, validator: Validator, method: str, template: str, path: str, body: Any
) -> None:
    got = await raw.call(method, path, body)
    assert list(validator.answer_faults(method, template, got.status, got.body)) == []


async def test_an_interactions_answer_has_discords_shape(raw: Raw, validator: Validator) -> None:
    raw.command()
    ping = raw.run()
    path = f"/interactions/{ping.id}/{ping.token}/callback?with_response=1"
    got = await raw.call("POST", path, {"type": 4, "data": EVERYTHING})
    template = "/interactions/{interaction_id}/{interaction_token}/callback"
    assert list(validator.answer_faults("POST", template, got.status, got.body)) == []
    original = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
    got = await raw.call("GET", raw.webhook(ping, "/messages/@original"))
    assert list(validator.answer_faults("GET", original, got.status, got.body)) == []


@pytest.mark.parametrize(
    ("method", "route", "query", "body"),
    [
        ("POST", "/channels/{channel_id}/messages", {}, {"content": 5}),
        ("POST", "/channels/{channel_id}/messages", {}, v2(row(button(label="a" * 81)))),
        ("POST", "/channels/{channel_id}/messages", {"wait": "1"}, {"content": "a"}),
        ("POST", "/channels/{channel_id}/horoscope", {}, None),
        ("PUT", "/channels/{channel_id}", {}, None),
        ("GET", "/users/@me", {}, {"content": "a"}),
        ("POST", "/interactions/{a}/{b}/callback", {}, {"type": 9, "data": {"title": "a"}}),
    ],
)
def test_a_request_that_does_not_fit_is_found(
    validator: Validator, method: str, route: str, query: dict[str, str], body: Any
) -> None:
    record = RequestRecord(method, route, route, {}, query, datetime.now(UTC), body)
    assert list(validator.faults(record))
