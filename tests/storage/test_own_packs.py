"""Servers' own questions in the database: whole or not at all, each server's alone, in memory while used."""

import asyncio
import multiprocessing
import sqlite3
from pathlib import Path

import pytest

from bot.core.content import Pack
from bot.core.own import Change, Row, change, without
from bot.core.refusal import Refusal
from bot.core.shards import EVERY
from bot.storage.database import Database
from bot.storage.own_packs import OwnPacks, as_written, own_pack
from bot.storage.packs import catalogue
from bot.storage.privacy import purge_guild, stored_guilds
from bot.storage.sqlite import SqliteConnection
from tests.own_pack import no_questions


def pack_of(guild_id: int, count: int, answer: str = "Ada", before: Pack | None = None) -> Pack:
    rows = [
        Row({"id": f"q{number}", "prompt": f"Who is number {number}?", "answer": answer})
        for number in range(count)
    ]
    done = change(before or no_questions(guild_id), rows)
    assert isinstance(done, Change), done
    return done.pack


async def test_what_is_stored_comes_back(database: Database) -> None:
    own = OwnPacks(database)
    pack = pack_of(5, 3)
    await own.replace(5, no_questions(5), pack)
    loaded = await own.get(5)
    assert as_written(loaded) == pack
    assert await own.get(5) is loaded
    assert not (await own.get(6)).questions
    assert (await database.read(catalogue)).packs == ()


async def test_numbers_stay_when_others_go(database: Database) -> None:
    own = OwnPacks(database)
    first = pack_of(5, 3)
    await own.replace(5, no_questions(5), first)
    numbers = (await own.get(5)).question_numbers_by_id
    fewer = without(first, "q0")
    await own.replace(5, first, fewer)
    after = await own.get(5)
    assert after.question_numbers_by_id == {id_: numbers[id_] for id_ in ("q1", "q2")}
    changed = pack_of(5, 2, "Ben", fewer)
    await own.replace(5, fewer, changed)
    assert as_written(await own.get(5)) == changed
    assert (await own.get(5)).question_numbers_by_id["q1"] == numbers["q1"]
    await own.replace(5, changed, no_questions(5))
    assert await database.read(stored_guilds, EVERY) == set()


async def test_a_removed_questions_number_is_not_given_again(database: Database) -> None:
    own = OwnPacks(database)
    before, numbers = no_questions(5), list[int]()
    for count in (2, 1, 2, 0, 1):
        after = pack_of(5, count) if count else no_questions(5)
        await own.replace(5, before, after)
        before = after
        numbers.append(max((await own.get(5)).questions, default=0))
    first, _, again, _, anew = numbers
    assert first < again < anew


async def test_of_two_changes_of_one_state_one_is_refused(database: Database) -> None:
    own = OwnPacks(database)
    nothing = no_questions(5)
    done = await asyncio.gather(
        own.replace(5, nothing, pack_of(5, 1)),
        own.replace(5, nothing, pack_of(5, 2)),
        return_exceptions=True,
    )
    assert sorted(map(type, done), key=str) == sorted([type(None), Refusal], key=str)
    assert len((await own.get(5)).questions) in (1, 2)


async def test_a_reading_that_was_overtaken_is_not_kept(database: Database) -> None:
    own = OwnPacks(database)
    reading = asyncio.create_task(own.get(5))
    await asyncio.sleep(0)
    await own.replace(5, no_questions(5), pack_of(5, 1))
    await reading
    assert len((await own.get(5)).questions) == 1


async def test_a_purge_takes_one_servers_pack_and_no_other(database: Database) -> None:
    own = OwnPacks(database)
    for guild_id in (5, 6):
        await own.replace(guild_id, no_questions(guild_id), pack_of(guild_id, 2))
    assert await database.read(stored_guilds, EVERY) == {5, 6}
    assert not await database.write(purge_guild, 5)
    own.forget(5)
    assert not (await own.get(5)).questions
    assert len((await own.get(6)).questions) == 2
    assert await database.read(stored_guilds, EVERY) == {6}


async def test_memory_is_bounded_over_many_servers(database: Database) -> None:
    own = OwnPacks(database, most=20)
    for guild_id in range(1, 31):
        await own.replace(guild_id, no_questions(guild_id), pack_of(guild_id, 4))
    for guild_id in [*range(1, 31), *range(1000, 1100)]:
        await own.get(guild_id)
        assert sum(max(1, len(held.questions)) for held in own._held.values()) <= 20
    one = await own.get(7)
    assert await own.get(7) is one
    for guild_id in range(1, 31):
        own.forget(guild_id)
    for guild_id in range(1000, 1100):
        own.forget(guild_id)
    assert not own._held


def _import_for_ever(path: str, ready: "multiprocessing.synchronize.Event") -> None:
    async def work() -> None:
        async with Database.opened(Path(path)) as database:
            own = OwnPacks(database)
            small, large = pack_of(5, 20), pack_of(5, 500, "Ben", pack_of(5, 20))
            ready.set()
            while True:
                await own.replace(5, small, large)
                await own.replace(5, large, small)

    asyncio.run(work())


@pytest.mark.parametrize("wait", [0.05, 0.2, 0.31, 0.43])
async def test_a_kill_in_the_middle_leaves_all_or_nothing(path: Path, wait: float) -> None:
    async with Database.opened(path) as database:
        await OwnPacks(database).replace(5, no_questions(5), pack_of(5, 20))
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=_import_for_ever, args=(str(path), ready), daemon=True)
    process.start()
    try:
        assert await asyncio.to_thread(ready.wait, 60)
        process.join(wait)
        assert process.is_alive(), process.exitcode
    finally:
        process.kill()
        process.join()
    connection = sqlite3.connect(path, factory=SqliteConnection)
    left = as_written(own_pack(connection, 5))
    connection.close()
    assert left in (pack_of(5, 20), pack_of(5, 500, "Ben", pack_of(5, 20)))
