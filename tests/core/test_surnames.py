"""Who is known by a surname may be answered by it: over every question of the pack that is played."""

from random import Random

import pytest

from bot.core.asked import is_right_text, put_question
from bot.core.content import Question
from tests.la_la_land import PACK

FACTS = {fact.id: fact for fact in PACK.facts}
PEOPLE = {name for fact in PACK.facts for name in fact.people}
NAMES = sorted(PEOPLE | {name for fact in PACK.facts for name in fact.films})
NOT_KNOWN_BY_IT = {"mia-calls-him-what", "party-jacket-in-whose-manner"}
"""George Michael is never called Michael alone: that might be another star of pop."""


def surname(name: str) -> str:
    """Return the last word of a name, without a possessive and a junior."""
    return name.removesuffix("'s").removesuffix(" Jr.").split()[-1]


def is_right(question: Question, text: str) -> bool:
    return is_right_text(put_question(question, FACTS[question.fact], NAMES, Random(1)), text)


WHO = [
    question
    for question in PACK.questions
    if not question.is_true_or_false
    and (name := question.answer.removesuffix("'s")) in PEOPLE
    and name != surname(name)
    and question.id not in NOT_KNOWN_BY_IT
]


@pytest.mark.parametrize("question", WHO, ids=[question.id for question in WHO])
def test_a_surname_is_enough_where_no_choice_shares_it(question: Question) -> None:
    assert surname(question.answer) not in map(surname, question.distractors)
    assert is_right(question, surname(question.answer))
    assert is_right(question, surname(question.answer).lower())


@pytest.mark.parametrize("question", WHO, ids=[question.id for question in WHO])
def test_a_namesake_in_full_is_wrong(question: Question) -> None:
    own = question.answer.removesuffix("'s")
    namesakes = [name for name in PEOPLE if surname(name) == surname(own) and name != own]
    assert not any(is_right(question, name) for name in [*namesakes, f"Somebody {surname(own)}"])


def test_of_two_choices_with_one_surname_neither_is_known_by_it() -> None:
    assert not any(
        surname(question.answer) in map(surname, question.distractors)
        and is_right(question, surname(question.answer))
        for question in PACK.questions
        if not question.is_true_or_false
    )
