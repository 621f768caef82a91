"""The work beside the serving: it ends with it, and its failure ends everything."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine

import pytest

from bot.background import Background


def endless(ends: list[str], name: str) -> Callable[[], Coroutine[object, object, None]]:
    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ends.append(name)

    return work


async def test_it_ends_with_the_serving() -> None:
    background, ends = Background(), list[str]()
    background.add("poster", endless(ends, "poster"))
    background.add("purger", endless(ends, "purger"))
    await background.serve(asyncio.sleep(0))
    assert sorted(ends) == ["poster", "purger"]


async def test_it_can_be_ended_before_the_serving() -> None:
    background, ends, closed = Background(), list[str](), asyncio.Event()
    background.add("poster", endless(ends, "poster"))

    async def serve() -> None:
        await closed.wait()
        ends.append("serving")

    serving = asyncio.create_task(background.serve(serve()))
    await asyncio.sleep(0.01)
    await background.stop()
    closed.set()
    await serving
    assert ends == ["poster", "serving"]


async def test_the_failure_of_a_part_ends_everything_and_is_raised_as_it_is() -> None:
    background, ends = Background(), list[str]()
    background.add("poster", endless(ends, "poster"))

    async def broken() -> None:
        await asyncio.sleep(0)
        raise LookupError("a bug")

    background.add("purger", broken)
    with pytest.raises(LookupError, match="a bug"):
        await background.serve(endless(ends, "serving")())
    assert sorted(ends) == ["poster", "serving"]


async def test_a_failed_serving_is_raised_as_it_is() -> None:
    background, ends = Background(), list[str]()
    background.add("poster", endless(ends, "poster"))

    async def unreachable() -> None:
        await asyncio.sleep(0)
        raise ConnectionError("nobody there")

    with pytest.raises(ConnectionError, match="nobody there"):
        await background.serve(unreachable())
    assert ends == ["poster"]


async def test_a_failure_ends_a_serving_that_loses_its_cancellation() -> None:
    background, again = Background(), asyncio.Event()

    async def broken() -> None:
        await asyncio.sleep(0)
        raise LookupError("a bug")

    async def serve() -> None:
        # So does discord.py while it reconnects, and Python 3.11's `wait_for` when its result comes as well.
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        again.set()
        await asyncio.Event().wait()

    background.add("poster", broken)
    async with asyncio.timeout(10) as limit:
        with pytest.raises(LookupError, match="a bug"):
            await background.serve(serve())
    assert again.is_set()
    assert not limit.expired()


async def test_it_does_not_end_before_the_serving_has() -> None:
    background, ends = Background(), list[str]()
    serving = asyncio.create_task(background.serve(endless(ends, "serving")()))
    await asyncio.sleep(0.01)
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    assert ends == ["serving"]
