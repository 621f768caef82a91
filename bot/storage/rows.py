"""Rows of the database and objects, made of one another by the names of columns."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from bot.storage.connection import Connection, Cursor, Damaged, Values
from bot.storage.moments import from_ms, to_ms

T = TypeVar("T")
Row = Mapping[str, Any]
RESTORES: Mapping[object, Callable[[Any], Any]] = {
    bool: bool,
    datetime: from_ms,
    date: date.fromisoformat,
    time: time.fromisoformat,
}
ENCODER = json.JSONEncoder(ensure_ascii=False)
"""Made once, as a large pack has a hundred thousand lists."""


@contextmanager
def telling_damage() -> Iterator[None]:
    """Raise Damaged for rows that make no sense, as in a damaged file."""
    try:
        yield
    except (ValueError, TypeError, LookupError) as error:
        raise Damaged(f"unreadable rows: {error}") from error


def named_rows(cursor: Cursor) -> list[Row]:
    """Return what was selected, each row's values by the names of their columns."""
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor]


def select(connection: Connection, kind: Callable[..., T], query: str, values: Values = ()) -> list[T]:
    """Return what a query finds, each row as a dataclass `kind`."""
    return [from_row(kind, row) for row in named_rows(connection.execute(query, values))]


def select_first(connection: Connection, kind: Callable[..., T], query: str, values: Values = ()) -> T | None:
    """Return the first row that a query finds as a dataclass `kind`, None if it finds none."""
    return next(iter(select(connection, kind, query, values)), None)


def from_row(kind: Callable[..., T], row: Row, **given: object) -> T:
    """Return the dataclass `kind`, made of the columns that have its fields' names, and of what is `given`.

    Fields say by their types how they are stored: an enumeration by its value, a tuple or another dataclass
    as a JSON list, a moment in unix milliseconds, a date and a time of day as ISO text. Where a column is
    missing the default stands.
    """
    return kind(
        **{
            name: row[name] if row[name] is None or restore is None else restore(row[name])
            for name, restore in _fields(kind)
            if name in row and name not in given
        },
        **given,
    )


def columns(kind: Callable[..., object]) -> list[str]:
    """Return the names of a dataclass's fields."""
    return [name for name, _ in _fields(kind)]


def stored(of: Any) -> dict[str, Any]:  # noqa: ANN401 (any dataclass)
    """Return a dataclass's fields as they are stored, by their names."""
    kind: Callable[..., object] = type(of)
    return {name: _stored(getattr(of, name)) for name in columns(kind)}


def insert(connection: Connection, table: str, row: Mapping[str, object], on_conflict: str = "") -> Cursor:
    """Insert a row, its values by their columns, stored as `from_row` reads them."""
    values = {name: _stored(value) for name, value in row.items()}
    return connection.execute(f"{insert_into(table, row)} {on_conflict}", values)


def insert_into(table: str, names: Iterable[str]) -> str:
    """Return the statement that inserts a row of these columns."""
    names = list(names)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"


def upsert(connection: Connection, table: str, key: Mapping[str, object], row: Mapping[str, object]) -> None:
    """Insert a row, or change the one that has this key already."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in row)
    insert(connection, table, {**key, **row}, f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}")


def _stored(value: Any) -> object:  # noqa: ANN401 (whatever a field may hold)
    match value:
        case str() | int() | float() | bytes() | None:
            return value
        case tuple():
            return ENCODER.encode(value) if value else "[]"
        case datetime():
            return to_ms(value)
        case date():
            return value.isoformat()
        case _:
            return ENCODER.encode(astuple(value))


@cache
def _fields(kind: Callable[..., object]) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    return tuple((name, _restore(hint)) for name, hint in get_type_hints(kind).items())


def _restore(hint: Any) -> Callable[[Any], Any] | None:  # noqa: ANN401 (a type, as typing has it)
    """Return what makes a field of this type of what is stored; None if it is stored as it is."""
    options = [option for option in get_args(hint) if option is not NoneType]
    if NoneType in get_args(hint) and len(options) == 1:
        hint = options[0]
    if get_origin(hint) is tuple:
        return lambda stored: tuple(json.loads(stored)) if stored != "[]" else ()
    if isinstance(hint, type) and is_dataclass(hint):
        return lambda stored: hint(*json.loads(stored))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    return RESTORES.get(hint)
