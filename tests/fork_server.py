"""Bots as processes that are forked from one which has imported everything, so that none has to do it anew.

To import the bot is nine tenths of what its start costs, and the tests start it some hundred times. Such a
process can be killed and stopped like any other. So are commands of `python -m bot` run, whatever comes of
them; that the program starts by itself is for a few in `test_start`.
"""

import asyncio
import atexit
import functools
import json
import os
import select
import selectors
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, NamedTuple, cast

from discord.state import ConnectionState

from bot.cli import exit_code_of, main
from bot.config import PROJECT
from bot.playground_child import run
from playground import BotProcess, end_with_parent, point_discord_at

LONGEST_REQUEST = 150_000
"""An environment, for the most part."""
LAST_DESCRIPTOR = 1_024
LONGEST_S = 30
CAN_FORK = hasattr(os, "pidfd_open") and hasattr(socket, "send_fds")
"""Elsewhere a test's bot is a program that begins anew."""


class ForkedBot(BotProcess):
    """The bot's process, with the environment that it would have as a program of its own."""

    async def _begin(self, environment: Mapping[str, str], **options: Any) -> asyncio.subprocess.Process:
        stdin, held_open = os.pipe()
        told, telling = os.pipe()
        output = options.pop("stderr", sys.__stderr__)
        assert not options, options
        request = _Request(str(Path.cwd()), None, environment)
        pid = _server().fork(request, [stdin, output.fileno(), telling])
        os.close(stdin)
        os.close(telling)
        return cast("asyncio.subprocess.Process", _Forked(pid, held_open, told))


def run_command(folder: Path, arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str]:
    """Run `python -m bot` with `arguments` in a folder to its end; return its code and all it printed."""
    if not CAN_FORK:
        command = [sys.executable, "-m", "bot", *arguments]
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=LONGEST_S,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr
    told, telling = os.pipe()
    with TemporaryFile() as output, Path(os.devnull).open() as nothing, os.fdopen(told) as end:
        request = _Request(str(folder), arguments, environment)
        pid = _server().fork(request, [nothing.fileno(), output.fileno(), telling])
        os.close(telling)
        if not select.select([end], [], [], LONGEST_S)[0]:
            os.kill(pid, signal.SIGKILL)
        code = int(end.read())
        output.seek(0)
        return code, output.read().decode()


class _Request(NamedTuple):
    """Where to begin as what: as a bot at the playground, or as a command where there are arguments."""

    folder: str
    arguments: Sequence[str] | None
    environment: Mapping[str, str]


class _Forked:
    """A forked process, with what is used of asyncio's own."""

    def __init__(self, pid: int, held_open: int, told: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._descriptors = held_open, told
        self._ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(told, self._end)

    def _end(self) -> None:
        held_open, told = self._descriptors
        asyncio.get_running_loop().remove_reader(told)
        self.returncode = int(os.read(told, 10))
        os.close(held_open)
        os.close(told)
        self._ended.set()

    async def wait(self) -> int:
        await self._ended.wait()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.returncode is not None:
            raise ProcessLookupError
        os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class _Server:
    """The process that forks, which ends with this one."""

    def __init__(self) -> None:
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            number = theirs.fileno()
            command = [sys.executable, "-m", __name__, str(number)]
            self._process = subprocess.Popen(command, cwd=PROJECT, pass_fds=[number])
        atexit.register(self._end)

    def fork(self, request: _Request, descriptors: list[int]) -> int:
        """Return the id of a new process, whose input, output and news of its end go by `descriptors`."""
        socket.send_fds(self._requests, [json.dumps(request).encode()], descriptors)
        answer = self._requests.recv(10)
        assert answer, "The process that forks has ended."
        return int(answer)

    def _end(self) -> None:
        self._requests.close()
        self._process.wait()


@functools.cache
def _server() -> _Server:
    return _Server()


class _Child(NamedTuple):
    pid: int
    telling: int


def serve(requests: socket.socket) -> int | None:
    """Fork for each request until there can be no more, and tell of each process's end.

    In each of the processes it returns, with the exit code.
    """
    selector = selectors.DefaultSelector()
    selector.register(requests, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.data is not None:
                _tell(key.data)
                selector.unregister(key.fd)
                os.close(key.fd)
                continue
            request, descriptors, *_ = socket.recv_fds(requests, LONGEST_REQUEST, 3)
            if not request:
                return None
            pid = os.fork()
            if not pid:
                selector.close()
                requests.detach()
                return _become_a_bot(request, descriptors)
            stdin, output, telling = descriptors
            os.close(stdin)
            os.close(output)
            selector.register(os.pidfd_open(pid), selectors.EVENT_READ, _Child(pid, telling))
            requests.send(str(pid).encode())


def _tell(child: _Child) -> None:
    _, status = os.waitpid(child.pid, 0)
    os.write(child.telling, str(os.waitstatus_to_exitcode(status)).encode())
    os.close(child.telling)


def _become_a_bot(request: bytes, descriptors: list[int]) -> int:
    os.setsid()
    stdin, output, _ = descriptors
    os.dup2(stdin, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.closerange(3, LAST_DESCRIPTOR)
    folder, arguments, environment = json.loads(request)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    # As the playground has it done in a program's process before all else.
    end_with_parent()
    if url := environment.get("PLAYGROUND_URL"):
        point_discord_at(url)
    # discord.py waits two seconds after the last server for one more; here all come at once.
    prompt = functools.partialmethod(ConnectionState.__init__, guild_ready_timeout=0.2)
    setattr(ConnectionState, "__init__", prompt)  # noqa: B010 (mypy forbids assigning to a method)
    return exit_code_of(run) if arguments is None else main(arguments)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as requests:
        code = serve(requests)
    sys.exit(code)
