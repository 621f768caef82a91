"""Reactions: the bot's and people's, what is refused, and what the bot hears of."""

import asyncio
from typing import Any
from urllib.parse import quote

import discord
import pytest
from discord import TextChannel

from playground.refused import Refused
from playground.schema import limits
from playground.testing.driver import Driver
from tests.playground.raw import Raw
from tests.wire.conftest import StartClient

THUMB, HEART = "👍", "❤️"
OWN = "/channels/{trivia}/messages/{own}/reactions"
PEOPLES = "/channels/{trivia}/messages/{theirs}/reactions"


def one(emoji: str, path: str = OWN) -> str:
    return f"{path}/{quote(emoji)}"


async def test_a_reaction_comes_is_counted_and_goes(raw: Raw) -> None:
    assert (await raw.call("PUT", f"{one(THUMB)}/@me")).status == 204
    assert (await raw.call("PUT", f"{one(THUMB)}/@me")).status == 204
    raw.discord.member("Ada").react(raw.discord.channel("trivia").messages[raw.ids["own"]], THUMB)
    shown = await raw.call("GET", "/channels/{trivia}/messages/{own}")
    assert [(entry["emoji"]["name"], entry["count"], entry["me"]) for entry in shown.body["reactions"]] == [
        (THUMB, 2, True)
    ]
    users = await raw.call("GET", one(THUMB))
    assert {user["id"] for user in users.body} == {str(raw.ids["bot"]), str(raw.ids["ada"])}
    assert [user["id"] for user in (await raw.call("GET", f"{one(THUMB)}?limit=1&after=1")).body] == [
        min((str(raw.ids["bot"]), str(raw.ids["ada"])), key=int)
    ]
    assert (await raw.call("DELETE", f"{one(THUMB)}/@me")).status == 204
    assert (await raw.call("DELETE", f"{one(THUMB)}/@me")).status == 204
    raw.discord.member("Ada").react(raw.discord.channel("trivia").messages[raw.ids["own"]], THUMB)
    assert "reactions" not in (await raw.call("GET", "/channels/{trivia}/messages/{own}")).body


async def test_twenty_different_ones_are_enough(raw: Raw) -> None:
    for number in range(limits.REACTIONS):
        assert (await raw.call("PUT", f"{one(chr(0x1F600 + number))}/@me")).status == 204
    got = await raw.call("PUT", f"{one(THUMB)}/@me")
    assert (got.status, got.code) == (403, 30010)
    assert (await raw.call("PUT", f"{one(chr(0x1F600))}/@me")).status == 204, (
        "one that is there may be joined"
    )


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("PUT", f"{OWN}/star/@me", 400, 10014),
        ("PUT", f"{OWN}/party:1234567890/@me", 400, 10014),
        ("PUT", f"/channels/{{trivia}}/messages/1234567890/reactions/{quote(THUMB)}/@me", 404, 10008),
        ("PUT", f"/channels/{{hidden}}/messages/1/reactions/{quote(THUMB)}/@me", 403, 50001),
        ("PUT", f"/channels/{{bare}}/messages/1/reactions/{quote(THUMB)}/@me", 403, 50013),
        ("GET", f"{one(THUMB)}?limit=101", 400, 50035),
        ("DELETE", f"{one(THUMB)}/{{ada}}", 403, 50013),
        ("DELETE", one(THUMB), 403, 50013),
        ("DELETE", OWN, 403, 50013),
    ],
)
async def test_what_is_wrong_is_refused(raw: Raw, method: str, path: str, status: int, code: int) -> None:
    got = await raw.call(method, path)
    assert (got.status, got.code) == (status, code)


async def test_without_add_reactions_one_may_only_join(raw: Raw) -> None:
    raw.discord.deny("trivia", "add_reactions")
    got = await raw.call("PUT", f"{one(THUMB, PEOPLES)}/@me")
    assert (got.status, got.code) == (403, 50013)
    theirs = raw.discord.channel("trivia").messages[raw.ids["theirs"]]
    raw.discord.member("Ada").react(theirs, THUMB)
    assert (await raw.call("PUT", f"{one(THUMB, PEOPLES)}/@me")).status == 204
    with pytest.raises(Refused):
        raw.discord.member("Fay").react(theirs, HEART)


async def test_who_manages_messages_takes_others_away(raw: Raw) -> None:
    raw.discord.allow("trivia", "manage_messages")
    theirs = raw.discord.channel("trivia").messages[raw.ids["theirs"]]
    for name in ("Ada", "Ben"):
        for emoji in (THUMB, HEART):
            raw.discord.member(name).react(theirs, emoji)
    assert (await raw.call("DELETE", f"{one(THUMB, PEOPLES)}/{{ada}}")).status == 204
    assert theirs.reactions[THUMB].user_ids == [raw.discord.member("Ben").id]
    assert (await raw.call("DELETE", one(THUMB, PEOPLES))).status == 204
    assert list(theirs.reactions) == [HEART]
    assert (await raw.call("DELETE", PEOPLES)).status == 204
    assert theirs.reactions == {}


class Listener(discord.Client):
    """Notes what it hears of reactions."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True, guild_reactions=True, guild_messages=True))
        self.heard: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        assert payload.member is not None
        assert payload.message_author_id == payload.user_id
        self.heard.put_nowait(("add", (payload.emoji.name, payload.member.display_name)))

    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        self.heard.put_nowait(("remove", payload.user_id))

    async def on_raw_reaction_clear(self, payload: discord.RawReactionClearEvent) -> None:
        self.heard.put_nowait(("clear", payload.message_id))

    async def on_raw_reaction_clear_emoji(self, payload: discord.RawReactionClearEmojiEvent) -> None:
        self.heard.put_nowait(("clear emoji", payload.emoji.name))


async def test_a_library_hears_of_each(discord: Driver, start_client: StartClient) -> None:
    client = Listener()
    await start_client(client)
    discord.allow("trivia", "manage_messages")
    ada = discord.member("Ada")
    said = ada.say("hello")
    ada.react(said, THUMB)
    assert await client.heard.get() == ("add", (THUMB, "Ada"))
    ada.react(said, THUMB)
    assert await client.heard.get() == ("remove", ada.id)
    place = client.get_channel(discord.channel("trivia").id)
    assert isinstance(place, TextChannel)
    message = await place.fetch_message(said.id)
    ada.react(said, THUMB)
    await client.heard.get()
    await message.clear_reaction(THUMB)
    assert await client.heard.get() == ("clear emoji", THUMB)
    ada.react(said, HEART)
    await client.heard.get()
    await message.clear_reactions()
    assert await client.heard.get() == ("clear", said.id)
