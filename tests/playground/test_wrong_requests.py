"""Each rule of REST meets a request that breaks it, and answers with Discord's status and code."""

# ruff: noqa: E501 (a row of a table stays on its line)

from dataclasses import dataclass
from typing import Any

import pytest

from playground.refused import Json
from playground.schema import limits
from playground.schema.commands import text_length
from playground.world.scene import BOT_ID
from tests.playground.raw import EPHEMERAL, V2, Raw, button, row, select, text, v2

SEND = "/channels/{trivia}/messages"
OWN = "/channels/{trivia}/messages/{own}"
COMMANDS = "/applications/{app}/commands"
UNKNOWN_ID = "1234567890"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A request and the refusal that it must meet; `fault` is the code inside a form's errors."""

    name: str
    method: str
    path: str
    body: Any
    status: int
    code: int
    fault: str | None = None


def form(name: str, body: Any, fault: str, *, path: str = SEND, method: str = "POST") -> Wrong:
    return Wrong(name, method, path, body, 400, 50035, fault)


def embed(**fields: Any) -> Json:
    return {"embeds": [fields]}


def command(**fields: Any) -> Json:
    return {"name": "ping", "description": "Says pong"} | fields


def option(**fields: Any) -> Json:
    return {"type": 3, "name": "word", "description": "A word"} | fields


def gallery(*urls: str, **more: Any) -> Json:
    return {"type": 12, "items": [{"media": {"url": url}} | more for url in urls]}


