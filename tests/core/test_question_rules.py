from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.core.content import Difficulty, Fact, Question
from bot.core.question_rules import balance_problems, duplicate_prompts, question_problems
from bot.core.reading import Reading, read_question
from bot.core.words import phrase, words_of

FACT = Fact(
    id="rehearsals",
    text="Emma Stone and Ryan Gosling rehearsed eight weeks, says Damien Chazelle. Hills had 3,000 lamps.",
    topics=("filming",),
)
GOOD = Question(
    id="weeks",
    fact="rehearsals",
    prompt="For how many weeks did the two leads rehearse?",
    answer="8",
    distractors=("6", "12", "20"),
    difficulty=Difficulty.EASY,
    aliases=("eight weeks",),
)
STATEMENT = Question("leads", "rehearsals", "The two leads rehearsed together.", "true", (), Difficulty.EASY)


def problems(question: Question = GOOD, **changes: Any) -> list[str]:
    [reading] = read(replace(question, **changes))
    return list(question_problems(reading))


def read(*questions: Question) -> list[Reading]:
    return [read_question(question, phrase(words_of(FACT.text))) for question in questions]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"answer": "eight"},
        {"answer": "3000", "aliases": ("three thousand",)},
        {"answer": "damien chazelle", "aliases": ("Chazelle",), "distractors": ("Jon Stone", "Ava", "Bo")},
        {"answer": "hills", "aliases": (), "distractors": ("the sea", "the woods", "the hill")},
        {"prompt": 'Which number belongs to "Not for Me"?'},
        {"prompt": "Which of these goes with “I Can't”?"},
        {"prompt": "How many weeks is “a long time?”"},
    ],
)
def test_a_fair_question_has_no_fault(changes: dict[str, Any]) -> None:
    assert problems(**changes) == []


@pytest.mark.parametrize("answer", ["true", "false"])
def test_a_true_or_false_answer_needs_no_place_in_its_fact(answer: str) -> None:
    assert problems(STATEMENT, answer=answer) == []
    assert problems(STATEMENT, prompt="It is true that the leads rehearsed.", answer=answer) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"answer": "9", "aliases": ()}, "answer '9' is not in its fact rehearsals"),
        ({"answer": "Emma Gosling"}, "answer 'Emma Gosling' is not in its fact rehearsals"),
        ({"answer": "hill"}, "answer 'hill' is not in its fact rehearsals"),
        ({"answer": "3", "aliases": ()}, "answer '3' is not in its fact rehearsals"),
        ({"prompt": "Did they rehearse for eight weeks?"}, "answer '8' is in the question"),
        (
            {"prompt": "How long are eight weeks?"},
            "'eight weeks', which is right as well, is in the question",
        ),
        ({"distractors": ("Eight", "6", "7")}, "wrong answer 'Eight' is the same as the right one '8'"),
        ({"distractors": ("8 days", "6", "7")}, "wrong answer '8 days' contains the right one '8'"),
        (
            {"answer": "Ryan Gosling", "distractors": ("Góslíng", "Bo", "Ava")},
            "wrong answer 'Góslíng' is a part of the right one 'Ryan Gosling'",
        ),
        (
            {"aliases": ("two months",), "distractors": ("2 months", "6", "7")},
            "wrong answer '2 months' is the same as the right one 'two months'",
        ),
        (
            {"aliases": ("a month",), "distractors": ("one month", "6", "7")},
            "wrong answer 'one month' contains the right one 'a month'",
        ),
        (
            {"answer": "Emma Stone", "distractors": ("Ryan Gosling", "Bo", "Ava")},
            "wrong answer 'Ryan Gosling' is in its fact rehearsals, so it may be right as well",
        ),
        (
            {"distractors": ("three thousand", "6", "7")},
            "wrong answer 'three thousand' is in its fact rehearsals, so it may be right as well",
        ),
        ({"distractors": ("6", "Six", "7")}, "wrong answers '6' and 'Six' are the same"),
        ({"distractors": ("6", "7")}, "'distractors' must be exactly 3, and are 2"),
        ({"prompt": "Name the number of weeks."}, "'prompt' must end with '?', as a question does"),
        ({"prompt": "How long did they not act?"}, "'prompt' asks with a negation: 'not'"),
        ({"prompt": "Who was not“there”?"}, "'prompt' asks with a negation: 'not'"),
        ({"prompt": "How long didn't they act?"}, "'prompt' asks with a negation: 'didn't'"),
        ({"prompt": "How long didn’t they act?"}, "'prompt' asks with a negation: 'didn’t'"),
        ({"prompt": "Who cannot act?"}, "'prompt' asks with a negation: 'cannot'"),
        ({"prompt": "Who acted, except for Bo?"}, "'prompt' asks with a negation: 'except'"),
        (
            {"prompt": "Was it six, seven or none of the above?"},
            "'none of the above' must not appear in a question or a choice",
        ),
        (
            {"distractors": ("6", "7", "All of the above")},
            "'All of the above' must not appear in a question or a choice",
        ),
        ({"answer": "True"}, "'answer' is true or false, so there must be no wrong answers"),
    ],
)
def test_an_unfair_question_is_named(changes: dict[str, Any], problem: str) -> None:
    assert problem in problems(**changes)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"answer": "True"}, "without distractors 'answer' must be true or false"),
        ({"answer": "yes"}, "without distractors 'answer' must be true or false"),
        ({"prompt": "Did they rehearse?"}, "'prompt' must end with '.', as a true/false statement does"),
        ({"prompt": "They did not rehearse."}, "'prompt' asks with a negation: 'not'"),
    ],
)
def test_an_unfair_statement_is_named(changes: dict[str, Any], problem: str) -> None:
    assert problems(STATEMENT, **changes) == [problem]


