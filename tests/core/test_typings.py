"""What people may type to each question of the pack, graded by hand: most of what is right is taken."""

import tomllib
from pathlib import Path
from random import Random

from bot.core.asked import is_right_text, put_question
from tests.la_la_land import PACK

TYPINGS: dict[str, dict[str, list[str]]] = tomllib.loads(
    Path(__file__).with_name("typings.toml").read_text("utf-8")
)
FACTS = {fact.id: fact for fact in PACK.facts}
NAMES = sorted({name for fact in PACK.facts for name in (*fact.people, *fact.films)})
ASKED = {
    question.id: put_question(question, FACTS[question.fact], NAMES, Random(1))
    for question in PACK.questions
    if question.can_be_typed
}


def test_every_question_that_can_be_typed_has_graded_typings() -> None:
    assert set(TYPINGS) == set(ASKED)
    assert all(grades["right"] and grades["wrong"] for grades in TYPINGS.values())


def test_nearly_all_that_is_right_is_taken() -> None:
    typings = [(question, text) for question, grades in TYPINGS.items() for text in grades["right"]]
    refused = [(question, text) for question, text in typings if not is_right_text(ASKED[question], text)]
    assert len(refused) <= 0.05 * len(typings), refused


def test_hardly_anything_that_is_wrong_is_taken() -> None:
    typings = [(question, text) for question, grades in TYPINGS.items() for text in grades["wrong"]]
    taken = [(question, text) for question, text in typings if is_right_text(ASKED[question], text)]
    assert len(taken) <= 0.005 * len(typings), taken
