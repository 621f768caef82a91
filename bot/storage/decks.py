"""The decks of servers, users and schedules, dealt within the caller's transaction."""

import sqlite3
from array import array
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from random import Random
from typing import Literal

from bot.core.deck import Deck, draw
from bot.storage.personal import PersonalColumn

PERSONAL = (
    PersonalColumn("decks", "user_id", "Which facts and questions you were shown privately.", "delete"),
)


@dataclass(frozen=True, slots=True)
class DeckKey:
    """Whose deck it is (one of the three ids, the others 0), and of what."""

    pack: str
    kind: Literal["fact", "question"] = "fact"
    guild_id: int = 0
    user_id: int = 0
    schedule_id: int = 0


def deal(
    connection: sqlite3.Connection, key: DeckKey, wanted: Sequence[int], allowed: Sequence[int], rng: Random
) -> int:
    """Draw one of the `wanted` numbers from the deck, store the deck after it and return the number."""
    pack, kind, guild_id, user_id, schedule_id = astuple(key)
    place = (guild_id, user_id, schedule_id, pack, kind)
    row = connection.execute(
        "SELECT drawn, last FROM decks"
        " WHERE guild_id = ? AND user_id = ? AND schedule_id = ? AND pack = ? AND kind = ?",
        place,
    ).fetchone()
    deck = Deck(_numbers(row[0]), _numbers(row[1])) if row else Deck()
    card, after = draw(deck, wanted, allowed, rng)
    connection.execute(
        "INSERT INTO decks (guild_id, user_id, schedule_id, pack, kind, drawn, last)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET drawn = excluded.drawn, last = excluded.last",
        (*place, _blob(after.drawn), _blob(after.last)),
    )
    return card


def _numbers(blob: bytes) -> tuple[int, ...]:
    return tuple(array("I", blob))


def _blob(numbers: Sequence[int]) -> bytes:
    return array("I", numbers).tobytes()
