"""How a question is asked this time."""

from random import Random

import pytest

from bot.core.asked import AskedQuestion, is_right_text, put_question
from bot.core.content import Difficulty, Fact, Question, Spoiler
from bot.core.snowflakes import snowflake_ms

FACT = Fact("piano", "Randy Kerber recorded every piano part.", ("music", "sets"), spoiler=Spoiler.PLOT)
CHOICES = Question(
    id="pianist",
    fact="piano",
    prompt="Who recorded the parts?",
    answer="Randy Kerber",
    distractors=("Emma Stone", "John Legend", "Tom Cross"),
    aliases=("Kerber",),
    difficulty=Difficulty.HARD,
)


def test_everything_that_is_shown_and_judged_is_fixed() -> None:
    asked = put_question(CHOICES, FACT, ["Ryan Gosling"], Random(1))
    assert asked == AskedQuestion(
        question="pianist",
        fact="piano",
        topics=("music", "sets"),
        prompt="Who recorded the parts?",
        options=asked.options,
        answer=asked.options.index("Randy Kerber"),
        aliases=("Kerber",),
        other_names=("Ryan Gosling",),
        fact_text=FACT.text,
        spoiler=Spoiler.PLOT,
        difficulty=Difficulty.HARD,
        base=200,
    )
    assert sorted(asked.options) == sorted(["Randy Kerber", *CHOICES.distractors])


def test_the_right_answer_stands_in_every_place() -> None:
    rng = Random(2)
    asked = [put_question(CHOICES, FACT, (), rng) for _ in range(60)]
    assert {question.answer for question in asked} == {0, 1, 2, 3}
    assert {question.right_option for question in asked} == {"Randy Kerber"}


@pytest.mark.parametrize(("answer", "place"), [("true", 0), ("false", 1)])
def test_true_comes_before_false(answer: str, place: int) -> None:
    statement = Question("parts", "piano", "Every part was recorded.", answer, (), Difficulty.EASY)
    asked = put_question(statement, FACT, (), Random(3))
    assert (asked.options, asked.answer) == (("True", "False"), place)


def test_a_typed_answer_is_held_against_the_other_choices_and_names() -> None:
    asked = put_question(CHOICES, FACT, ["Randy Gerber"], Random(4))
    assert is_right_text(asked, "randy kerber")
    assert is_right_text(asked, "Randy Kerbr")
    assert is_right_text(asked, "Kerber")
    assert not is_right_text(asked, "Randy Berber"), "as near to another name"
    assert not is_right_text(asked, "Emma Stone")
    near = put_question(
        Question("p", "piano", "Who?", "Tim Cross", ("Tom Cross", "A", "B"), Difficulty.EASY),
        FACT,
        (),
        Random(5),
    )
    assert not is_right_text(near, "Tam Cross"), "as near to another choice"


def test_an_id_tells_when_it_was_made() -> None:
    assert snowflake_ms(175_928_847_299_117_063) == 1_462_015_105_796
