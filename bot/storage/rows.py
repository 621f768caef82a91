"""Rows of the database as objects, by the names of their columns."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from bot.storage.connection import Cursor, Damaged
from bot.storage.moments import from_ms

T = TypeVar("T")
Row = Mapping[str, Any]
RESTORES: Mapping[object, Callable[[Any], Any]] = {
    bool: bool,
    datetime: from_ms,
    date: date.fromisoformat,
    time: time.fromisoformat,
}


@contextmanager
def telling_damage() -> Iterator[None]:
    """Raise Damaged for rows of which nothing can be made, as in a file that was damaged."""
    try:
        yield
    except (ValueError, TypeError, LookupError) as error:
        raise Damaged(f"unreadable rows: {error}") from error


def named_rows(cursor: Cursor) -> list[Row]:
    """Return what was selected, each row's values by the names of their columns."""
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor]


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


def columns(kind: Callable[..., object]) -> str:
    """Return the names of a dataclass's fields as a list of columns."""
    return ", ".join(name for name, _ in _fields(kind))


def stored_values(of: Any) -> list[object]:  # noqa: ANN401 (any dataclass)
    """Return the values of a dataclass's fields as they are stored, in the order of `columns`."""
    values = [getattr(of, field.name) for field in fields(of)]
    return [json.dumps(value, ensure_ascii=False) if isinstance(value, tuple) else value for value in values]


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
