"""Writes that were queued together, in as few transactions as they need."""

import logging
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

from bot.storage.connection import FateUnknown, Transactions

log = logging.getLogger(__name__)

MOST_SAVEPOINTS = 50
"""In one transaction. PostgreSQL keeps 64 where it finds them quickly."""

Works = Sequence[Callable[[Transactions], Any]]
Outcome = tuple[Any, Exception | None]
"""What a work returned, or what it raised."""


def run_group(connection: Transactions, works: Works) -> list[Outcome]:
    """Run all of `works` in one transaction and return (value, error) for each.

    If one of them fails, they run again with a savepoint each, so that only it leaves no trace.
    """
    try:
        connection.begin()
    except Exception as error:  # noqa: BLE001 (it is raised again where the caller waits)
        return [(None, error)] * len(works)
    try:
        values = [work(connection) for work in works]
        connection.commit()
    except FateUnknown as error:
        return [(None, error)] * len(works)
    except Exception as error:  # noqa: BLE001 (as above)
        connection.rollback()
        if len(works) == 1:
            return [(None, error)]
    else:
        return [(value, None) for value in values]
    parts = (works[start : start + MOST_SAVEPOINTS] for start in range(0, len(works), MOST_SAVEPOINTS))
    return list(chain.from_iterable(_run_apart(connection, part) for part in parts))


def _run_apart(connection: Transactions, works: Works) -> list[Outcome]:
    """Run all of `works` in one transaction, each within its savepoint.

    If the group fails as a whole (a full disk, a failed commit), each runs again in a transaction of its own.
    """
    try:
        connection.begin()
    except Exception as error:  # noqa: BLE001 (as above)
        return [(None, error)] * len(works)
    try:
        outcomes = [_run_in_savepoint(connection, work) for work in works]
        connection.commit()
    except FateUnknown as error:
        return [(None, error)] * len(works)
    except Exception as error:  # noqa: BLE001 (as above)
        connection.rollback()
        log.warning("A group of %d writes failed (%s); running each alone", len(works), error)
        return list(chain.from_iterable(run_group(connection, [work]) for work in works))
    return outcomes


def _run_in_savepoint(connection: Transactions, work: Callable[[Transactions], Any]) -> Outcome:
    connection.execute("SAVEPOINT work")
    try:
        value = work(connection)
    except Exception as error:
        if not connection.in_transaction:
            # A full disk rolls the whole transaction back by itself, and the savepoint with it; a connection
            # that was lost did so too.
            raise
        connection.execute("ROLLBACK TO work")
        connection.execute("RELEASE work")
        return None, error
    connection.execute("RELEASE work")
    return value, None
