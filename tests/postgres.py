"""A PostgreSQL server for tests in a temporary folder: started when a test first needs it, one a process."""

import atexit
import functools
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.storage.database import MIGRATIONS

if TYPE_CHECKING:
    from bot.storage.postgres_connection import PostgresConnection

QUICK = "fsync = off\nfull_page_writes = off\nshared_buffers = 32MB\n"
"""A crash of the machine may ruin it, a crash of the server may not."""
LOCAL = "port = {port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n"
FORM = """
    SELECT COUNT(*), STRING_AGG(name, ' ' ORDER BY name) FROM (
        SELECT relname AS name FROM pg_class WHERE relpersistence = 'p'
        UNION ALL SELECT conname FROM pg_constraint UNION ALL SELECT tgname FROM pg_trigger
    ) AS names
"""
_numbers = count(1)
_spare: list[str] = []


def why_not() -> str:
    """Return why there can be no server here; '' if there can."""
    if importlib.util.find_spec("psycopg") is None:
        return "psycopg is not installed: pip install -e '.[postgres]'"
    if _programs() is None:
        return "PostgreSQL is not installed"
    if os.geteuid() == 0 and not _has_postgres_user():
        return "PostgreSQL does not run as root, and there is no user postgres"
    return ""


def need() -> None:
    """Skip the test where there can be no server; where there must be one (REQUIRE_POSTGRES) it fails."""
    if reason := why_not():
        assert not os.environ.get("REQUIRE_POSTGRES"), reason
        pytest.skip(reason)


@contextmanager
def database(*, with_tables: bool = False) -> Iterator[str]:
    """Yield the address of a database of one's own: empty, or with the bot's own tables and nothing in them.

    To make one with tables takes a hundred times as long as to empty them, so those are used again.
    """
    need()
    server = shared_server()
    if with_tables and _spare:
        name = _spare.pop()
    else:
        name = f"trivia_{next(_numbers)}"
        server.run_sql(f"CREATE DATABASE {name} TEMPLATE {_tables(server) if with_tables else 'template0'}")
    try:
        yield server.address(name)
    finally:
        if with_tables and _empty(server, name):
            _spare.append(name)
        else:
            server.run_sql(f"DROP DATABASE {name} WITH (FORCE)")


class Server:
    """A server of its own on a port of this machine."""

    def __init__(self, folder: Path, settings: str = QUICK) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._data = folder / "data"
        folder.chmod(0o755)
        self._data.mkdir()
        if os.geteuid() == 0:
            shutil.chown(self._data, "postgres", "postgres")
        self._call(
            "initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"
        )
        with (self._data / "postgresql.conf").open("a") as file:
            file.write(LOCAL.format(port=self.port) + settings)

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        self._call("pg_ctl", "-D", self._data, "-l", self._data / "log", "-w", "-t", "60", "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it at once."""
        self._call("pg_ctl", "-D", self._data, "-m", mode, "-w", "stop")

    def address(self, name: str) -> str:
        """Return the address of one of its databases."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def run_sql(self, statement: str, name: str = "postgres") -> list[tuple[object, ...]]:
        """Run a statement beside everything else, and return what it found."""
        import psycopg  # noqa: PLC0415 (it may not be installed)

        with psycopg.connect(self.address(name), autocommit=True) as session:
            cursor = session.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def _call(self, program: str, *arguments: str | Path) -> None:
        programs = _programs()
        assert programs is not None
        command = [programs / program, *arguments]
        as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        # Not into a pipe: the server would keep it open.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                [*as_postgres, *command], stdout=said, stderr=subprocess.STDOUT, cwd="/", check=False
            )
            said.seek(0)
            assert done.returncode == 0, f"{program}: {said.read().decode(errors='replace')}"


def end_sessions(address: str, but: "PostgresConnection | None" = None) -> None:
    """Terminate whatever sessions there are on a database, but for one."""
    name = address.rsplit("/", 1)[1]
    [(spared,)] = [(0,)] if but is None else but.execute("SELECT pg_backend_pid()").fetchall()
    shared_server().run_sql(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> {spared}"
    )


def session(address: str) -> "PostgresConnection":
    """Open a session in which every statement is a transaction of its own unless one is begun."""
    from bot.storage.postgres_connection import PostgresConnection  # noqa: PLC0415 (the driver may not be installed)

    opened = PostgresConnection(address, b"BEGIN")
    opened.begin()
    opened.rollback()
    return opened


@functools.cache
def _tables(server: Server) -> str:
    """Make a database with the bot's own tables, to copy others from, and return its name."""
    from bot.storage.postgres_scripts import prepare  # noqa: PLC0415 (the driver may not be installed)

    server.run_sql("CREATE DATABASE tables TEMPLATE template0")
    prepare(server.address("tables"), MIGRATIONS / "postgres")
    return "tables"


def _empty(server: Server, name: str) -> bool:
    """Empty the tables of a database that nobody uses any more; return whether it is as good as new."""
    end_sessions(server.address(name))
    if server.run_sql(FORM, name) != _form(server):
        return False
    server.run_sql(_emptying(server), name)
    return True


@functools.cache
def _form(server: Server) -> list[tuple[object, ...]]:
    """Return what tables, constraints and triggers the bot's own database has."""
    return server.run_sql(FORM, _tables(server))


@functools.cache
def _emptying(server: Server) -> str:
    """Return the statements that empty all tables and have them number their rows from 1 again."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_version'"
    numbers = "SELECT sequencename FROM pg_sequences"
    return "; ".join(
        [
            # Without regard to what refers to what.
            "SET session_replication_role = replica",
            *(f"DELETE FROM {table}" for (table,) in server.run_sql(tables, _tables(server))),
            *(f"SELECT setval('{name}', 1, FALSE)" for (name,) in server.run_sql(numbers, _tables(server))),
        ]
    )


@functools.cache
def shared_server() -> Server:
    """Return the server of this process, started with the first call."""
    folder = Path(tempfile.mkdtemp(prefix="trivia-postgres-"))
    server = Server(folder)
    atexit.register(end_shared_server)
    server.start()
    return server


def end_shared_server() -> None:
    """End the server of this process if it has one, and remove its folder."""
    if not shared_server.cache_info().currsize:
        return
    server = shared_server()
    shared_server.cache_clear()
    _spare.clear()
    server.stop()
    for _ in range(20):
        shutil.rmtree(server.folder, ignore_errors=True)
        if not server.folder.exists():
            return
        time.sleep(0.1)


def _programs() -> Path | None:
    """Return the folder with the server's programs, which Debian does not put on the path."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    return folders[-1] if folders else None


def _has_postgres_user() -> bool:
    try:
        return pwd.getpwnam("postgres") is not None
    except KeyError:
        return False
