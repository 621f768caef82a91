"""The bot with open rounds everywhere, and all that it says and refuses, for whatever is sent to it."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

import discord as discord_py
import pytest

from bot.app import TriviaBot
from bot.core.content import Origin
from bot.core.periods import Period
from bot.core.rounds import Action
from bot.errors import UNEXPECTED
from bot.storage.boards import Way
from bot.storage.scores import Board
from bot.ui.help_cards import Group
from bot.ui.settings_cards import FIXED
from playground import (
    PATIENCE,
    Actor,
    Channel,
    Driver,
    Interaction,
    Message,
    Shown,
)
from tests.hostile import assert_harmless
from tests.storage.schema import columns

CONTENT = ("packs", "facts", "questions", "fact_")


ARGUMENTS = {
    "again1": 2,
    "board1": 5,
    "challenge1": 3,
    "daily1": 2,
    "another1": 1,
    "found1": 1,
    "help1": 1,
    "hall1": 2,
    "host1": 3,
    "keep1": 1,
    "missed1": 1,
    "mod1": 4,
    "own1": 3,
    "panel1": 7,
    "practice1": 10,
    "privacy1": 1,
    "quiz1": 3,
    "quizme1": 1,
    "schedule1": 2,
    "search1": 1,
    "report1": 2,
    "reported1": 2,
    "settings1": 1,
    "stop1": 1,
    "topic1": 1,
    "type1": 2,
    "typed1": 2,
    "zone1": 1,
}
"""How many arguments each kind and version of a control has."""


KNOWN_WORDS = (
    *("preview", "pause", "resume", "remove"),
    *Action,
    *Period,
    *Way,
    *Board,
    *Group,
    *FIXED,
    *Origin,
    *(
        "fact",
        "question",
        "top",
        "newest",
        "2026-07",
        "2026-07-01",
        "here",
        "time_zone",
        "cancel",
        "pack",
        "",
    ),
    *("open", "begin", "next", "share", "type", "typed"),
    *("reports", "report", "settle", "void", "undo", "blocked", "block", "unblock", "reset", "confirm"),
    *("new", "edit", "again", "save", "gone", "list", "pick", "import"),
    *("music", "speed", "plain", "0", "1", "2", "3", "20", "25", "-1", "01", "２", "٣", "1_000", "1e3", "+1"),
)


class Rig:
    """The bot with a round in every channel that never ends, and everything that it says and refuses.

    Not a dataclass: hypothesis would write all of the local Discord out with each example.
    """

    def __init__(
        self,
        discord: Driver,
        bot: TriviaBot,
        places: Sequence[tuple[Actor, Channel]],
        private: Message,
    ) -> None:
        self.discord = discord
        self.bot = bot
        self.places = places
        self.private = private
        self.sources: dict[int, list[Message]] = {}
        self.refused: set[int] = set()
        self.failures: list[str] = []
        self.said: list[Shown] = []

    async def send(self, begin: Callable[[], Interaction]) -> Interaction:
        """Have an interaction happen and hold everything that came of it against what must never be."""
        before = await self.rows()
        self.said.clear()
        self.failures.clear()
        interaction = begin()
        await asyncio.wait_for(interaction.settled.wait(), PATIENCE)
        assert interaction.state == "done", interaction.data
        assert not self.failures, (interaction.data, self.failures)
        if interaction.id in self.refused:
            assert await self.rows() == before, interaction.data
        for message in self.said:
            raw = message.raw
            assert (raw.mentions, raw.mention_roles, raw.mention_everyone) == ([], [], False)
            assert UNEXPECTED not in message.text
            assert_harmless(message.text)
        return interaction

    def place(self, index: int, *, powerless: bool = False) -> tuple[Actor, Channel]:
        """Return somebody somewhere, who may do nothing that others may not if `powerless`."""
        places = [one for one in self.places if not powerless or one[0].user.shown_name != "Ada"]
        return places[index % len(places)]

    def source(self, channel: Channel, index: int) -> Message:
        """Return a message that a control or a form belongs to, of the channel where it has any.

        An odd index stands for a private card.
        """
        messages = self.sources.get(channel.id) or self.sources[min(self.sources)]
        return self.private if index % 2 else messages[index // 2 % len(messages)]

    async def rows(self) -> dict[str, list[Any]]:
        """Return everything stored but the packs."""

        def work(connection: Any) -> dict[str, list[Any]]:
            kept = {column.table for column in columns(connection) if not column.table.startswith(CONTENT)}
            return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in sorted(kept)}

        return await self.bot.tools.database.read(work)


class Listener(logging.Handler):
    """Notes every error that is logged, by whomever."""

    def __init__(self, failures: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._failures = failures

    def emit(self, record: logging.LogRecord) -> None:
        self._failures.append(f"{record.name}: {record.getMessage()} ({record.exc_info})")


def listen(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Note which interactions the bot's error path answers."""
    fail, on_error = rig.bot.router._fail, rig.bot.tree.on_error

    async def note_control(interaction: discord_py.Interaction[TriviaBot], error: Exception) -> None:
        rig.refused.add(interaction.id)
        await fail(interaction, error)

    async def note_command(interaction: discord_py.Interaction[TriviaBot], error: Any) -> None:
        rig.refused.add(interaction.id)
        await on_error(interaction, error)

    monkeypatch.setattr(rig.bot.router, "_fail", note_control)
    monkeypatch.setattr(rig.bot.tree, "on_error", note_command)
