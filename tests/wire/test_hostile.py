"""Whatever is sent to the bot: one answer, no failure, no change where it says no, nothing broken out."""

import contextlib
import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import discord as discord_py
import pytest
from discord import AppCommandOptionType as OptionKind
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app import TriviaBot
from bot.ui.router import OUTDATED
from playground import (
    Actor,
    ChannelKind,
    Driver,
    Interaction,
    Json,
    Refused,
    Shown,
)
from tests.examples import examples
from tests.hostile import PIECES, WITHOUT_SHRINKING, hostile_text
from tests.wire.hostile_rig import ARGUMENTS, KNOWN_WORDS, Listener, Rig, listen
from tests.wire.quiz.game import Game, reader_of

FEW = settings(
    max_examples=examples(1_000),
    deadline=None,
    phases=WITHOUT_SHRINKING,
    suppress_health_check=list(HealthCheck),
)
LONGEST_CUSTOM_ID = 100
LARGEST_INTEGER = 2**53
FIRST_USER = 256_700_000_000_000_001
COMPONENT = discord_py.InteractionType.component.value
MODAL = discord_py.InteractionType.modal_submit.value
PRIVATELY, QUESTION = 1, 2
"""The index of the source that is a private card, and of the one that is a question."""


@pytest.fixture
async def rig(discord: Driver, trivia: TriviaBot, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rig]:
    """Untimed rounds lie open everywhere, so that nothing is stored but by what is sent."""
    guild = discord.guild
    for kind in (ChannelKind.VOICE, ChannelKind.FORUM, ChannelKind.ANNOUNCEMENT):
        discord.add_channel(kind.name.lower(), kind)
    elsewhere = discord.add_guild("Elsewhere", with_bot=False)
    discord.world.add_member(elsewhere, discord.member("Dev").user)
    hosts = discord.add_members(12)
    channels = [one for one in guild.channels.values() if one.kind is not ChannelKind.FORUM]
    places = [(discord.member(name), place) for name in ("Ada", "Dev", "Fay") for place in channels]
    dev = discord.member("Dev")
    places += [
        (dev, discord.channel("DM", dev)),
        (dev, discord.channel("forum")),
        (discord.member("Dev", elsewhere), discord.channel("trivia", discord.member("Dev", elsewhere))),
    ]
    private = await discord.member("Ada").run("topics")
    rig = Rig(discord, trivia, places, private.message.raw)
    listen(rig, monkeypatch)
    for index, (host, channel) in enumerate(zip(hosts, channels, strict=False)):
        form = "typed" if index % 2 else "buttons"
        started = await host.run("quiz start", channel=channel, questions=25, seconds=0, answers=form)
        assert not started.ephemeral, started.text
    discord.advance(10)
    opened = Game(discord, reader_of(trivia))
    await opened.stored(
        "SELECT 1 FROM asked_questions WHERE state = 'open' LIMIT 1 OFFSET ?", (len(channels) - 1,)
    )
    rig.sources |= {channel.id: [one.raw for one in discord.messages(channel)] for channel in channels}
    handler = Listener(rig.failures)
    logging.getLogger().addHandler(handler)
    forget = discord.on_message(rig.said.append)
    yield rig
    forget()
    logging.getLogger().removeHandler(handler)


def leaves(commands: list[Json]) -> Iterator[tuple[str, list[Json]]]:
    """Yield every command that can be run, by its full name, with its options."""
    for command in commands:
        nested = [one for one in command.get("options", ()) if one["type"] in (1, 2)]
        if nested:
            yield from ((f"{command['name']} {name}", options) for name, options in leaves(nested))
        else:
            yield command["name"], command.get("options", [])


