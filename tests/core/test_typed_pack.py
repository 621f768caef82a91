"""Every question of the pack that can be typed, as a fan would type it: rightly, and wrongly."""

from collections.abc import Iterator
from random import Random

import pytest

from bot.core.asked import AskedQuestion, is_right_text, put_question
from bot.core.content import Question
from tests.la_la_land import PACK

FACTS = {fact.id: fact for fact in PACK.facts}
NAMES = tuple(sorted({name for fact in PACK.facts for name in (*fact.people, *fact.films)}))
PEOPLE = {name for fact in PACK.facts for name in fact.people}
FILMS = {name for fact in PACK.facts for name in fact.films}
TYPED = [q for q in PACK.questions if q.can_be_typed]
EVERY_OPTION = sorted({option for q in TYPED for option in (q.answer, *q.distractors)})


def asked(question: Question) -> AskedQuestion:
    return put_question(question, FACTS[question.fact], NAMES, Random(1))


def right_ways(question: Question) -> Iterator[str]:
    """Yield what a fan who knows the answer may type."""
    answer = question.answer
    for text in (answer, *question.aliases):
        yield from (text, f" {text.lower()}. ", f"I think it was {text}")
    if answer in FILMS:
        yield from (f"{answer} (2016)", f"{answer} 1997")
    if answer in PEOPLE:
        yield from (f"director {answer}", f"the actress {answer}", f"by {answer}")
    if answer.isdigit():
        yield from (f"in {answer}", f"around {answer}")
    if len(answer) > 9 and answer.isalpha():
        yield answer[:4] + answer[5:]


@pytest.mark.parametrize("question", TYPED, ids=[question.id for question in TYPED])
def test_what_a_fan_types_is_right(question: Question) -> None:
    put = asked(question)
    wrong = [text for text in right_ways(question) if not is_right_text(put, text)]
    assert not wrong


@pytest.mark.parametrize("question", TYPED, ids=[question.id for question in TYPED])
def test_no_other_option_passes(question: Question) -> None:
    put = asked(question)
    for option in question.distractors:
        for text in (option, f"in {option}", f"{option} (2016)", f"director {option}"):
            assert not is_right_text(put, text), text
