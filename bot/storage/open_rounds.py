"""Reading back the rounds that were going on when the program stopped."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from bot.core.asked import AskedQuestion
from bot.core.content import Difficulty, Spoiler
from bot.core.rounds import CloseReason, Current, EndReason, Phase, Round
from bot.storage.rounds import PLAN_COLUMNS, RoundPlan, answers_to


@dataclass(frozen=True, slots=True)
class StoredRound:
    """A round as it was stored: what was started, where it stands, and the question that it is at."""

    plan: RoundPlan
    state: Round
    asked: AskedQuestion | None


PHASES = {"asking": Phase.SENDING, "open": Phase.OPEN, "revealed": Phase.SHOWN, "void": Phase.SHOWN}


def load_open_rounds(connection: sqlite3.Connection) -> list[StoredRound]:
    """Return every round that is not finished, oldest first."""
    rows = connection.execute(
        f"SELECT round_id, state, end_reason, {PLAN_COLUMNS} FROM rounds WHERE state <> 'finished'"
        " ORDER BY round_id"
    ).fetchall()
    return [_stored_round(connection, row[0], row[1], row[2], _plan(row[3:])) for row in rows]


def load_plan(connection: sqlite3.Connection, round_id: int) -> RoundPlan | None:
    """Return what was started as the round with this number, None if there is no such round."""
    row = connection.execute(f"SELECT {PLAN_COLUMNS} FROM rounds WHERE round_id = ?", (round_id,)).fetchone()
    return _plan(row) if row else None


def _plan(row: tuple[Any, ...]) -> RoundPlan:
    guild_id, channel_id, host, pack, topic, difficulty, form, scoring, spoilers, *numbers = row
    return RoundPlan(
        guild_id,
        channel_id,
        host,
        pack,
        topic,
        None if difficulty is None else Difficulty(difficulty),
        form,
        scoring,
        Spoiler(spoilers),
        *numbers,
    )


def _stored_round(
    connection: sqlite3.Connection, round_id: int, state: str, end_reason: str | None, plan: RoundPlan
) -> StoredRound:
    rows = connection.execute(
        "SELECT position, state, close_reason, message_id, asked_ms, opened_ms, deadline_ms, clock_offset_ms,"
        " reopened, closed_ms, base FROM asked_questions WHERE round_id = ? ORDER BY position",
        (round_id,),
    ).fetchall()
    *before, last = rows or [None]
    round_ = Round(
        id=round_id,
        questions=plan.questions,
        seconds=plan.seconds,
        plain=plan.scoring == "plain",
        phase=PHASES[last[1]] if last else Phase.DRAWING,
        current=_current(connection, round_id, last) if last else None,
        streaks=_streaks(connection, round_id, before),
        unanswered=_unanswered(connection, round_id, before),
        deleted=_deleted(before),
        next_ms=0 if last else plan.started_ms,
    )
    if state == "ending":
        round_ = replace(round_, phase=Phase.ENDING, end_reason=EndReason(end_reason or EndReason.FAULT))
    return StoredRound(plan, round_, _asked(connection, round_id, last[0]) if last else None)


def _current(connection: sqlite3.Connection, round_id: int, row: tuple[Any, ...]) -> Current:
    position, state, close_reason, message_id, asked, opened, deadline, offset, reopened, closed, base = row
    answers = answers_to(connection, round_id, position)
    return Current(
        position=position,
        base=base,
        asked_ms=asked,
        message_id=message_id,
        opened_ms=opened or 0,
        deadline_ms=deadline or 0,
        offset_ms=offset or 0,
        reopened=bool(reopened),
        closed=CloseReason(close_reason) if state in ("revealed", "void") else None,
        closed_ms=closed or 0,
        answers={answer.user_id: answer for answer in answers},
    )


def _streaks(connection: sqlite3.Connection, round_id: int, before: Iterable[Any]) -> dict[int, int]:
    counted = [row[0] for row in before if row[1] == "revealed"]
    if not counted:
        return {}
    return {
        answer.user_id: answer.streak
        for answer in answers_to(connection, round_id, counted[-1])
        if answer.streak
    }


def _unanswered(connection: sqlite3.Connection, round_id: int, before: Iterable[Any]) -> int:
    counted = [row[0] for row in before if row[1] == "revealed"]
    silent = takewhile(lambda position: not answers_to(connection, round_id, position), reversed(counted))
    return sum(1 for _ in silent)


def _deleted(before: Sequence[Any]) -> int:
    return sum(1 for _ in takewhile(lambda row: row[2] == CloseReason.DELETED, reversed(before)))


def _asked(connection: sqlite3.Connection, round_id: int, position: int) -> AskedQuestion:
    question, fact, topics, prompt, options, answer, aliases, names, text, spoiler, difficulty, base = (
        connection.execute(
            "SELECT question, fact, topics, prompt, options, answer, aliases, other_names, fact_text,"
            " spoiler, difficulty, base FROM asked_questions WHERE round_id = ? AND position = ?",
            (round_id, position),
        ).fetchone()
    )
    return AskedQuestion(
        question=question,
        fact=fact,
        topics=tuple(json.loads(topics)),
        prompt=prompt,
        options=tuple(json.loads(options)),
        answer=answer,
        aliases=tuple(json.loads(aliases)),
        other_names=tuple(json.loads(names)),
        fact_text=text,
        spoiler=Spoiler(spoiler),
        difficulty=Difficulty(difficulty),
        base=base,
    )