@dataclass(frozen=True, slots=True)
class Value:
    """What may be given for an option, whichever kind it turns out to be."""

    text: str
    number: int
    index: int

    def of(self, rig: Rig, actor: Actor, option: Json) -> Any:  # noqa: PLR0911 (one line a kind of option)
        """Return it as Discord hands such a thing over; only a number may be out of its range."""
        match OptionKind(option["type"]):
            case OptionKind.string if choices := option.get("choices"):
                return choices[self.index % len(choices)]["value"]
            case OptionKind.string:
                return self.text
            case OptionKind.integer:
                return self.number
            case OptionKind.boolean:
                return self.index % 2 == 0
            case OptionKind.attachment:
                return FILE_NAMES[self.index % len(FILE_NAMES)], self.text.encode(errors="replace")
            case OptionKind.user:
                return self._one_of(rig.discord.world.users)
            case OptionKind.channel:
                return self._one_of(actor.guild.channels)
            case OptionKind.role:
                return self._one_of(actor.guild.roles)
        raise AssertionError(f"no value for {option}")

    def _one_of(self, ids: Iterable[int]) -> str:
        known = sorted(ids)
        return str(known[self.index % len(known)])


FRIENDLY = ("music", "9:00", "Europe/London", "UTC", "ryan gosling", "jazz")
FILE_NAMES = ("ours.toml", "ours.csv", "ours.exe")
INDEX = st.integers(0, 10_000)
VALUES = st.builds(
    Value,
    text=st.one_of(hostile_text(6_000), st.sampled_from(FRIENDLY)),
    number=st.one_of(st.integers(-LARGEST_INTEGER, LARGEST_INTEGER), st.integers(-1, 130)),
    index=INDEX,
)
MANY_VALUES = st.lists(st.one_of(st.none(), VALUES, VALUES), min_size=8, max_size=8)


@FEW
@given(INDEX, INDEX, MANY_VALUES)
async def test_any_value_of_any_option(rig: Rig, which: int, where: int, values: list[Value | None]) -> None:
    commands = list(leaves(rig.discord.world.commands[None]))
    command, options = commands[which % len(commands)]
    # The rounds have to stay, so whoever may end them does not try to.
    actor, channel = rig.place(where, powerless=command in ("quiz stop", "quiz skip"))
    in_server = channel.guild_id is not None
    given_options = {
        option["name"]: value.of(rig, actor, option)
        for option, value in zip(options, values, strict=False)
        if value and (in_server or OptionKind(option["type"]) not in (OptionKind.channel, OptionKind.role))
    }
    if any(option.get("required") and option["name"] not in given_options for option in options):
        return
    people = rig.discord.server.people
    # Discord itself has no such command where the app is not installed.
    with contextlib.suppress(Refused):
        await rig.send(lambda: people.run(actor.id, channel.id, command, given_options, force=True))


@FEW
@given(INDEX, st.sampled_from(("Ada", "Dev")), hostile_text(6_000))
async def test_any_text_to_be_completed(rig: Rig, which: int, who: str, typed: str) -> None:
    completing = [
        (command, option["name"])
        for command, options in leaves(rig.discord.world.commands[None])
        for option in options
        if option.get("autocomplete")
    ]
    command, option = completing[which % len(completing)]
    actor = rig.discord.member("Ada" if command.startswith("daily") else who)
    people, place = rig.discord.server.people, rig.discord.channel("trivia")
    interaction = await rig.send(
        lambda: people.complete(actor.id, place.id, command, {option: typed}, option)
    )
    assert interaction.choices is not None


ARGUMENT = st.one_of(
    st.sampled_from((*KNOWN_WORDS, *map(str, range(FIRST_USER, FIRST_USER + 6)))),
    st.integers(0, 30).map(str),
    st.integers(-1, 2**70).map(str),
    hostile_text(90),
)
WRONG_VERSIONS = ("0", "2", "01", "9999", "99999", "١")


