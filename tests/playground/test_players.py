"""The three who play by themselves: what they take for a question, when they answer, that they go again."""

import random
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground import SCENE
from playground.clock import SharedClock
from playground.people.players import LATE_BY, PLAYER_IDS, answers_of
from playground.refused import Json
from playground.server import LocalDiscord
from playground.testing.driver import Driver
from playground.world.events import Event, InteractionEvent
from playground.world.model import Interaction, Message
from tests.examples import examples
from tests.playground.raw import Raw, button, row, text, v2

ANSWERS = [f"quiz1:7.2.{choice}" for choice in range(4)]


def message(*rows: Json) -> Message:
    clock = SharedClock()
    return Message(1, 2, 3, 4, clock.now(), components=list(rows))


def buttons(*names: str, **more: object) -> Json:
    return row(*(button(name, **more) for name in names))


@pytest.mark.parametrize(
    "one",
    [
        buttons(*ANSWERS),
        buttons("t:1", "t:2"),
        buttons("pick_a", "pick_b", "pick_c"),
        row(*(button(f"{letter}x{letter}", label=f"{letter}  Something") for letter in "ABCD")),
        row(*(button(name, label=f"{place}. Paris") for place, name in enumerate(("q8f", "zz", "k"), 1))),
    ],
)
def test_rows_that_are_counted_are_answers(one: Json) -> None:
    shown = message({"type": 17, "components": [text("?"), one]}, buttons("host1:next.7", "host1:stop.7"))
    assert answers_of(shown) == [part["custom_id"] for part in one["components"]]


@pytest.mark.parametrize(
    "one",
    [
        buttons("host1:reveal.7.2", "host1:stop.7.2"),
        buttons("again1:7"),
        buttons(*ANSWERS, disabled=True),
        row(button("q:0"), button("q:1", style=4)),
        row(*({"type": 2, "style": 5, "label": f"{place}", "url": "https://a.b"} for place in range(3))),
        buttons("another1:4", "more1:cast"),
        row({"type": 3, "custom_id": "s", "options": [{"label": "a", "value": "a"}]}),
    ],
)
def test_other_rows_are_not(one: Json) -> None:
    assert answers_of(message(one)) == []


@given(ids=st.lists(st.text(min_size=1, max_size=100), min_size=1, max_size=5), label=st.none() | st.text())
@settings(max_examples=examples(100))
def test_whatever_a_bot_sends_is_looked_at_in_peace(ids: list[str], label: str | None) -> None:
    found = answers_of(message(buttons(*ids, label=label)))
    assert found in ([], ids)


class Clicks:
    """What the players did, in order."""

    def __init__(self, driver: Driver) -> None:
        self.all: list[Interaction] = []
        driver.server.hub.subscribe(self._hear)

    def _hear(self, event: Event) -> None:
        if isinstance(event, InteractionEvent) and event.state == "waiting":
            self.all.append(event.interaction)


@pytest.fixture
async def game() -> AsyncIterator[Raw]:
    server = LocalDiscord(SharedClock(), SCENE, strict=True, chance=random.Random(4))
    await server.start()
    async with aiohttp.ClientSession() as session:
        one = Raw(Driver(server), session)
        await one.prepare()
        yield one
    await server.stop()


async def ask(game: Raw, ids: Sequence[str] = ANSWERS, seconds: int = 20) -> Message:
    ends = int((game.discord.clock.now() + timedelta(seconds=seconds)).timestamp())
    return await game.send(v2(text(f"Who? Time is up <t:{ends}:R>."), buttons(*ids)))


async def test_each_answers_once_within_the_time_or_soon_after(game: Raw) -> None:
    clicks = Clicks(game.discord)
    game.discord.server.players.come(game.discord.guild)
    late = 0
    for number in range(12):
        clicks.all.clear()
        shown = await ask(game)
        await game.call(
            "PATCH", f"/channels/{{trivia}}/messages/{shown.id}", v2(text("3 answers"), buttons(*ANSWERS))
        )
        for _ in range(44):
            game.discord.advance(0.5)
            await game.call("GET", "/users/@me")
        assert {one.user_id for one in clicks.all} == set(PLAYER_IDS), number
        assert len(clicks.all) == 3
        assert {one.data["custom_id"] for one in clicks.all} <= set(ANSWERS)
        spent = [one.created - shown.timestamp for one in clicks.all]
        assert max(spent) < timedelta(seconds=21) + LATE_BY[1]
        late += sum(one > timedelta(seconds=20) for one in spent)
    assert 0 < late < 18, "some are late, most are not"


async def test_they_do_not_press_what_is_gone(game: Raw) -> None:
    clicks = Clicks(game.discord)
    game.discord.server.players.come(game.discord.guild)
    shown = await ask(game)
    await game.call("PATCH", f"/channels/{{trivia}}/messages/{shown.id}", v2(text("It is over.")))
    for _ in range(60):
        game.discord.advance(0.5)
        await game.call("GET", "/users/@me")
    assert clicks.all == []


async def test_they_answer_nobody_else_and_nothing_private(game: Raw) -> None:
    clicks = Clicks(game.discord)
    game.discord.server.players.come(game.discord.guild)
    game.command()
    asked = game.run()
    await game.respond(asked, 4, v2(text("?"), buttons(*ANSWERS)) | {"flags": 1 << 15 | 1 << 6})
    clicks.all.clear()
    game.discord.advance(60)
    await game.call("GET", "/users/@me")
    assert clicks.all == []


async def test_they_are_members_until_they_are_sent_away(game: Raw) -> None:
    players, guild = game.discord.server.players, game.discord.guild
    clicks = Clicks(game.discord)
    players.come(guild)
    players.come(guild)
    assert set(PLAYER_IDS) <= guild.members.keys()
    await ask(game)
    players.leave()
    assert not set(PLAYER_IDS) & guild.members.keys()
    assert not players.here
    game.discord.advance(60)
    await game.call("GET", "/users/@me")
    assert clicks.all == []
    players.come(guild)
    assert (await game.call("GET", f"/guilds/{{guild}}/members/{PLAYER_IDS[0]}")).status == 200
