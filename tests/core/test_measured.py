from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.compose import LEVELS
from bot.core.content import Difficulty
from bot.core.measured import FEWEST_ANSWERS, Record, measured_difficulty, remarks, tells_apart

EASY, MEDIUM, HARD = Difficulty


@pytest.mark.parametrize(
    ("correct", "is_statement", "level"),
    [
        (100, False, EASY),
        (70, False, EASY),
        (69, False, MEDIUM),
        (48, False, MEDIUM),
        (47, False, HARD),
        (0, False, HARD),
        (80, True, EASY),
        (79, True, MEDIUM),
        (65, True, MEDIUM),
        (64, True, HARD),
    ],
)
def test_how_hard_a_question_has_proved_to_be(correct: int, is_statement: bool, level: Difficulty) -> None:
    assert measured_difficulty(100, correct, is_statement=is_statement) is level


def test_too_few_answers_say_nothing() -> None:
    assert measured_difficulty(0, 0, is_statement=False) is None
    assert measured_difficulty(FEWEST_ANSWERS - 1, 0, is_statement=False) is None
    assert measured_difficulty(FEWEST_ANSWERS, 0, is_statement=False) is HARD


@given(st.integers(FEWEST_ANSWERS, 500), st.data(), st.booleans())
def test_more_right_answers_never_make_it_harder(
    answered: int, data: st.DataObject, is_statement: bool
) -> None:
    fewer, more = sorted(data.draw(st.tuples(st.integers(0, answered), st.integers(0, answered))))
    levels = [measured_difficulty(answered, right, is_statement=is_statement) for right in (fewer, more)]
    assert levels[0] is not None
    assert levels[1] is not None
    assert LEVELS.index(levels[0]) >= LEVELS.index(levels[1])


def test_a_question_that_the_better_players_know_tells_them_apart() -> None:
    rng = Random(1)
    skill = [rng.random() for _ in range(200)]
    known = tells_apart([rng.random() < one for one in skill], skill)
    unknown = tells_apart([rng.random() < 0.5 for _ in skill], skill)
    against = tells_apart([rng.random() > one for one in skill], skill)
    assert known is not None
    assert unknown is not None
    assert against is not None
    assert known > 0.4
    assert abs(unknown) < 0.2
    assert against < -0.4


@pytest.mark.parametrize(("right", "skill"), [([], []), ([True], [0.5]), ([True] * 3, [0.1, 0.2, 0.3])])
def test_where_nothing_differs_nothing_is_told(right: list[bool], skill: list[float]) -> None:
    assert tells_apart(right, skill) is None


GOOD = Record("q", MEDIUM, False, asked=10, answered=100, correct=60, tells=0.3)
GUESSING = "right less often than by guessing: is the answer wrong, or another option right as well?"
AGAINST = "better players are wrong more often: is the answer disputed?"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"correct": 95}, ["labelled medium, but it is easy"]),
        ({"correct": 30}, ["labelled medium, but it is hard"]),
        ({"correct": 72}, []),
        ({"correct": 24, "label": HARD}, [GUESSING]),
        ({"correct": 25, "label": HARD}, []),
        ({"is_statement": True, "correct": 49, "label": HARD}, [GUESSING]),
        ({"tells": -0.2}, [AGAINST]),
        ({"tells": -0.1}, []),
        ({"tells": None}, []),
        ({"correct": 10, "tells": -0.5}, [GUESSING, AGAINST, "labelled medium, but it is hard"]),
        ({"answered": 49, "correct": 0, "tells": -1.0}, []),
    ],
)
def test_what_contradicts_a_label_or_an_answer(changes: dict[str, object], found: list[str]) -> None:
    assert list(remarks(replace(GOOD, **changes))) == found  # type: ignore[arg-type]
