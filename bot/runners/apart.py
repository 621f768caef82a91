"""Work that would hold up everybody's clicks, done in a process of its own.

A thread would not do: a click is answered in a dozen steps on two threads, and before each of them Python's
lock has to be taken from the thread that works, which takes up to five milliseconds.
"""

import asyncio
import pickle
import signal
import sys
from collections.abc import Callable
from subprocess import PIPE
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

LONGEST_S = 30.0
"""What is done apart takes a second, so after this it never ends."""


async def apart(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Return what a function of a module returns, which a new process imports and calls.

    Raises TimeoutError where that takes too long, and RuntimeError where it fails.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=PIPE, stdout=PIPE, stderr=PIPE
    )
    try:
        async with asyncio.timeout(LONGEST_S):
            returned, said = await process.communicate(pickle.dumps((function, arguments, named)))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        told = said.decode(errors="replace")
        raise RuntimeError(f"{function.__name__} ended with {process.returncode} in its process: {told}")
    result: T = pickle.loads(returned)  # noqa: S301 (of our own code)
    return result


def _work() -> None:
    """Call what the process was started for."""
    # It is up to the bot when this ends, also where a service manager asks the whole group to.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    function, arguments, named = pickle.load(sys.stdin.buffer)  # noqa: S301 (of our own code)
    pickle.dump(function(*arguments, **named), sys.stdout.buffer)


if __name__ == "__main__":
    _work()
