"""The gateway's rules: what it closes for, what it replays, and whom it tells what."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from playground.gateway.gateway import HEARTBEAT_ACK_AFTER
from playground.refused import Json
from tests.playground.raw import Raw

GUILDS, GUILD_MESSAGES, MEMBERS = 1 << 0, 1 << 9, 1 << 1
PATIENCE = 5


class Wire:
    """A gateway client of bare JSON."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, token: str) -> None:
        self.socket = socket
        self.token = token

    async def send(self, op: int, data: Any = None) -> None:
        await self.socket.send_json({"op": op, "d": data})

    async def receive(self) -> Json:
        message = await self.socket.receive(PATIENCE)
        assert message.type is aiohttp.WSMsgType.TEXT, self.socket.close_code
        body: Json = message.json()
        return body

    async def event(self, name: str) -> Json:
        """The next event of a name, others passed over."""
        while (message := await self.receive())["t"] != name:
            pass
        return message

    async def closed(self) -> int | None:
        """The code with which the gateway closes."""
        while (await self.socket.receive(PATIENCE)).type is aiohttp.WSMsgType.TEXT:
            pass
        return self.socket.close_code

    async def identify(self, **more: Any) -> None:
        await self.send(2, {"token": self.token, "intents": GUILDS, "properties": {}} | more)


