"""Quiz rounds: started, asked, answered, closed and ended, each in the caller's transaction.

Every function can be run again after a crash and then changes nothing more. Times are unix milliseconds.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from random import Random
from typing import Literal

from bot.core.asked import AskedQuestion, put_question
from bot.core.compose import TRIES, Card, choose, ladder
from bot.core.content import TRUE_OR_FALSE, Difficulty, Origin, Spoiler
from bot.core.own import pack_id
from bot.core.refusal import Refusal
from bot.core.rounds import Answer, CloseReason, Current, EndReason
from bot.storage.catalogue import LoadedPack
from bot.storage.connection import Connection
from bot.storage.decks import DeckKey, deal
from bot.storage.moderation import OUT_OF_ROUNDS, check_not_blocked, voided_questions
from bot.storage.personal import PersonalColumn
from bot.storage.questions import count_answers, measured
from bot.storage.rows import columns, from_row, named_rows, stored_values
from bot.storage.scores import count_round

PERSONAL = (
    PersonalColumn("rounds", "host_user_id", "The quiz rounds that you started.", "clear"),
    PersonalColumn(
        "answers", "user_id", "Your answers in quiz rounds, with their time and points.", "delete"
    ),
)
START_EVERY_MS = 60_000
BUSY = "A round is going on in this channel already. Join in, or wait until it is over."
MOST_STARTS = 3
"""Rounds that one may start in that time, though all of them be stopped before anybody answered."""
STARTED = """
    SELECT started_ms, CASE WHEN end_reason = 'stopped' AND NOT EXISTS (
        SELECT 1 FROM answers WHERE answers.round_id = rounds.round_id
    ) THEN 0 ELSE 1 END AS counts
    FROM rounds WHERE host_user_id = ? AND started_ms > ? AND started_ms <= ? ORDER BY started_ms DESC
"""
NO_QUESTIONS = "I have no questions of that kind. Try another topic or difficulty."
NO_OWN = "This server has no questions of its own. Whoever manages it can add some with `/questions add`."
NO_OWN_WITH_BUTTONS = (
    "None of this server's own questions of that kind has the four choices that buttons need. Start the round"
    " with answers:typed instead."
)
NO_OWN_TO_TYPE = (
    "None of this server's own questions of that kind can be typed. Start the round with answers:buttons"
    " instead."
)
ALL_VOID = (
    "All of this server's own questions are void just now. Whoever manages the server can undo that"
    " under Reports in `/settings`."
)
IS_BLOCKED = """
    SELECT 1 FROM blocked_players JOIN rounds USING (guild_id) WHERE round_id = ? AND user_id = ?
"""
# One statement, as every click runs it: who is refused is asked only of the few that were not stored.
STORE_ANSWER = """
    INSERT INTO answers (round_id, position, user_id, choice, answered_ms, took_ms, correct, points, streak)
    SELECT round_id, position, ?, ?, ?, ?, ?, ?, ? FROM asked_questions JOIN rounds USING (round_id)
    WHERE round_id = ? AND position = ? AND asked_questions.state = 'open' AND NOT EXISTS (
        SELECT 1 FROM blocked_players AS b WHERE b.guild_id = rounds.guild_id AND b.user_id = ?
    )
    ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """What was started, and where; `seconds` is None for an untimed round, `topic` and `difficulty` for all.

    `pack` is that of the server's own questions if there are only those, else the film's.

    `host_user_id` is None once the host deleted their data.
    """

    guild_id: int
    channel_id: int
    host_user_id: int | None
    pack: str
    topic: str | None
    difficulty: Difficulty | None
    answer_form: Literal["buttons", "typed"]
    scoring: Literal["speed", "plain"]
    spoilers: Spoiler
    questions: int
    seconds: int | None
    started_ms: int
    source: Origin = Origin.FILM

    @property
    def typed(self) -> bool:
        """Whether answers are typed."""
        return self.answer_form == "typed"

    def in_other_form(self) -> "RoundPlan":
        """Return the plan with typed answers in place of buttons, or the reverse."""
        return replace(self, answer_form="buttons" if self.typed else "typed")


