"""What a server's own pack becomes of single questions, down to each sentence and id."""

from typing import Any

import pytest

from bot.core import own
from bot.core.content import Difficulty, Pack
from bot.core.own import (
    LONGEST_SHOWN,
    MOST_QUESTIONS,
    TITLE,
    Change,
    Fault,
    Row,
    addition,
    change,
    is_own,
    new_id,
    pack_id,
    shown,
    without,
    write_toml,
    written,
)
from tests.own_pack import no_questions

NOTHING = no_questions(5)
WRONG = ["Ben", "Cleo", "Dev"]


def row(prompt: str, line: int = 0, lines: dict[str, int] | None = None, **values: Any) -> Row:
    return Row({"prompt": prompt, "answer": "Ada", **values}, line, lines or {})


def done(*rows: Row, before: Pack = NOTHING, out: frozenset[str] = frozenset()) -> Change:
    made = change(before, rows, out)
    assert isinstance(made, Change), made
    return made


def asked(pack: Pack) -> list[dict[str, object]]:
    return [dict(written(one, fact)) for one, fact in zip(pack.questions, pack.facts, strict=True)]


def test_the_pack_of_a_server_is_known_by_its_id() -> None:
    assert (pack_id(5), TITLE) == ("server:5", "this server's own questions")
    assert is_own("server:5")
    assert not is_own("la-la-land")
    assert Pack("server:5", TITLE, (), ()) == NOTHING


def test_who_comes_to_have_anothers_prompt_is_to_blame() -> None:
    before = done(row("Who leads?"), row("Who follows?")).pack
    assert change(before, [row("Who follows?", 3, id="who-leads")]) == (
        Fault(3, "the same question is there already"),
    )


def test_two_prompts_of_the_same_words_get_ids_of_their_own() -> None:
    made = done(row("Who leads?"), row("Who leads!"))
    assert [one.id for one in made.pack.questions] == ["who-leads", "who-leads-2"]


def test_so_many_bytes_are_taken_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(write_toml(done(row("Who?")).pack).encode())
    monkeypatch.setattr(own, "MOST_BYTES", size)
    assert isinstance(change(NOTHING, [row("Who?")]), Change)
    monkeypatch.setattr(own, "MOST_BYTES", size - 1)
    too_long = (
        Fault(0, "All questions together would be too long. Leave some out, or tell less afterwards."),
    )
    assert change(NOTHING, [row("Who?")]) == too_long
    assert addition(NOTHING, {"prompt": "Who?", "answer": "Ada"}) == too_long


def test_every_fault_is_told_with_its_line() -> None:
    rows = [
        row("Who leads?", 1, {"difficulty": 3, "answer": 2}, difficulty="impossible", answer=7),
        row("Who follows?", 5, mood="sad"),
        row("Who stays?", 8, id="stays"),
        row("Who goes?", 11, id="stays"),
        row("who STAYS?", 14, id="again"),
        row("Who presses?", 17, distractors=["Ben"], answers="buttons"),
    ]
    found = change(NOTHING, rows)
    assert not isinstance(found, Change)
    assert [fault.line for fault in found] == [2, 3, 5, 11, 14, 17]
    assert found[0].problem.startswith("'answer' ")
    assert found[1].problem.startswith("'difficulty' ")
    assert found[2].problem.startswith("'mood' ")
    assert found[3] == Fault(11, "the same question is there already, in line 8")
    assert found[4] == Fault(14, "the same question is there already, in line 8")
    assert found[5] == Fault(17, "'answers' is buttons, which takes exactly 3 wrong answers")
    assert str(found[3]) == "Line 11: the same question is there already, in line 8"
    assert str(Fault(0, "There is none.")) == "There is none."


def test_what_is_new_changed_or_neither_is_counted_and_keeps_its_place() -> None:
    first = done(row("Who leads?"), row("Who follows?"), row("Who stays?"))
    assert (first.new, first.changed, first.unchanged) == (3, 0, 0)
    again = done(
        row("WHO leads?"),
        row("Who  follows?", answer="Ben"),
        row("Who  stays?", answers="both"),
        row("Who came?", id="late"),
        before=first.pack,
    )
    assert (again.new, again.changed, again.unchanged) == (1, 2, 1)
    assert [one.id for one in again.pack.questions] == ["who-leads", "who-follows", "who-stays", "late"]
    assert [one.prompt for one in again.pack.questions][:2] == ["WHO leads?", "Who follows?"]
    assert again.pack.id == NOTHING.id
    assert (again.pack.title, again.pack.topics) == (TITLE, ())


def test_an_id_that_is_taken_or_out_of_play_is_given_to_nobody() -> None:
    made = done(row("Who leads?"), row("Who?", id="who-leads-2"), out=frozenset({"who-leads"}))
    assert [one.id for one in made.pack.questions] == ["who-leads-3", "who-leads-2"]
    more = addition(made.pack, {"prompt": "Who leads!", "answer": "Ada"}, frozenset({"who-leads-4"}))
    assert isinstance(more, Change)
    assert (more.new, more.pack.questions[-1].id) == (1, "who-leads")
    out = frozenset({"who-leads", "who-leads-4"})
    more = addition(made.pack, {"prompt": "Who leads!", "answer": "Ada"}, out)
    assert isinstance(more, Change)
    assert more.pack.questions[-1].id == "who-leads-5"
    assert addition(made.pack, {"prompt": "Who leads?", "answer": "Ada"}) == (
        Fault(0, "the same question is there already"),
    )
    assert isinstance(addition(made.pack, {}), tuple)


