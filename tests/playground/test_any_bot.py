"""Bots as others write them find the local Discord by themselves: processes of their own, unchanged."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from playground import BotProcess, Driver, LocalDiscord, Refused, Scene
from tests.wire.conftest import check_requests

EXAMPLES = Path(__file__).with_name("examples")
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30


@asynccontextmanager
async def serving(scene: Scene) -> AsyncIterator[Driver]:
    """Serve a local Discord that knows nothing of our bot."""
    server = LocalDiscord(scene=scene, strict=True)
    await server.start()
    driver = Driver(server)
    yield driver
    await server.stop()
    check_requests(driver)


def example(discord: Driver, name: str) -> BotProcess:
    return BotProcess(discord.server, [sys.executable, str(EXAMPLES / f"{name}.py")])


@pytest.fixture
async def bare() -> AsyncIterator[Driver]:
    """A local Discord without any bot, as it is where nobody says otherwise."""
    async with serving(Scene()) as discord:
        yield discord


@pytest.fixture
async def forms(bare: Driver) -> AsyncIterator[tuple[Driver, BotProcess]]:
    """A bot of slash commands, views and modals."""
    process = example(bare, "forms")
    await bare.start_process(process)
    yield bare, process
    await process.kill()


@pytest.fixture
async def words() -> AsyncIterator[Driver]:
    """A bot that reads what people write, where it is allowed to."""
    async with serving(Scene(privileged_intents=True)) as discord:
        process = example(discord, "words")
        await discord.start_process(process)
        yield discord
        await process.kill()


async def test_slash_commands(forms: tuple[Driver, BotProcess]) -> None:
    discord, _ = forms
    ada = discord.member("Ada")
    assert (await ada.run("add", first=2, second=3)).text == "2 + 3 = 5"
    assert (await ada.run("joined", member=discord.member("Ben").id)).text.startswith("ben joined <t:")


async def test_a_view_that_is_waited_for(forms: tuple[Driver, BotProcess]) -> None:
    discord, _ = forms
    ada = discord.member("Ada")
    asked = await ada.run("ask")
    following = asyncio.create_task(discord.next_message(where=lambda one: "Confirmed" in one.text))
    pressed = await ada.click(asked.message, "Confirm")
    assert (pressed.text, pressed.ephemeral) == ("Confirming", True)
    assert (await following).text == "Confirmed: True"


async def test_a_modal(forms: tuple[Driver, BotProcess]) -> None:
    discord, _ = forms
    ada = discord.member("Ada")
    opened = await ada.run("feedback")
    done = await ada.submit(opened, {"Name": "Ada", "What do you think?": "Fine."})
    assert (done.text, done.ephemeral) == ("Thanks, Ada: Fine.", True)


async def test_a_view_outlives_its_bot(forms: tuple[Driver, BotProcess]) -> None:
    discord, process = forms
    ada = discord.member("Ada")
    shown = (await ada.run("prepare")).message
    await process.kill()
    await discord.start_process(process)
    assert (await ada.click(shown, "Green")).text == "This is green."
    assert (await ada.choose(shown, "Red")).message.id == shown.id
    assert shown.text == "You chose Red."


async def answer(discord: Driver, name: str, content: str, channel: str | None = None) -> str:
    """Say something, and return what the bot says to it."""
    actor = discord.member(name)
    place = discord.channel(channel, actor)
    bot_id = discord.world.bot.id
    answered = asyncio.create_task(discord.next_message(place, where=lambda one: one.author_id == bot_id))
    await asyncio.sleep(0)  # so that it listens before anything is said
    actor.say(content, channel=place)
    return (await answered).text


async def test_a_persons_words_and_roles_reach_the_bot(words: Driver) -> None:
    assert await answer(words, "Carmen", "hello there") == "Hello Carmen (@everyone, Member)"


async def test_prefix_commands(words: Driver) -> None:
    assert await answer(words, "Ada", "?add 2 3") == "5"
    assert (await answer(words, "Ada", "?add 2 x")).startswith("BadArgument")
    assert await answer(words, "Ada", "?add 20 30", "DM") == "50"
    assert await answer(words, "Ada", "?add 4 5", "A thread") == "9"


async def test_a_bot_waits_for_somebodys_words(words: Driver) -> None:
    assert await answer(words, "Ada", "?guess") == "Guess a number between 1 and 10."
    words.member("Ben").say("7")
    assert await answer(words, "Ada", "7") == "You are right!"


async def test_privileged_intents_are_refused_unless_they_are_on(bare: Driver) -> None:
    process = example(bare, "words")
    await process.start()
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 1
    assert not bare.server.gateway.sessions


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [("Fay", "hello", "cannot write"), ("Ada", " ", "1 to 2000"), ("Ada", "x" * 2001, "1 to 2000")],
)
async def test_what_a_person_cannot_say(bare: Driver, name: str, content: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        bare.member(name).say(content)
    assert bare.messages() == []


async def test_nobody_writes_into_a_locked_thread_but_moderators(bare: Driver) -> None:
    thread = bare.channel("A thread")
    bare.controls.change_thread(thread, archived=True, locked=True)
    with pytest.raises(Refused, match="archived"):
        bare.member("Carmen").say("hello", channel=thread)
    bare.member("Ben").say("hello", channel=thread)
    assert thread.thread is not None
    assert not thread.thread.archived


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def command_line(folder: Path, *arguments: str) -> AsyncIterator[asyncio.StreamReader]:
    """Run `python -m playground`; it has to end well when it is asked to."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "playground", "--port", str(free_port()), *arguments),
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    try:
        yield process.stdout
    finally:
        process.send_signal(signal.SIGTERM)
        rest, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert (process.returncode, "Traceback" in rest.decode()) == (0, False), rest