@dataclass(frozen=True, slots=True)
class Standing:
    """A player's sums in a round, or up to now; `took_ms` is the sum over right answers."""

    user_id: int
    points: int
    correct: int
    took_ms: int


def question_nonce(round_id: int, position: int) -> str:
    """Return the nonce with which a question's message is sent."""
    return f"q{round_id}.{position}"


def start_playable(connection: Connection, plan: RoundPlan, *packs: LoadedPack) -> tuple[int, RoundPlan]:
    """Store a new round of no more questions than there are; return its number and its plan as stored.

    Raises Refusal if no question fits, and as `start_round` does.
    """
    available = sum(len(playable(connection, plan, pack)) for pack in packs)
    if not available:
        raise Refusal(_why_none(connection, plan, packs))
    fitting = replace(plan, questions=min(plan.questions, available))
    return start_round(connection, fitting), fitting


def _why_none(connection: Connection, plan: RoundPlan, packs: Sequence[LoadedPack]) -> str:
    """Say why no question fits, and what can be done about it."""
    if plan.source is not Origin.OURS:
        return NO_QUESTIONS
    if not any(pack.questions for pack in packs):
        return NO_OWN
    other = plan.in_other_form()
    if any(playable(connection, other, pack) for pack in packs):
        return NO_OWN_WITH_BUTTONS if other.typed else NO_OWN_TO_TYPE
    return ALL_VOID if plan.difficulty is None else NO_QUESTIONS


