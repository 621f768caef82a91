from pathlib import Path

import pytest

from bot.core.content import Difficulty, Fact, Pack, Question
from tests.cues.__main__ import main
from tests.cues.combined import combined
from tests.cues.marks import World
from tests.cues.rules import OF_THE_QUESTION, RULES, Rule, explain, score

FACTS = "fact-{}"


def rule(name: str) -> Rule:
    return next(one for one in RULES if one.name == name)


def world(*questions: tuple[str, str, str, str, str], facts: tuple[str, ...] = ()) -> World:
    """Make questions of a prompt, the answer and three distractors, each with a fact of its own."""
    own = [f"Of {prompt} it is said: {answer}." for prompt, answer, *_ in questions]
    texts = [*own, *facts]
    return World(
        Pack(
            "film",
            "A Film",
            (),
            tuple(Fact(FACTS.format(n), text, ("music",)) for n, text in enumerate(texts)),
            tuple(
                Question(f"q{n}", FACTS.format(n), f"{prompt}?", answer, tuple(wrong), Difficulty.EASY)
                for n, (prompt, answer, *wrong) in enumerate(questions)
            ),
        )
    )


@pytest.mark.parametrize(
    ("name", "question", "picked"),
    [
        ("longest", ("What", "a long one", "one", "two", "six"), {0}),
        ("shortest", ("What", "a long one", "one", "two", "six"), {1, 2, 3}),
        ("longest", ("What", "one", "two", "six", "ten"), set()),
        ("most words", ("What", "by the sea", "in town", "nowhere", "uptown"), {0}),
        ("oddest form", ("Who", "the police", "Anna Bo", "Carl Di", "Eva Fu"), {0}),
        ("most words of the prompt", ("Whose red car", "a car", "a bus", "a red car", "a train"), {2}),
        ("most like the other options", ("Who", "Ann Lee", "Ann Poe", "Bo Lee", "Carl Di"), {0}),
        ("largest number", ("How many", "2", "four", "30", "3"), {2}),
        ("smallest number", ("How many", "2 nights", "four nights", "30 nights", "3 nights"), {0}),
        ("smallest number", ("How many", "2", "four", "30", "a few"), set()),
        ("number in the middle", ("How many", "2", "4", "30", "3"), {1, 3}),
        ("round number", ("How many", "20", "21", "22", "23"), {0}),
    ],
)
def test_what_a_rule_takes_of_one_question(
    name: str, question: tuple[str, str, str, str, str], picked: set[int]
) -> None:
    alone = world(question)
    assert rule(name).picks(alone, alone.seen[0]) == picked


PIANO = ("Who played the piano", "Kerber", "Mehldau", "Batiste", "Hancock")
TUNER = ("Who tuned it", "Mehldau", "Smith", "Jones", "Brown")


@pytest.mark.parametrize(
    ("name", "picked"),
    [
        ("an option elsewhere", {1}),
        ("no option elsewhere", {0, 2, 3}),
        ("an answer elsewhere", {1}),
        ("a distractor elsewhere", set()),
        ("named in another prompt", {2}),
        ("stands in another fact", {0, 1, 2}),
        ("stands in most other facts", {0}),
        ("stands in the other fact most like the prompt", {0}),
        ("known from nowhere else", {3}),
    ],
)
def test_what_a_rule_takes_of_all_questions_and_facts(name: str, picked: set[int]) -> None:
    facts = ("Kerber is also at the piano of another film.", "Kerber is tall.")
    three = world(
        PIANO, TUNER, ("Where did Batiste live", "in Rome", "in Oslo", "in Bonn", "in Nice"), facts=facts
    )
    assert rule(name).picks(three, three.seen[0]) == picked


def test_the_fact_behind_a_question_is_not_another_fact() -> None:
    alone = world(PIANO)
    assert rule("stands in another fact").picks(alone, alone.seen[0]) == set()


def test_a_rule_that_leaves_two_is_right_in_half() -> None:
    questions = [("What", "abcd", "efgh", "ij", "kl")] * 2 + [("What", "ab", "efgh", "ij", "kl")]
    found = score(world(*questions), rule("longest"))
    assert (found.spoken, found.right, found.alone, found.right_alone) == (3, 1.0, 1, 0)
    assert found.share == pytest.approx(1 / 3)


@pytest.mark.parametrize(("right", "wrong", "too_many"), [(7, 13, 0), (8, 12, 1), (20, 0, 13), (19, 0, 13)])
def test_what_is_over_the_limit(right: int, wrong: int, too_many: int) -> None:
    questions = [("What", "the long one", "b", "c", "d")] * right + [
        ("What", "a", "the long one", "c", "d")
    ] * wrong
    found = score(world(*questions), rule("longest"))
    assert found.too_many == too_many
    assert found.is_over == (too_many > 0 and right + wrong >= 20)


def test_a_rule_is_explained_by_question() -> None:
    made = world(PIANO, TUNER, facts=("Kerber was there.",))
    lines = list(explain(made, [score(made, rule("stands in another fact"))]))
    assert lines == [
        "q0: Kerber (1) | Mehldau (1) | Batiste (0) | Hancock (0)\n    stands in another fact (with 1 more)"
    ]


def test_all_rules_together_find_what_one_finds_and_no_more_where_there_is_nothing() -> None:
    told = [(f"What {n}", f"the long {n}", f"b{n}", f"c{n}", f"d{n}") for n in range(40)]
    assert combined(world(*told), OF_THE_QUESTION) == 1.0
    silent = [(f"What {n}", "red", "tan", "jet", "sky") for n in range(40)]
    assert combined(world(*silent), OF_THE_QUESTION) == 0.25


def test_the_table_is_printed_also_of_a_pack_that_is_not_sound_yet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "facts.toml").write_text(
        '[[facts]]\nid = "f"\ntext = "Short."\ntopics = ["t"]\nspoiler = "none"\n', "utf-8"
    )
    questions = [
        f'[[questions]]\nid = "q{n}"\nfact = "{fact}"\nprompt = "?"\nanswer = "the long one"\n'
        'distractors = ["b", "c", "d"]\ndifficulty = "easy"\n'
        for n, fact in enumerate(["f"] * 20 + ["gone"])
    ]
    (tmp_path / "questions.toml").write_text("\n".join(questions), "utf-8")
    assert main([str(tmp_path)]) == 1
    assert "| longest (over 35%: mend 13) | 20 | 100.0% | 20 | 100.0% | 25% |" in capsys.readouterr().out
    assert main([str(tmp_path), "--explain", "shortest"]) == 0
    assert capsys.readouterr().out == "\n"