class Gate:
    """Opens connections to the gateway and closes them at the end."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self.opened: list[Wire] = []

    async def open(self, query: str = "?v=10&encoding=json") -> Wire:
        socket = await self.raw.session.ws_connect(self.raw.discord.server.gateway.url + query)
        self.opened.append(Wire(socket, self.raw.discord.world.token))
        return self.opened[-1]

    async def connected(self, **more: Any) -> tuple[Wire, Json]:
        """A connection that has been sent READY."""
        wire = await self.open()
        assert (await wire.receive())["op"] == 10
        await wire.identify(**more)
        return wire, await wire.event("READY")


@pytest.fixture
async def gate(raw: Raw) -> AsyncIterator[Gate]:
    one = Gate(raw)
    yield one
    for wire in one.opened:
        await wire.socket.close()


@pytest.mark.parametrize(
    ("name", "sent", "code"),
    [
        ("no such opcode", {"op": 99, "d": None}, 4001),
        ("no opcode", {"d": None}, 4002),
        ("before IDENTIFY", {"op": 3, "d": {}}, 4003),
        ("a wrong token", {"op": 2, "d": {"token": "x", "intents": 1}}, 4004),
        ("a wrong token in RESUME", {"op": 6, "d": {"token": "x", "session_id": "a", "seq": 1}}, 4004),
        ("no such shard", {"op": 2, "d": {"token": None, "intents": 1, "shard": [2, 2]}}, 4010),
        ("no intents", {"op": 2, "d": {"token": None}}, 4013),
        ("an unknown intent", {"op": 2, "d": {"token": None, "intents": 1 << 40}}, 4013),
        ("a privileged intent", {"op": 2, "d": {"token": None, "intents": MEMBERS}}, 4014),
        ("4,097 bytes", {"op": 1, "d": "a" * (4_097 - len('{"op": 1, "d": ""}'))}, 4002),
    ],
)
async def test_a_wrong_message_closes_the_connection(gate: Gate, name: str, sent: Json, code: int) -> None:
    wire = await gate.open()
    if isinstance(sent["d"], dict) and sent["d"].get("token", "") is None:
        sent = sent | {"d": sent["d"] | {"token": wire.token}}
    await wire.socket.send_json(sent)
    assert await wire.closed() == code, name


async def test_what_is_no_json_closes_the_connection(gate: Gate) -> None:
    wire = await gate.open()
    await wire.socket.send_str("{")
    assert await wire.closed() == 4002


async def test_a_wrong_version_closes_the_connection(gate: Gate) -> None:
    assert await (await gate.open("?v=3&encoding=json")).closed() == 4012


async def test_a_second_identify_closes_the_connection(gate: Gate) -> None:
    wire, _ = await gate.connected()
    await wire.identify()
    assert await wire.closed() == 4005


async def test_more_than_120_messages_a_minute_close_the_connection(gate: Gate) -> None:
    wire, _ = await gate.connected()
    for _ in range(119):
        await wire.send(1)
    assert not wire.socket.closed
    await wire.send(1)
    assert await wire.closed() == 4008


async def test_too_many_servers_need_shards(gate: Gate) -> None:
    world = gate.raw.discord.world
    ada = gate.raw.discord.member("Ada").user
    world.add_guilds(2_501 - 2, ada, everyone=0, bot_permissions=0)
    wire = await gate.open()
    await wire.identify()
    assert await wire.closed() == 4011
    got = await gate.raw.call("GET", "/gateway/bot")
    assert got.body["shards"] == 2


async def test_each_shard_is_told_of_its_own_servers(gate: Gate) -> None:
    raw = gate.raw
    raw.discord.world.add_guilds(40, raw.discord.member("Ada").user, everyone=0, bot_permissions=0)
    seen: list[int] = []
    for shard in range(2):
        _, ready = await gate.connected(shard=[shard, 2])
        ids = [int(guild["id"]) for guild in ready["d"]["guilds"]]
        assert all((guild_id >> 22) % 2 == shard for guild_id in ids)
        seen += ids
    assert sorted(seen) == sorted(guild.id for guild in raw.discord.world.bot_guilds())
    assert len(seen) == 42


async def test_a_heartbeat_is_answered(gate: Gate) -> None:
    wire = await gate.open()
    await wire.receive()
    await wire.send(1)
    assert (await wire.receive())["op"] == 11


async def test_a_heartbeat_is_never_answered_before_its_sender_noted_the_time(gate: Gate) -> None:
    wire = await gate.open()
    await wire.receive()
    sent = time.monotonic()
    await wire.send(1)
    await wire.receive()
    assert time.monotonic() - sent >= HEARTBEAT_ACK_AFTER.total_seconds() / 2


async def test_hello_and_what_is_left_of_the_day(gate: Gate) -> None:
    wire, _ = await gate.connected()
    left = (await gate.raw.call("GET", "/gateway/bot")).body["session_start_limit"]
    assert (left["total"], left["remaining"]) == (1_000, 999)
    again = await gate.open()
    assert (await again.receive())["d"] == {"heartbeat_interval": 41_250}
    assert not wire.socket.closed


async def test_messages_come_only_with_their_intent(gate: Gate) -> None:
    raw = gate.raw
    without, _ = await gate.connected(intents=GUILDS)
    having, _ = await gate.connected(intents=GUILDS | GUILD_MESSAGES)
    await raw.send({"content": "hi"})
    raw.discord.deny("trivia", "add_reactions")
    assert (await having.event("MESSAGE_CREATE"))["d"]["content"] == "hi"
    await having.event("CHANNEL_UPDATE")
    assert (await without.event("GUILD_CREATE"))["d"]["name"] == "City of Stars"
    assert (await without.receive())["t"] == "CHANNEL_UPDATE"


async def test_a_resume_replays_what_was_missed_in_order(gate: Gate) -> None:
    raw = gate.raw
    wire, ready = await gate.connected()
    last = await wire.event("GUILD_CREATE")
    raw.command()
    raw.discord.controls.drop_gateway()
    assert await wire.closed() == 4000
    missed = [raw.run().id for _ in range(3)]
    again = await gate.open()
    resume = {"token": again.token, "session_id": ready["d"]["session_id"], "seq": last["s"]}
    await again.receive()
    await again.send(6, resume)
    replayed = [await again.event("INTERACTION_CREATE") for _ in missed]
    assert [int(event["d"]["id"]) for event in replayed] == missed
    assert [event["s"] for event in replayed] == [last["s"] + 1 + place for place in range(3)]
    assert (await again.receive())["t"] == "RESUMED"
    later = raw.run()
    assert int((await again.event("INTERACTION_CREATE"))["d"]["id"]) == later.id


async def test_a_session_that_is_gone_is_invalid(gate: Gate) -> None:
    wire, ready = await gate.connected()
    gate.raw.discord.controls.drop_gateway(code=4009, resumable=False)
    assert await wire.closed() == 4009
    again = await gate.open()
    await again.receive()
    await again.send(6, {"token": again.token, "session_id": ready["d"]["session_id"], "seq": 1})
    assert await again.receive() == {"op": 9, "d": False, "s": None, "t": None}


async def test_a_sequence_from_the_future_closes_the_connection(gate: Gate) -> None:
    _, ready = await gate.connected()
    gate.raw.discord.controls.drop_gateway()
    again = await gate.open()
    await again.send(6, {"token": again.token, "session_id": ready["d"]["session_id"], "seq": 99})
    assert await again.closed() == 4007


async def test_a_client_that_leaves_in_peace_leaves_no_session(gate: Gate) -> None:
    wire, _ = await gate.connected()
    await wire.socket.close(code=1000)
    await gate.raw.discord.until(lambda: not gate.raw.discord.server.gateway.sessions)


async def test_a_dropped_gateway_says_nothing_until_it_is_back(gate: Gate) -> None:
    controls = gate.raw.discord.controls
    controls.drop_gateway(None)
    wire = await gate.open()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(wire.receive(), 0.05)
    controls.restore_gateway()
    assert (await wire.receive())["op"] == 10


async def test_a_refused_gateway_answers_503(gate: Gate) -> None:
    gate.raw.discord.controls.drop_gateway(None, refuse=True)
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await gate.open()
    assert caught.value.status == 503


async def test_kick_outage_and_invite_are_told_apart(gate: Gate) -> None:
    discord = gate.raw.discord
    wire, _ = await gate.connected()
    await wire.event("GUILD_CREATE")
    permissions = discord.guild.roles[discord.guild.id + 1].permissions
    discord.controls.outage(discord.guild)
    assert (await wire.receive())["d"] == {"id": str(discord.guild.id), "unavailable": True}
    discord.controls.end_outage(discord.guild)
    assert (await wire.receive())["t"] == "GUILD_CREATE"
    discord.controls.kick(discord.guild)
    assert (await wire.receive())["d"] == {"id": str(discord.guild.id)}
    got = await gate.raw.call("GET", "/guilds/{guild}")
    assert (got.status, got.code) == (404, 10004)
    discord.controls.invite(discord.guild, permissions)
    assert (await wire.receive())["t"] == "GUILD_CREATE"


async def test_a_deleted_channel_takes_its_threads(gate: Gate) -> None:
    discord = gate.raw.discord
    wire, _ = await gate.connected()
    await wire.event("GUILD_CREATE")
    discord.controls.delete_channel(discord.channel("trivia"))
    assert (await wire.receive())["t"] == "CHANNEL_DELETE"
    for name in ("{trivia}", "{archived}"):
        got = await gate.raw.call("GET", f"/channels/{name}")
        assert (got.status, got.code) == (404, 10003)


async def test_members_are_asked_for_by_the_start_of_a_name(gate: Gate) -> None:
    wire, _ = await gate.connected()
    server = str(gate.raw.ids["guild"])
    asked: list[tuple[Json, set[str]]] = [
        ({"query": "AD", "limit": 5}, {"ada"}),
        ({"query": "zz", "limit": 5}, set()),
        ({"user_ids": str(gate.raw.ids["ada"])}, {"ada"}),
        ({"query": "", "limit": 0}, set()),  # everybody, which takes the intent of members
    ]
    for number, (wanted, names) in enumerate(asked):
        await wire.send(8, {"guild_id": server, "nonce": str(number)} | wanted)
        chunk = (await wire.event("GUILD_MEMBERS_CHUNK"))["d"]
        assert chunk["nonce"] == str(number)
        assert {member["user"]["username"] for member in chunk["members"]} == names, wanted


async def test_many_members_come_in_chunks(gate: Gate) -> None:
    world, guild = gate.raw.discord.world, gate.raw.discord.guild
    world.privileged_intents = True
    for number in range(1_000):
        world.add_member(guild, world.add_user(f"one{number}"))
    wire, _ = await gate.connected(intents=GUILDS | MEMBERS)
    await wire.send(8, {"guild_id": str(guild.id), "query": "", "limit": 0})
    chunks = [(await wire.event("GUILD_MEMBERS_CHUNK"))["d"] for _ in range(2)]
    assert [chunk["chunk_index"] for chunk in chunks] == [0, 1]
    assert sum(len(chunk["members"]) for chunk in chunks) == len(guild.members)


async def test_a_mention_says_who_that_is_in_the_server(gate: Gate) -> None:
    wire, _ = await gate.connected(intents=GUILDS | GUILD_MESSAGES)
    await gate.raw.send({"content": f"<@{gate.raw.ids['ada']}>"})
    (mention,) = (await wire.event("MESSAGE_CREATE"))["d"]["mentions"]
    assert (mention["username"], mention["member"]["roles"] != []) == ("ada", True)
