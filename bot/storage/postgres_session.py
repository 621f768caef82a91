"""Sessions with PostgreSQL, values adapted to what storage means, and sentences on its failures."""

from typing import Any

import psycopg
from psycopg import conninfo
from psycopg.adapt import Dumper, Loader
from psycopg.types.numeric import Int8Dumper

from bot.storage.connection import DatabaseUnusable

OPTIONS: dict[str, Any] = {
    "application_name": "another-day-of-trivia",
    "connect_timeout": 2,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 9_000,
}
"""Unless the address says something else. A click cannot wait for a host that is gone."""
SETTINGS = (
    "SET lock_timeout = '1200ms'; SET jit = off; SET client_encoding = 'UTF8'; SET tcp_keepalives_idle = 5; "
    "SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 2; SET tcp_user_timeout = 9000"
)
"""By the last four, the server ends a cut-off host's session, and frees its locks, as soon as we would."""
PREPARED = 500
"""How many statements a session keeps prepared: all of ours."""
NUL, IN_PLACE_OF_NUL = "\0", "\N{REPLACEMENT CHARACTER}"


class TruthAsNumber(Dumper):
    """Stores True as 1 and False as 0, as all our columns for them are numbers."""

    oid = psycopg.adapters.types["int8"].oid

    def dump(self, obj: bool) -> bytes:
        """Return the digit."""
        return b"1" if obj else b"0"


class TextWithoutNul(Dumper):
    """Stores a text, which PostgreSQL refuses with a NUL in it, with another character in place of that."""

    def dump(self, obj: str) -> bytes:
        """Return the text's bytes."""
        return obj.replace(NUL, IN_PLACE_OF_NUL).encode()


class PlainNumber(Loader):
    """Reads sums and means, which PostgreSQL makes in any precision, as Python's numbers."""

    def load(self, data: bytes | bytearray | memoryview) -> int | float:
        """Return the number."""
        text = bytes(data)
        return float(text) if b"." in text else int(text)


def connect(address: str) -> psycopg.Connection:
    """Open a session that adapts values as storage needs it.

    Raises DatabaseUnusable for what is no address, psycopg.OperationalError where it cannot connect.
    """
    try:
        given = conninfo.conninfo_to_dict(address)
    except psycopg.ProgrammingError as error:
        raise DatabaseUnusable(
            f"This is no address of PostgreSQL ({in_one_line(error)}). Write it like "
            "postgresql://user:password@host/name."
        ) from error
    session = psycopg.connect(conninfo.make_conninfo(**OPTIONS | given), autocommit=True)
    session.prepare_threshold = 2
    session.prepared_max = PREPARED
    session.adapters.register_dumper(int, Int8Dumper)
    session.adapters.register_dumper(bool, TruthAsNumber)
    session.adapters.register_dumper(str, TextWithoutNul)
    session.adapters.register_loader("numeric", PlainNumber)
    session.execute(SETTINGS)
    return session


def name_of(address: str) -> str:
    """Return how to call a database in a sentence; its password is not in it."""
    try:
        given = conninfo.conninfo_to_dict(address)
    except psycopg.ProgrammingError:
        return "of DATABASE_URL"
    return f"{given.get('dbname', 'of DATABASE_URL')} on {given.get('host', 'this machine')}"


def what_to_do(name: str, error: Exception) -> str:
    """Return the sentence that says what to do about an error with a database."""
    to_do = "Is its server running, and is its address right?"
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        to_do = "Make that user its owner with `ALTER DATABASE … OWNER TO …`."
    return f"The database {name} cannot be used ({in_one_line(error)}). {to_do}"


def in_one_line(error: Exception) -> str:
    """Return what an error says, without its line breaks."""
    return " ".join(str(error).split())