def start_round(connection: Connection, plan: RoundPlan) -> int:
    """Store a new round and return its number.

    Raises Refusal if a round is open in the channel, or if the host is blocked or started one within the last
    minute, unless that was stopped before anybody answered.
    """
    if plan.host_user_id is not None:
        check_not_blocked(connection, plan.guild_id, plan.host_user_id)
    if _is_busy(connection, plan.channel_id):
        raise Refusal(BUSY)
    if wait := _wait_ms(connection, plan):
        seconds = -(-wait // 1_000)
        more = "1 more second" if seconds == 1 else f"{seconds} more seconds"
        raise Refusal(f"You started a round less than a minute ago. Please wait {more}.")
    [(round_id,)] = connection.execute(
        f"INSERT INTO rounds ({columns(RoundPlan)}, state)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running') RETURNING round_id",
        astuple(plan),
    ).fetchall()
    return int(round_id)


def _wait_ms(connection: Connection, plan: RoundPlan) -> int:
    """Return how long the host has to wait for their next round, 0 for not at all.

    One that was stopped before anybody answered does not count as started.
    """
    since = plan.started_ms - START_EVERY_MS
    started = connection.execute(STARTED, (plan.host_user_id, since, plan.started_ms)).fetchall()
    in_the_way = [at for at, counts in started if counts][:1] + [at for at, _ in started][MOST_STARTS - 1 :]
    return max((at - since for at in in_the_way), default=0)


def _is_busy(connection: Connection, channel_id: int) -> bool:
    query = "SELECT 1 FROM rounds WHERE channel_id = ? AND state <> 'finished'"
    return connection.execute(query, (channel_id,)).fetchone() is not None


def playable(connection: Connection, plan: RoundPlan, pack: LoadedPack) -> Sequence[int]:
    """Return the numbers of the questions that such a round may ask."""
    return _fitting(
        pack, plan, measured(connection, pack), voided_questions(connection, plan.guild_id, pack.id)
    )


def ask(
    connection: Connection,
    round_id: int,
    position: int,
    plan: RoundPlan,
    packs: LoadedPack | Sequence[LoadedPack],
    rng: Random,
    at_ms: int,
) -> AskedQuestion | None:
    """Draw the round's next question from the server's deck, store it as asking and return it.

    Returns None if every question that fits was asked in this round. No question comes twice in a round; of
    those that the deck still has it takes the one that `compose` chooses. Of several packs, chance takes one.
    """
    asked_before = _asked_before(connection, round_id)
    choices = []
    for one in [packs] if isinstance(packs, LoadedPack) else packs:
        if one.id not in (plan.pack, pack_id(plan.guild_id)):
            continue
        out = voided_questions(connection, plan.guild_id, one.id)
        levels = measured(connection, one)
        known = {card.id for pack, card in asked_before if pack == one.id}
        if wanted := _fitting(one, plan, levels, out | known):
            choices.append((one, out, levels, wanted))
    if not choices:
        return None
    pack, out, levels, wanted = choices[0] if len(choices) == 1 else rng.choice(choices)
    before = [card for _, card in asked_before]
    allowed = pack.without(pack.question_numbers(plan.spoilers), out)
    key = DeckKey(pack=pack.id, kind="question", guild_id=plan.guild_id)
    level = plan.difficulty or ladder(plan.questions)[min(position, plan.questions) - 1]

    def pick(numbers: Sequence[int]) -> int:
        cards = [pack.card(number, levels.get(number)) for number in numbers]
        return numbers[choose(cards, before, level, rng, topic=plan.topic, tries=TRIES).place]

    number = deal(connection, key, wanted, allowed, pick)
    question = pack.questions[number]
    question = replace(question, difficulty=levels.get(number, question.difficulty))
    fact = pack.facts[pack.fact_numbers_by_id[question.fact]]
    asked = put_question(question, fact, pack.names if plan.typed else (), rng, pack.id)
    connection.execute(
        f"INSERT INTO asked_questions (round_id, position, {columns(AskedQuestion)}, state, nonce, asked_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'asking', ?, ?)",
        (
            round_id,
            position,
            *stored_values(asked),
            question_nonce(round_id, position),
            at_ms,
        ),
    )
    return asked


def _asked_before(connection: Connection, round_id: int) -> list[tuple[str, Card]]:
    """Return what a round has asked, in order, each with its pack."""
    rows = connection.execute(
        "SELECT pack, question, topics, difficulty, options FROM asked_questions WHERE round_id = ?"
        " ORDER BY position",
        (round_id,),
    )
    return [
        (
            pack,
            Card(
                question,
                tuple(json.loads(topics)),
                Difficulty(difficulty),
                tuple(option.lower() for option in json.loads(options)) == TRUE_OR_FALSE,
            ),
        )
        for pack, question, topics, difficulty, options in rows
    ]


def _fitting(
    pack: LoadedPack, plan: RoundPlan, levels: Mapping[int, Difficulty], out: set[str]
) -> Sequence[int]:
    """Return the questions but for those that are `out`; `levels` outweigh what they are labelled."""
    fits = pack.without(pack.question_numbers(plan.spoilers, plan.topic, typed=plan.typed), out)
    if plan.difficulty is None:
        return fits
    return [
        number for number in fits if levels.get(number, pack.questions[number].difficulty) is plan.difficulty
    ]


def open_question(connection: Connection, round_id: int, current: Current) -> None:
    """Store that the question was sent, with its message and its times."""
    connection.execute(
        "UPDATE asked_questions SET state = 'open', message_id = ?, opened_ms = ?, deadline_ms = ?,"
        " clock_offset_ms = ? WHERE round_id = ? AND position = ? AND state = 'asking'",
        (
            current.message_id,
            current.opened_ms,
            current.deadline_ms,
            current.offset_ms,
            round_id,
            current.position,
        ),
    )


def reopen_question(connection: Connection, round_id: int, position: int, deadline_ms: int) -> None:
    """Store that an open question was opened again, up to a new deadline by Discord's clock."""
    connection.execute(
        "UPDATE asked_questions SET reopened = 1, deadline_ms = ?"
        " WHERE round_id = ? AND position = ? AND state = 'open'",
        (deadline_ms, round_id, position),
    )


def record_answer(connection: Connection, round_id: int, position: int, answer: Answer) -> bool:
    """Store a player's answer; False if the question is not open or the player answered before.

    Raises Refusal if the server's moderators blocked the player.
    """
    stored = connection.execute(
        STORE_ANSWER,
        (
            answer.user_id,
            answer.choice,
            answer.answered_ms,
            answer.took_ms,
            answer.correct,
            answer.points,
            answer.streak,
            round_id,
            position,
            answer.user_id,
        ),
    )
    if stored.rowcount == 1:
        return True
    if connection.execute(IS_BLOCKED, (round_id, answer.user_id)).fetchone():
        raise Refusal(OUT_OF_ROUNDS)
    return False


def close_question(
    connection: Connection, round_id: int, position: int, reason: CloseReason, at_ms: int
) -> None:
    """Store that a question is closed; one that is void keeps its answers without points."""
    state = "void" if reason.is_void else "revealed"
    connection.execute(
        "UPDATE asked_questions SET state = ?, close_reason = ?, closed_ms = ?"
        " WHERE round_id = ? AND position = ? AND (state IN ('asking', 'open') OR ? = 'void')",
        (state, reason, at_ms, round_id, position, state),
    )
    if reason.is_void:
        connection.execute(
            "UPDATE answers SET points = 0, streak = 0 WHERE round_id = ? AND position = ?",
            (round_id, position),
        )


def end_round(connection: Connection, round_id: int, reason: EndReason, at_ms: int) -> bool:
    """Settle the round: an open question counts as it stands, one that was never sent is void.

    From then on it counts on its server's board, if enough people played. A clock that was set back does not
    put it before the board's last reset. Returns False, and changes nothing, if it was settled before.
    """
    reset = connection.execute(
        "SELECT after_ms FROM board_resets JOIN rounds USING (guild_id) WHERE round_id = ?", (round_id,)
    ).fetchone()
    settled = connection.execute(
        "UPDATE rounds SET state = 'ending', end_reason = ?, ended_ms = ?"
        " WHERE round_id = ? AND state = 'running'",
        (reason, max(at_ms, reset[0] + 1) if reset else at_ms, round_id),
    )
    if not settled.rowcount:
        return False
    connection.execute(
        "UPDATE asked_questions SET state = CASE state WHEN 'open' THEN 'revealed' ELSE 'void' END,"
        " close_reason = ?, closed_ms = ? WHERE round_id = ? AND state IN ('asking', 'open')",
        (CloseReason.ENDED, at_ms, round_id),
    )
    count_round(connection, round_id)
    count_answers(connection, round_id)
    return True


def finish_round(
    connection: Connection, round_id: int, podium_message_id: int | None, *, tell_host: bool = False
) -> None:
    """Store that a settled round is over in every way: its channel is free for another.

    With `tell_host` its host is still to hear of it privately.
    """
    connection.execute(
        "UPDATE rounds SET state = 'finished', podium_message_id = ?, tell_host = ?"
        " WHERE round_id = ? AND state = 'ending'",
        (podium_message_id, int(tell_host), round_id),
    )


def answers_to(connection: Connection, round_id: int, position: int) -> list[Answer]:
    """Return the answers to a question, the earliest first."""
    answers = connection.execute(
        f"SELECT {columns(Answer)} FROM answers WHERE round_id = ? AND position = ?"
        " ORDER BY answered_ms, user_id",
        (round_id, position),
    )
    return [from_row(Answer, row) for row in named_rows(answers)]


def standings(connection: Connection, round_id: int) -> list[Standing]:
    """Return the sums of everybody who answered in the round, best first.

    Void questions are left out, and as on the board what the server's moderators voided or whom they blocked
    meanwhile.
    """
    sums = connection.execute(
        "SELECT user_id, SUM(points) AS points, SUM(correct) AS correct,"
        " SUM(CASE WHEN correct = 1 THEN took_ms ELSE 0 END) AS took_ms"
        " FROM answers JOIN asked_questions AS q USING (round_id, position) JOIN rounds AS r USING (round_id)"
        " WHERE round_id = ? AND q.state <> 'void' AND NOT EXISTS (SELECT 1 FROM voided_questions AS v"
        " WHERE v.guild_id = r.guild_id AND v.pack = q.pack AND v.question = q.question)"
        " AND NOT EXISTS (SELECT 1 FROM blocked_players AS b"
        " WHERE b.guild_id = r.guild_id AND b.user_id = answers.user_id)"
        " GROUP BY user_id"
        " ORDER BY points DESC, correct DESC, user_id",
        (round_id,),
    )
    return [from_row(Standing, row) for row in named_rows(sums)]


def was_answered(connection: Connection, round_id: int) -> bool:
    """Return whether anybody answered in the round, also where it does not count."""
    row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM answers WHERE round_id = ?)", (round_id,)
    ).fetchone()
    return bool(row[0])
