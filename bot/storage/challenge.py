"""The daily challenge as somebody plays it: begun, seen, answered, shared, each in the caller's transaction.

Every function can be run again and then changes nothing more: two clicks at once come to the same as one.
Moments are unix milliseconds by Discord's clock, from the ids of interactions.
"""

from dataclasses import dataclass, replace
from datetime import date
from random import Random

from bot.core.asked import AskedQuestion
from bot.core.challenge import FIVE, Item, Play
from bot.core.compose import Card, ladder
from bot.core.content import Spoiler
from bot.core.refusal import Refusal
from bot.storage.asking import composing, put
from bot.storage.catalogue import LoadedPack
from bot.storage.connection import Connection
from bot.storage.decks import DeckKey, deal
from bot.storage.in_play import check_not_blocked, last_reset_ms, voided_questions
from bot.storage.questions import measured
from bot.storage.rows import from_row, insert, named_rows, stored
from bot.storage.scores import count_challenge

BLOCKED = (
    "The moderators of this server have taken you out of its games, so its challenge goes on without you."
)
OVER = "That challenge is over. Today's five are behind `/challenge`."
NOT_YET = "That date has not come yet. Today's five are behind `/challenge`."
ELSEWHERE = "That challenge is not from here. Today's five are behind `/challenge`."
NOT_OPEN = "That question is not open. Go on with `/challenge`."
TAKEN_OUT = "That question was taken out of play, so it counts for nobody. Go on with `/challenge`."
ANSWERED = "You have answered that one already, and the first answer counts. Go on with `/challenge`."
NOT_DONE = "Play all of today's five first, then you can share how it went. Go on with `/challenge`."
SHARED = "You have shared that already."
NOTHING_LEFT = "There is no challenge today: all of its questions were taken out of play."
NO_QUESTIONS = "There is no question that I may ask here. A moderator finds out why in `/settings`."

PLAY = """
    SELECT c.challenge_id, c.guild_id, c.date AS day, c.pack, p.position AS seen, p.seen_ms
    FROM challenges c LEFT JOIN challenge_plays p ON p.challenge_id = c.challenge_id AND p.user_id = ?
    WHERE c.challenge_id = ?
"""
ITEMS = """
    SELECT q.*, v.question IS NOT NULL AS is_void, a.choice, COALESCE(a.took_ms, 0) AS took_ms
    FROM challenge_questions q
    JOIN challenges c ON c.challenge_id = q.challenge_id
    LEFT JOIN voided_questions v ON v.guild_id = c.guild_id AND v.pack = c.pack AND v.question = q.question
    LEFT JOIN challenge_answers a
        ON a.challenge_id = q.challenge_id AND a.position = q.position AND a.user_id = ?
    WHERE q.challenge_id = ? ORDER BY q.position
"""


@dataclass(frozen=True, slots=True)
class Today:
    """A server (0: everything outside of servers), its date now, and the zone of that date."""

    guild_id: int
    day: date
    zone: str


def begin(
    connection: Connection,
    today: Today,
    pack: LoadedPack,
    spoilers: Spoiler,
    user_id: int,
    moment_ms: int,
) -> Play:
    """Begin today's challenge, or go on with it; whoever is first draws its questions.

    Raises Refusal.
    """
    check_not_blocked(connection, today.guild_id, user_id, BLOCKED)
    new = connection.execute(
        "INSERT INTO challenges (guild_id, date, pack) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (today.guild_id, today.day.isoformat(), pack.id),
    )
    (challenge_id,) = connection.execute(
        "SELECT challenge_id FROM challenges WHERE guild_id = ? AND date = ?",
        (today.guild_id, today.day.isoformat()),
    ).fetchone()
    if new.rowcount:
        _draw(connection, challenge_id, today, pack, spoilers)
    first = next((item for item in _items(connection, challenge_id, user_id) if not item.is_void), None)
    if first is None:
        raise Refusal(NOTHING_LEFT)
    connection.execute(
        "INSERT INTO challenge_plays (challenge_id, user_id, time_zone, position, seen_ms)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (challenge_id, user_id, today.zone, first.position, moment_ms),
    )
    return _playing(connection, today, challenge_id, user_id)


def find(connection: Connection, today: Today, user_id: int) -> Play | None:
    """Return how far a player has come today, None if they have not begun.

    Raises Refusal if they are blocked, or if nothing of it is in play.
    """
    check_not_blocked(connection, today.guild_id, user_id, BLOCKED)
    row = connection.execute(
        "SELECT challenge_id FROM challenges JOIN challenge_plays USING (challenge_id)"
        " WHERE guild_id = ? AND date = ? AND user_id = ?",
        (today.guild_id, today.day.isoformat(), user_id),
    ).fetchone()
    return _playing(connection, today, row[0], user_id) if row else None