WEB = "https://example.org/a.png"
MESSAGES = [
    form("content over 2,000", {"content": "a" * 2_001}, "BASE_TYPE_MAX_LENGTH"),
    Wrong("nothing at all", "POST", SEND, {"content": ""}, 400, 50006),
    Wrong("only spaces", "POST", SEND, {"content": "   "}, 400, 50006),
    form("a field that Discord does not know", {"content": "a", "colour": 1}, "UNKNOWN_FIELD"),
    form("a text that is a number", {"content": 5}, "STRING_TYPE_CONVERT"),
    form("nonce over 25", {"content": "a", "nonce": "n" * 26}, "BASE_TYPE_MAX_LENGTH"),
    form("11 embeds", {"embeds": [{"title": "a"}] * 11}, "BASE_TYPE_BAD_LENGTH"),
    form("embed title over 256", embed(title="a" * 257), "BASE_TYPE_MAX_LENGTH"),
    form("embeds over 6,000 in all", {"embeds": [{"description": "a" * 3_000}, {"description": "a" * 3_001}]}, "MAX_EMBED_SIZE_EXCEEDED"),
    form("embed description over 4,096", embed(description="a" * 4_097), "BASE_TYPE_MAX_LENGTH"),
    form("embed address over 2,048", embed(title="a", url=WEB + "a" * (2_049 - len(WEB))), "BASE_TYPE_MAX_LENGTH"),
    form("footer over 2,048", embed(footer={"text": "a" * 2_049}), "BASE_TYPE_BAD_LENGTH"),
    form("author over 256", embed(author={"name": "a" * 257}), "BASE_TYPE_BAD_LENGTH"),
    form("field name over 256", embed(fields=[{"name": "a" * 257, "value": "b"}]), "BASE_TYPE_BAD_LENGTH"),
    form("field value over 1,024", embed(fields=[{"name": "a", "value": "b" * 1_025}]), "BASE_TYPE_BAD_LENGTH"),
    form("file name over 1,024", {"content": "a", "attachments": [{"id": 0, "filename": "a" * 1_025}]}, "BASE_TYPE_BAD_LENGTH"),
    form("101 ids to mention", {"content": "a", "allowed_mentions": {"users": [str(number) for number in range(101)]}}, "BASE_TYPE_BAD_LENGTH"),
    form("26 fields", embed(fields=[{"name": "a", "value": "b"}] * 26), "BASE_TYPE_BAD_LENGTH"),
    form("empty field name", embed(title="a", fields=[{"name": "", "value": "b"}]), "BASE_TYPE_BAD_LENGTH"),
    form("private outside an interaction", {"content": "a", "flags": EPHEMERAL}, "MESSAGE_FLAGS_NOT_ALLOWED"),
    form("parse and ids", {"content": "a", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"),
    form("unknown parse", {"content": "a", "allowed_mentions": {"parse": ["all"]}}, "BASE_TYPE_CHOICES"),
    form("alt text over 1,024", {"content": "a", "attachments": [{"id": 0, "description": "a" * 1_025}]}, "BASE_TYPE_MAX_LENGTH"),
    form("attachment that is not there", {"content": "a", "attachments": [{"id": 0}]}, "ATTACHMENT_NOT_FOUND"),
    Wrong("answer to a message that is not there", "POST", SEND, {"content": "a", "message_reference": {"message_id": UNKNOWN_ID}}, 404, 10008),
    Wrong("a list for a body", "POST", SEND, ["a"], 400, 50035),
]  # fmt: skip
COMPONENTS = [
    form("V2 without its flag", {"components": [text("a")]}, "UNION_TYPE_CHOICES"),
    form("content beside V2", v2(text("a")) | {"content": "b"}, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"),
    form("embeds beside V2", v2(text("a")) | embed(title="b"), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"),
    form("41 components in all", v2(*[text("a")] * 40 + [row(button())]), "BASE_TYPE_BAD_LENGTH"),
    form("41 with nested ones", v2({"type": 17, "components": [text("a")] * 40}), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"),
    form("text over 4,000 in all", v2(text("a" * 2_000), text("b" * 2_001)), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"),
    form("empty text", v2(text("")), "BASE_TYPE_BAD_LENGTH"),
    form("unknown component", v2({"type": 99}), "UNION_TYPE_CHOICES"),
    form("text input in a message", v2(row({"type": 4, "custom_id": "a", "style": 1})), "UNION_TYPE_CHOICES"),
    form("container in a container", v2({"type": 17, "components": [{"type": 17, "components": [text("a")]}]}), "UNION_TYPE_CHOICES"),
    form("empty container", v2({"type": 17, "components": []}), "BASE_TYPE_BAD_LENGTH"),
    form("button outside a row", v2(button()), "UNION_TYPE_CHOICES"),
    form("six buttons in a row", v2(row(*[button(str(number)) for number in range(6)])), "BASE_TYPE_BAD_LENGTH"),
    form("a select beside a button", v2(row(button(), select())), "COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
    form("six rows without V2", {"components": [row(button(str(number))) for number in range(6)]}, "BASE_TYPE_BAD_LENGTH"),
    form("label over 80", v2(row(button(label="a" * 81))), "BASE_TYPE_MAX_LENGTH"),
    form("custom_id over 100", v2(row(button("a" * 101))), "BASE_TYPE_BAD_LENGTH"),
    form("empty custom_id", v2(row(button(""))), "BASE_TYPE_BAD_LENGTH"),
    form("no custom_id", v2(row({"type": 2, "style": 1, "label": "a"})), "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED"),
    form("custom_id twice", v2(row(button(), button())), "COMPONENT_CUSTOM_ID_DUPLICATED"),
    form("id twice", v2(text("a") | {"id": 7}, text("b") | {"id": 7}), "COMPONENT_ID_DUPLICATED"),
    form("neither label nor emoji", v2(row(button(label=None))), "BUTTON_COMPONENT_EMPTY"),
    form("a word for an emoji", v2(row(button(emoji={"name": "star"}))), "COMPONENT_INVALID_EMOJI"),
    form("a link with a custom_id", v2(row(button(style=5, url=WEB))), "BUTTON_COMPONENT_CUSTOM_ID_NOT_ALLOWED"),
    form("a link over 512", v2(row({"type": 2, "style": 5, "label": "a", "url": WEB + "a" * (513 - len(WEB))})), "BASE_TYPE_BAD_LENGTH"),
    form("unknown style", v2(row(button(style=9))), "NUMBER_TYPE_MAX"),
    form("26 options", v2(row(select(26))), "BASE_TYPE_BAD_LENGTH"),
    form("no options", v2(row(select(0))), "BASE_TYPE_BAD_LENGTH"),
    form("placeholder over 150", v2(row(select(placeholder="a" * 151))), "BASE_TYPE_MAX_LENGTH"),
    form("more to choose than options", v2(row(select(2, max_values=3))), "BASE_TYPE_BAD_LENGTH"),
    form("option value twice", v2(row(select(0) | {"options": [{"label": "a", "value": "x"}] * 2})), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"),
    form("option label over 100", v2(row(select(0) | {"options": [{"label": "a" * 101, "value": "x"}]})), "BASE_TYPE_BAD_LENGTH"),
    form("section without accessory", v2({"type": 9, "components": [text("a")]}), "BASE_TYPE_REQUIRED"),
    form("four texts in a section", v2({"type": 9, "components": [text("a")] * 4, "accessory": button()}), "BASE_TYPE_BAD_LENGTH"),
    form("11 pictures in a gallery", v2(gallery(*[WEB] * 11)), "BASE_TYPE_BAD_LENGTH"),
    form("gallery alt text over 1,024", v2(gallery(WEB, description="a" * 1_025)), "BASE_TYPE_MAX_LENGTH"),
    form("a picture that is not attached", v2(gallery("attachment://a.png")), "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"),
    form("a picture of another scheme", v2(gallery("file:///etc/passwd")), "URL_TYPE_INVALID_SCHEME"),
    form("colour out of range", v2({"type": 17, "components": [text("a")], "accent_color": 0x1000000}), "NUMBER_TYPE_MAX"),
    form("unknown field in a component", v2(text("a") | {"size": 3}), "UNKNOWN_FIELD"),
    form("unknown spacing", v2({"type": 14, "spacing": 3}), "NUMBER_TYPE_MAX"),
]  # fmt: skip
PLACES = [
    Wrong("no such channel", "POST", f"/channels/{UNKNOWN_ID}/messages", {"content": "a"}, 404, 10003),
    Wrong("a word for an id", "POST", "/channels/trivia/messages", {"content": "a"}, 400, 50035, "NUMBER_TYPE_COERCE"),
    Wrong("a channel that the bot cannot see", "POST", "/channels/{hidden}/messages", {"content": "a"}, 403, 50001),
    Wrong("looking at that channel", "GET", "/channels/{hidden}", None, 403, 50001),
    Wrong("no Send Messages", "POST", "/channels/{silent}/messages", {"content": "a"}, 403, 50013),
    Wrong("typing there", "POST", "/channels/{silent}/typing", None, 403, 50013),
    Wrong("no Send Messages in Threads", "POST", "/channels/{quiet_thread}/messages", {"content": "a"}, 403, 50013),
    Wrong("no Embed Links", "POST", "/channels/{bare}/messages", embed(title="a"), 403, 50013),
    Wrong("no Read Message History", "GET", "/channels/{bare}/messages/1", None, 403, 50013),
    Wrong("a forum's root", "POST", "/channels/{forum}/messages", {"content": "a"}, 400, 50008),
    Wrong("a locked thread", "POST", "/channels/{locked}/messages", {"content": "a"}, 400, 160005),
    Wrong("a locked and archived thread", "POST", "/channels/{closed}/messages", {"content": "a"}, 400, 50083),
    Wrong("reopening a locked thread", "PATCH", "/channels/{closed}", {"archived": False}, 403, 50013),
    Wrong("locking without Manage Threads", "PATCH", "/channels/{locked}", {"locked": False}, 403, 50013),
    Wrong("editing in an archived thread", "PATCH", "/channels/{archived}/messages/{in_archived}", {"content": "a"}, 400, 50083),
    Wrong("somebody who takes no messages", "POST", "/channels/{no_dm}/messages", {"content": "a"}, 403, 50007),
    Wrong("a conversation with oneself", "POST", "/users/@me/channels", {"recipient_id": str(BOT_ID)}, 400, 50033),
    Wrong("a conversation with nobody", "POST", "/users/@me/channels", {"recipient_id": UNKNOWN_ID}, 400, 50033),
    Wrong("a server that the bot is not in", "GET", "/guilds/{elsewhere}", None, 404, 10004),
    Wrong("a channel of that server", "POST", "/channels/{far}/messages", {"content": "a"}, 403, 50001),
    Wrong("a server with an outage", "GET", "/guilds/{dark}", None, 503, 0),
    Wrong("a channel of that server with an outage", "POST", "/channels/{dim}/messages", {"content": "a"}, 503, 0),
    Wrong("no such member", "GET", "/guilds/{guild}/members/1", None, 404, 10007),
    Wrong("no such user", "GET", f"/users/{UNKNOWN_ID}", None, 404, 10013),
    Wrong("deleting a channel", "DELETE", "/channels/{trivia}", None, 403, 50013),
]  # fmt: skip
THREADS = [
    form("thread name over 100", {"name": "a" * 101, "type": 11}, "BASE_TYPE_BAD_LENGTH", path="/channels/{trivia}/threads"),
    form("unknown time to archive", {"name": "a", "type": 11, "auto_archive_duration": 7}, "BASE_TYPE_CHOICES", path="/channels/{trivia}/threads"),
    Wrong("a thread in a forum's root as in a text channel", "POST", "/channels/{forum}/threads", {"name": "a", "type": 11}, 400, 50024),
    Wrong("a thread without the permission", "POST", "/channels/{trivia}/threads", {"name": "a", "type": 12}, 403, 50013),
    Wrong("101 messages at once", "GET", f"{SEND}?limit=101", None, 400, 50035, "NUMBER_TYPE_MAX"),
]  # fmt: skip
EDITS = [
    Wrong("no such message", "PATCH", f"/channels/{{trivia}}/messages/{UNKNOWN_ID}", {"content": "a"}, 404, 10008),
    Wrong("another's message", "PATCH", "/channels/{trivia}/messages/{theirs}", {"content": "a"}, 403, 50005),
    Wrong("deleting another's message", "DELETE", "/channels/{trivia}/messages/{theirs}", None, 403, 50013),
    Wrong("a message of another channel", "GET", "/channels/{welcome}/messages/{own}", None, 404, 10008),
    form("content into a V2 message", {"content": "a"}, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", path="/channels/{trivia}/messages/{own_v2}", method="PATCH"),
    form("V2 over content that stays", v2(text("a")), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", path=OWN, method="PATCH"),
    form("V2 components into a message without V2", {"components": [text("a")]}, "UNION_TYPE_CHOICES", path=OWN, method="PATCH"),
    form("a nonce in an edit", {"content": "a", "nonce": "1"}, "UNKNOWN_FIELD", path=OWN, method="PATCH"),
    Wrong("emptied", "PATCH", OWN, {"content": "", "components": []}, 400, 50006),
]  # fmt: skip
COMMAND_FORMS = [
    form("capital letters", [command(name="Ping")], "APPLICATION_COMMAND_INVALID_NAME", path=COMMANDS, method="PUT"),
    form("a space in a name", [command(name="a b")], "APPLICATION_COMMAND_INVALID_NAME", path=COMMANDS, method="PUT"),
    form("name over 32", [command(name="a" * 33)], "BASE_TYPE_BAD_LENGTH", path=COMMANDS, method="PUT"),
    form("no description", [{"name": "ping"}], "BASE_TYPE_REQUIRED", path=COMMANDS, method="PUT"),
    form("description over 100", [command(description="a" * 101)], "BASE_TYPE_BAD_LENGTH", path=COMMANDS, method="PUT"),
    form("a name twice", [command(), command()], "APPLICATION_COMMANDS_DUPLICATE_NAME", path=COMMANDS, method="PUT"),
    form("26 options", [command(options=[option(name=f"o{number}") for number in range(26)])], "BASE_TYPE_BAD_LENGTH", path=COMMANDS, method="PUT"),
    form("an option twice", [command(options=[option(), option()])], "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED", path=COMMANDS, method="PUT"),
    form("required after optional", [command(options=[option(), option(name="b", required=True)])], "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", path=COMMANDS, method="PUT"),
    form("26 choices", [command(options=[option(choices=[{"name": str(number), "value": str(number)} for number in range(26)])])], "BASE_TYPE_BAD_LENGTH", path=COMMANDS, method="PUT"),
    form("choices that complete", [command(options=[option(autocomplete=True, choices=[{"name": "a", "value": "a"}])])], "APPLICATION_COMMAND_OPTIONS_CHOICES_WITH_AUTOCOMPLETE", path=COMMANDS, method="PUT"),
    form("a choice twice", [command(options=[option(choices=[{"name": "a", "value": "a"}] * 2)])], "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_DUPLICATED", path=COMMANDS, method="PUT"),
    form("sub-commands among options", [command(options=[option(), {"type": 1, "name": "sub", "description": "a"}])], "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", path=COMMANDS, method="PUT"),
    form("over 8,000 characters", [command(options=[option(name=f"o{number}", choices=[{"name": f"{place}" + "a" * 97, "value": "b" * 100} for place in range(10)]) for number in range(5)])], "APPLICATION_COMMAND_TOO_LARGE", path=COMMANDS, method="PUT"),
    form("a text option over 6,000", [command(options=[option(max_length=6_001)])], "NUMBER_TYPE_MAX", path=COMMANDS, method="PUT"),
    form("unknown context", [command(contexts=[7])], "NUMBER_TYPE_MAX", path=COMMANDS, method="PUT"),
    Wrong("101 commands", "PUT", COMMANDS, [command(name=f"c{number}") for number in range(101)], 400, 30032),
    Wrong("another's application", "PUT", f"/applications/{UNKNOWN_ID}/commands", [], 403, 20012),
    Wrong("no such command", "GET", f"{COMMANDS}/{UNKNOWN_ID}", None, 404, 10063),
    Wrong("commands in a server without the bot", "PUT", "/applications/{app}/guilds/{elsewhere}/commands", [], 403, 50001),
]  # fmt: skip
ROUTES = [
    Wrong("no such route", "GET", "/horoscopes", None, 404, 0),
    Wrong("a method that the route lacks", "PUT", SEND, {"content": "a"}, 405, 0),
]
REACTIONS = f"{OWN}/reactions/%F0%9F%8E%89"
QUERIES = [
    form(f"{query} of {path}", None, fault, path=f"{path}?{query}", method="GET")
    for path, query, fault in (
        (SEND, "limit=many", "NUMBER_TYPE_COERCE"),
        (SEND, "limit=101", "NUMBER_TYPE_MAX"),
        (SEND, "limit=0", "NUMBER_TYPE_MIN"),
        (SEND, "before=dawn", "NUMBER_TYPE_COERCE"),
        (SEND, "after=dusk", "NUMBER_TYPE_COERCE"),
        (SEND, "around=noon", "NUMBER_TYPE_COERCE"),
        (REACTIONS, "limit=many", "NUMBER_TYPE_COERCE"),
        (REACTIONS, "after=dusk", "NUMBER_TYPE_COERCE"),
        ("/users/@me/guilds", "limit=201", "NUMBER_TYPE_MAX"),
        ("/users/@me/guilds", "after=dusk", "NUMBER_TYPE_COERCE"),
        ("/channels/{trivia}/messages/pins", "limit=51", "NUMBER_TYPE_MAX"),
        ("/channels/{trivia}/messages/pins", "before=dawn", "DATE_TIME_TYPE_PARSE"),
        ("/guilds/{guild}/members/search", "query=a&limit=many", "NUMBER_TYPE_COERCE"),
    )
]
EVERY = [*MESSAGES, *COMPONENTS, *PLACES, *THREADS, *EDITS, *COMMAND_FORMS, *ROUTES, *QUERIES]


@pytest.mark.parametrize("wrong", EVERY, ids=lambda wrong: wrong.name)
async def test_a_wrong_request_is_refused(raw: Raw, wrong: Wrong) -> None:
    before = {channel: list(place.messages) for channel, place in raw.discord.world.channels.items()}
    got = await raw.call(wrong.method, wrong.path, wrong.body)
    assert (got.status, got.code) == (wrong.status, wrong.code), got.body
    if wrong.fault is not None:
        assert wrong.fault in got.faults, got.body
    assert before == {channel: list(place.messages) for channel, place in raw.discord.world.channels.items()}


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("content of 2,000", {"content": "a" * limits.CONTENT_LENGTH}),
        ("40 components, 4,000 characters", v2(*[text("a" * 100)] * 40)),
        ("label of 80, custom_id of 100", v2(row(button("c" * 100, label="a" * 80)))),
        ("25 options", v2(row(select(25, placeholder="p" * 150)))),
        ("nonce of 25", {"content": "a", "nonce": "n" * 25, "enforce_nonce": True}),
        ("five rows of five", {"components": [row(*[button(f"{line}{at}") for at in range(5)]) for line in range(5)]}),
        ("embeds of 6,000", {"embeds": [{"description": "a" * 3_000}] * 2}),
        ("V2 with an emoji of two signs", v2(row(button(label=None, emoji={"name": "🏳️‍🌈"})))),
        ("null where nothing is meant", {"content": "a", "embeds": None, "components": None, "allowed_mentions": None}),
        ("a message without V2 suppressing", {"content": "a", "flags": 1 << 12}),
    ],
)  # fmt: skip
async def test_what_is_just_allowed_passes(raw: Raw, name: str, body: Json) -> None:
    got = await raw.call("POST", SEND, body)
    assert got.status == 200, f"{name}: {got.body}"


@pytest.mark.parametrize("token", ["", "Bot wrong", "Bearer {token}"])
async def test_a_wrong_token_is_refused(raw: Raw, token: str) -> None:
    token = token.format(token=raw.discord.world.token)
    got = await raw.call("GET", "/users/@me", token=token)
    assert (got.status, got.code) == (401, 0)


async def test_a_file_needs_attach_files(raw: Raw) -> None:
    got = await raw.upload("/channels/{bare}/messages", {"content": "a"}, ("a.txt", b"a"))
    assert (got.status, got.code) == (403, 50013)


async def test_a_file_over_ten_mebibytes_is_refused(raw: Raw) -> None:
    big = bytes(10 * 1024 * 1024 + 1)
    got = await raw.upload(SEND, {"content": "a"}, ("a.bin", big))
    assert (got.status, got.code) == (413, 40005)


async def test_eleven_files_are_refused(raw: Raw) -> None:
    got = await raw.upload(SEND, {"content": "a"}, *[(f"{number}.txt", b"a") for number in range(11)])
    assert (got.status, got.code) == (400, 30015)


async def test_a_body_that_is_no_json_is_refused(raw: Raw) -> None:
    world = raw.discord.world
    headers = {"Authorization": f"Bot {world.token}", "Content-Type": "application/json"}
    url = f"{raw.discord.server.url}/api/v10/channels/{raw.ids['trivia']}/messages"
    async with raw.session.post(url, data=b"{", headers=headers) as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, 50109)
        assert answer.headers["Content-Type"] == "application/json"


async def test_a_command_has_8000_characters_and_no_more(raw: Raw) -> None:
    def sized(last: int) -> list[Json]:
        choices = [{"name": f"{place:02}" + "a" * 76, "value": "b" * 80} for place in range(25)]
        options = [
            option(name="a", description="d", choices=choices),
            option(name="b", description="d", choices=choices),
        ]
        return [
            command(name="c", description="d", options=[*options, option(name="e", description="d" * last)])
        ]

    at = 8_000 - text_length(sized(0)[0])
    assert 1 <= at < 100, at
    assert (await raw.call("PUT", COMMANDS, sized(at))).status == 200
    assert "APPLICATION_COMMAND_TOO_LARGE" in (await raw.call("PUT", COMMANDS, sized(at + 1))).faults


async def test_an_old_message_takes_only_so_many_edits(raw: Raw) -> None:
    raw.discord.advance(3_601)
    for number in range(30):
        assert (await raw.call("PATCH", OWN, {"content": str(number)})).status == 200
    got = await raw.call("PATCH", OWN, {"content": "once more"})
    assert (got.status, got.code) == (429, 30046)


async def test_a_nonce_is_enforced_for_three_minutes(raw: Raw) -> None:
    body = {"content": "once", "nonce": "q7.1", "enforce_nonce": True}
    first = await raw.send(body)
    raw.discord.advance(179)
    assert (await raw.send(body | {"content": "again"})).id == first.id
    assert (await raw.send(body, "{welcome}")).id == first.id, "it is the author's, not the channel's"
    raw.discord.advance(2)
    assert (await raw.send(body)).id != first.id
    loose = {"content": "a", "nonce": "loose"}
    assert (await raw.send(loose)).id != (await raw.send(loose)).id, (
        "without enforce_nonce it is only an echo"
    )


async def test_a_message_in_an_archived_thread_reopens_it(raw: Raw) -> None:
    await raw.send({"content": "a"}, "{archived}")
    thread = raw.discord.channel("archived").thread
    assert thread is not None
    assert not thread.archived


async def test_the_v2_flag_stays(raw: Raw) -> None:
    message = await raw.send(v2(text("a")))
    got = await raw.call("PATCH", f"/channels/{{trivia}}/messages/{message.id}", {"flags": 0})
    assert got.status == 200
    assert message.flags & V2
