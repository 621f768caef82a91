"""Rows as objects, by the names of their columns."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import IntEnum, StrEnum

import pytest

from bot.storage.connection import Connection
from bot.storage.rows import columns, from_row, insert, named_rows, select, select_first, stored, upsert
from bot.storage.sqlite import SqliteConnection


class Mood(StrEnum):
    BLUE = "blue"


class Level(IntEnum):
    HIGH = 2


@dataclass(frozen=True)
class Place:
    street: str
    number: int


@dataclass(frozen=True)
class Scene:
    name: str
    mood: Mood
    level: Level | None
    people: tuple[str, ...]
    is_sung: bool
    shot: date
    call: time
    place: Place | None
    began: datetime | None
    takes: int = 1


ROW = (
    "SELECT 'Lovely' AS name, 'blue' AS mood, 2 AS level, '[\"Mia\", \"Seb\"]' AS people, 0 AS is_sung,"
    " '2015-08-10' AS shot, '05:30' AS call, '[\"Cahuenga\", 9]' AS place, 1500 AS began, 'x' AS unknown"
)


@pytest.fixture
def connection() -> Iterator[Connection]:
    with closing(sqlite3.connect(":memory:", factory=SqliteConnection)) as connection:
        yield connection


def test_each_field_is_made_of_the_column_of_its_name(connection: Connection) -> None:
    (row,) = named_rows(connection.execute(ROW))
    began = datetime(1970, 1, 1, 0, 0, 1, 500_000, UTC)
    people = ("Mia", "Seb")
    shot, call, place = date(2015, 8, 10), time(5, 30), Place("Cahuenga", 9)
    expected = Scene("Lovely", Mood.BLUE, Level.HIGH, people, False, shot, call, place, began)
    scene = from_row(Scene, row)
    assert scene == expected
    assert type(scene.level) is Level
    assert scene.is_sung is False
    assert from_row(Scene, row, takes=7, level=None).takes == 7


def test_null_is_none_and_a_missing_column_without_a_default_is_an_error(
    connection: Connection,
) -> None:
    (row,) = named_rows(connection.execute(ROW.replace("2 AS level", "NULL AS level")))
    assert from_row(Scene, row).level is None
    (row,) = named_rows(connection.execute("SELECT 'Lovely' AS name"))
    with pytest.raises(TypeError, match="mood"):
        from_row(Scene, row)


def test_a_value_that_no_longer_exists_is_an_error(connection: Connection) -> None:
    (row,) = named_rows(connection.execute(ROW.replace("'blue'", "'red'")))
    with pytest.raises(ValueError, match="red"):
        from_row(Scene, row)


def test_what_is_stored_reads_back_the_same(connection: Connection) -> None:
    (row,) = named_rows(connection.execute(ROW))
    scene = from_row(Scene, row, call=None)
    connection.execute(f"CREATE TABLE scenes ({', '.join(columns(Scene))})")
    insert(connection, "scenes", stored(scene))
    insert(connection, "scenes", {name: getattr(scene, name) for name in columns(Scene)})
    assert select(connection, Scene, "SELECT * FROM scenes") == [scene, scene]
    assert select_first(connection, Scene, "SELECT * FROM scenes WHERE takes > ?", (1,)) is None


def test_a_row_takes_the_place_of_the_one_with_its_key(connection: Connection) -> None:
    connection.execute("CREATE TABLE takes (scene, number, seconds, PRIMARY KEY (scene, number))")
    for seconds in (90, 60):
        upsert(connection, "takes", {"scene": "Lovely", "number": 1}, {"seconds": seconds})
    assert connection.execute("SELECT * FROM takes").fetchall() == [("Lovely", 1, 60)]