def custom_ids(kinds: Sequence[str]) -> st.SearchStrategy[str]:
    """Ids of these kinds with arguments of any kind, few of which belong together."""

    def of_kind(kind: str) -> st.SearchStrategy[str]:
        as_many = st.lists(ARGUMENT, min_size=ARGUMENTS[kind], max_size=ARGUMENTS[kind])
        arguments = st.one_of(as_many, as_many, st.lists(ARGUMENT, max_size=7))
        versions = st.sampled_from((*kind[-1] * 4, *WRONG_VERSIONS))
        return st.builds(
            lambda version, given: f"{kind[:-1]}{version}:{':'.join(given)}", versions, arguments
        )

    return st.one_of(*map(of_kind, kinds), hostile_text(LONGEST_CUSTOM_ID)).map(
        lambda text: text[:LONGEST_CUSTOM_ID]
    )


SELECTED = st.one_of(
    st.sampled_from([[], ["1"], ["music"], ["0"], ["speed"], ["20"], ["UTC"], ["la-la-land"], ["1", "2"]]),
    st.lists(hostile_text(100), max_size=3),
)


@FEW
@given(INDEX, INDEX, st.sampled_from((2, 3, 5, 6, 7, 8)), custom_ids(tuple(ARGUMENTS)), SELECTED)
async def test_any_control(
    rig: Rig, where: int, under: int, kind: int, custom_id: str, values: list[str]
) -> None:
    # Whoever may move a round on does not try to: it would go on storing things by itself.
    actor, channel = rig.place(where, powerless=custom_id.startswith(("host1:", "stop1:")))
    data: Json = {"component_type": kind, "custom_id": custom_id, "id": 1}
    if kind != discord_py.ComponentType.button.value:
        data["values"] = values
    done = await rig.send(
        lambda: actor.forge_interaction(COMPONENT, channel, data, source=rig.source(channel, under))
    )
    if custom_id.startswith("host"):
        assert done.id in rig.refused


TYPED = st.one_of(hostile_text(4_000), st.sampled_from(("", " ", "Europe/London", "berlin", "jazz")))
NAMES = st.one_of(
    st.sampled_from(("reason", "answer", "zone", "prompt", "distractors", "aliases")), hostile_text(20)
)
TEXT_FIELDS = st.fixed_dictionaries({"type": st.just(4), "custom_id": NAMES, "value": TYPED})
OTHER_FIELDS = st.one_of(
    st.fixed_dictionaries({"type": st.just(3), "custom_id": NAMES, "values": SELECTED}),
    st.fixed_dictionaries({"type": st.just(21), "custom_id": NAMES, "value": st.none()}),
    st.fixed_dictionaries({"type": st.just(23), "custom_id": NAMES, "value": st.booleans()}),
)
FORMS = ("reported1", "typed1", "zone1", "own1", "practice1")
FORM_PARTS = st.one_of(
    st.builds(lambda one: {"type": 18, "id": 1, "component": {**one, "id": 2}}, TEXT_FIELDS),
    st.builds(lambda one: {"type": 18, "id": 1, "component": {**one, "id": 2}}, OTHER_FIELDS),
    st.builds(lambda one: {"type": 1, "id": 1, "components": [{**one, "id": 2}]}, TEXT_FIELDS),
    st.just({"type": 10, "id": 1}),
)
"""What is sent of a form: a text field under its label, others of every kind, old rows, mere words."""


@FEW
@given(
    INDEX,
    INDEX,
    custom_ids(FORMS),
    st.lists(FORM_PARTS, max_size=4),
)
async def test_any_form(rig: Rig, where: int, under: int, custom_id: str, parts: list[Json]) -> None:
    actor, channel = rig.place(where)
    data: Json = {"custom_id": custom_id, "components": parts}
    await rig.send(lambda: actor.forge_interaction(MODAL, channel, data, source=rig.source(channel, under)))


