from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.content import Difficulty, Question
from bot.core.giveaways import MOST_TELLING, giveaways
from bot.core.reading import Reading, read_question
from bot.core.words import phrase, words_of

NOBODY = ("Ann Poe", "Bo Lee", "Cy Fox")
KERBER = Question("pianist", "f0", "Who recorded the piano?", "Randy Kerber", NOBODY, Difficulty.EASY)
KERBERS_FACT = "Randy Kerber recorded every part."


def pairs(
    question: Question = KERBER,
    fact: str = KERBERS_FACT,
    *,
    other: str = "Which color is it?",
    others_fact: str = "It is blue.",
    others_options: tuple[str, str, str] = ("red", "green", "black"),
    elsewhere: Iterable[str] = (),
    **changes: object,
) -> set[frozenset[str]]:
    """Return who gives whom away, of a question and another one, in a pack with more facts."""
    facts = [phrase(words_of(text)) for text in (fact, others_fact, *elsewhere)]
    color = Question("color", "f1", other, "blue", others_options, Difficulty.HARD)
    changed = replace(question, **changes)  # type: ignore[arg-type]
    readings = [read_question(changed, facts[0]), read_question(color, facts[1])]
    return {frozenset(pair) for pair in giveaways(readings, facts)}


BOTH = {frozenset(("pianist", "color"))}
COMMON = [f"Randy Kerber was seen {n} times." for n in range(MOST_TELLING)]


@pytest.mark.parametrize(
    "changes",
    [
        {"others_fact": "It is blue, says Randy Kerber."},
        {"others_fact": "It is blue, say Randy Kerber's friends."},
        {"other": "Which color does randy kerber like?"},
        {"others_fact": "It is blue, says Mr. Kerber.", "aliases": ("Kerber",)},
        {"answer": "7", "fact": "Of 7.", "others_fact": "It is blue, and seven feet high."},
        {
            "other": "Which color is the piano that he recorded?",
            "others_options": ("Randy Kerber", "red", "green"),
        },
        {"elsewhere": COMMON, "others_fact": "The piano is blue, says Randy Kerber."},
        {"elsewhere": COMMON, "other": "Which piano does Randy Kerber play?"},
        {"fact": "Randy Kerber, in blue, recorded every part."},
        {"distractors": ("blue", "Ann Poe", "Bo Lee"), "other": "Which pianist is it, as recorded?"},
    ],
)
def test_an_answer_that_stands_with_another_question_gives_itself_away(changes: dict[str, object]) -> None:
    assert pairs(**changes) == BOTH  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"others_fact": "It is blue, says Randy Newman."},
        {"others_fact": "It is blue, says Randolph Kerber."},
        {"others_fact": "It is blue, says Randy Newman to Ann Kerber."},
        {"answer": "7", "fact": "Of 7.", "others_fact": "It is blue, and 70 feet high."},
        {"others_options": ("Randy Kerber", "red", "green")},
        {"elsewhere": COMMON, "others_fact": "It is blue, says Randy Kerber, who was there."},
        {"answer": "What?", "fact": "What?", "others_fact": "It is blue, and so is what is near."},
        {"fact": "Randy Kerber recorded every part.", "others_fact": "It is blue, recorded at the piano."},
    ],
)
def test_what_tells_nothing_gives_nothing_away(changes: dict[str, object]) -> None:
    assert pairs(**changes) == set()  # type: ignore[arg-type]


LIVE = Question("live", "f0", "The audition was sung live on the set.", "true", (), Difficulty.EASY)


@pytest.mark.parametrize(
    ("others_fact", "found"),
    [
        ("It is blue where the audition was sung.", {frozenset(("live", "color"))}),
        ("It is blue at the audition.", set()),
        ("It is blue all of the time.", set()),
    ],
)
def test_a_statement_is_given_away_by_half_of_its_words(others_fact: str, found: set[frozenset[str]]) -> None:
    assert pairs(LIVE, "She sang it there.", others_fact=others_fact) == found


def test_one_fact_answers_all_of_its_questions() -> None:
    fact = phrase(words_of("Randy Kerber recorded the piano in blue."))
    again = replace(KERBER, id="again", prompt="Which color is it?", answer="blue")
    found = giveaways([read_question(KERBER, fact), read_question(again, fact)], [fact])
    assert {frozenset(pair) for pair in found} == {frozenset(("pianist", "again"))}


WORDS = st.lists(
    st.sampled_from(["red", "green", "blue", "three", "3", "four", "lamps", "piano", "Kerber", "the"]),
    min_size=1,
    max_size=5,
)


@st.composite
def packs(draw: st.DrawFn) -> tuple[list[Reading], list[str]]:
    """Packs of a few words, so that much is shared."""
    texts = [" ".join(draw(WORDS)) for _ in range(draw(st.integers(1, 12)))]
    facts = [phrase(words_of(text)) for text in dict.fromkeys(texts)]
    questions = [
        Question(
            f"q{n}",
            f"f{n % len(facts)}",
            " ".join(draw(WORDS)),
            " ".join(draw(WORDS)),
            ("x", "y", "z"),
            Difficulty.EASY,
        )
        for n in range(draw(st.integers(0, 8)))
    ]
    return [read_question(question, facts[int(question.fact[1:])]) for question in questions], facts


@given(packs())
def test_a_rare_answer_never_stands_with_a_question_that_it_is_not_kept_from(
    pack: tuple[list[Reading], list[str]],
) -> None:
    readings, facts = pack
    found = {frozenset(pair) for pair in giveaways(readings, facts)}
    for one in readings:
        rare = sum(one.answer in fact for fact in facts) <= MOST_TELLING and one.answer != " the "
        for other in readings:
            if rare and one is not other and one.answer in other.fact:
                assert frozenset((one.question.id, other.question.id)) in found
    assert all(len(pair) == 2 for pair in found)
