"""Every start that cannot work ends soon, with one sentence and exit code 2."""

import asyncio
import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from filelock import FileLock

from bot.config import PROJECT
from bot.storage.sqlite_scripts import APPLICATION_ID
from playground import Driver, LocalDiscord, SharedClock
from tests.engines import bot_on
from tests.fork_server import run_command
from tests.prepared import write_packs

SECONDS = 15
"""Five seconds are the goal; a busy machine may need longer, and a hang is far longer."""


def start(folder: Path, *arguments: str, **environment: str) -> tuple[int, str, float]:
    """Run a command in `folder` to its end; return its code, all it printed, and the seconds it took."""
    began = time.monotonic()
    return *run_command(folder, arguments, clean() | environment), time.monotonic() - began


def start_program(folder: Path, handles: str, **environment: str) -> tuple[int, str, float]:
    """Do the same with `python -m bot run` as a program of its own, which may have so many files open."""
    began = time.monotonic()
    done = subprocess.run(
        ["bash", "-c", f'ulimit -n {handles} && exec "$0" -m bot run', sys.executable],
        cwd=folder,
        env=clean() | {"PYTHONPATH": str(PROJECT)} | environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr, time.monotonic() - began


def clean() -> dict[str, str]:
    """Return this process's environment without what says which bot and which database."""
    return {
        name: value for name, value in os.environ.items() if name not in ("DISCORD_TOKEN", "DATABASE_PATH")
    }


def assert_one_sentence(result: tuple[int, str, float], *named: str, code: int = 2) -> None:
    returned, printed, seconds = result
    lines = [line for line in printed.splitlines() if " INFO " not in line]
    assert returned == code, printed
    assert len(lines) == 1, printed
    assert all(name in lines[0] for name in named), printed
    assert seconds < SECONDS


def test_without_a_token(tmp_path: Path) -> None:
    assert_one_sentence(start(tmp_path, "run"), "DISCORD_TOKEN", ".env")


def test_sync_without_a_token(tmp_path: Path) -> None:
    assert_one_sentence(start(tmp_path, "sync"), "DISCORD_TOKEN")


def test_with_a_token_of_impossible_characters(tmp_path: Path) -> None:
    assert_one_sentence(start(tmp_path, "run", DISCORD_TOKEN="a b"), "DISCORD_TOKEN")


def test_with_settings_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"DISCORD_TOKEN=\xff\xfe\n")
    assert_one_sentence(start(tmp_path), ".env")


def test_on_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "trivia.db").write_text("Dear diary, today we danced on a ramp. " * 100)
    assert_one_sentence(start(tmp_path, "run", DISCORD_TOKEN="x"), "trivia.db", "DATABASE_PATH")


def test_on_a_database_of_a_newer_version(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "trivia.db")
    connection.execute("CREATE TABLE anything (at INTEGER)")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 9000")
    connection.close()
    assert_one_sentence(start(tmp_path, "run", DISCORD_TOKEN="x"), "trivia.db", "newer")


async def test_on_a_damaged_database(tmp_path: Path) -> None:
    path = tmp_path / "trivia.db"
    await write_packs(path, PROJECT / "data")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert_one_sentence(
        start(tmp_path, "run", DISCORD_TOKEN="x"), "trivia.db is damaged", "backup", "restore"
    )


def test_in_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "nowhere").write_text("A file, and no folder.")
    result = start(tmp_path, "run", DISCORD_TOKEN="x", DATABASE_PATH="nowhere/trivia.db")
    assert_one_sentence(result, "nowhere", "DATABASE_PATH")


def test_beside_another_bot_on_the_same_database(tmp_path: Path) -> None:
    with FileLock(tmp_path / "trivia.db.0-of-1.lock"):
        assert_one_sentence(start(tmp_path, "run", DISCORD_TOKEN="x"), "Another bot", "trivia.db")


def test_beside_another_bot_that_calls_the_database_by_another_name(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "trivia.db")
    with FileLock(tmp_path / "trivia.db.0-of-1.lock"):
        result = start(tmp_path, "run", DISCORD_TOKEN="x", DATABASE_PATH="link.db")
    assert_one_sentence(result, "Another bot", "link.db")


