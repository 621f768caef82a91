"""The decks of servers, users and schedules, dealt within the caller's transaction."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Literal

from bot.core.deck import Deck, Pick, draw
from bot.storage.connection import Connection

KEY = attrgetter("guild_id", "user_id", "schedule_id", "pack", "kind")
# Written out, as every fact runs them.
LOAD = """
    SELECT drawn, last FROM decks
    WHERE guild_id = ? AND user_id = ? AND schedule_id = ? AND pack = ? AND kind = ?
"""
STORE = """
    INSERT INTO decks (guild_id, user_id, schedule_id, pack, kind, drawn, last) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (guild_id, user_id, schedule_id, pack, kind)
    DO UPDATE SET drawn = excluded.drawn, last = excluded.last
"""


@dataclass(frozen=True, slots=True)
class DeckKey:
    """Whose deck it is (one of the three ids; the others are 0), and what of; challenges have their own.

    A user's deck of a server's own questions has both ids, so that it is deleted with either. All are 0 for
    the challenge outside of servers.
    """

    pack: str
    kind: Literal["fact", "question", "challenge"] = "fact"
    guild_id: int = 0
    user_id: int = 0
    schedule_id: int = 0


def deal(
    connection: Connection,
    key: DeckKey,
    wanted: Sequence[int],
    allowed: Sequence[int],
    pick: Pick,
) -> int:
    """Draw one of the `wanted` numbers from the deck, store the deck after it and return the number.

    Among those that may come, `pick` takes one, as the `choice` of a `Random` does.
    """
    _lock(connection, key)
    card, after = draw(_load(connection, key), wanted, allowed, pick)
    _store(connection, key, after)
    return card


def peek(
    connection: Connection, key: DeckKey, wanted: Sequence[int], allowed: Sequence[int], pick: Pick
) -> int:
    """Return the number that `deal` would return with the same `pick`, and draw nothing."""
    return draw(_load(connection, key), wanted, allowed, pick)[0]


def put_back(connection: Connection, key: DeckKey, number: int) -> None:
    """Return a dealt number that nobody has seen to the deck."""
    _lock(connection, key)
    deck = _load(connection, key)
    kept = [tuple(card for card in cards if card != number) for cards in (deck.drawn, deck.last)]
    _store(connection, key, Deck(*kept))


def _lock(connection: Connection, key: DeckKey) -> None:
    connection.lock(key.guild_id or key.user_id or key.schedule_id)


def _load(connection: Connection, key: DeckKey) -> Deck:
    row = connection.execute(LOAD, KEY(key)).fetchone()
    return Deck(_numbers(row[0]), _numbers(row[1])) if row else Deck()


def _store(connection: Connection, key: DeckKey, deck: Deck) -> None:
    connection.execute(STORE, (*KEY(key), _blob(deck.drawn), _blob(deck.last)))


def _numbers(blob: bytes) -> tuple[int, ...]:
    return tuple(array("I", blob))


def _blob(numbers: Sequence[int]) -> bytes:
    return array("I", numbers).tobytes()
