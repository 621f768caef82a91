"""Each rule of an interaction's life meets an answer that breaks it."""

# ruff: noqa: E501 (a row of a table stays on its line)

from typing import Any

import pytest

from playground.refused import Json, Reason, Refused
from playground.world.model import Interaction
from tests.playground.raw import EPHEMERAL, Raw, button, field, modal, row, select, text, v2

MESSAGE, DEFER, DEFER_UPDATE, UPDATE, COMPLETE, MODAL = 4, 5, 6, 7, 8, 9
WORD = {"type": 3, "name": "word", "description": "A word", "autocomplete": True}
FIFTEEN_MINUTES = 900


@pytest.fixture
async def ping(raw: Raw) -> Interaction:
    """A command that waits for its answer."""
    raw.command()
    return raw.run()


def click(raw: Raw, message_id: int, custom_id: str = "a", **more: Any) -> Interaction:
    people = raw.discord.server.people
    return people.click(raw.ids["ada"], raw.ids["trivia"], message_id, custom_id, **more)


async def test_one_first_response_and_no_second(raw: Raw, ping: Interaction) -> None:
    assert (await raw.respond(ping, MESSAGE, {"content": "a"})).status == 204
    got = await raw.respond(ping, MESSAGE, {"content": "b"})
    assert (got.status, got.code) == (400, 40060)
    assert [shown.text for shown in raw.discord.messages()][-1] == "a"


async def test_a_response_after_three_seconds_is_too_late(raw: Raw, ping: Interaction) -> None:
    raw.discord.advance(3.1)
    got = await raw.respond(ping, MESSAGE, {"content": "a"})
    assert (got.status, got.code) == (404, 10062)
    await ping.settled.wait()
    assert ping.state == "failed"


async def test_a_response_just_before_three_seconds_counts(raw: Raw, ping: Interaction) -> None:
    raw.discord.advance(2.5)
    assert (await raw.respond(ping, MESSAGE, {"content": "a"})).status == 204


async def test_another_token_or_id_is_unknown(raw: Raw, ping: Interaction) -> None:
    for path in (f"/interactions/{ping.id}/nonsense/callback", f"/interactions/1/{ping.token}/callback"):
        got = await raw.call("POST", path, {"type": MESSAGE, "data": {"content": "a"}})
        assert (got.status, got.code) == (404, 10062)


async def test_a_token_lives_fifteen_minutes(raw: Raw, ping: Interaction) -> None:
    await raw.respond(ping, MESSAGE, {"content": "a"})
    raw.discord.advance(FIFTEEN_MINUTES - 5)
    assert (await raw.call("POST", raw.webhook(ping), {"content": "in time"})).status == 200
    raw.discord.advance(6)
    for method, rest in (("POST", ""), ("PATCH", "/messages/@original"), ("DELETE", "/messages/@original")):
        got = await raw.call(method, raw.webhook(ping, rest), {"content": "late"})
        assert (got.status, got.code) == (401, 50027), method


async def test_follow_ups_come_after_the_first_response(raw: Raw, ping: Interaction) -> None:
    got = await raw.call("POST", raw.webhook(ping), {"content": "a"})
    assert (got.status, got.code) == (404, 10015)


async def test_no_answer_to_edit_after_a_modal(raw: Raw, ping: Interaction) -> None:
    assert (await raw.respond(ping, MODAL, modal(field()))).status == 204
    got = await raw.call("PATCH", raw.webhook(ping, "/messages/@original"), {"content": "a"})
    assert (got.status, got.code) == (404, 10008)


async def test_a_users_install_has_five_follow_ups(raw: Raw) -> None:
    raw.command("mine", integration_types=[1])
    mine = raw.run("mine")
    await raw.respond(mine, MESSAGE, {"content": "a"})
    for number in range(5):
        assert (await raw.call("POST", raw.webhook(mine), {"content": str(number)})).status == 200
    got = await raw.call("POST", raw.webhook(mine), {"content": "one too many"})
    assert (got.status, got.code) == (400, 40094)


async def test_a_servers_install_has_more(raw: Raw, ping: Interaction) -> None:
    await raw.respond(ping, MESSAGE, {"content": "a"})
    for number in range(6):
        assert (await raw.call("POST", raw.webhook(ping), {"content": str(number)})).status == 200


