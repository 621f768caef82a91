"""Starting a round, or saying why it cannot start."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.content import Origin
from bot.core.refusal import Refusal
from bot.core.rounds import RoundPlan
from bot.storage.asking import available
from bot.storage.catalogue import LoadedPack
from bot.storage.connection import Connection
from bot.storage.in_play import check_not_blocked
from bot.storage.rows import insert, stored

START_EVERY_MS = 60_000
MOST_STARTS = 3
"""How many rounds a host may start in that time, even if each was stopped before anybody answered."""
STARTED = """
    SELECT started_ms, CASE WHEN end_reason = 'stopped' AND NOT EXISTS (
        SELECT 1 FROM answers WHERE answers.round_id = rounds.round_id
    ) THEN 0 ELSE 1 END AS counts
    FROM rounds WHERE host_user_id = ? AND started_ms > ? AND started_ms <= ? ORDER BY started_ms DESC
"""
BUSY = "A round is going on in this channel already. Join in, or wait until it is over."
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


def start_playable(
    connection: Connection, plan: RoundPlan, packs: Sequence[LoadedPack]
) -> tuple[int, RoundPlan]:
    """Store a new round of no more questions than there are; return its number and its plan as stored.

    Raises Refusal if no question fits, and as `start_round` does.
    """
    number = available(connection, plan, packs)
    if not number:
        raise Refusal(_why_none(connection, plan, packs))
    fitting = replace(plan, questions=min(plan.questions, number))
    return start_round(connection, fitting), fitting


def _why_none(connection: Connection, plan: RoundPlan, packs: Sequence[LoadedPack]) -> str:
    """Say why no question fits, and what can be done about it."""
    if plan.source is not Origin.OURS:
        return NO_QUESTIONS
    if not any(pack.questions for pack in packs):
        return NO_OWN
    other = plan.in_other_form()
    if available(connection, other, packs):
        return NO_OWN_WITH_BUTTONS if other.typed else NO_OWN_TO_TYPE
    return ALL_VOID if plan.difficulty is None else NO_QUESTIONS


def start_round(connection: Connection, plan: RoundPlan) -> int:
    """Store a new round and return its number.

    Raises Refusal if a round is open in the channel, or if the host is blocked or started one within the last
    minute, unless that was stopped before anybody answered.
    """
    if plan.host_user_id is not None:
        check_not_blocked(connection, plan.guild_id, plan.host_user_id)
    open_here = "SELECT 1 FROM rounds WHERE channel_id = ? AND state <> 'finished'"
    if connection.execute(open_here, (plan.channel_id,)).fetchone():
        raise Refusal(BUSY)
    if wait := _wait_ms(connection, plan):
        seconds = -(-wait // 1_000)
        more = "1 more second" if seconds == 1 else f"{seconds} more seconds"
        raise Refusal(f"You started a round less than a minute ago. Please wait {more}.")
    row = stored(plan) | {"state": "running"}
    return int(insert(connection, "rounds", row, "RETURNING round_id").fetchone()[0])


def _wait_ms(connection: Connection, plan: RoundPlan) -> int:
    """Return how long the host has to wait for their next round, 0 for not at all.

    One that was stopped before anybody answered does not count as started.
    """
    since = plan.started_ms - START_EVERY_MS
    started = connection.execute(STARTED, (plan.host_user_id, since, plan.started_ms)).fetchall()
    in_the_way = [at for at, counts in started if counts][:1] + [at for at, _ in started][MOST_STARTS - 1 :]
    return max((at - since for at in in_the_way), default=0)
