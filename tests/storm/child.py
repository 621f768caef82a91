"""The bot's own process in a storm: the playground's, which on SIGUSR1 writes down which tasks it has."""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from bot.exits import exit_code_of
from bot.playground.child import end_with_parent, serve

TASKS_VARIABLE = "STORM_TASKS"


def _name_of(task: asyncio.Task[Any]) -> str:
    code = task.get_coro()
    return str(getattr(code, "__qualname__", code))


def _write_tasks(path: Path) -> None:
    """Write how many tasks there are of each kind, by the name of what they run."""
    counts = Counter(map(_name_of, asyncio.all_tasks()))
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(counts), "utf-8")
    draft.replace(path)


async def _serve() -> None:
    path = Path(os.environ[TASKS_VARIABLE])
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, _write_tasks, path)
    await serve()


def _run() -> int:
    end_with_parent()
    asyncio.run(_serve())
    return 0


if __name__ == "__main__":
    sys.exit(exit_code_of(_run))
