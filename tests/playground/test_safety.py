"""The playground serves this machine's own programs and its own page, and no other page in the browser."""

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from playground import Driver, LocalDiscord
from tests.playground.raw import Raw, row, v2

FOREIGN = "https://example.org"
HTML = b"<script>fetch('/playground/state')</script>"
PATHS = (
    "/",
    "/page/main.js",
    "/playground/state",
    "/api/v10/users/@me",
    "/cdn/embed/avatars/0.png",
    "/nothing",
)
WRONG_LINKS = ("javascript:alert(1)", "data:text/html,a", "file:///etc/passwd", "//example.org", " ")
WRONG_MOMENTS = ("yesterday", "2026-13-01T00:00:00Z", "", "12", "2026-01-01T25:00:00+00:00")
RIGHT_MOMENTS = ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.123000+00:00", "2026-01-01")
SOCKETS = ("/gateway?v=10&encoding=json", "/playground/live?user={ada}")


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": FOREIGN},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Host": "example.org"},
        {"Host": "example.org:{port}"},
        {"Host": "127.0.0.1:{port}.example.org"},
        {"Host": "example.org:{port}", "Origin": "http://example.org:{port}"},
    ],
    ids=lambda headers: " ".join(headers.values()),
)
async def test_no_other_page_gets_an_answer(
    discord: Driver, session: aiohttp.ClientSession, path: str, headers: dict[str, str]
) -> None:
    port = discord.server.url.rsplit(":", 1)[-1]
    sent = {name: value.format(port=port) for name, value in headers.items()}
    for method in ("GET", "POST", "OPTIONS"):
        async with session.request(method, discord.server.url + path, headers=sent) as answer:
            assert answer.status == 403
            assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("path", SOCKETS)
@pytest.mark.parametrize("headers", [{"Origin": FOREIGN}, {"Origin": "null"}, {"Host": "example.org"}])
async def test_no_other_page_gets_a_connection(
    discord: Driver, session: aiohttp.ClientSession, path: str, headers: dict[str, str]
) -> None:
    url = discord.server.url + path.format(ada=discord.member("Ada").id)
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await session.ws_connect(url, headers=headers)
    assert caught.value.status == 403
    (await session.ws_connect(url, headers={"Origin": discord.server.url}))
    await (await session.ws_connect(url)).close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
async def test_its_own_page_and_programs_are_answered(
    discord: Driver, session: aiohttp.ClientSession, host: str
) -> None:
    own = f"{host}:{discord.server.url.rsplit(':', 1)[-1]}"
    for headers in ({"Host": own}, {"Host": own, "Origin": f"http://{own}"}):
        async with session.get(f"{discord.server.url}/playground/state", headers=headers) as answer:
            assert answer.status == 200


@pytest.mark.parametrize("path", PATHS)
async def test_nothing_is_framed_or_taken_for_what_it_is_not(
    discord: Driver, session: aiohttp.ClientSession, path: str
) -> None:
    async with session.get(discord.server.url + path) as answer:
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "picture.png", "page.xhtml", "page"])
async def test_a_file_is_a_download_and_can_do_nothing(raw: Raw, name: str) -> None:
    got = await raw.upload("/channels/{trivia}/messages", {"content": "a"}, (name, HTML))
    async with raw.session.get(got.body["attachments"][0]["url"]) as answer:
        assert await answer.read() == HTML
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert not answer.content_type.startswith(("image/png", "image/jpeg"))


def test_the_token_is_another_at_each_start() -> None:
    tokens = {LocalDiscord().world.token for _ in range(3)}
    assert len(tokens) == 3
    assert min(map(len, tokens)) > 50


@pytest.mark.parametrize("url", WRONG_LINKS)
async def test_the_world_takes_no_links_but_those_of_the_web(raw: Raw, url: str) -> None:
    bodies = (
        {"content": "a", "components": [row({"type": 2, "style": 5, "label": "a", "url": url})]},
        {"embeds": [{"title": "a", "url": url}]},
        {"embeds": [{"title": "a", "image": {"url": url}}]},
        {"embeds": [{"author": {"name": "a", "url": url}}]},
        {"embeds": [{"footer": {"text": "a", "icon_url": url}}]},
        v2({"type": 12, "items": [{"media": {"url": url}}]}),
    )
    for body in bodies:
        got = await raw.call("POST", "/channels/{trivia}/messages", body)
        assert (got.status, got.faults) == (400, {"URL_TYPE_INVALID_SCHEME"}), body


async def test_links_of_the_web_and_of_discord_are_taken(raw: Raw) -> None:
    for url in ("https://example.org/a?b#c", "HTTP://example.org", "discord://-/channels/1"):
        body = {"content": "a", "components": [row({"type": 2, "style": 5, "label": "a", "url": url})]}
        assert (await raw.call("POST", "/channels/{trivia}/messages", body)).status == 200, url


@pytest.mark.parametrize("timestamp", WRONG_MOMENTS)
async def test_a_timestamp_has_to_be_one(raw: Raw, timestamp: str) -> None:
    body = {"embeds": [{"title": "a", "timestamp": timestamp}]}
    got = await raw.call("POST", "/channels/{trivia}/messages", body)
    assert (got.status, got.faults) == (400, {"DATE_TIME_TYPE_PARSE"})


@pytest.mark.parametrize("timestamp", RIGHT_MOMENTS)
async def test_timestamps_of_every_usual_form_are_taken(raw: Raw, timestamp: str) -> None:
    body = {"embeds": [{"title": "a", "timestamp": timestamp}]}
    assert (await raw.call("POST", "/channels/{trivia}/messages", body)).status == 200


@pytest.mark.parametrize("user", ["nonsense", "", "-1", "1" * 30, "9" * 5_000, "1.5", "٣", "5"])
async def test_a_person_who_is_nobody_gets_a_sentence(
    discord: Driver, session: aiohttp.ClientSession, user: str
) -> None:
    url, channel = discord.server.url, str(discord.channel().id)
    queries = (("state", {"user": user}), ("messages", {"user": user, "channel": channel}))
    for name, query in (*queries, ("messages", {"user": channel, "channel": user})):
        async with session.get(f"{url}/playground/{name}", params=query) as answer:
            assert answer.status in (200, 400, 403, 404), await answer.text()
            assert "message" in await answer.json() or user == "5"
    body = {"user": user, "channel": channel, "content": "hello", "command": "a", "message": user}
    for name in ("say", "command", "autocomplete", "click", "submit", "dismiss"):
        async with session.post(f"{url}/playground/{name}", json=body) as answer:
            assert answer.status in (400, 403, 404), name
            assert json.loads(await answer.text())["message"]
