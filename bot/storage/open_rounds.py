"""Reading back the rounds that were going on when the program stopped."""

from collections.abc import Iterable, Sequence
from functools import cache, partial
from itertools import takewhile

from bot.core.asked import AskedQuestion
from bot.core.rounds import Answer, CloseReason, Current, EndReason, Phase, Round, RoundPlan
from bot.core.shards import Shards
from bot.storage.connection import Connection
from bot.storage.on_shards import on_shards
from bot.storage.rounds import answers_to
from bot.storage.rows import Row, from_row, named_rows, select_first, telling_damage

PHASES = {"asking": Phase.SENDING, "open": Phase.OPEN, "revealed": Phase.SHOWN, "void": Phase.SHOWN}


@telling_damage()
def load_open_rounds(connection: Connection, shards: Shards) -> list[Round]:
    """Return every round that is not finished, oldest first."""
    mine, values = on_shards(shards)
    rows = connection.execute(
        f"SELECT * FROM rounds WHERE state <> 'finished' AND {mine} ORDER BY round_id", values
    )
    return [_stored_round(connection, row) for row in named_rows(rows)]


def load_plan(connection: Connection, round_id: int) -> RoundPlan | None:
    """Return the plan of the round with this number, None if there is no such round."""
    return select_first(connection, RoundPlan, "SELECT * FROM rounds WHERE round_id = ?", (round_id,))


def _stored_round(connection: Connection, stored: Row) -> Round:
    round_id, plan = stored["round_id"], from_row(RoundPlan, stored)
    rows = named_rows(
        connection.execute("SELECT * FROM asked_questions WHERE round_id = ? ORDER BY position", (round_id,))
    )
    answers = cache(partial(answers_to, connection, round_id))
    last = rows.pop() if rows else None
    newest_first = rows[::-1]
    counted = [row["position"] for row in newest_first if row["state"] == "revealed"]
    since = counted[0] if counted else 0
    round_ = Round(
        id=round_id,
        plan=plan,
        phase=PHASES[last["state"]] if last else Phase.DRAWING,
        current=_current(last, answers(last["position"])) if last else None,
        streaks={answer.user_id: answer.streak for answer in answers(since) if answer.streak},
        players=frozenset(
            answer.user_id for row in rows if row["position"] >= since for answer in answers(row["position"])
        ),
        unanswered=_leading(not answers(position) for position in counted),
        deleted=_leading(row["close_reason"] == CloseReason.DELETED for row in newest_first),
        next_ms=0 if last else plan.started_ms,
    )
    if stored["state"] == "ending":
        round_ = round_._replace(
            phase=Phase.ENDING, end_reason=EndReason(stored["end_reason"] or EndReason.FAULT)
        )
    return round_


def _current(row: Row, answers: Sequence[Answer]) -> Current:
    return from_row(
        Current,
        row,
        asked=from_row(AskedQuestion, row),
        opened_ms=row["opened_ms"] or 0,
        deadline_ms=row["deadline_ms"] or 0,
        offset_ms=row["clock_offset_ms"] or 0,
        closed=CloseReason(row["close_reason"]) if row["state"] in ("revealed", "void") else None,
        closed_ms=row["closed_ms"] or 0,
        answers={answer.user_id: answer for answer in answers},
    )


def _leading(true: Iterable[bool]) -> int:
    """Return how many are true before the first that is not."""
    return sum(1 for _ in takewhile(bool, true))
