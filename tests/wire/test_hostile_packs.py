"""A pack by a stranger in service: every command works with it, and nothing in it acts."""

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bot.app import TriviaBot, open_bot
from bot.config import Config
from bot.core.content import Spoiler
from bot.errors import UNEXPECTED
from playground import Driver, RunningClient, Shown
from tests.hostile import WITHOUT_SHRINKING, assert_harmless
from tests.hostile_packs import HostilePack, hostile_packs
from tests.wire.daily.acts import Daily
from tests.wire.quiz.game import Game, reader_of


class Said:
    """Every message that was sent or edited."""

    def __init__(self, discord: Driver) -> None:
        self.messages: list[Shown] = []
        discord.on_message(self.messages.append)

    def __iter__(self) -> Iterator[Shown]:
        return iter(self.messages)


@settings(max_examples=8, deadline=None, phases=WITHOUT_SHRINKING, suppress_health_check=list(HealthCheck))
@given(hostile_packs())
async def test_every_command_with_a_hostile_pack(
    discord: Driver, caplog: pytest.LogCaptureFixture, hostile: HostilePack
) -> None:
    said = Said(discord)
    # What an example before has started counts as long ago.
    discord.advance(3_600)
    with tempfile.TemporaryDirectory() as folder:
        hostile.write(Path(folder) / "packs")
        config = Config(
            discord.world.token, Path(folder) / "trivia.db", Path(folder) / "packs", "INFO", "text", 1, ""
        )
        async with open_bot(config, discord.time, Random(7)) as bot:
            running = RunningClient(discord, bot)
            await running.start()
            await bot.tools.settings.change(discord.guild.id, spoilers=Spoiler.ENDING)
            await show_everything(discord, bot)
            await running.stop()
    for message in said:
        raw = message.raw
        assert (raw.mentions, raw.mention_roles, raw.mention_everyone) == ([], [], False)
        assert UNEXPECTED not in message.text
        assert_harmless(message.text)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def show_everything(discord: Driver, bot: TriviaBot) -> None:
    """Use each command that shows something of the pack."""
    ada, dev = discord.member("Ada"), discord.member("Dev")
    topic = bot.tools.catalogue.get().topics[0]
    uses: tuple[tuple[str, dict[str, Any]], ...] = (
        ("topics", {}),
        ("fact", {"topic": topic.id}),
        ("fact", {"search": "right0"}),
        ("settings", {}),
        ("help", {}),
    )
    for command, options in uses:
        reply = await ada.run(command, **options)
        assert reply.message.parts, reply.text
    assert await dev.complete("fact", "topic", "") is not None
    await practise(discord)
    daily = Daily(discord)
    await daily.set()
    await daily.run(ada, "daily preview")
    await daily.run(ada, "daily status")
    await play(Game(discord, reader_of(bot)))
    await ada.run("stats", player=str(dev.id))


async def practise(discord: Driver) -> None:
    dev = discord.member("Dev")
    drill = await dev.run("practice")
    answered = await dev.click(drill.message, first_button(drill.message, "practice1:"))
    opened = await dev.click(answered.message, "Report")
    await dev.submit(opened, {"reason": "**evil** https://evil.example @everyone"})
    panel = await discord.member("Ada").run("settings")
    reports = await discord.member("Ada").click(panel.message, "Reports")
    assert "1 item" in reports.text


async def play(game: Game) -> None:
    before = len(game._podiums("trivia"))
    await game.start(questions=1, seconds=20)
    question = await game.question(1)
    await game.discord.member("Dev").click(question, await game.right_button(1))
    await game.close(question)
    await game.podium(number=before + 1)


def first_button(shown: Shown, prefix: str) -> str:
    """Return the custom_id of the first button of a kind."""
    ids = [str(button.get("custom_id")) for button in shown.buttons.values()]
    return next(custom_id for custom_id in ids if custom_id.startswith(prefix))