def test_without_any_pack(tmp_path: Path) -> None:
    result = start(tmp_path, "run", DISCORD_TOKEN="x", PACKS_PATH="empty")
    assert_one_sentence(result, "empty", "check")


def test_without_a_database_there_are_no_reports(tmp_path: Path) -> None:
    assert_one_sentence(start(tmp_path, "reports"), "DATABASE_PATH")


async def start_at(
    discord: LocalDiscord, folder: Path, environment: dict[str, str] | None = None
) -> tuple[int, str, float]:
    """Run the bot as the playground does, to its end."""
    await write_packs(folder / "trivia.db", PROJECT / "data")
    process = bot_on(folder / "trivia.db", discord, environment)
    began = time.monotonic()
    with (folder / "log").open("wb") as log:
        await process._spawn(stderr=log)
        async with asyncio.timeout(30):
            code = await process.wait()
    return code, (folder / "log").read_text(), time.monotonic() - began


async def test_with_a_token_that_discord_does_not_know(discord: Driver, tmp_path: Path) -> None:
    result = await start_at(discord.server, tmp_path, {"DISCORD_TOKEN": "wrong"})
    assert_one_sentence(result, "DISCORD_TOKEN")


async def test_with_a_port_for_instruments_that_is_taken(discord: Driver, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = await start_at(discord.server, tmp_path, {"METRICS_PORT": port})
    assert_one_sentence(result, "METRICS_PORT", "METRICS_HOST", port, "in use")


@pytest.mark.parametrize("route", ["GET /users/@me", "GET /gateway/bot"])
async def test_where_discord_answers_with_an_error(discord: Driver, tmp_path: Path, route: str) -> None:
    discord.faults.fail_next(403, 1, route)
    result = await start_at(discord.server, tmp_path)
    assert_one_sentence(result, "again", code=1)


async def test_where_discord_cannot_be_reached(tmp_path: Path) -> None:
    discord = LocalDiscord(SharedClock(tmp_path / "clock"), strict=True)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        discord.url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        result = await start_at(discord, tmp_path)
    discord.clock.close()
    assert_one_sentence(result, "cannot be reached (Cannot connect to host 127.0.0.1", code=1)


RUBBISH = {
    "a page to log in to the network": (200, "text/html", b"<html>\n<h1>Welcome to our hotel</h1>\n</html>"),
    "a page that refuses": (403, "text/html", b"<html>\n<h1>Log in first</h1>\n</html>"),
    "JSON of another kind": (200, "application/json", b'{"welcome": "to our hotel"}'),
    "JSON that is none": (200, "application/json", b"Welcome to our hotel"),
    "no text at all": (200, "text/html", b"\xff\xfe\x00"),
    "nothing": (200, "text/html", b""),
}


@contextlib.contextmanager
def portal(status: int, kind: str, body: bytes) -> Iterator[str]:
    """Serve one answer to every request, and yield the address."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


@pytest.mark.parametrize("answer", RUBBISH.values(), ids=RUBBISH)
async def test_where_something_else_answers_for_discord(
    tmp_path: Path, answer: tuple[int, str, bytes]
) -> None:
    discord = LocalDiscord(SharedClock(tmp_path / "clock"), strict=True)
    with portal(*answer) as discord.url:
        result = await start_at(discord, tmp_path)
    discord.clock.close()
    assert_one_sentence(result, "Discord", "network", code=1)


@pytest.mark.parametrize(
    ("code", "named"),
    [
        (4004, "DISCORD_TOKEN"),
        (4010, "shards"),
        (4011, "shards"),
        (4012, "Update"),
        (4013, "Update"),
        (4014, "Update"),
    ],
)
async def test_where_the_gateway_closes_for_good(
    discord: Driver, tmp_path: Path, code: int, named: str
) -> None:
    await write_packs(tmp_path / "trivia.db", PROJECT / "data")
    process = bot_on(tmp_path / "trivia.db", discord.server)
    with (tmp_path / "log").open("wb") as log:
        await process._spawn(stderr=log)
        await discord.connected()
        ending = asyncio.create_task(process.wait())
        async with asyncio.timeout(60):
            while not ending.done():
                # One that comes while the bot writes looks like a lost line; Discord would refuse again.
                discord.server.gateway.drop(code)
                await asyncio.wait([ending], timeout=0.5)
    assert_one_sentence((ending.result(), (tmp_path / "log").read_text(), 0), named)


async def test_with_a_token_that_was_reset_while_it_ran(discord: Driver, tmp_path: Path) -> None:
    await write_packs(tmp_path / "trivia.db", PROJECT / "data")
    process = bot_on(tmp_path / "trivia.db", discord.server)
    with (tmp_path / "log").open("wb") as log:
        await process._spawn(stderr=log)
        await discord.connected()
        discord.world.token = "another"
        discord.server.gateway.drop(1006)
        async with asyncio.timeout(60):
            ended = await process.wait()
    assert_one_sentence((ended, (tmp_path / "log").read_text(), 0), "DISCORD_TOKEN", "reset")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_PATH", ":memory:"),
        ("DATABASE_PATH", "a\0b"),
        ("PACKS_PATH", "a\0b"),
        ("SUPPORT_URL", "http://["),
        ("PLAYGROUND_PORT", "1" * 5_000),
    ],
)
def test_with_a_setting_that_makes_no_sense(tmp_path: Path, name: str, value: str) -> None:
    (tmp_path / ".env").write_text(f"{name}={value}\n")
    for command in ("run", "check"):
        assert_one_sentence(start(tmp_path, command, DISCORD_TOKEN="x"), name)
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
@pytest.mark.parametrize("handles", ["8", "12", "63"])
def test_with_too_few_file_handles(tmp_path: Path, handles: str) -> None:
    result = start_program(tmp_path, handles, DISCORD_TOKEN="x")
    assert_one_sentence(result, "files", "ulimit")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
@pytest.mark.parametrize(
    ("count", "handles", "address", "needed"),
    [
        ("64", "189", "", "190"),
        ("64", "126", "postgresql://x@127.0.0.1:1/x", "127"),
        ("600", "1024", "", "1262"),
    ],
)
def test_with_too_few_file_handles_for_its_shards(
    tmp_path: Path, count: str, handles: str, address: str, needed: str
) -> None:
    settings = {"SHARD_COUNT": count, "DATABASE_URL": address, "DISCORD_TOKEN": "x"}
    result = start_program(tmp_path, handles, **settings)
    assert_one_sentence(result, f"{handles} files", f"at least {needed}", "ulimit -n")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_playground_says_where_it_is_and_takes_the_next_port_and_stops_when_told(
    tmp_path: Path, number: signal.Signals
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-m", "bot"],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(PROJECT), "PLAYGROUND_PORT": str(port), "DISCORD_TOKEN": ""},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        first, second = process.stdout.readline(), process.stdout.readline()
        process.send_signal(number)
        _, errors = process.communicate(timeout=20)
    assert f"Port {port} is taken" in first
    assert "http://127.0.0.1:" in second
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert not list(tmp_path.glob("trivia.db*"))


def test_a_second_playground_in_the_folder_gives_no_address(tmp_path: Path) -> None:
    with FileLock(tmp_path / "playground.db.clock.lock"):
        for arguments in ((), ("playground",)):
            result = start(tmp_path, *arguments, DISCORD_TOKEN="")
            assert_one_sentence(result, "A playground runs in this folder already")
            assert "http" not in result[1]


def test_the_playground_names_no_setting_that_it_does_not_heed(tmp_path: Path) -> None:
    (tmp_path / "playground.db").write_text("Dear diary, today we danced on a ramp. " * 100)
    code, printed, _ = start(tmp_path, "playground", DATABASE_PATH="other.db", PLAYGROUND_PORT="18765")
    assert code == 2
    assert "playground.db is not a database" in printed
    assert "DATABASE_PATH" not in printed
