"""Work in a process of its own."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from bot.core.own import Change
from bot.core.own_files import change_by_file
from bot.runners.apart import apart
from tests.own_pack import no_questions


async def test_it_is_another_process() -> None:
    assert await apart(os.getpid) != os.getpid()


async def test_what_is_given_and_returned_is_the_same_as_here() -> None:
    content = b'[[questions]]\nprompt = "Who came first?"\nanswer = "Ada"\n'
    given = (no_questions(1), "ours.toml", content, {"who-came-first"})
    returned = await apart(change_by_file, *given)
    assert returned == change_by_file(*given)
    assert isinstance(returned[1], Change)


async def test_what_fails_there_is_told_here() -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        await apart(divmod, 1, 0)


async def test_it_ends_with_whoever_waits_for_it(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    waiting = asyncio.create_task(apart(tell_and_stay, fifo))
    pid = int(await asyncio.to_thread(fifo.read_text))
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def tell_and_stay(fifo: Path) -> None:
    fifo.write_text(str(os.getpid()))
    time.sleep(3_600)
