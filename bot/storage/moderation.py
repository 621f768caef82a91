"""What a server's moderators decide: questions taken out of play, blocked players, boards reset."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.content import Spoiler
from bot.core.refusal import Refusal
from bot.storage import scores
from bot.storage.connection import Connection
from bot.storage.moments import to_ms
from bot.storage.reports import GONE, Kind
from bot.storage.rows import Row, from_row, named_rows, select, upsert

REASONS_SHOWN = 3
ITEM = """
    LEFT JOIN questions q ON i.kind = 'question' AND q.pack = i.pack AND q.id = i.item
    LEFT JOIN facts proof ON proof.pack = q.pack AND proof.id = q.fact
    LEFT JOIN facts f ON i.kind = 'fact' AND f.pack = i.pack AND f.id = i.item
    LEFT JOIN voided_questions v
        ON i.kind = 'question' AND v.guild_id = i.guild_id AND v.pack = i.pack AND v.question = i.item
"""
"""What is known of a reported item `i`."""
WORDS = "COALESCE(q.prompt, f.text, i.item) AS text, COALESCE(f.spoiler, proof.spoiler, 0) AS spoiler"
"""The item's words, and what they give away."""


@dataclass(frozen=True, slots=True)
class Case:
    """A fact or a question that members of a server reported, or that its moderators took out of play.

    `number` is the item's number, None if it is not stored; `text` is the fact or the prompt, `answer` the
    right answer of a question and `proof` the fact behind it, `spoiler` what they give away. `reports` counts
    what is not settled, `report` is the number of one of them, and `reasons` are some, the newest first.
    `voided` is when it was taken out.
    """

    kind: Kind
    number: int | None
    text: str
    answer: str | None
    spoiler: Spoiler
    reports: int
    reasons: tuple[str, ...]
    voided: datetime | None
    report: int | None = None
    proof: str | None = None


@dataclass(frozen=True, slots=True)
class Blocked:
    """A player who takes no part in a server's rounds, and since when."""

    user_id: int
    since: datetime


ITEMS = """
    WITH items AS (
        SELECT guild_id, kind, pack, item, number AS report, reported_ms
        FROM reports WHERE guild_id = :guild AND settled_ms IS NULL
        UNION ALL
        SELECT v.guild_id, 'question', v.pack, v.question, NULL, NULL
        FROM voided_questions v JOIN questions q ON q.pack = v.pack AND q.id = v.question
        WHERE v.guild_id = :guild
    )
"""
COUNT_CASES = f"{ITEMS} SELECT COUNT(*) FROM (SELECT DISTINCT kind, pack, item FROM items) AS cases"
CASES = f"""
    {ITEMS}
    SELECT i.kind, i.pack, i.item, COALESCE(q.number, f.number) AS number, {WORDS}, q.answer,
        MAX(proof.text) AS proof, COUNT(i.report) AS reports, MAX(i.report) AS report, v.voided_ms AS voided
    FROM items i {ITEM}
    GROUP BY i.kind, i.pack, i.item, q.number, f.number, q.prompt, f.text, q.answer, f.spoiler,
        proof.spoiler, v.voided_ms
"""
OF_REPORT = " HAVING SUM(CASE WHEN i.report = :report THEN 1 ELSE 0 END) > 0"
IN_ORDER = """
    ORDER BY COALESCE(MAX(i.reported_ms), v.voided_ms) DESC, i.kind, i.pack, i.item
    LIMIT :limit OFFSET :offset
"""
LAST_END = """
    SELECT COALESCE(MAX(ms), 0) FROM (
        SELECT MAX(ended_ms) AS ms FROM rounds WHERE guild_id = ?
        UNION ALL
        SELECT MAX(a.answered_ms) FROM challenges c
        JOIN challenge_answers a ON a.challenge_id = c.challenge_id WHERE c.guild_id = ?
    ) AS ends
"""


def count_cases(connection: Connection, guild_id: int) -> int:
    """Return how many items `cases` pages through."""
    return int(connection.execute(COUNT_CASES, {"guild": guild_id}).fetchone()[0])


def cases(connection: Connection, guild_id: int, limit: int, offset: int = 0) -> list[Case]:
    """Return the reported and the voided items of a server, the one with the newest report first.

    A void does not move an item; one without a report is ordered by its void. Settled reports are left out,
    and voids of questions that are gone, until those come back.
    """
    rows = connection.execute(CASES + IN_ORDER, {"guild": guild_id, "limit": limit, "offset": offset})
    return [
        from_row(Case, row, reasons=_reasons(connection, guild_id, row, REASONS_SHOWN))
        for row in named_rows(rows)
    ]


def case_of(connection: Connection, guild_id: int, report: int, limit: int, offset: int = 0) -> Case:
    """Return what a report of this server is about, with a page of the reasons for it.

    Raises Refusal if it is settled, or no report of this server.
    """
    rows = named_rows(connection.execute(CASES + OF_REPORT, {"guild": guild_id, "report": report}))
    if not rows:
        raise Refusal(GONE)
    return from_row(Case, rows[0], reasons=_reasons(connection, guild_id, rows[0], limit, offset))


