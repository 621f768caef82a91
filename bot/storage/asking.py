"""The next question of a round: drawn from the server's deck, composed, and stored as it is asked."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from random import Random

from bot.core.asked import AskedQuestion, put_question
from bot.core.compose import TRIES, Card, choose, echoes_of, ladder
from bot.core.content import TRUE_OR_FALSE, Difficulty
from bot.core.deck import Pick
from bot.core.rounds import RoundPlan
from bot.storage.catalogue import LoadedPack
from bot.storage.connection import Connection
from bot.storage.decks import DeckKey, deal
from bot.storage.in_play import voided_questions
from bot.storage.questions import measured
from bot.storage.rows import insert, select, stored

Levels = Mapping[int, Difficulty]
"""How hard questions have proved to be, by their numbers; that outweighs what they are labelled."""


def playable(connection: Connection, plan: RoundPlan, pack: LoadedPack) -> Sequence[int]:
    """Return the numbers of the questions that such a round may ask."""
    out = voided_questions(connection, plan.guild_id, pack.id)
    return _fitting(plan, pack, out, measured(connection, pack) if plan.difficulty else {})


def available(connection: Connection, plan: RoundPlan, packs: Sequence[LoadedPack]) -> int:
    """Return how many questions of these packs such a round may ask."""
    return sum(len(playable(connection, plan, pack)) for pack in packs)


def _fitting(plan: RoundPlan, pack: LoadedPack, out: AbstractSet[str], levels: Levels) -> Sequence[int]:
    """Return the numbers of the questions that fit, but for those whose ids are `out`."""
    fits = pack.without(pack.question_numbers(plan.spoilers, plan.topic, typed=plan.typed), out)
    if plan.difficulty is None:
        return fits
    return [
        number for number in fits if levels.get(number, pack.questions[number].difficulty) is plan.difficulty
    ]


def question_nonce(round_id: int, position: int) -> str:
    """Return the nonce with which a question's message is sent."""
    return f"q{round_id}.{position}"


def ask(
    connection: Connection,
    round_id: int,
    position: int,
    plan: RoundPlan,
    packs: Sequence[LoadedPack],
    rng: Random,
    at_ms: int,
) -> AskedQuestion | None:
    """Draw the round's next question from the server's deck, store it as asking and return it.

    Returns None if every question that fits was asked in this round. No question comes twice in a round; of
    those that the deck still has it takes the one that `compose` chooses. Of several packs it draws one.
    """
    asked_before = select(
        connection,
        AskedQuestion,
        "SELECT * FROM asked_questions WHERE round_id = ? ORDER BY position",
        (round_id,),
    )
    left = []
    for pack in packs:
        known = {one.question for one in asked_before if one.pack == pack.id}
        out = voided_questions(connection, plan.guild_id, pack.id)
        levels = measured(connection, pack)
        if wanted := pack.without(_fitting(plan, pack, out, levels), known):
            left.append((pack, wanted, out, levels))
    if not left:
        return None
    pack, wanted, out, levels = rng.choice(left)
    allowed = pack.without(pack.question_numbers(plan.spoilers), out)
    level = plan.difficulty or ladder(plan.questions)[min(position, plan.questions) - 1]
    pick = composing(pack, levels, [_card(one) for one in asked_before], level, rng, plan.topic)
    key = DeckKey(pack.id, kind="question", guild_id=plan.guild_id)
    number = deal(connection, key, wanted, allowed, pick)
    asked = put(pack, number, levels, rng, pack.names if plan.typed else ())
    row = {
        "round_id": round_id,
        "position": position,
        **stored(asked),
        "state": "asking",
        "nonce": question_nonce(round_id, position),
        "asked_ms": at_ms,
    }
    insert(connection, "asked_questions", row)
    return asked


def composing(
    pack: LoadedPack,
    levels: Levels,
    before: Sequence[Card],
    level: Difficulty,
    rng: Random,
    topic: str | None = None,
) -> Pick:
    """Return what picks the question of this level that goes best with those `before`."""

    def pick(numbers: Sequence[int]) -> int:
        cards = [pack.card(number, levels.get(number)) for number in numbers]
        return numbers[choose(cards, before, level, rng, topic=topic, tries=TRIES)]

    return pick


def put(
    pack: LoadedPack, number: int, levels: Levels, rng: Random, other_names: Sequence[str] = ()
) -> AskedQuestion:
    """Fix how a pack's question is asked this time."""
    question = pack.questions[number]
    question = replace(question, difficulty=levels.get(number, question.difficulty))
    return put_question(question, pack.fact_of(question), other_names, rng, pack.id)


def _card(asked: AskedQuestion) -> Card:
    is_statement = tuple(option.lower() for option in asked.options) == TRUE_OR_FALSE
    echoes = echoes_of(asked.prompt, asked.right_option)
    return Card(asked.question, asked.topics, asked.difficulty, is_statement, echoes=echoes)