@pytest.mark.parametrize(
    ("prompt", "taken", "id_"),
    [
        ("Who founded this server?", set(), "who-founded-this-server"),
        ("Who?", {"who"}, "who-2"),
        ("Who?", {"who", "who-2", "who-3"}, "who-4"),
        ("???", set(), "question"),
        ("???", {"question"}, "question-2"),
        ("a" * 50, set(), "a" * 40),
        (f"{'a' * 39} {'b' * 9}", set(), "a" * 39),
    ],
)
def test_an_id_is_made_of_the_prompt(prompt: str, taken: set[str], id_: str) -> None:
    assert new_id(prompt, taken) == id_


def test_one_is_taken_out_and_the_rest_stays() -> None:
    three = done(row("Who leads?"), row("Who follows?", afterwards="Ben did."), row("Who stays?"))
    left = without(three.pack, "who-leads")
    assert left == done(row("Who follows?", afterwards="Ben did."), row("Who stays?")).pack
    assert without(left, "nobody") == left


def test_what_is_written_down_is_what_was_said() -> None:
    made = done(
        row(
            " Who \n leads? ",
            id="lead",
            distractors=WRONG,
            aliases=[" Lady  Ada "],
            afterwards="She\ndoes.",
            difficulty="hard",
            answers="buttons",
        ),
        row("Who follows?", distractors=[], aliases=[], afterwards="", answers=""),
    )
    first, second = asked(made.pack)
    assert list(first.items()) == [
        ("id", "lead"),
        ("prompt", "Who leads?"),
        ("answer", "Ada"),
        ("distractors", WRONG),
        ("aliases", ["Lady Ada"]),
        ("afterwards", "She does."),
        ("difficulty", "hard"),
        ("answers", "buttons"),
    ]
    assert list(second.items()) == [
        ("id", "who-follows"),
        ("prompt", "Who follows?"),
        ("answer", "Ada"),
        ("difficulty", "medium"),
    ]
    question, fact = made.pack.questions[0], made.pack.facts[0]
    assert (question.fact, question.difficulty, question.buttons_only) == ("lead", Difficulty.HARD, True)
    assert (fact.id, fact.text, fact.topics) == ("lead", "She does.", ())


def test_a_statement_has_no_distractors_and_small_letters() -> None:
    made = done(
        row("Ada leads.", answer="TRUE", distractors=["False"]),
        row("Ben leads.", answer="False"),
    )
    assert [(one.answer, one.distractors) for one in made.pack.questions] == [("true", ()), ("false", ())]
    mixed = row("What did they say?", 4, answer="True", distractors=["Maybe", "Never", "False"])
    assert change(NOTHING, [mixed]) == (
        Fault(4, "'answer' is true or false, so there must be no wrong answers"),
    )


def test_what_a_stranger_wrote_is_cut_and_made_visible() -> None:
    assert shown("a" * LONGEST_SHOWN) == "a" * LONGEST_SHOWN
    assert shown("a" * (LONGEST_SHOWN + 1)) == "a" * LONGEST_SHOWN + "…"
    assert shown("a\u202eb\nc") == "a\ufffdb\ufffdc"


@pytest.mark.parametrize("key", ["prompt", "answer", "distractors", "aliases", "afterwards"])
def test_nothing_that_cannot_be_seen_is_taken(key: str) -> None:
    hidden = "Who\u202e?"
    in_list = key in ("distractors", "aliases")
    values: dict[str, Any] = {key: ["Ben", "Cleo", hidden] if in_list else hidden}
    entry = "an entry that has " if in_list else ""
    assert change(NOTHING, [Row({"prompt": "Who?", "answer": "Ada", **values})]) == (
        Fault(0, f"'{key}' has {entry}an invisible right-to-left override in it (U+202E)"),
    )


def test_questions_that_tell_each_others_answers_are_kept_apart() -> None:
    made = done(
        row("Who founded the jazz club?", answer="Sebastian Wilder"),
        row("What did Sebastian Wilder found?", answer="A jazz club"),
        row("Who drives a Prius?", answer="Mia Dolan"),
    )
    one, other, third = made.pack.questions
    assert (one.never_with, other.never_with, third.never_with) == ((other.id,), (one.id,), ())


def test_as_many_as_a_server_can_have_are_taken_and_no_more() -> None:
    assert change(NOTHING, []) == (Fault(0, "There is no question in it."),)
    rows = [row(f"Who is number {number}?") for number in range(MOST_QUESTIONS)]
    full = done(*rows)
    assert (full.new, len(full.pack.questions)) == (MOST_QUESTIONS, MOST_QUESTIONS)
    assert change(NOTHING, [*rows, row("One more?")]) == (
        Fault(0, "It has 501 questions, and a server can have 500."),
    )
    assert change(full.pack, [row("One more?")]) == (
        Fault(0, "There would be 501 questions, and a server can have 500."),
    )
    assert done(row("Who is number 7?"), before=full.pack).unchanged == 1
