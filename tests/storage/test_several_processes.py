"""Several sessions of PostgreSQL change one server's boards at once, as those of several processes do.

Here they are those of threads: a session does not tell what it belongs to, and a process costs half a second.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from random import Random
from typing import Any

from bot.storage import decks, scores
from bot.storage.connection import Connection
from bot.storage.decks import DeckKey
from bot.storage.groups import run_group
from tests import postgres
from tests.storage.played import Asked, Given, play

GUILD = 5
PLAYERS = range(1, 7)
NOW = datetime(2026, 8, 5, 12, tzinfo=UTC)
SUMS = """
    SELECT user_id, SUM(points), SUM(correct), SUM(answered), COUNT(*) FROM scores
    WHERE guild_id = ? GROUP BY user_id ORDER BY user_id
"""
COUNTED = """
    SELECT user_id, SUM(points) FROM answers JOIN rounds USING (round_id)
    WHERE guild_id = ? AND ranked = 1 GROUP BY user_id ORDER BY user_id
"""


def play_and_delete(address: str, seed: int, *, without_locks: bool) -> None:
    """Play rounds and have players' answers deleted, a transaction each."""
    rng = Random(seed)
    with closing(postgres.session(address)) as session:
        if without_locks:
            session.lock = lambda _: None  # type: ignore[method-assign]
        for _ in range(40):
            who = rng.sample(PLAYERS, 4)
            asked = [Asked("ramp", {user_id: Given(rng.randrange(1, 100)) for user_id in who})]
            works = [
                lambda connection, asked=asked: play(connection, GUILD, NOW, asked),
                lambda connection, user_id=who[0]: scores.delete_answers(connection, user_id, 3),
                lambda connection, user_id=who[1]: scores.recount_player(connection, GUILD, user_id),
            ]
            run_group(session, [rng.choice(works)])


def at_once(work: Callable[[int], object]) -> list[Any]:
    """Return what a work has done in each of four threads."""
    with ThreadPoolExecutor(4) as pool:
        return [*pool.map(work, range(4))]


def is_right(connection: Connection) -> bool:
    """Return whether the totals are the sums of the scores, and those the sums of the answers."""
    totals = connection.execute(
        "SELECT user_id, points, correct, answered, games FROM totals WHERE guild_id = ? ORDER BY user_id",
        (GUILD,),
    ).fetchall()
    sums = connection.execute(SUMS, (GUILD,)).fetchall()
    return totals == sums and [row[:2] for row in sums] == connection.execute(COUNTED, (GUILD,)).fetchall()


def test_totals_are_right_whoever_changes_them() -> None:
    assert are_right_after(without_locks=False)


def test_without_locks_they_would_not_be() -> None:
    """By chance they may be right once."""
    assert not all(are_right_after(without_locks=True) for _ in range(5))


def are_right_after(*, without_locks: bool) -> bool:
    with postgres.database(with_tables=True) as address:
        at_once(partial(play_and_delete, address, without_locks=without_locks))
        with closing(postgres.session(address)) as session:
            assert session.execute("SELECT COUNT(*) FROM scores").fetchone()[0] > 0
            return is_right(session)


def deal_some(address: str, _: int) -> list[int]:
    key = DeckKey("film", guild_id=GUILD)
    with closing(postgres.session(address)) as session:
        dealt = [
            run_group(session, [lambda c: decks.deal(c, key, range(400), range(400), Random(1).choice)])
            for _ in range(50)
        ]
    return [value for [(value, _)] in dealt]


def test_no_card_is_dealt_twice() -> None:
    with postgres.database(with_tables=True) as address:
        dealt = [card for cards in at_once(partial(deal_some, address)) for card in cards]
    assert len(set(dealt)) == 200
