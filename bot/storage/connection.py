"""What storage asks of a database, whichever it is: a connection, and names for what can go wrong."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from bot.core.shards import Shards

P = ParamSpec("P")
T = TypeVar("T")
Values = Sequence[Any] | Mapping[str, Any]


class Cursor(Protocol):
    """What a statement found or changed."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""

    @property
    def description(self) -> Any:  # noqa: ANN401 (the drivers have types of their own for it)
        """The columns, each a sequence that begins with its name."""

    def fetchone(self) -> Any:  # noqa: ANN401 (a row of whatever was selected)
        """Return the next row, None after the last."""

    def fetchall(self) -> list[Any]:
        """Return the rows that are left."""

    def close(self) -> None:
        """Forget the rows that are left."""

    def __iter__(self) -> Iterator[Any]:
        """Yield the rows that are left."""


class Connection(Protocol):
    """A connection within a transaction; a statement's values stand as `?` or as `:name`."""

    def execute(self, statement: str, values: Values = ..., /) -> Cursor:
        """Run a statement."""

    def executemany(self, statement: str, rows: Iterable[Values], /) -> object:
        """Run a statement for each of the rows."""

    def lock(self, guild_id: int, /) -> None:
        """Wait until nobody else changes a server's totals or decks, and keep them off until the commit.

        It comes before the first look at what is going to be changed; 0 is what is outside of servers.
        """


class Transactions(Connection, Protocol):
    """A connection that also begins and ends transactions."""

    def begin(self) -> None:
        """Begin a transaction that may change something."""

    def commit(self) -> None:
        """Commit what was changed; when this returns it is on the disk."""

    def rollback(self) -> None:
        """Forget what was changed, if a transaction is open."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""


Work = Callable[Concatenate[Any, P], T]
"""A function of a Connection, and of whatever arguments follow it."""


class DatabaseUnusable(Exception):  # noqa: N818 (a state of the database, told to whoever runs the bot)
    """The database cannot be used; the text is a sentence that says what to do."""

    exit_code = 2


class DatabaseAway(DatabaseUnusable):
    """The database cannot be used just now; starting again later helps."""

    exit_code = 1


class StorageFailure(Exception):  # noqa: N818 (a state of the database, which may pass)
    """The database cannot do its work just now (a full disk, a file in use), and has changed nothing.

    A mistake in a statement, or a row that its table does not take, is a fault of the program and comes as it
    is: trying again would not help.
    """


class Damaged(StorageFailure):
    """What was wanted lies in a damaged part of the database, and trying again will not mend that."""


class FateUnknown(StorageFailure):
    """A commit was not answered before the database was closed. It may be done, so it is not run again."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A bot that is running on a database: its shards, and where it is."""

    shards: Shards
    where: str


class Engine(Protocol):
    """An open database: one connection that writes and one that reads, each on a thread of its own."""

    async def on_writer(self, work: Callable[[Transactions], T]) -> T:
        """Return what `work` returns, run where writing is done."""

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Return what `work` returns; it sees one state of the database and cannot change it."""

    async def stay_alone(self) -> None:
        """Wait until another bot has one of our shards or changed the format, then raise DatabaseUnusable."""

    async def holders(self) -> list[Holder]:
        """Return the bots that are running on the database."""

    async def forget_deleted(self) -> None:
        """Empty whatever still holds deleted rows, as far as that is ours to do."""

    def end_waiting(self) -> None:
        """Have whoever asks what became of a commit give up, if an engine has to ask."""

    async def close(self) -> None:
        """Close both connections."""

    @property
    def is_away(self) -> bool:
        """Whether it is being asked what became of a commit, so that nothing else can be written."""

    def failure_of(self, error: Exception) -> Exception:
        """Return what a driver's error means to whoever reads or writes; a fault of the program stays one."""

    def what_to_do(self, error: Exception) -> str:
        """Return the sentence that tells whoever runs the bot what to do about an error."""
