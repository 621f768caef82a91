"""`python -m tests.bench [PART ...]`: what things cost, beside a bot that does nothing; one table."""

import argparse
import asyncio
import os
import platform
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench import (
    boards,
    challenge,
    clicks,
    commands,
    daily,
    engines,
    imports,
    keeping,
    memory,
    own,
    packs,
    posts,
    rounds,
    scale,
    starts,
    waits,
)
from tests.bench.table import Row, markdown

PARTS = {
    "commands": commands.rows,
    "clicks": clicks.rows,
    "challenge": challenge.rows,
    "rounds": rounds.rows,
    "boards": boards.rows,
    "keeping": keeping.rows,
    "waits": waits.rows,
    "daily": daily.rows,
    "posts": posts.rows,
    "own": own.rows,
    "imports": imports.rows,
    "packs": packs.rows,
    "starts": starts.rows,
    "memory": memory.rows,
    "engines": engines.rows,
    "scale": scale.rows,
}


def machine() -> str:
    """Return what the figures were measured on, in a line."""
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), Linux {platform.release().partition('-')[0]},"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


async def measure(names: Sequence[str]) -> list[Row]:
    """Run the named parts, and tell of each row as it comes."""
    rows: list[Row] = []
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            async for row in PARTS[name](Path(folder)):
                print("  ".join(row.cells()), flush=True)
                rows.append(row)
    return rows


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of: {', '.join(PARTS)}")
    chosen = parser.parse_args().parts
    if unknown := set(chosen) - set(PARTS):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    table = asyncio.run(measure(chosen or list(PARTS)))
    print(f"\n{machine()}\n\n{markdown(table)}")
