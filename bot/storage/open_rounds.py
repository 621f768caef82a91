"""Reading back the rounds that were going on when the program stopped."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from bot.core.asked import AskedQuestion
from bot.core.rounds import Answer, CloseReason, Current, EndReason, Phase, Round
from bot.core.shards import Shards
from bot.storage.connection import Connection
from bot.storage.on_shards import on_shards
from bot.storage.rounds import RoundPlan, answers_to
from bot.storage.rows import Row, from_row, named_rows, select_first, telling_damage


@dataclass(frozen=True, slots=True)
class StoredRound:
    """A round as it was stored: what was started, and where it stands."""

    plan: RoundPlan
    state: Round


PHASES = {"asking": Phase.SENDING, "open": Phase.OPEN, "revealed": Phase.SHOWN, "void": Phase.SHOWN}


@telling_damage()
def load_open_rounds(connection: Connection, shards: Shards) -> list[StoredRound]:
    """Return every round that is not finished, oldest first."""
    mine, values = on_shards(shards)
    rows = connection.execute(
        f"SELECT * FROM rounds WHERE state <> 'finished' AND {mine} ORDER BY round_id", values
    )
    return [_stored_round(connection, row, from_row(RoundPlan, row)) for row in named_rows(rows)]


def load_plan(connection: Connection, round_id: int) -> RoundPlan | None:
    """Return the plan of the round with this number, None if there is no such round."""
    return select_first(connection, RoundPlan, "SELECT * FROM rounds WHERE round_id = ?", (round_id,))


def _stored_round(connection: Connection, stored: Row, plan: RoundPlan) -> StoredRound:
    round_id = stored["round_id"]
    rows = named_rows(
        connection.execute("SELECT * FROM asked_questions WHERE round_id = ? ORDER BY position", (round_id,))
    )
    before, last = rows[:-1], rows[-1] if rows else None
    round_ = Round(
        id=round_id,
        questions=plan.questions,
        seconds=plan.seconds,
        plain=plan.scoring == "plain",
        typed=plan.typed,
        phase=PHASES[last["state"]] if last else Phase.DRAWING,
        current=_current(connection, last) if last else None,
        streaks=_streaks(connection, before),
        players=_players(connection, plan.guild_id, before),
        unanswered=_unanswered(connection, before),
        deleted=_deleted(before),
        next_ms=0 if last else plan.started_ms,
    )
    if stored["state"] == "ending":
        round_ = round_._replace(
            phase=Phase.ENDING, end_reason=EndReason(stored["end_reason"] or EndReason.FAULT)
        )
    return StoredRound(plan, round_)


def _current(connection: Connection, row: Row) -> Current:
    return from_row(
        Current,
        row,
        asked=from_row(AskedQuestion, row),
        opened_ms=row["opened_ms"] or 0,
        deadline_ms=row["deadline_ms"] or 0,
        offset_ms=row["clock_offset_ms"] or 0,
        closed=CloseReason(row["close_reason"]) if row["state"] in ("revealed", "void") else None,
        closed_ms=row["closed_ms"] or 0,
        answers={answer.user_id: answer for answer in _answers(connection, row)},
    )


def _streaks(connection: Connection, before: Sequence[Row]) -> dict[int, int]:
    newest = next((row for row in reversed(before) if row["state"] == "revealed"), None)
    answers = _answers(connection, newest) if newest else []
    return {answer.user_id: answer.streak for answer in answers if answer.streak}


def _players(connection: Connection, guild_id: int, before: Sequence[Row]) -> frozenset[int]:
    players: set[int] = set()
    for row in reversed(before):
        players.update(answer.user_id for answer in _answers(connection, row))
        if row["state"] == "revealed":
            break
    blocked = connection.execute("SELECT user_id FROM blocked_players WHERE guild_id = ?", (guild_id,))
    return frozenset(players.difference(user_id for (user_id,) in blocked))


def _unanswered(connection: Connection, before: Sequence[Row]) -> int:
    counted = [row for row in before if row["state"] == "revealed"]
    return sum(1 for _ in takewhile(lambda row: not _answers(connection, row), reversed(counted)))


def _deleted(before: Sequence[Row]) -> int:
    return sum(1 for _ in takewhile(lambda row: row["close_reason"] == CloseReason.DELETED, reversed(before)))


def _answers(connection: Connection, row: Row) -> list[Answer]:
    return answers_to(connection, row["round_id"], row["position"])