SHAPES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.sampled_from(("", "answer", "1", "zone"))),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(("component", "components", "custom_id", "value", "values", "type", "id")),
            inner,
            max_size=5,
        ),
    ),
    max_leaves=8,
)
"""Anything that JSON can say, where Discord has lists of forms' parts and of chosen values."""
IMPOSSIBLE: tuple[Any, ...] = (
    None, "text", 7, True, {}, [None], ["text"], ["1"], [7], [[]], [{"type": 18, "component": None}],
    [{"type": 18, "component": "text"}], [{"type": 18, "component": 7}], [{"type": 18, "component": []}],
    [{"type": 18, "component": {"type": 4, "custom_id": ["answer"], "value": "UTC"}}],
    [{"type": 18, "component": {"type": 4, "custom_id": {"answer": 1}, "value": "UTC"}}],
    [{"type": 18, "component": {"type": 4, "custom_id": "answer", "value": {"UTC": 1}}}],
    [{"type": 1, "components": None}], [{"type": 1, "components": [None]}], [{"type": "18"}],
)  # fmt: skip


async def test_an_impossible_shape_gets_the_private_sentence(rig: Rig) -> None:
    actor, channel = rig.place(0)
    source = rig.source(channel, PRIVATELY)
    for shape in IMPOSSIBLE:
        for kind, data in (
            (MODAL, {"custom_id": "typed1:1:1", "components": shape}),
            (COMPONENT, {"custom_id": "mod1:block", "component_type": 5, "id": 1, "values": shape}),
            # A list or an object as custom_id does not come past discord.py.
            (
                COMPONENT,
                {"custom_id": None if isinstance(shape, list | dict) else shape, "component_type": 2},
            ),
        ):
            done = await rig.send(
                lambda kind=kind, data=data: actor.forge_interaction(kind, channel, data, source=source)  # type: ignore[misc]
            )
            assert_told_privately(rig, done)


def assert_told_privately(rig: Rig, done: Interaction) -> None:
    """Fail unless an interaction was refused as one of a card that is no more."""
    assert done.id in rig.refused, done.data
    assert done.message is not None, done.data
    assert Shown(done.message).ephemeral
    assert OUTDATED in Shown(done.message).text


@FEW
@given(st.sampled_from((COMPONENT, MODAL)), st.sampled_from(("zone1:", "mod1:block", "typed1:1:1")), SHAPES)
async def test_any_shape_of_what_was_entered(rig: Rig, kind: int, custom_id: str, shape: Any) -> None:
    actor, channel = rig.place(0)
    data: Json = {"custom_id": custom_id, "component_type": 3, "id": 1, "components": shape, "values": shape}
    source = rig.source(channel, PRIVATELY)
    await rig.send(lambda: actor.forge_interaction(kind, channel, data, source=source))


async def test_what_somebody_types_is_shown_as_it_stands(rig: Rig) -> None:
    typed = [piece for piece in PIECES if piece.strip()]
    [(round_id, channel_id)] = await rig.bot.tools.database.read(
        lambda connection: connection.execute(
            "SELECT round_id, channel_id FROM rounds WHERE answer_form = 'typed' LIMIT 1"
        ).fetchall()
    )
    channel = rig.discord.world.channels[channel_id]
    for player, text in zip(rig.discord.add_members(len(typed)), typed, strict=True):
        field: Json = {"type": 4, "id": 2, "custom_id": "answer", "value": text}
        data: Json = {
            "custom_id": f"typed1:{round_id}:1",
            "components": [{"type": 18, "id": 1, "component": field}],
        }
        done = await rig.send(
            lambda player=player, data=data: player.forge_interaction(  # type: ignore[misc]
                MODAL, channel, data, source=rig.source(channel, QUESTION)
            )
        )
        assert done.message is not None
        assert "Your answer is in" in Shown(done.message).text


async def test_an_id_as_long_as_discord_allows(rig: Rig) -> None:
    actor, channel = rig.place(0)
    source = rig.source(channel, PRIVATELY)
    for kind, count in ARGUMENTS.items():
        for long_one in range(count):
            arguments = ["1"] * count
            room = LONGEST_CUSTOM_ID - len(f"{kind}:{':'.join(arguments)}") + 1
            arguments[long_one] = "x" * room
            data: Json = {"component_type": 2, "custom_id": f"{kind}:{':'.join(arguments)}", "id": 1}
            await rig.send(
                lambda data=data: actor.forge_interaction(COMPONENT, channel, data, source=source)  # type: ignore[misc]
            )


