"""Work that would hold up everybody's clicks, done in a process of its own.

A thread would not do: a click is answered in a dozen steps on two threads, and before each of them Python's
lock would have to be won back from the working thread, which takes up to five milliseconds.
"""

import asyncio
import pickle
import signal
import sys
from collections.abc import Callable
from subprocess import PIPE
from typing import TypeVar, TypeVarTuple

Ts = TypeVarTuple("Ts")
T = TypeVar("T")

LONGEST_S = 30.0
"""Such work takes a second; what takes this long will never end."""


async def apart(function: Callable[[*Ts], T], *arguments: *Ts) -> T:
    """Have a new process import a module's function and call it; return what it returns.

    Raises TimeoutError if that takes too long, and RuntimeError if it fails.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=PIPE, stdout=PIPE, stderr=PIPE
    )
    try:
        async with asyncio.timeout(LONGEST_S):
            returned, said = await process.communicate(pickle.dumps((function, arguments)))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        told = said.decode(errors="replace")
        raise RuntimeError(f"{function.__name__} ended with {process.returncode} in its process: {told}")
    result: T = pickle.loads(returned)  # noqa: S301 (from our own code)
    return result


def _work() -> None:
    """Call what the process was started for."""
    # The bot decides when this ends, even if a service manager signals the whole group.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    function, arguments = pickle.load(sys.stdin.buffer)  # noqa: S301 (from our own code)
    pickle.dump(function(*arguments), sys.stdout.buffer)


if __name__ == "__main__":
    _work()
