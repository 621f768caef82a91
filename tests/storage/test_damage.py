"""A damaged file: one sentence at a start; in operation nothing fails but what lies in the damaged part."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.core.shards import EVERY
from bot.storage.backup import back_up
from bot.storage.database import Damaged, Database, DatabaseUnusable
from bot.storage.open_rounds import load_open_rounds
from bot.storage.packs import load_packs
from bot.storage.settings import Settings
from tests.quiz_pack import write_pack
from tests.storage.conftest import OpenDatabase
from tests.storage.notes import insert, numbers

PAGE = 4_096


@pytest.fixture
async def packs(path: Path, tmp_path: Path) -> Path:
    """The folder of a pack that the database at `path` holds."""
    write_pack(tmp_path / "packs" / "orchestra")
    async with Database.opened(path) as database:
        await load_packs(database, tmp_path / "packs")
    return tmp_path / "packs"


async def start(path: Path, packs: Path) -> None:
    """Read what a start reads."""
    async with Database.opened(path) as database:
        await load_packs(database, packs)
        await Settings.load(database, EVERY)
        await database.read(load_open_rounds, EVERY)


def cut_off(content: bytes) -> bytes:
    return content[: len(content) // 2]


def without_its_schema(content: bytes) -> bytes:
    return content[:100] + b"\xff" * (PAGE - 100) + content[PAGE:]


def without_a_page_of(*words: bytes) -> Callable[[bytes], bytes]:
    def damage(content: bytes) -> bytes:
        for word in words:
            begin = content.index(word) // PAGE * PAGE
            content = content[:begin] + b"\xa5" * PAGE + content[begin + PAGE :]
        return content

    return damage


def with_other_words(before: bytes, after: bytes) -> Callable[[bytes], bytes]:
    assert len(before) == len(after)
    return lambda content: content.replace(before, after)


@pytest.mark.parametrize(
    "damage",
    [
        cut_off,
        without_its_schema,
        without_a_page_of(b"question-17"),
        with_other_words(b'["strings"]', b'["strings"}'),
        with_other_words(b"Test Orchestra", b"Test \xff\xfechestra"),
        with_other_words(b"medium", b"mXdium"),
    ],
)
async def test_a_start_on_a_damaged_file_says_what_to_do(
    path: Path, packs: Path, damage: Callable[[bytes], bytes]
) -> None:
    await start(path, packs)
    content = path.read_bytes()
    damaged = damage(content)
    assert damaged != content
    path.write_bytes(damaged)
    with pytest.raises(DatabaseUnusable, match=r"is damaged \(.*python -m bot backup FILE.*restore a backup"):
        await start(path, packs)


async def test_a_damaged_page_in_operation_fails_only_what_is_on_it(
    path: Path, migrations: Path, open_database: OpenDatabase
) -> None:
    database = await open_database(path, migrations)
    for number in range(30):
        await database.write(insert, number=number, size=1_000)
    await database.write(lambda connection: connection.execute("CREATE TABLE others (n INTEGER)").close())
    await database.close()
    with closing(sqlite3.connect(path)) as look:
        [(root,)] = look.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'notes'")
    content = path.read_bytes()
    path.write_bytes(content[: (root - 1) * PAGE] + b"\xa5" * PAGE + content[root * PAGE :])

    database = await open_database(path, migrations)
    with pytest.raises(Damaged):
        await database.read(numbers)
    with pytest.raises(Damaged):
        await database.write(insert, number=99)
    others = "INSERT INTO others VALUES (7) RETURNING n"
    assert await database.write(lambda connection: connection.execute(others).fetchall()) == [(7,)]
    found = await database.read(lambda connection: connection.execute("SELECT * FROM others").fetchall())
    assert found == [(7,)]
    with pytest.raises(DatabaseUnusable, match="damaged"):
        back_up(path, path.with_name("copy.db"))