@pytest.mark.parametrize("kind", [1, DEFER_UPDATE, UPDATE, COMPLETE, 99])
async def test_a_command_takes_no_such_answer(raw: Raw, ping: Interaction, kind: int) -> None:
    got = await raw.respond(ping, kind, {"content": "a"})
    assert (got.status, got.code) == (400, 50035)
    assert ping.state == "waiting", "it can still be answered"


async def test_a_modal_is_not_answered_with_a_modal(raw: Raw, ping: Interaction) -> None:
    await raw.respond(ping, MODAL, modal(field()))
    submitted = raw.discord.server.people.submit(raw.ids["ada"], ping.id, {"f": "a"})
    assert "BASE_TYPE_CHOICES" in (await raw.respond(submitted, MODAL, modal(field()))).faults
    assert "BASE_TYPE_CHOICES" in (await raw.respond(submitted, UPDATE, {"content": "a"})).faults
    assert (await raw.respond(submitted, MESSAGE, {"content": "a"})).status == 204


RESPONSES: list[tuple[str, int, Json, str]] = [
    ("content over 2,000", MESSAGE, {"content": "a" * 2_001}, "BASE_TYPE_MAX_LENGTH"),
    ("V2 with content", MESSAGE, v2(text("a")) | {"content": "b"}, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"),
    ("a nonce", MESSAGE, {"content": "a", "nonce": "1"}, "UNKNOWN_FIELD"),
    ("a label over 80", MESSAGE, v2(row(button(label="a" * 81))), "BASE_TYPE_MAX_LENGTH"),
    ("content in a deferral", DEFER, {"content": "a"}, "UNKNOWN_FIELD"),
    ("V2 in a deferral", DEFER, {"flags": 1 << 15}, "MESSAGE_FLAGS_NOT_ALLOWED"),
    ("title over 45", MODAL, modal(field(), title="a" * 46), "BASE_TYPE_BAD_LENGTH"),
    ("no title", MODAL, modal(field(), title=""), "BASE_TYPE_BAD_LENGTH"),
    ("no parts", MODAL, modal(), "BASE_TYPE_BAD_LENGTH"),
    ("six parts", MODAL, modal(*[field(str(number)) for number in range(6)]), "BASE_TYPE_BAD_LENGTH"),
    ("label over 45", MODAL, modal(field(label="a" * 46)), "BASE_TYPE_BAD_LENGTH"),
    ("field id twice", MODAL, modal(field(), field()), "COMPONENT_CUSTOM_ID_DUPLICATED"),
    ("modal id over 100", MODAL, modal(field(), custom_id="a" * 101), "BASE_TYPE_BAD_LENGTH"),
    ("a button in a modal", MODAL, modal(row(button())), "UNION_TYPE_CHOICES"),
    ("max_length over 4,000", MODAL, modal(field(component={"type": 4, "custom_id": "f", "style": 1, "max_length": 4_001})), "NUMBER_TYPE_MAX"),
    ("min above max", MODAL, modal(field(component={"type": 4, "custom_id": "f", "style": 1, "min_length": 5, "max_length": 4})), "BASE_TYPE_BAD_LENGTH"),
    ("value above max_length", MODAL, modal(field(component={"type": 4, "custom_id": "f", "style": 1, "value": "abc", "max_length": 2})), "BASE_TYPE_BAD_LENGTH"),
    ("a label inside a label", MODAL, modal(field(component={"type": 4, "custom_id": "f", "style": 1, "label": "x"})), "TEXT_INPUT_LABEL_NOT_ALLOWED"),
    ("description over 100", MODAL, modal(field(description="a" * 101)), "BASE_TYPE_BAD_LENGTH"),
    ("placeholder over 100", MODAL, modal(field(component={"type": 4, "custom_id": "f", "style": 1, "placeholder": "a" * 101})), "BASE_TYPE_MAX_LENGTH"),
    ("11 radio options", MODAL, modal(field(component={"type": 21, "custom_id": "f", "options": [{"label": "a", "value": str(number)} for number in range(11)]})), "BASE_TYPE_BAD_LENGTH"),
    ("11 files to upload", MODAL, modal(field(component={"type": 19, "custom_id": "f", "max_values": 11})), "NUMBER_TYPE_MAX"),
    ("one radio option", MODAL, modal(field(component={"type": 21, "custom_id": "f", "options": [{"label": "a", "value": "a"}]})), "BASE_TYPE_BAD_LENGTH"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind", "data", "fault"), RESPONSES, ids=[entry[0] for entry in RESPONSES])
async def test_a_wrong_response_is_refused(
    raw: Raw, ping: Interaction, name: str, kind: int, data: Json, fault: str
) -> None:
    got = await raw.respond(ping, kind, data)
    assert (got.status, got.code) == (400, 50035), name
    assert fault in got.faults
    assert "data" in got.body["errors"], "faults are below data, where Discord puts them"
    assert ping.state == "waiting", "it can still be answered"


async def test_twenty_five_completions_and_no_more(raw: Raw) -> None:
    raw.command("find", options=[WORD])
    people = raw.discord.server.people
    asked = people.complete(raw.ids["ada"], raw.ids["trivia"], "find", {"word": "a"}, "word")
    choices = [{"name": str(number), "value": str(number)} for number in range(26)]
    assert "BASE_TYPE_BAD_LENGTH" in (await raw.respond(asked, COMPLETE, {"choices": choices})).faults
    long_name = [{"name": "a" * 101, "value": "a"}]
    assert "BASE_TYPE_BAD_LENGTH" in (await raw.respond(asked, COMPLETE, {"choices": long_name})).faults
    assert (await raw.respond(asked, MESSAGE, {"content": "a"})).code == 50035
    assert (await raw.respond(asked, COMPLETE, {"choices": choices[:25]})).status == 204
    assert asked.choices == choices[:25]


async def test_an_ephemeral_message_is_no_channel_message(raw: Raw, ping: Interaction) -> None:
    await raw.respond(ping, MESSAGE, {"content": "a", "flags": EPHEMERAL})
    assert ping.message is not None
    for method, body in (("GET", None), ("PATCH", {"content": "b"}), ("DELETE", None)):
        got = await raw.call(method, f"/channels/{{trivia}}/messages/{ping.message.id}", body)
        assert (got.status, got.code) == (404, 10008), method
    assert (await raw.call("PATCH", raw.webhook(ping, "/messages/@original"), {"content": "b"})).status == 200
    assert ping.message.content == "b"


async def test_a_deferral_keeps_its_privacy(raw: Raw, ping: Interaction) -> None:
    await raw.respond(ping, DEFER, {"flags": EPHEMERAL})
    assert ping.state == "thinking"
    await raw.call("POST", raw.webhook(ping), {"content": "in public?"})
    assert ping.state == "done"
    assert ping.message is not None
    assert ping.message.for_user == raw.ids["ada"]


async def test_an_answer_needs_no_permission_in_the_channel(raw: Raw) -> None:
    raw.command()
    quiet = raw.run(channel="silent")
    assert (await raw.respond(quiet, MESSAGE, {"content": "still"})).status == 204
    ada = raw.discord.member("Ada")
    assert [shown.text for shown in raw.discord.messages("silent", ada)] == ["still"]


async def test_a_user_without_external_apps_is_answered_in_private(raw: Raw) -> None:
    raw.command("mine", integration_types=[1])
    carmen = raw.discord.member("Carmen")
    raw.discord.deny("trivia", "use_external_apps", carmen)
    mine = raw.run("mine", member="Carmen")
    await raw.respond(mine, MESSAGE, {"content": "a"})
    assert mine.message is not None
    assert mine.message.for_user == carmen.id


@pytest.mark.parametrize("given", [{}, {"word": ""}, {"word": 5}, {"word": "a", "other": "b"}])
async def test_a_command_takes_its_options_only(raw: Raw, given: Json) -> None:
    raw.command("find", options=[WORD | {"required": True, "autocomplete": False}])
    with pytest.raises(Refused, match=r"word|other"):
        raw.run("find", **given)


async def test_a_command_for_moderators_is_hidden_from_others(raw: Raw) -> None:
    raw.command("rule", default_member_permissions="32")
    with pytest.raises(Refused, match="permission"):
        raw.run("rule", member="Carmen")
    assert raw.run("rule", member="Ben").user_id == raw.discord.member("Ben").id


async def test_a_servers_command_is_not_in_direct_messages(raw: Raw) -> None:
    raw.command("here", contexts=[0])
    with pytest.raises(Refused, match="not available"):
        raw.run("here", channel="DM")


async def test_who_is_timed_out_runs_no_command(raw: Raw) -> None:
    raw.command()
    with pytest.raises(Refused, match="timed out"):
        raw.run(member="Fay")


async def test_a_click_needs_its_button(raw: Raw) -> None:
    message = await raw.send(
        {"content": "a", "components": [row(button("on"), button("off", disabled=True))]}
    )
    for custom_id in ("absent", "off"):
        with pytest.raises(Refused) as caught:
            click(raw, message.id, custom_id)
        assert caught.value.reason is Reason.INVALID_FORM
    with pytest.raises(Refused):
        click(raw, message.id, "on", values=["a"])
    assert click(raw, message.id, "on").source is message


async def test_a_choice_needs_its_option(raw: Raw) -> None:
    message = await raw.send(v2(row(select(3, max_values=2))))
    for values in ([], ["9"], ["0", "1", "2"], ["1", "1"], None):
        with pytest.raises(Refused) as caught:
            click(raw, message.id, "s", values=values)
        assert caught.value.reason is Reason.INVALID_FORM
    assert click(raw, message.id, "s", values=["0", "2"]).data["values"] == ["0", "2"]


async def test_another_persons_private_message_takes_no_click(raw: Raw, ping: Interaction) -> None:
    await raw.respond(ping, MESSAGE, v2(row(button())) | {"flags": EPHEMERAL | 1 << 15})
    assert ping.message is not None
    people = raw.discord.server.people
    with pytest.raises(Refused) as caught:
        people.click(raw.discord.member("Ben").id, raw.ids["trivia"], ping.message.id, "a")
    assert caught.value.reason is Reason.UNKNOWN_MESSAGE


@pytest.mark.parametrize(
    "fields", [{}, {"f": ""}, {"f": "a"}, {"f": "a" * 6}, {"f": "abc", "g": "x"}, {"f": 5}]
)
async def test_a_form_takes_what_fits(raw: Raw, ping: Interaction, fields: Json) -> None:
    typed = {"type": 4, "custom_id": "f", "style": 1, "min_length": 2, "max_length": 5}
    await raw.respond(ping, MODAL, modal(field(component=typed)))
    people = raw.discord.server.people
    with pytest.raises(Refused):
        people.submit(raw.ids["ada"], ping.id, fields)
    submitted = people.submit(raw.ids["ada"], ping.id, {"f": "abc"})
    assert submitted.data["components"][0]["component"]["value"] == "abc"


async def test_a_form_is_submitted_once_and_by_its_person(raw: Raw, ping: Interaction) -> None:
    await raw.respond(ping, MODAL, modal(field()))
    people = raw.discord.server.people
    with pytest.raises(Refused):
        people.submit(raw.discord.member("Ben").id, ping.id, {"f": "a"})
    with pytest.raises(Refused):
        people.submit(raw.ids["ada"], ping.id, {"f": "a"}, custom_id="other")
    first = people.submit(raw.ids["ada"], ping.id, {"f": "a"}, custom_id="m")
    await raw.respond(first, MESSAGE, {"content": "thanks"})
    with pytest.raises(Refused):
        people.submit(raw.ids["ada"], ping.id, {"f": "a"})


async def test_mentions_ping_only_as_allowed(raw: Raw) -> None:
    ada, guild = raw.ids["ada"], raw.discord.guild
    lovers = next(role.id for role in guild.roles.values() if role.name == "Film lovers")
    words = {"content": f"<@{ada}> <@&{lovers}> @everyone"}
    silent = await raw.send(words | {"allowed_mentions": {"parse": []}})
    assert (silent.mentions, silent.mention_roles, silent.mention_everyone) == ([], [], False)
    loud = await raw.send(words)
    assert (loud.mentions, loud.mention_roles, loud.mention_everyone) == ([ada], [lovers], True)
    chosen = await raw.send(words | {"allowed_mentions": {"parse": [], "roles": [str(lovers)]}})
    assert (chosen.mentions, chosen.mention_roles, chosen.mention_everyone) == ([], [lovers], False)
    raw.discord.deny("trivia", "mention_everyone")
    assert not (await raw.send(words)).mention_everyone
