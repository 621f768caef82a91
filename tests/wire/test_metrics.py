"""The operator's instruments, read over HTTP while people use the bot."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from random import Random

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot import app
from bot.app import TriviaBot, open_bot
from bot.config import PROJECT
from bot.storage.database import Location
from playground import Driver, RunningClient
from tests.prepared import write_packs
from tests.wire.challenge import begin, finish
from tests.wire.conftest import config_at
from tests.wire.quiz.game import Game, reader_of
from tests.wire.test_slow import CALLBACK, hanging


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
async def measured(discord: Driver, location: Location) -> AsyncIterator[tuple[TriviaBot, str]]:
    port = free_port()
    config = config_at(discord, location, port)
    await write_packs(location, config.packs_path)
    async with open_bot(config, discord.time, Random(7)) as bot:
        running = RunningClient(discord, bot)
        await running.start()
        yield bot, f"http://127.0.0.1:{port}"
        await running.stop()


async def get(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.text()


async def samples(address: str) -> dict[tuple[str, tuple[str, ...]], float]:
    """Return what `/metrics` says by name and labels."""
    status, text = await get(f"{address}/metrics")
    assert status == 200
    return {
        (sample.name, tuple(sorted(sample.labels.values()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_what_people_do_is_counted_by_command_and_outcome(
    discord: Driver, measured: tuple[TriviaBot, str]
) -> None:
    _, address = measured
    ada = discord.member("Ada")
    await ada.run("fact")
    await ada.run("fact")
    await discord.member("Carmen").run("quiz stop")
    found = await samples(address)
    assert found["trivia_interactions_total", ("/fact", "done")] == 2
    assert found["trivia_interactions_total", ("/quiz stop", "refused")] == 1
    assert found["trivia_first_answer_seconds_count", ("/fact",)] == 2
    assert 0 < found["trivia_first_answer_seconds_sum", ("/fact",)] < 6
    assert found["trivia_commit_writes_count", ()] >= 2
    assert found["trivia_commit_writes_sum", ()] >= found["trivia_commit_writes_count", ()]
    assert found["trivia_writes_waiting", ()] == 0
    assert sum(times for (name, _), times in found.items() if name == "trivia_discord_responses_total") >= 3
    assert found["trivia_servers", ()] == 1
    assert 0 <= found["trivia_gateway_latency_seconds", ("0",)] < 5


async def test_what_is_served_is_what_the_guide_names(
    discord: Driver, measured: tuple[TriviaBot, str]
) -> None:
    await discord.member("Ada").run("fact")
    _, text = await get(f"{measured[1]}/metrics")
    of_each_kind = {"counter": "_total", "gauge": "", "histogram": ""}
    served = {
        family.name + of_each_kind[family.type]: set(family.samples[0].labels) - {"le"}
        for family in text_string_to_metric_families(text)
    }
    guide = (PROJECT / "docs" / "operating.md").read_text("utf-8")
    written = re.findall(r"`(trivia_\w+)(?:{(.+)})?`", guide)
    assert served == {name: set(filter(None, labels.split(","))) for name, labels in written}


async def test_what_people_were_told_takes_long_is_counted_as_slow(
    discord: Driver, measured: tuple[TriviaBot, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, address = measured
    monkeypatch.setattr(app, "LONGEST_SILENCE_S", 0.2)
    async with hanging(bot):
        told = await discord.member("Ada").run("fact")
    await discord.until(lambda: bool(told.follow_ups))
    found = await samples(address)
    assert found["trivia_interactions_total", ("/fact", "slow")] == 1
    assert ("trivia_interactions_total", ("/fact", "done")) not in found


async def test_what_is_refused_while_the_word_is_on_its_way_is_slow_too(
    discord: Driver, measured: tuple[TriviaBot, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, address = measured
    dev = discord.member("Dev")
    result = await finish(dev, await begin(dev), bot.tools.database.location, [True] * 5)
    await dev.click(result.message, "Share")
    monkeypatch.setattr(app, "LONGEST_SILENCE_S", 0.2)
    with discord.faults.hold(CALLBACK) as held:
        async with hanging(bot):
            pressing = asyncio.create_task(dev.click(result.message, "Share"))
            await held.arrived.wait()
        await bot.tools.database.write(lambda _: None)
    told = await pressing
    await discord.until(lambda: any("shared that already" in one.text for one in told.follow_ups))
    found = await samples(address)
    assert found["trivia_interactions_total", ("challenge", "slow")] == 1
    assert ("trivia_interactions_total", ("challenge", "refused")) not in found


async def test_a_round_and_its_answers_are_counted(discord: Driver, measured: tuple[TriviaBot, str]) -> None:
    bot, address = measured
    game = Game(discord, reader_of(bot))
    await game.start("Ada", questions=1)
    question = await game.question(1)
    for name in ("Ada", "Ben"):
        await discord.member(name).click(question, next(iter(question.buttons)))
    found = await samples(address)
    assert found["trivia_answers_total", ()] == 2
    assert found["trivia_rounds_open", ()] == 1


async def test_a_forged_control_is_unknown_whatever_it_calls_itself(
    discord: Driver, measured: tuple[TriviaBot, str]
) -> None:
    _, address = measured
    ada = discord.member("Ada")
    reply = await ada.run("fact")
    for kind in ("forged", "other"):
        await ada.forge(reply.message, f"{kind}1:x")
    found = await samples(address)
    assert found["trivia_interactions_total", ("refused", "unknown")] == 2
    assert not any("forged" in label for _, labels in found for label in labels)


@pytest.mark.both_engines
async def test_health_tells_of_the_gateway_and_the_database(
    discord: Driver, measured: tuple[TriviaBot, str]
) -> None:
    bot, address = measured
    assert await get(f"{address}/healthz") == (200, "well\n")
    for shard in bot.shards.values():
        await shard.disconnect()
    status, said = await get(f"{address}/healthz")
    assert (status, said) == (503, "not connected to Discord\n")
