"""What a server's own questions cost: starting a round of them, and 1,000 servers with 500 each."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from random import Random
from time import perf_counter

from bot.config import PROJECT
from bot.core.content import Origin, Pack
from bot.core.own import Change, change, no_questions, pack_id
from bot.core.own import Row as Written
from bot.core.own_files import size_of
from bot.storage import rounds
from bot.storage.catalogue import LoadedPack
from bot.storage.database import Database
from bot.storage.own_packs import OwnPacks
from bot.storage.packs import load_packs
from tests.bench.table import Row
from tests.quiz_pack import PLAN

SERVERS = 1_000
QUESTIONS = 500
STARTS = 200
ROUNDS = 5
MIB = 2**20


def own_questions(guild_id: int) -> Pack:
    """Return a server's full pack."""
    written = [
        Written(
            {
                "prompt": f"Who won cup {number} of the {number % 17} league?",
                "answer": f"Player {number}",
                "distractors": [f"Ann {number}", f"Bob {number}", f"Cid {number}"],
                "afterwards": f"It was a long year, and {number} people came.",
            }
        )
        for number in range(QUESTIONS)
    ]
    done = change(no_questions(guild_id), written, size_of)
    assert isinstance(done, Change)
    return done.pack


async def start(database: Database, pack: LoadedPack, guild_id: int, source: Origin) -> float:
    """Start rounds of a pack with their first questions; return how many milliseconds one took."""
    began = perf_counter()
    for number in range(STARTS):
        plan = replace(
            PLAN, guild_id=guild_id, channel_id=number + guild_id * STARTS, pack=pack.id, source=source,
            host_user_id=None, spoilers=PLAN.spoilers,
        )  # fmt: skip
        round_id, plan = await database.write(rounds.start_playable, plan, pack)
        asked = await database.write(rounds.ask, round_id, 1, plan, [pack], Random(number), 0)
        assert asked is not None
    return (perf_counter() - began) * 1e3 / STARTS


async def rows(folder: Path) -> AsyncIterator[Row]:
    """Measure starts of rounds, a start of the bot's storage, and what stays in memory."""
    path = folder / "own.db"
    async with Database.opened(path) as database:
        film = (await load_packs(database, PROJECT / "data")).packs[0]
        empty = [await _load(database) for _ in range(ROUNDS)]
        own, pack = OwnPacks(database), own_questions(1)
        for guild_id in range(1, SERVERS + 1):
            await own.replace(guild_id, no_questions(guild_id), replace(pack, id=pack_id(guild_id)))
        full = [await _load(database) for _ in range(ROUNDS)]
        yield Row(
            f"catalogue at a start, {SERVERS:,} servers with {QUESTIONS} questions (null: none)",
            "ms",
            full,
            empty,
        )
        ours, disk, cold = [], [], []
        for turn in range(ROUNDS):
            own.forget(turn + 1)
            began = perf_counter()
            loaded = await own.get(turn + 1)
            cold.append((perf_counter() - began) * 1e3)
            ours.append(await start(database, loaded, turn + 1, Origin.OURS))
            disk.append(await start(database, film, turn + 1 + SERVERS, Origin.FILM))
        yield Row(
            "a round started and its first question drawn (null: a pack on disk)", "ms", ours, disk, "1.2 ×"
        )
        yield Row(f"a server's {QUESTIONS} questions read when they are first used", "ms", cold)
        tracemalloc.start()
        held = OwnPacks(database)
        before = tracemalloc.get_traced_memory()[0]
        for guild_id in range(1, SERVERS + 1):
            await held.get(guild_id)
        grown = (tracemalloc.get_traced_memory()[0] - before) / MIB
        tracemalloc.stop()
        yield Row(f"memory after all {SERVERS:,} servers were read", "MiB", [grown])


async def _load(database: Database) -> float:
    began = perf_counter()
    await load_packs(database, PROJECT / "data")
    await asyncio.sleep(0)
    return (perf_counter() - began) * 1e3
