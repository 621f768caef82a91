"""The page's API: what a tab is told, what it can do, and what it must not see."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from playground.refused import Json
from playground.testing.driver import Driver
from tests.playground.null_bot import NullBot
from tests.wire.conftest import StartClient

PATIENCE = 5
FOREIGN_FILES = (
    "..%2fpage.py",
    "%2e%2e%2fpage.py",
    "lib/..%2f..%2fpage.py",
    "%2fetc%2fhosts",
    "%00",
    "lib",
    "nothing.js",
)


class Page:
    """A browser tab of bare HTTP, acting as one person."""

    def __init__(self, discord: Driver, session: aiohttp.ClientSession, name: str) -> None:
        self.discord = discord
        self.session = session
        self.user = str(discord.member(name).id)
        self.trivia = str(discord.channel("trivia").id)
        self.live: aiohttp.ClientWebSocketResponse | None = None

    async def get(self, path: str, **query: str) -> Any:
        async with self.session.get(self.discord.server.url + path, params=query) as answer:
            return await answer.json()

    async def post(self, name: str, **body: Any) -> tuple[int, Json]:
        url = f"{self.discord.server.url}/playground/{name}"
        async with self.session.post(url, json={"user": self.user, "channel": self.trivia} | body) as answer:
            return answer.status, await answer.json()

    async def watch(self) -> None:
        url = f"{self.discord.server.url}/playground/live?user={self.user}"
        self.live = await self.session.ws_connect(url)

    async def event(self, kind: str, **fields: Any) -> Json:
        """The next live event of a kind with these fields."""
        assert self.live is not None
        while True:
            event: Json = await asyncio.wait_for(self.live.receive_json(), PATIENCE)
            if event["type"] == kind and all(event.get(name) == value for name, value in fields.items()):
                return event

    async def messages(self) -> list[Json]:
        found: list[Json] = (await self.get("/playground/messages", user=self.user, channel=self.trivia))[
            "messages"
        ]
        return found


@pytest.fixture
async def ada(discord: Driver, start_client: StartClient) -> AsyncIterator[Page]:
    await start_client(NullBot())
    async with aiohttp.ClientSession() as session:
        page = Page(discord, session, "Ada")
        await page.watch()
        yield page
        assert page.live is not None
        await page.live.close()


async def test_the_state_of_a_new_server(ada: Page) -> None:
    state = await ada.get("/playground/state", user=ada.user)
    assert state["guild"]["name"] == "City of Stars"
    assert [one["name"] for one in state["channels"] if one["type"] == 0] == [
        "welcome",
        "trivia",
        "film-club",
    ]
    assert [one["display_name"] for one in state["members"]] == ["Ada", "Ben", "Carmen", "Dev", "Eli", "Fay"]
    assert [one["is_moderator"] for one in state["members"]] == [True, True, False, False, False, False]
    assert "Timed out" in state["members"][-1]["description"]
    assert state["bot"]["online"]
    assert {one["name"] for one in state["commands"]} >= {"ping", "topic", "form"}
    async with ada.session.get(ada.discord.server.url + state["bot"]["avatar_url"]) as picture:
        assert (await picture.read()).startswith(b"\x89PNG")


async def test_a_command_from_typing_to_the_answer(ada: Page) -> None:
    status, offered = await ada.post("autocomplete", command="topic", options={"name": "c"}, focused="name")
    assert (status, offered["choices"]) == (200, [{"name": "Cast", "value": "cast"}])
    status, begun = await ada.post("command", command="topic", options={"name": "cast"})
    assert status == 200
    await ada.event("interaction", id=begun["interaction_id"], state="waiting", command="/topic name:cast")
    shown = (await ada.event("message_create"))["message"]
    await ada.event("interaction", id=begun["interaction_id"], state="done")
    assert (shown["content"], shown["command"], shown["ephemeral"]) == (
        "cast True True",
        "/topic name:cast",
        False,
    )
    assert (await ada.messages())[-1]["id"] == shown["id"]


async def test_a_private_answer_is_told_to_its_reader_alone(ada: Page) -> None:
    ben = Page(ada.discord, ada.session, "Ben")
    await ben.watch()
    await ada.post("command", command="ping")
    card = (await ben.event("message_create"))["message"]
    status, _ = await ada.post("click", message=card["id"], custom_id="mine")
    assert status == 200
    private = (await _private(ada))["message"]
    assert private["for_user"] == ada.user
    ada.discord.advance(1)
    assert ben.live is not None
    assert (await asyncio.wait_for(ben.live.receive_json(), PATIENCE))["type"] == "clock", (
        "nothing in between"
    )
    assert private["id"] not in [one["id"] for one in await ben.messages()]
    assert (await ben.post("dismiss", message=private["id"]))[0] == 404
    assert (await ada.post("dismiss", message=private["id"]))[0] == 200
    await ada.event("message_delete", message_id=private["id"])
    await ben.live.close()


async def _private(page: Page) -> Json:
    while True:
        event = await page.event("message_create")
        if event["message"]["ephemeral"]:
            return event


async def test_a_form(ada: Page) -> None:
    _, begun = await ada.post("command", command="form")
    opened = await ada.event("modal_open", interaction_id=begun["interaction_id"])
    assert (opened["custom_id"], opened["title"], len(opened["components"])) == ("form", "Say it", 2)
    fields = {"word": "star", "tone": ["Soft"]}
    status, _ = await ada.post("submit", interaction=begun["interaction_id"], custom_id="form", fields=fields)
    assert status == 200
    assert (await ada.event("message_create"))["message"]["content"] == "You said word=star, tone=Soft"


async def test_no_answer_in_three_seconds_is_a_failure(ada: Page) -> None:
    _, begun = await ada.post("command", command="silent")
    await ada.post("clock", advance=3)
    await ada.event("interaction", id=begun["interaction_id"], state="failed")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("command", {"command": "nonsense"}),
        ("command", {"command": "topic", "options": {}}),
        ("command", {"channel": "1", "command": "ping"}),
        ("command", {"user": "x", "command": "ping"}),
        ("command", {"command": ""}),
        ("click", {"message": "1", "custom_id": "a"}),
        ("submit", {"interaction": "1", "custom_id": "a", "fields": {}}),
        ("clock", {"advance": -5}),
        ("clock", {"to": "2001-01-01T00:00:00+00:00"}),
        ("clock", {"to": "2101-01-01T00:00:00"}),
        ("faults", {"earthquake": True}),
        ("faults", {"revoke": {"permission": "fly"}}),
        ("faults", {"restart_bot": True}),
    ],
)
async def test_what_cannot_be_done_is_a_sentence(ada: Page, name: str, body: Json) -> None:
    if name == "faults":
        async with ada.session.post(f"{ada.discord.server.url}/playground/faults", json=body) as answer:
            status, said = answer.status, await answer.json()
    else:
        status, said = await ada.post(name, **body)
    assert 400 <= status < 500
    assert said["message"]


async def test_the_levers(ada: Page) -> None:
    async def pull(**levers: Any) -> Json:
        async with ada.session.post(f"{ada.discord.server.url}/playground/faults", json=levers) as answer:
            assert answer.status == 200, await answer.text()
            found: Json = (await answer.json())["faults"]
            return found

    assert (await pull(fail_next={"status": 500, "count": 2}))["fail_next"] == [
        {"status": 500, "count": 2, "route": None}
    ]
    assert (await pull(slow=2))["slow"] == 2
    calm = {"gateway_down": False, "slow": 0, "fail_next": [], "kicked": False, "revoked": []}
    assert (await pull(clear=True)) == calm
    where = {"channel": ada.trivia, "permission": "send_messages"}
    assert (await pull(revoke=where))["revoked"] == [where]
    assert [one.deny for one in ada.discord.channel("trivia").overwrites.values()] == [1 << 11]
    await pull(grant=where)
    assert [one.deny for one in ada.discord.channel("trivia").overwrites.values()] == [0]
    assert (await pull(kick=True))["kicked"]
    assert not (await pull(invite=True))["kicked"]
    await pull(revoke=where, kick=True)
    assert (await pull(clear=True)) == calm
    await pull(drop_gateway=True)
    await ada.event("bot_status", online=False)
    await ada.event("bot_status", online=True)


async def test_a_reset_gives_a_new_server_with_the_same_commands(ada: Page) -> None:
    before = await ada.get("/playground/state")
    await ada.post("command", command="ping")
    await ada.event("message_create")
    assert (await ada.post("reset"))[0] == 200
    await ada.event("reset")
    after = await ada.get("/playground/state")
    assert after["guild"]["id"] != before["guild"]["id"]
    assert after["commands"] == before["commands"]
    ada.trivia = str(ada.discord.channel("trivia").id)
    assert await ada.messages() == []
    await ada.post("command", command="ping")
    assert (await ada.event("message_create"))["message"]["channel_id"] == ada.trivia


async def test_a_foreign_page_gets_nothing(ada: Page) -> None:
    url = ada.discord.server.url
    headers = {"Origin": "https://example.org"}
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await ada.session.ws_connect(f"{url}/playground/live?user={ada.user}", headers=headers)
    assert caught.value.status == 403
    async with ada.session.post(f"{url}/playground/reset", data={"a": "b"}) as answer:
        assert answer.status == 415


@pytest.mark.parametrize(
    "name",
    ["..%2fapi.py", "%2e%2e%2fapi.py", "lib/..%2f..%2fapi.py", "%2fetc%2fhosts", "%00", "lib", "nothing.js"],
)
async def test_only_the_pages_own_files_are_served(ada: Page, name: str) -> None:
    async with ada.session.get(f"{ada.discord.server.url}/page/{name}") as answer:
        assert answer.status == 404