def void_question(
    connection: Connection, guild_id: int, number: int, moderator_user_id: int, now: datetime
) -> None:
    """Take a question out of a server's rounds and challenges, and its points off its boards.

    Streaks within rounds stand as they were.

    Raises Refusal if that was done already, or if there is no question with this number.
    """
    pack, question = _question(connection, guild_id, number)
    stored = connection.execute(
        "INSERT INTO voided_questions (guild_id, pack, question, moderator_user_id, voided_ms)"
        " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (guild_id, pack, question, moderator_user_id, to_ms(now)),
    )
    if not stored.rowcount:
        raise Refusal("That question is out of play already.")
    scores.recount_question(connection, guild_id, pack, question)


def undo_void(connection: Connection, guild_id: int, number: int) -> None:
    """Put a voided question back into play, and its points back on the board.

    Raises Refusal if it is in play, or if there is no question with this number.
    """
    pack, question = _question(connection, guild_id, number)
    gone = connection.execute(
        "DELETE FROM voided_questions WHERE guild_id = ? AND pack = ? AND question = ?",
        (guild_id, pack, question),
    )
    if not gone.rowcount:
        raise Refusal("That question is in play already.")
    scores.recount_question(connection, guild_id, pack, question)


def block_player(
    connection: Connection, guild_id: int, user_id: int, moderator_user_id: int, now: datetime
) -> None:
    """Take a player out of a server's rounds and off its board. Raises Refusal if that was done already."""
    stored = connection.execute(
        "INSERT INTO blocked_players (guild_id, user_id, moderator_user_id, blocked_ms)"
        " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (guild_id, user_id, moderator_user_id, to_ms(now)),
    )
    if not stored.rowcount:
        raise Refusal("That player is blocked already.")
    scores.recount_player(connection, guild_id, user_id)


def unblock_player(connection: Connection, guild_id: int, user_id: int) -> None:
    """Let a player take part again; the points they had are back. Raises Refusal if they are not blocked."""
    gone = connection.execute(
        "DELETE FROM blocked_players WHERE guild_id = ? AND user_id = ?", (guild_id, user_id)
    )
    if not gone.rowcount:
        raise Refusal("That player is not blocked.")
    scores.recount_player(connection, guild_id, user_id)


def count_blocked(connection: Connection, guild_id: int) -> int:
    """Return how many players `blocked_players` pages through."""
    (count,) = connection.execute(
        "SELECT COUNT(*) FROM blocked_players WHERE guild_id = ?", (guild_id,)
    ).fetchone()
    return int(count)


def blocked_players(connection: Connection, guild_id: int, limit: int, offset: int = 0) -> list[Blocked]:
    """Return a server's blocked players, the newest first."""
    return select(
        connection,
        Blocked,
        "SELECT user_id, blocked_ms AS since FROM blocked_players WHERE guild_id = ?"
        " ORDER BY blocked_ms DESC, user_id LIMIT ? OFFSET ?",
        (guild_id, limit, offset),
    )


def reset_board(
    connection: Connection, guild_id: int, moderator_user_id: int, asked_ms: int, now: datetime
) -> None:
    """Begin a server's boards anew: what has ended or was answered no longer counts, whatever the clock says.

    `asked_ms` is when the confirmation was asked for. Raises Refusal if the board was reset since.
    """
    last = connection.execute("SELECT reset_ms FROM board_resets WHERE guild_id = ?", (guild_id,)).fetchone()
    if last and last[0] >= asked_ms:
        raise Refusal("The board was reset in the meantime. Nothing more was changed.")
    (last_end,) = connection.execute(LAST_END, (guild_id, guild_id)).fetchone()
    reset = {
        "moderator_user_id": moderator_user_id,
        "reset_ms": now,
        "after_ms": max(to_ms(now), last_end),
    }
    upsert(connection, "board_resets", {"guild_id": guild_id}, reset)
    scores.reset(connection, guild_id)


def _question(connection: Connection, guild_id: int, number: int) -> tuple[str, str]:
    """Return the pack and the id of a question of a film or of this server's own. Raises Refusal."""
    row = connection.execute(
        "SELECT q.pack, q.id FROM questions q JOIN packs p ON p.id = q.pack"
        " WHERE q.number = ? AND COALESCE(p.guild_id, ?) = ?",
        (number, guild_id, guild_id),
    ).fetchone()
    if row is None:
        raise Refusal("I do not know that question. Please open the reports again.")
    return row[0], row[1]


def _reasons(
    connection: Connection, guild_id: int, case: Row, limit: int, offset: int = 0
) -> tuple[str, ...]:
    rows = connection.execute(
        "SELECT reason FROM reports WHERE guild_id = ? AND kind = ? AND pack = ? AND item = ?"
        " AND settled_ms IS NULL ORDER BY reported_ms DESC, number DESC LIMIT ? OFFSET ?",
        (guild_id, case["kind"], case["pack"], case["item"], limit, offset),
    )
    return tuple(row[0] for row in rows)
