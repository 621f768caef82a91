"""What a server's own questions cost: starting a round of them, and 1,000 servers with 500 each."""

import tracemalloc
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from random import Random
from time import perf_counter, process_time

from bot.config import PROJECT
from bot.core.content import Origin, Pack
from bot.core.own import Change, pack_id
from bot.core.own_files import change_by_file
from bot.storage import asking, round_starts
from bot.storage.catalogue import LoadedPack
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.own_packs import OwnPacks
from bot.storage.packs import load_packs
from tests.bench.imports import questions_file
from tests.bench.starts import start as start_bot
from tests.bench.subject import DATABASE, OURS
from tests.bench.table import Row
from tests.local_discord import local_discord
from tests.own_pack import no_questions
from tests.quiz_pack import PLAN

SERVERS = 1_000
QUESTIONS = 500
STARTS = 200
TURNS = 5
MIB = 2**20


def own_questions(guild_id: int) -> Pack:
    """Return a server's full pack."""
    _, done = change_by_file(no_questions(guild_id), "full.toml", questions_file(QUESTIONS), set())
    assert isinstance(done, Change)
    return done.pack


async def fill(database: Database) -> None:
    """Store a full pack for every server: one as it is done, and copies of its rows."""
    await OwnPacks(database).replace(1, no_questions(1), own_questions(1))
    await database.write(_copy_to_others)


def _copy_to_others(connection: Connection) -> None:
    copied = {
        "facts": "id, text, topics, people, films, paragraphs, spoiler",
        "questions": "id, fact, prompt, answer, distractors, aliases, difficulty, never_with",
    }
    for guild_id in range(2, SERVERS + 1):
        named = {"pack": pack_id(guild_id), "of": pack_id(1), "guild": guild_id}
        connection.execute(
            "INSERT INTO packs (id, title, hash, topics, guild_id)"
            " SELECT :pack, title, hash, topics, :guild FROM packs WHERE id = :of",
            named,
        )
        for table, columns in copied.items():
            connection.execute(
                f"INSERT INTO {table} (pack, {columns})"
                f" SELECT :pack, {columns} FROM {table} WHERE pack = :of ORDER BY number",
                named,
            )


async def start(database: Database, pack: LoadedPack, guild_id: int, source: Origin) -> float:
    """Start rounds of a pack with their first questions; return the milliseconds of CPU of each."""
    began = process_time()
    for number in range(STARTS):
        plan = replace(
            PLAN, guild_id=guild_id, channel_id=number + guild_id * STARTS, pack=pack.id, source=source,
            host_user_id=None,
        )  # fmt: skip
        round_id, plan = await database.write(round_starts.start_playable, plan, [pack])
        asked = await database.write(asking.ask, round_id, 1, plan, [pack], Random(number), 0)
        assert asked is not None
    return (process_time() - began) * 1e3 / STARTS


async def rows(folder: Path) -> AsyncIterator[Row]:
    """Measure starts of rounds, starts of the bot, and what stays in memory."""
    (folder / "none").mkdir()
    async with Database.opened(folder / DATABASE) as database:
        await fill(database)
        film = (await load_packs(database, PROJECT / "data")).packs[0]
        own = OwnPacks(database)
        ours, disk, cold = [], [], []
        for guild_id in range(1, TURNS + 1):
            began = perf_counter()
            loaded = await own.get(guild_id)
            cold.append((perf_counter() - began) * 1e3)
            ours.append(await start(database, loaded, guild_id, Origin.OURS))
            disk.append(await start(database, film, guild_id + SERVERS, Origin.FILM))
        yield Row(
            "a round of own questions started, its first one drawn (null: of a pack on disk)",
            "ms CPU",
            ours,
            disk,
            "1.2 ×",
        )
        yield Row(f"a server's {QUESTIONS} questions read when they are first used", "ms", cold)
        yield Row(
            f"memory after the questions of {SERVERS:,} servers were used", "MiB", [await _held(database)]
        )
    full, none = [], []
    async with local_discord(folder) as driver, local_discord(folder) as other:
        for turn in range(TURNS + 1):
            figures = (
                await start_bot(OURS, driver, folder, None),
                await start_bot(OURS, other, folder / "none", None),
            )
            if turn:
                full.append(figures[0])
                none.append(figures[1])
    yield Row(
        f"start to connected, {SERVERS:,} servers with {QUESTIONS} questions each (null: none)",
        "ms",
        full,
        none,
    )


async def _held(database: Database) -> float:
    """Return how many MiB stay in memory when one server after the other has used its questions."""
    tracemalloc.start()
    own = OwnPacks(database)
    before = tracemalloc.get_traced_memory()[0]
    for guild_id in range(1, SERVERS + 1):
        await own.get(guild_id)
    grown = (tracemalloc.get_traced_memory()[0] - before) / MIB
    tracemalloc.stop()
    return grown
