"""Files that people hand in with a form."""

import pytest

from playground.refused import Json, Refused
from playground.schema import limits
from tests.playground.raw import Raw, modal

MODAL = 9
UPLOAD = {
    "type": 18,
    "label": "Your script",
    "component": {"type": 19, "custom_id": "f", "min_values": None, "max_values": 2},
}


async def opened(raw: Raw) -> int:
    raw.command()
    asked = raw.run()
    assert (await raw.respond(asked, MODAL, modal(UPLOAD))).status == 204
    return asked.id


async def test_a_file_is_resolved_and_can_be_had(raw: Raw) -> None:
    files = [("a script.txt", b"City of stars"), ("b.txt", b"b")]
    sent = raw.discord.server.people.submit(raw.ids["ada"], await opened(raw), {"f": files})
    values = sent.data["components"][0]["component"]["values"]
    resolved: Json = sent.data["resolved"]["attachments"]
    assert list(resolved) == values
    first = resolved[values[0]]
    assert (first["filename"], first["size"], first["content_type"]) == ("a_script.txt", 13, "text/plain")
    async with raw.session.get(first["url"]) as answer:
        assert await answer.read() == b"City of stars"
        assert "attachment" in answer.headers["Content-Disposition"]
    async with raw.session.get(first["url"] + "x") as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    "files",
    [
        [],
        ["123"],
        [("a.txt", b"a")] * 3,
        [("a.bin", bytes(limits.FILE_BYTES + 1))],
    ],
    ids=["none", "an id", "three", "too large"],
)
async def test_what_the_client_would_not_send_is_refused(raw: Raw, files: list[object]) -> None:
    interaction = await opened(raw)
    with pytest.raises(Refused):
        raw.discord.server.people.submit(raw.ids["ada"], interaction, {"f": files})