PRIVATE = {
    "challenge1": ("begin:2026-07-01", "next:1", "1:1:0", "share:1"),
    "help1": ("play",),
    "keep1": ("",),
    "mod1": (
        "reports", "reports:0", "report:1:0:0", "settle:1:0", "void:1:0", "undo:1:0", "blocked", "blocked:0",
        "block", "unblock:1:0", "reset", "confirm:0",
    ),
    "own1": ("new", "edit:1", "again:1", "remove:1", "gone:1", "list:0", "pick", "import:1", "cancel:1"),
    "panel1": ("start:3:20::::film", "length:3:20::::film"),
    "practice1": (
        "0:1:0:0:0:::film::0", "type:1:0:0:0:::film::0", "typed:1:0:0:0:::film::0", "next:1:0:0:0:::film::0"
    ),
    "privacy1": (f"{FIRST_USER}",),
    "schedule1": ("pause:1", "confirm:1"),
    "search1": ("jazz",),
    "settings1": ("scoring", "time_zone"),
    "stop1": ("1",),
    "topic1": ("",),
    "zone1": ("",),
}  # fmt: skip
"""A control of each route that private cards lead to, and what follows its kind and version."""
CHOSEN = {"mod1:block": FIRST_USER, "own1:pick": 1, "settings1:scoring": "plain", "topic1:": "music"}
FORM = {
    "practice1:typed:1:0:0:0:::film::0": ("answer", "jazz"),
    "zone1:": ("zone", "UTC"),
}


def forged(custom_id: str) -> tuple[int, Json]:
    """Return the press of a control, or the form that was sent, as its private card would have it."""
    if custom_id in FORM:
        name, value = FORM[custom_id]
        field: Json = {"type": 4, "id": 2, "custom_id": name, "value": value}
        return MODAL, {"custom_id": custom_id, "components": [{"type": 18, "id": 1, "component": field}]}
    data: Json = {"component_type": 2, "id": 1, "custom_id": custom_id}
    return COMPONENT, data | ({"values": [str(CHOSEN[custom_id])]} if custom_id in CHOSEN else {})


async def test_a_private_cards_control_does_nothing_under_a_public_message(rig: Rig) -> None:
    ada, channel = rig.place(0)
    question = rig.source(channel, QUESTION)
    before = Shown(question).text
    for kind, controls in PRIVATE.items():
        for arguments in controls:
            press, data = forged(f"{kind}:{arguments}")
            done = await rig.send(
                lambda press=press, data=data: ada.forge_interaction(press, channel, data, source=question)  # type: ignore[misc]
            )
            assert_told_privately(rig, done)
            assert Shown(question).text == before


async def test_every_private_route_is_tried(rig: Rig) -> None:
    every = {one for routes in rig.bot.router._routes.values() for one in routes if not one.public}
    tried = {
        rig.bot.router._find(custom_id, _entered(custom_id))[0]
        for kind, controls in PRIVATE.items()
        for custom_id in (f"{kind}:{arguments}" for arguments in controls)
    }
    assert {one.handler.__qualname__ for one in every - tried} == set()
    assert tried == every


def _entered(custom_id: str) -> dict[str, str]:
    entered = {"chosen": str(CHOSEN[custom_id])} if custom_id in CHOSEN else {}
    return entered | ({FORM[custom_id][0]: FORM[custom_id][1]} if custom_id in FORM else {})


async def test_every_kind_of_control_is_tried(rig: Rig) -> None:
    handled = {f"{kind}{version}" for kind, version in rig.bot.router._routes}
    assert handled == ARGUMENTS.keys()
