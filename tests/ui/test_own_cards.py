"""Cards of a server's own questions, as long as moderators can make them."""

import pytest

from bot.core.content import Difficulty, Fact, Question
from bot.core.own import Change
from bot.core.own_files import read_file
from bot.ui.own_cards import FIELDS, import_card, own_card
from tests.own_pack import no_questions
from tests.ui.cards import THREE_BYTES, assert_sendable, texts


@pytest.mark.parametrize("filler", [THREE_BYTES, "*", "|", "a"])
def test_the_longest_question_of_ones_own(filler: str) -> None:
    fact = Fact("f", filler * 600, ())
    choices = tuple(f"{index}{filler * 59}" for index in range(3))
    spellings = tuple(f"{index:02}{filler * 58}" for index in range(20))
    question = Question("q", "f", filler * 200, filler * 60, choices, Difficulty.MEDIUM, spellings)
    said = "\n".join(texts(assert_sendable(own_card((question, fact), 1, set()))))
    assert "Also right: 00" in said


@pytest.mark.parametrize(("void", "said"), [(0, None), (1, "1 of these is void"), (2, "2 of these are void")])
def test_an_import_says_what_will_not_be_asked(void: int, said: str | None) -> None:
    shown = "\n".join(texts(assert_sendable(import_card(Change(no_questions(1), new=3, void=void), 7))))
    assert "3 new, 0 changed, 0 unchanged" in shown
    assert said in shown if said else "void" not in shown


def test_the_labels_of_the_form_are_headings_of_a_file() -> None:
    header = ",".join(label for label, *_ in FIELDS.values())
    [row], faults = read_file("ours.csv", f"{header}\nWho?,Ada,Ben,Ad,She was first\n".encode())
    assert not faults
    assert set(row.values) == set(FIELDS)
