"""One bot a shard: on SQLite's file by whichever name it is called, and on PostgreSQL."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.core.shards import EVERY, Shards
from bot.storage.app_state import get_state, set_state
from bot.storage.connection import Holder
from bot.storage.database import Database, DatabaseAway, DatabaseUnusable, Location
from tests.storage.notes import add_script, insert, note_migrations

LOW, HIGH = Shards(4, (0, 1)), Shards(4, (2, 3))


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    """Closes whatever a test opens."""
    async with AsyncExitStack() as opened:
        yield opened


async def test_a_database_is_locked_under_every_name_that_leads_to_it(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "way").symlink_to(tmp_path / "folder", target_is_directory=True)
    (tmp_path / "folder" / "link.db").symlink_to(path)
    monkeypatch.chdir(tmp_path)
    async with Database.opened(path, shards=EVERY):
        for name in (path, Path("trivia.db"), Path("folder/../trivia.db"), Path("way/link.db")):
            with pytest.raises(DatabaseUnusable, match="Another bot is running"):
                await Database.open(name, shards=EVERY)
        (tmp_path / "hard.db").hardlink_to(path)
        with pytest.raises(DatabaseUnusable, match="hard links"):
            await Database.open(tmp_path / "hard.db", shards=EVERY)
        (tmp_path / "hard.db").unlink()
    async with Database.opened(Path("way/link.db"), shards=EVERY):
        pass


async def test_each_shard_is_held_once(location: Location, stack: AsyncExitStack) -> None:
    low = await stack.enter_async_context(Database.opened(location, shards=LOW))
    high = await stack.enter_async_context(Database.opened(location, shards=HIGH))
    await low.write(set_state, "from", "low")
    await high.write(set_state, "too", "high")
    assert await low.read(get_state, "too") == "high"
    for shards in (LOW, Shards(4, (0,)), Shards(4, (1, 2))):
        with pytest.raises(DatabaseUnusable, match=r"Another bot is running on shard [012] of .* SHARD_IDS"):
            await Database.open(location, shards=shards)


@pytest.mark.parametrize("others", [EVERY, Shards(8, (7,))])
async def test_everybody_divides_the_servers_alike(location: Location, others: Shards) -> None:
    async with Database.opened(location, shards=LOW):
        with pytest.raises(DatabaseUnusable, match=r"A bot with SHARD_COUNT=4 is running on"):
            await Database.open(location, shards=others)
    async with Database.opened(location, shards=others):
        told = "no SHARD_COUNT" if others == EVERY else "SHARD_COUNT=8"
        with pytest.raises(DatabaseUnusable, match=f"A bot with {told} is running on"):
            await Database.open(location, shards=LOW)


async def test_what_is_closed_can_be_taken(location: Location) -> None:
    for shards in (LOW, HIGH, EVERY, LOW):
        async with Database.opened(location, shards=shards):
            pass


async def test_a_start_that_fails_holds_nothing(location: Location) -> None:
    async with Database.opened(location, shards=Shards(4, (1,))):
        with pytest.raises(DatabaseUnusable):
            await Database.open(location, shards=LOW)
        async with Database.opened(location, shards=Shards(4, (0,))):
            pass


async def test_all_start_at_once_on_a_new_database(empty_place: Location) -> None:
    found = await asyncio.gather(
        *(Database.open(empty_place, shards=Shards(4, (shard,))) for shard in range(4))
    )
    for database in found:
        await database.write(set_state, "here", "yes")
        await database.close()


async def test_who_runs_is_told(location: Location, stack: AsyncExitStack) -> None:
    beside = await stack.enter_async_context(Database.opened(location))
    assert await beside.holders() == []
    for shards in (LOW, Shards(4, (3,))):
        await stack.enter_async_context(Database.opened(location, shards=shards))
    holders = await beside.holders()
    if isinstance(location, Path):
        assert holders == [Holder(Shards(4, (0, 1, 3)), "this machine")]
    else:
        assert [holder.shards for holder in holders] == [LOW, Shards(4, (3,))]
        assert all(holder.where.startswith("127.0.0.1 (another-day-of-trivia ") for holder in holders)


async def test_no_script_is_applied_under_an_older_bot(empty_place: Location, tmp_path: Path) -> None:
    migrations = note_migrations(tmp_path)
    older = await Database.open(empty_place, migrations, shards=LOW)
    try:
        add_script(migrations, 2, "CREATE TABLE later (number INTEGER) STRICT;")
        await older.write(insert, 1)
        for shards in (HIGH, None):
            with pytest.raises(DatabaseAway, match="an older bot is running on it"):
                await Database.open(empty_place, migrations, shards=shards)
    finally:
        await older.close()
    await (await Database.open(empty_place, migrations, shards=HIGH)).close()


async def test_a_look_takes_no_shard_from_a_start(path: Path) -> None:
    """Who only looks whether bots are running must not be taken for one."""
    async with Database.opened(path) as beside:
        looking = asyncio.create_task(_look_on(beside))
        for _ in range(50):
            await (await Database.open(path, shards=LOW)).close()
        looking.cancel()


async def _look_on(database: Database) -> None:
    while True:
        await database.holders()


async def test_in_a_folder_that_cannot_be_listed_it_says_so(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may list every folder")
    folder = tmp_path / "dark"
    folder.mkdir()
    folder.chmod(0o300)
    try:
        with pytest.raises(DatabaseUnusable, match="cannot be listed"):
            await Database.open(folder / "trivia.db", shards=EVERY)
    finally:
        folder.chmod(0o700)


async def test_a_lock_that_cannot_be_taken_is_named(path: Path) -> None:
    Path(f"{path}.lock").mkdir()
    with pytest.raises(DatabaseUnusable, match=r"The lock .*trivia.db.lock cannot be taken"):
        await Database.open(path, shards=EVERY)


async def test_what_is_up_to_date_can_be_read_without_a_lock(path: Path) -> None:
    await (await Database.open(path)).close()
    Path(f"{path}.lock").unlink(missing_ok=True)
    Path(f"{path}.lock").mkdir()
    async with Database.opened(path) as database:
        assert await database.read(get_state, "commands_hash") is None