def go_on(connection: Connection, today: Today, challenge_id: int, user_id: int, moment_ms: int) -> Play:
    """Show a player the next question, unless one is still open. Raises Refusal."""
    play = _playing(connection, today, challenge_id, user_id)
    if play.is_open or play.following is None:
        return play
    connection.execute(
        "UPDATE challenge_plays SET position = ?, seen_ms = ? WHERE challenge_id = ? AND user_id = ?",
        (play.following.position, moment_ms, challenge_id, user_id),
    )
    return replace(play, seen=play.following.position, seen_ms=moment_ms)


def answer(
    connection: Connection,
    today: Today,
    challenge_id: int,
    position: int,
    choice: int,
    user_id: int,
    moment_ms: int,
) -> Play:
    """Store a player's answer to the question that they saw last.

    Raises Refusal, also for a second answer.
    """
    play = _playing(connection, today, challenge_id, user_id)
    item = next((item for item in play.items if item.position == position), None)
    if item is None or choice >= len(item.asked.options):
        raise Refusal(NOT_OPEN)
    if item.choice is not None:
        raise Refusal(ANSWERED)
    if item.is_void:
        raise Refusal(TAKEN_OUT)
    if position != play.seen:
        raise Refusal(NOT_OPEN)
    given = replace(item, choice=choice, took_ms=max(0, moment_ms - play.seen_ms))
    row = {
        "challenge_id": challenge_id,
        "position": position,
        "user_id": user_id,
        "choice": choice,
        "answered_ms": max(moment_ms, last_reset_ms(connection, today.guild_id) + 1),
        "took_ms": given.took_ms,
        "correct": given.is_right,
    }
    insert(connection, "challenge_answers", row)
    if today.guild_id:
        count_challenge(connection, today.guild_id, challenge_id, user_id)
    return replace(play, items=tuple(given if one is item else one for one in play.items))


def share(connection: Connection, today: Today, challenge_id: int, user_id: int, moment_ms: int) -> Play:
    """Note that a player shows others their result. Raises Refusal, also for a second time."""
    play = _playing(connection, today, challenge_id, user_id)
    if not play.is_done:
        raise Refusal(NOT_DONE)
    shared = connection.execute(
        "UPDATE challenge_plays SET shared_ms = ?"
        " WHERE challenge_id = ? AND user_id = ? AND shared_ms IS NULL",
        (moment_ms, challenge_id, user_id),
    )
    if not shared.rowcount:
        raise Refusal(SHARED)
    return play


def take_share_back(connection: Connection, challenge_id: int, user_id: int) -> None:
    """Let a player share their result again, as nobody has seen it."""
    connection.execute(
        "UPDATE challenge_plays SET shared_ms = NULL WHERE challenge_id = ? AND user_id = ?",
        (challenge_id, user_id),
    )


def _draw(
    connection: Connection, challenge_id: int, today: Today, pack: LoadedPack, spoilers: Spoiler
) -> None:
    """Draw a date's five from the server's deck and store them; server, pack and date seed the draw."""
    rng = Random(f"{today.guild_id}/{pack.id}/{today.day.isoformat()}")
    out = voided_questions(connection, today.guild_id, pack.id)
    allowed = pack.without(pack.question_numbers(spoilers), out)
    if not allowed:
        raise Refusal(NO_QUESTIONS)
    key = DeckKey(pack.id, kind="challenge", guild_id=today.guild_id)
    levels = measured(connection, pack)
    before: list[Card] = []
    for position, level in enumerate(ladder(FIVE)[: len(allowed)], 1):
        wanted = pack.without(allowed, {card.id for card in before})
        number = deal(connection, key, wanted, allowed, composing(pack, levels, before, level, rng))
        before.append(pack.card(number, levels.get(number)))
        row = {"challenge_id": challenge_id, "position": position, **stored(put(pack, number, levels, rng))}
        insert(connection, "challenge_questions", row)


def _playing(connection: Connection, today: Today, challenge_id: int, user_id: int) -> Play:
    """Return how far a player has come with a challenge. Raises Refusal unless they may go on with it now."""
    check_not_blocked(connection, today.guild_id, user_id, BLOCKED)
    rows = named_rows(connection.execute(PLAY, (user_id, challenge_id)))
    if not rows or rows[0]["guild_id"] != today.guild_id:
        raise Refusal(ELSEWHERE)
    day = date.fromisoformat(rows[0]["day"])
    if day != today.day:
        raise Refusal(OVER if day < today.day else NOT_YET)
    if rows[0]["seen"] is None:
        raise Refusal(NOT_OPEN)
    items = _items(connection, challenge_id, user_id)
    if all(item.is_void for item in items):
        raise Refusal(NOTHING_LEFT)
    return from_row(Play, rows[0], items=items)


def _items(connection: Connection, challenge_id: int, user_id: int) -> tuple[Item, ...]:
    rows = named_rows(connection.execute(ITEMS, (user_id, challenge_id)))
    return tuple(from_row(Item, row, asked=from_row(AskedQuestion, row)) for row in rows)
