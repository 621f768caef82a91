"""`python -m bot doctor` beside a bot that serves."""

import asyncio
import os
from pathlib import Path

import pytest

from bot.app import TriviaBot
from bot.config import PROJECT
from bot.core.shards import Shards
from bot.doctor import Finding
from bot.playground import bot_process
from bot.storage.database import Database, Location
from playground import Driver, LocalDiscord, SharedClock
from tests.engines import settings_of
from tests.fork_server import run_command
from tests.wire.daily.acts import Daily
from tests.wire.test_start import RUBBISH, portal


async def doctor(discord: Driver, folder: Path, **environment: str) -> tuple[int, str]:
    """Run the command to its end; return its code and what it printed."""
    told = bot_process(discord.server, folder / "trivia.db", environment).environment
    told["PYTHONPATH"] += f"{os.pathsep}{PROJECT}"
    return await asyncio.to_thread(run_command, folder, ["doctor"], told)


def lines(printed: str) -> dict[str, list[str]]:
    """Return the findings by what they are about."""
    found: dict[str, list[str]] = {}
    for line in printed.splitlines():
        about, _, text = line[10:].partition(": ")
        found.setdefault(about, []).append(f"{line[:8].strip()}: {text}")
    return found


@pytest.mark.parametrize("found", ["Is it running?", "It is not running.", "It is not running"])
def test_what_to_do_begins_a_sentence(found: str) -> None:
    sentence = found if found.endswith("?") else "It is not running."
    assert str(Finding("bot", found, "Start it")) == f"NOT WELL  bot: {sentence} Start it"


@pytest.mark.both_engines
async def test_all_is_well(discord: Driver, trivia: TriviaBot, location: Location, tmp_path: Path) -> None:
    await Daily(discord).set()
    code, printed = await doctor(discord, tmp_path, **settings_of(location))
    found = lines(printed)
    assert code == 0, printed
    on_disk = isinstance(location, Path)
    here = {"disk"} if on_disk else set()
    assert set(found) == {"packs", "database", "token", "intents", "clock", "daily facts"} | here
    assert f"1 daily schedule{', no bot is running on it' if on_disk else ''}" in found["database"][0]
    assert found["daily facts"] == ["well: nothing stands in the way of 1 of 1"]


async def test_a_permission_that_is_missing_is_named(
    discord: Driver, trivia: TriviaBot, location: Location, tmp_path: Path
) -> None:
    await Daily(discord).set()
    discord.deny("film-club", "send_messages")
    code, printed = await doctor(discord, tmp_path, **settings_of(location))
    assert code == 1
    assert "I need the permission Send Messages" in printed
    assert "nothing stands in the way of 0 of 1" in printed


async def test_a_channel_that_cannot_be_used_is_told(
    discord: Driver, trivia: TriviaBot, location: Location, tmp_path: Path
) -> None:
    await Daily(discord).set()
    discord.channel("film-club").kind = 99  # type: ignore[assignment]
    code, printed = await doctor(discord, tmp_path, **settings_of(location))
    assert code == 1
    assert "Their channel is gone, or cannot be used any more." in printed


async def test_a_token_that_discord_does_not_know(discord: Driver, tmp_path: Path) -> None:
    code, printed = await doctor(discord, tmp_path, DISCORD_TOKEN="wrong")
    assert code == 1
    assert "NOT WELL  token: Discord does not know it" in printed
    assert "is not there yet" in printed


@pytest.mark.parametrize("answer", RUBBISH.values(), ids=RUBBISH)
async def test_where_something_else_answers_for_discord(
    tmp_path: Path, answer: tuple[int, str, bytes]
) -> None:
    server = LocalDiscord(SharedClock(tmp_path / "clock"), strict=True)
    with portal(*answer) as server.url:
        code, printed = await doctor(Driver(server), tmp_path)
    server.clock.close()
    assert code == 1
    assert lines(printed)["Discord"][0].startswith("NOT WELL: no sound answer")


async def test_without_a_token_and_with_a_file_that_is_no_database(discord: Driver, tmp_path: Path) -> None:
    (tmp_path / "trivia.db").write_text("Dear diary, today we danced on a ramp. " * 100)
    code, printed = await doctor(discord, tmp_path, DISCORD_TOKEN="")
    assert code == 1
    assert "NOT WELL  database: The file" in printed
    assert "NOT WELL  token: there is none" in printed


async def test_a_pack_with_faults(discord: Driver, tmp_path: Path) -> None:
    pack = tmp_path / "packs" / "faulty"
    pack.mkdir(parents=True)
    (pack / "pack.toml").write_text("id = 3")
    code, printed = await doctor(discord, tmp_path, PACKS_PATH=str(tmp_path / "packs"))
    assert code == 1
    assert "python -m bot check" in printed


@pytest.mark.both_engines
async def test_shards_that_nobody_serves_are_told(
    discord: Driver, tmp_path: Path, location: Location
) -> None:
    async with Database.opened(location, shards=Shards(4, (0, 1))):
        code, printed = await doctor(discord, tmp_path, **settings_of(location))
        assert code == 1
        assert "NOT WELL  shards: 0-1 of 4 by " in printed
        assert "Nobody serves 2-3 of 4. Start a bot with them" in printed
        assert ", a bot is running on it" in printed
        async with Database.opened(location, shards=Shards(4, (2, 3))):
            code, printed = await doctor(discord, tmp_path, **settings_of(location))
        assert code == 0, printed
        assert "well      shards: 0-" in printed
