"""Checks tables that come from a file: what each key must be, and what is wrong with it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.looks import unseen

Check = Callable[[object], str | None]
"""Returns a few words about what is wrong with a value, or None."""

Table = Mapping[str, Any]

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table."""

    check: Check
    required: bool = True


def key_problems(table: Table, keys: Mapping[str, Key]) -> dict[str, str]:
    """Return what is wrong with each invalid key of `table`."""
    problems = {key: "is unknown" for key in table if key not in keys}
    for name, key in keys.items():
        if name not in table:
            if key.required:
                problems[name] = "is missing"
        elif problem := key.check(table[name]):
            problems[name] = problem
    return problems


def text_of(longest: int, shortest: int = 1) -> Check:
    """Return the check of a text of this length without invisible characters."""

    def check(value: object) -> str | None:
        if not isinstance(value, str):
            return "must be text, between quotes"
        length = len(value.strip())
        if not length:
            return "is empty"
        if length < shortest:
            return f"is too short: {length} characters, at least {shortest}"
        if length > longest:
            return f"is too long: {length} characters, at most {longest}"
        return unseen(value.strip())

    return check


def slug(value: object) -> str | None:
    """Check an id."""
    if problem := text_of(48)(value):
        return problem
    return None if SLUG.fullmatch(str(value)) else "may have only a-z, 0-9 and single hyphens between them"


def one_of(options: Iterable[str]) -> Check:
    """Return the check of a choice."""
    names = list(options)

    def check(value: object) -> str | None:
        return None if value in names else f"must be one of {', '.join(names)}"

    return check


def whole_number(least: int, most: int) -> Check:
    """Return the check of a whole number."""

    def check(value: object) -> str | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return "must be a whole number"
        return None if least <= value <= most else f"must be from {least} to {most}"

    return check


def list_of(each: Check, most: int, fewest: int = 0) -> Check:
    """Return the check of a list without duplicates, whose entries pass `each`."""

    def check(value: object) -> str | None:
        if not isinstance(value, list):
            return 'must be a list, like ["…"]'
        if not fewest <= len(value) <= most:
            return f"must have {fewest} to {most} entries, and has {len(value)}"
        for entry in value:
            if problem := each(entry):
                return f"has an entry that {problem}"
        return None if len({str(entry).casefold() for entry in value}) == len(value) else "has an entry twice"

    return check


def table_of(keys: Mapping[str, Key]) -> Check:
    """Return the check of a table with these keys."""

    def check(value: object) -> str | None:
        if not isinstance(value, dict):
            return f"must be a table of {', '.join(keys)}, like {{ {next(iter(keys))} = … }}"
        problems = [f"'{key}' {problem}" for key, problem in key_problems(value, keys).items()]
        return f"is not right: {', '.join(problems)}" if problems else None

    return check
