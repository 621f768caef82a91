import pytest

from bot.core.content import Difficulty, Fact, Pack, Question
from tests.core.composed import Rule
from tests.cues.memory import Memory
from tests.cues.rounds import LENGTH, play, tally

LEVELS = tuple(Difficulty)


def pack(count: int, *, tied: bool = False) -> Pack:
    """Make a pack of so many questions on a topic each; if `tied`, each is never with the one after it."""
    ids = [f"q{n}" for n in range(count)]
    return Pack(
        "film",
        "A Film",
        (),
        tuple(Fact(f"f{n}", f"Of lamp {n} it is said: bulb{n}.", (f"t{n}",)) for n in range(count)),
        tuple(
            Question(
                id_,
                f"f{n}",
                f"What is said of lamp {n}?",
                f"bulb{n}",
                (f"red{n}", f"blue{n}", f"green{n}"),
                LEVELS[n % 3],
                never_with=(ids[n ^ 1],) if tied else (),
            )
            for n, id_ in enumerate(ids)
        ),
    )


def test_rounds_come_from_one_deck() -> None:
    played = [card.id for one in play(pack(60), 6, 1) for card in one.cards]
    assert len(played) == len(set(played)) == 60


def test_what_gave_way_is_counted() -> None:
    counted = tally(pack(LENGTH), 3)
    assert counted.rounds == counted.opened_easy == 3
    assert counted.as_hard_as_planned == 0, "of ten questions four are easy"
    assert counted.gave_way == {Rule.DIFFICULTY: 3, Rule.ECHO: 3}, "every answer has a number"
    assert counted.kept_every_rule == 0


def test_composed_rounds_keep_apart_what_drawn_ones_do_not() -> None:
    tied = pack(60, tied=True)
    assert tally(tied, 4).answered_by_the_rule == 0
    assert tally(tied, 4, composed=False).answered_by_the_rule > 0


def memory(earlier_fact: str, later: Question) -> bool:
    filler = tuple(Fact(f"x{n}", f"Something else{n} was said then{n}.", ("t",)) for n in range(20))
    earlier = Question("earlier", "e", "Which color is it?", "blue", ("red", "green", "tan"), Difficulty.EASY)
    facts = (Fact("e", earlier_fact, ("t",)), Fact("l", "The other fact.", ("t",)), *filler)
    return Memory(Pack("film", "A Film", (), facts, (earlier, later))).answers("earlier", "later")


PIANO = Question(
    "later", "l", "Who recorded the piano?", "Randy Kerber", ("Ann Poe", "Bo Lee", "Cy Foxx"), Difficulty.EASY
)


@pytest.mark.parametrize(
    ("fact", "answered"),
    [
        ("It is blue. The piano was recorded by Randy Kerber.", True),
        ("It is blue. The pianos were recordings of a certain Kerber.", True),
        ("It is blue. The piano was recorded by Randy Kerber, and another by Cy Foxx.", False),
        ("It is blue. Randy Kerber was there.", False),
        ("It is blue.", False),
    ],
)
def test_memory_answers_what_a_sentence_like_the_prompt_names(fact: str, answered: bool) -> None:
    assert memory(fact, PIANO) is answered


def test_memory_answers_a_statement_that_a_sentence_is_like() -> None:
    said = Question("later", "l", "The piano was recorded first.", "true", (), Difficulty.EASY)
    assert memory("It is blue. The piano was recorded by Randy Kerber.", said)
    assert not memory("It is blue. Randy Kerber was there.", said)