def test_all_problems_of_a_question_come_at_once() -> None:
    found = problems(prompt="Not six weeks.", answer="six", distractors=("6", "6 weeks", "Gosling"))
    assert len(found) >= 6


def test_a_prompt_that_only_differs_in_its_spelling_is_a_duplicate() -> None:
    again = replace(GOOD, id="again", prompt="For how many weeks did the 2 leads — rehearse?")
    other = replace(GOOD, id="other", prompt="For how many weeks did the leads rehearse?")
    assert list(duplicate_prompts(read(GOOD, other, again))) == [
        ("again", "'prompt' is the same as that of weeks")
    ]


DIFFICULTIES = tuple(Difficulty)


def many(count: int, **changes: Any) -> list[Question]:
    """Return questions that repeat nothing, whose answers are neither longest nor shortest."""
    return [
        replace(
            GOOD,
            id=f"question-{n}",
            answer=f"answer {n:03}",
            distractors=(f"distractor {n:03}", f"wrong{n:03}", f"choice {n:03}"),
            difficulty=DIFFICULTIES[n % 3],
            **changes,
        )
        for n in range(count)
    ]


def altered(count: int, of: int, **changes: Any) -> list[Question]:
    """Return `of` questions, of which the first `count` have `changes`."""
    questions = many(of)
    return [replace(question, **changes) for question in questions[:count]] + questions[count:]


def with_long_answers(count: int, of: int) -> list[Question]:
    return [replace(q, answer=f"{q.answer} at length") for q in many(of)[:count]] + many(of)[count:]


def with_short_answers(count: int, of: int) -> list[Question]:
    return [replace(q, answer=q.answer[-3:]) for q in many(of)[:count]] + many(of)[count:]


def with_difficulties(easy: int, medium: int, hard: int) -> list[Question]:
    order = [Difficulty.EASY] * easy + [Difficulty.MEDIUM] * medium + [Difficulty.HARD] * hard
    return [replace(q, difficulty=level) for q, level in zip(many(len(order)), order, strict=True)]


def with_shared_distractor(count: int) -> list[Question]:
    spellings = ["Eight lamps", "8 lamps", "8 lamps"]
    return [
        replace(q, distractors=(spellings[n % 3], *q.distractors[1:])) if n < count else q
        for n, q in enumerate(many(60))
    ]


STATEMENTS: dict[str, Any] = {"answer": "true", "distractors": ()}


@pytest.mark.parametrize(
    ("fair", "unfair", "problem"),
    [
        (
            altered(10, 60, **STATEMENTS),
            altered(11, 60, **STATEMENTS),
            "11 of 60 questions are true/false, at most a sixth may be",
        ),
        (
            with_difficulties(12, 24, 24),
            with_difficulties(11, 24, 25),
            "11 of 60 questions are easy, at least a fifth must be",
        ),
        (
            with_difficulties(24, 12, 24),
            with_difficulties(25, 11, 24),
            "11 of 60 questions are medium, at least a fifth must be",
        ),
        (
            with_difficulties(24, 24, 12),
            with_difficulties(25, 24, 11),
            "11 of 60 questions are hard, at least a fifth must be",
        ),
        (
            with_long_answers(20, 60),
            with_long_answers(21, 60),
            "the answer is the longest choice in 21 of 60 questions with choices, at most a third may be",
        ),
        (
            with_short_answers(20, 60),
            with_short_answers(21, 60),
            "the answer is the shortest choice in 21 of 60 questions with choices, at most a third may be",
        ),
        (
            with_shared_distractor(12),
            with_shared_distractor(13),
            "wrong answer '8 lamps' appears in 13 questions, at most 12 may have it",
        ),
        (
            altered(8, 60, answer="the same"),
            altered(9, 60, answer="the same"),
            "answer 'the same' appears in 9 questions, at most 8 may have it",
        ),
    ],
)
def test_a_pack_may_go_to_each_limit_and_no_further(
    fair: Sequence[Question], unfair: Sequence[Question], problem: str
) -> None:
    assert list(balance_problems(read(*fair))) == []
    assert list(balance_problems(read(*unfair))) == [problem]


@pytest.mark.parametrize("other", ["far longer than the answer", "z"])
def test_an_answer_as_long_as_another_choice_is_neither_longest_nor_shortest(other: str) -> None:
    level = [
        replace(
            q, answer=f"answer {n:03}", distractors=(f"choice {n:03}", f"{other} {n}", f"{other}! {n + 30}")
        )
        for n, q in enumerate(many(30))
    ]
    assert list(balance_problems(read(*level))) == []


def test_the_balance_of_a_small_pack_is_not_looked_at() -> None:
    lopsided = altered(29, 29, **STATEMENTS)
    assert list(balance_problems(read(*lopsided))) == []
    assert list(balance_problems(read(*lopsided, replace(GOOD, **STATEMENTS)))) != []
