"""`python -m tests.bench [NAME ...]`: what things cost, beside a bot that does nothing; one table."""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.bench import clicks, commands
from tests.bench.table import Row, markdown

PARTS = {"commands": commands.rows, "clicks": clicks.rows}


async def measure(names: list[str]) -> list[Row]:
    """Run the named parts, all of them without names, and tell of each row as it comes."""
    rows: list[Row] = []
    for name, part in PARTS.items():
        if names and name not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            async for row in part(Path(folder)):
                print("  ".join(row.cells()), flush=True)
                rows.append(row)
    return rows


if __name__ == "__main__":
    print(f"\n{markdown(asyncio.run(measure(sys.argv[1:])))}")
