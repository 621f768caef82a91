"""Where libraries of all kinds lean on Discord: what it ignores, what it adds to a message, whom it finds."""

import pytest

from tests.playground.raw import Raw, text, v2

MESSAGE, DEFER, UPDATE = 4, 5, 7
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