async def test_the_command_line_serves_any_bot(tmp_path: Path) -> None:
    command = (sys.executable, str(EXAMPLES / "forms.py"))
    async with (
        asyncio.timeout(PATIENCE),
        command_line(tmp_path, "--name", "Forms", "--", *command) as output,
        aiohttp.ClientSession() as session,
    ):
        found = None
        while found is None:
            found = re.search(rb"http://127\.0\.0\.1:\d+", await output.readline())
        state: dict[str, dict[str, object]] = {"bot": {"online": False}}
        while not state["bot"]["online"]:
            state = await (await session.get(f"{found[0].decode()}/playground/state")).json()
            await asyncio.sleep(0.02)
    assert state["bot"]["display_name"] == "Forms"
    assert {command["name"] for command in state["commands"]} >= {"add", "ask", "prepare"}  # type: ignore[index]
    assert list(tmp_path.iterdir()) == []


async def test_without_a_command_it_says_what_a_bot_has_to_be_told(tmp_path: Path) -> None:
    told: dict[str, str] = {}
    async with asyncio.timeout(PATIENCE), command_line(tmp_path) as output:
        while "PLAYGROUND_CDN" not in told:
            name, _, value = (await output.readline()).decode().strip().partition("=")
            told[name] = value
    assert told["PLAYGROUND_API"] == f"{told['PLAYGROUND_URL']}/api"
    assert told["PLAYGROUND_GATEWAY"].startswith("ws://127.0.0.1:")
    assert len(told["DISCORD_TOKEN"]) > 50


def test_a_python_that_has_a_sitecustomize_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("print(__name__, 'of its own')")
    environment = BotProcess(LocalDiscord(), ["nothing"]).environment
    inside = environment["PYTHONPATH"].split(os.pathsep)[0]
    environment["PYTHONPATH"] = os.pathsep.join((inside, str(tmp_path)))
    code = [sys.executable, "-c", "print('done')"]
    done = subprocess.run(code, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert done.stdout.splitlines() == ["sitecustomize of its own", "done"]
