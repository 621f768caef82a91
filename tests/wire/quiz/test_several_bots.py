"""Several processes on one database: each plays the rounds of its servers, whatever becomes of another."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.storage.database import Location
from playground import Actor, Driver, Guild, Shown
from tests import postgres
from tests.engines import query
from tests.wire.quiz.conftest import Restartable
from tests.wire.quiz.game import ANSWER, GRACE, PODIUM, Game, reader_at

SHARDS = 2
SECONDS = 60


@dataclass(frozen=True)
class Fleet:
    """A process for each shard, a server of each, and their players."""

    discord: Driver
    game: Game
    bots: list[Restartable]
    guilds: list[Guild]
    players: list[list[Actor]]

    async def ask(self, shard: int, position: int) -> tuple[Shown, str]:
        """Wait for a server's question; return it with the right answer's button."""
        shown = await self.game.next(position, self.discord.channel("trivia", self.players[shard][0]))
        found = await self.game.query(
            "SELECT round_id FROM asked_questions WHERE message_id = ?", (shown.id,)
        )
        asked = await self.game.asked(position, found[0][0])
        return shown, f"quiz1:{asked.round_id}:{position}:{asked.answer}"


@pytest.fixture
async def fleet(discord: Driver, location: Location, packs_path: Path) -> AsyncIterator[Fleet]:
    guilds = {shard_of(discord.guild): discord.guild}
    while len(guilds) < SHARDS:
        guild = discord.add_guild(f"Server {len(guilds)}")
        guilds.setdefault(shard_of(guild), guild)
    bots = [
        Restartable(discord, location, packs_path, {"SHARD_COUNT": str(SHARDS), "SHARD_IDS": str(shard)})
        for shard in range(SHARDS)
    ]
    await asyncio.gather(*(bot.start() for bot in bots))
    await discord.until(lambda: len(discord.server.gateway.sessions) == SHARDS, patience=30)
    game = Game(discord, reader_at(location))
    yield Fleet(
        discord,
        game,
        bots,
        [guilds[shard] for shard in range(SHARDS)],
        [discord.add_members(2, guilds[shard]) for shard in range(SHARDS)],
    )
    for bot in bots:
        await bot.process.kill()


def shard_of(guild: Guild) -> int:
    return (guild.id >> 22) % SHARDS


@pytest.mark.both_engines
async def test_a_round_goes_on_while_another_shards_process_is_killed_and_comes_back(
    discord: Driver, fleet: Fleet, location: Location
) -> None:
    for players in fleet.players:
        reply = await players[0].run("quiz start", channel="trivia", questions=1, seconds=SECONDS)
        assert not reply.ephemeral, reply.text
    asked = [await fleet.ask(shard, 1) for shard in range(SHARDS)]
    for (shown, right), (first, _) in zip(asked, fleet.players, strict=True):
        assert "Your answer is in" in (await first.click(shown, right)).text
    await fleet.bots[0].process.kill()
    assert "Your answer is in" in (await fleet.players[1][1].click(*asked[1])).text
    await fleet.bots[0].start()
    assert "answered already" in (await fleet.players[0][0].click(*asked[0])).text
    assert "Your answer is in" in (await fleet.players[0][1].click(*asked[0])).text
    for shown, _ in asked:
        await fleet.game.shows_count(shown, "2 answers so far")
    discord.advance(SECONDS + GRACE)
    for (shown, _), players in zip(asked, fleet.players, strict=True):
        await fleet.game.shows(shown, ANSWER)
        assert "2 of 2 answers right" in shown.text
        await fleet.game.podium(discord.channel("trivia", players[0]))
    await fleet.game.until_finished(SHARDS)
    stored = query(location, "SELECT guild_id, user_id FROM answers JOIN rounds USING (round_id)")
    assert sorted(stored) == sorted(
        (guild.id, player.id)
        for guild, players in zip(fleet.guilds, fleet.players, strict=True)
        for player in players
    )
    given = "SELECT guild_id, user_id, SUM(points) FROM answers JOIN rounds USING (round_id) GROUP BY 1, 2"
    totals = "SELECT guild_id, user_id, points FROM totals"
    assert sorted(query(location, given)) == sorted(query(location, totals))
    for players in fleet.players:
        channel = discord.channel("trivia", players[0])
        assert len([one for one in fleet.game.messages(channel) if PODIUM in one.text]) == 1


@pytest.mark.both_engines
async def test_a_second_process_on_a_shard_ends_with_a_sentence(
    discord: Driver, fleet: Fleet, location: Location, packs_path: Path
) -> None:
    third = Restartable(discord, location, packs_path, {"SHARD_COUNT": str(SHARDS), "SHARD_IDS": "1"})
    await third.process.start()
    assert await asyncio.wait_for(third.process.wait(), 60) == 2
    assert all(bot.process.running for bot in fleet.bots)


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
async def test_who_lost_its_shard_to_another_ends(
    discord: Driver, fleet: Fleet, location: Location, packs_path: Path
) -> None:
    successor = Restartable(discord, location, packs_path, {"SHARD_COUNT": str(SHARDS), "SHARD_IDS": "1"})
    # Stopped, it cannot open another session before its successor does.
    os.kill(fleet.bots[1].process.pid, signal.SIGSTOP)
    postgres.end_sessions(str(location))
    try:
        await successor.start()
        os.kill(fleet.bots[1].process.pid, signal.SIGCONT)
        await fleet.players[1][0].run("quiz start", channel="trivia", questions=1, seconds=SECONDS)
        assert await asyncio.wait_for(fleet.bots[1].process.wait(), 30) == 2
        assert successor.process.running
    finally:
        await successor.process.kill()
