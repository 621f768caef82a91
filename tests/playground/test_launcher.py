"""`python -m bot playground`: it says where it is, takes the next port, restarts the bot, ends cleanly."""

import asyncio
import os
import re
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 25
NOWHERE = "postgresql://trivia@127.0.0.1:1/trivia"
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")
Start = Callable[..., Awaitable["Launched"]]


class Launched:
    """A running playground and what it has said."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said = ""
        self.began = time.monotonic()

    async def until(self, text: str) -> float:
        """Read until it has said this; return the seconds since its start."""
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while text not in self.said:
                line = await self.process.stdout.readline()
                assert line, f"it ended and said: {self.said}"
                self.said += line.decode()
        return time.monotonic() - self.began

    @property
    def url(self) -> str:
        found = ADDRESS.search(self.said)
        assert found is not None, self.said
        return found[0]

    async def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end; return its exit code."""
        self.process.send_signal(number)
        rest, _ = await asyncio.wait_for(self.process.communicate(), PATIENCE)
        self.said += rest.decode()
        return self.process.returncode or 0


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    running: list[Launched] = []

    async def begin(port: int, folder: Path = tmp_path) -> Launched:
        environment = {name: value for name, value in os.environ.items() if name != "DISCORD_TOKEN"}
        environment |= {"PLAYGROUND_PORT": str(port), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", cwd=folder, env=environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        running.append(Launched(process))
        return running[-1]

    yield begin
    for one in running:
        if one.process.returncode is None:
            await one.end()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_from_one_command_to_a_restart_and_a_clean_end(start: Start, tmp_path: Path) -> None:
    # A real bot's settings may lie in the same folder: its database and its shards are left alone.
    (tmp_path / ".env").write_text(f"DATABASE_URL={NOWHERE}\nSHARD_COUNT=10000\nSHARD_IDS=9999\n")
    port = free_port()
    one = await start(port)
    await one.until("playground is at")
    assert one.url.endswith(f":{port}")
    async with aiohttp.ClientSession() as session:
        await one.until("Ready in 1 server\n")
        state = await (await session.get(f"{one.url}/playground/state")).json()
        ada = state["members"][0]["id"]
        channel = state["channels"][1]["id"]
        call = {"user": ada, "channel": channel, "command": "fact", "options": {}}
        assert (await session.post(f"{one.url}/playground/command", json=call)).status == 200
        before = await _messages(session, one.url, ada, channel, 1)
        assert (await session.post(f"{one.url}/playground/faults", json={"restart_bot": True})).status == 200
        said, one.said = one.said, ""
        await one.until("Ready in 1 server\n")
        one.said = said + one.said
        assert (await session.post(f"{one.url}/playground/command", json=call)).status == 200
        after = await _messages(session, one.url, ada, channel, 2)
        assert after[0] == before[0], "messages outlive the bot"
    assert await one.end(signal.SIGINT) == 0
    assert "Traceback" not in one.said
    assert (tmp_path / "playground.db").exists()


async def _messages(
    session: aiohttp.ClientSession, url: str, user: str, channel: str, count: int
) -> list[str]:
    """The channel's message ids once there are as many."""
    async with asyncio.timeout(PATIENCE):
        while True:
            query = {"user": user, "channel": channel}
            got = await (await session.get(f"{url}/playground/messages", params=query)).json()
            if len(got["messages"]) >= count:
                return [message["id"] for message in got["messages"]]
            await asyncio.sleep(0.05)


async def test_a_taken_port_and_a_taken_database(start: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        one = await start(port)
        await one.until("playground is at")
        assert f"Port {port} is taken" in one.said
        assert not one.url.endswith(f":{port}")
    await one.until("Registered")
    two = await start(free_port())
    rest, _ = await asyncio.wait_for(two.process.communicate(), PATIENCE)
    assert two.process.returncode == 2, "two bots on one database"
    assert "A playground runs in this folder already." in rest.decode()
    assert "Traceback" not in rest.decode()
    assert await one.end() == 0


async def test_a_killed_playground_leaves_no_bot_behind(start: Start) -> None:
    one = await start(free_port())
    await one.until("Registered")
    one.process.kill()
    # Its output ends when the last process that writes to it does: the bot too.
    rest, _ = await asyncio.wait_for(one.process.communicate(), PATIENCE)
    said = rest.decode()
    # Killed between its login and its connection, the playground is missed before the wish to stop is heard.
    assert "Stopping" in said or "cannot be reached" in said, "the bot ended by itself, and in order"
    two = await start(free_port())
    await two.until("Registered")
    assert await two.end() == 0
