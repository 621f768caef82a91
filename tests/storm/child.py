"""The bot's own process in a storm: the playground's, which on SIGUSR1 writes down what it holds."""

import asyncio
import gc
import json
import os
import signal
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from bot.app import TriviaBot
from bot.cli import exit_code_of
from bot.playground_child import serve

HOLDINGS_VARIABLE = "STORM_HOLDINGS"


def _name_of(task: asyncio.Task[Any]) -> str:
    code = task.get_coro()
    return str(getattr(code, "__qualname__", code))


def _write_holdings(path: Path) -> None:
    """Write how many tasks there are by the name of what they run, and how much memory Python itself uses.

    The second counts allocated blocks: unlike the process's pages they do not depend on how memory is cut up.
    """
    gc.collect()
    tasks = Counter(map(_name_of, asyncio.all_tasks()))
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps({"tasks": tasks, "blocks": sys.getallocatedblocks()}), "utf-8")
    draft.replace(path)


async def _at_once(_: TriviaBot, shard_id: int | None, *, initial: bool = False) -> None:
    """Identify without a pause: the local Discord wants none between two shards."""


async def _serve() -> None:
    TriviaBot.before_identify_hook = _at_once  # type: ignore[method-assign, assignment]
    path = Path(os.environ[HOLDINGS_VARIABLE])
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, _write_holdings, path)
    await serve()


def _run() -> int:
    asyncio.run(_serve())
    return 0


if __name__ == "__main__":
    sys.exit(exit_code_of(_run))
