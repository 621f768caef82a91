"""A server's own questions as strangers write them: forms and files, good, careless and hostile."""

import codecs
import csv
import io
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.content import Difficulty, Pack
from bot.core.own import (
    KEYS,
    MOST_BYTES,
    MOST_QUESTIONS,
    Change,
    Fault,
    Row,
    addition,
    change,
    without,
    write_toml,
)
from bot.core.own_files import read_file, write_csv
from tests.examples import examples
from tests.hostile import PIECES
from tests.own_pack import no_questions

NOTHING = no_questions(5)
LONGEST_HEADER = 80
MOST_SECONDS = 10
"""Far more than any file takes, and far less than one that costs the square of its size."""

TOML = """
[[questions]]
prompt = "Who founded this server?"
answer = "Ada"
distractors = ["Ben", "Cleo", "Dev"]
afterwards = '''
She did, on a
rainy day.'''

[[questions]]
id = "pets"
prompt = "What is Ben's dog called?"
answer = "Rex"
aliases = ["King Rex"]
difficulty = "hard"
"""


def read(name: str, content: str | bytes, before: Pack = NOTHING) -> Change | tuple[Fault, ...]:
    rows, faults = read_file(name, content.encode() if isinstance(content, str) else content)
    return tuple(faults) or change(before, rows)


def good(name: str, content: str | bytes, before: Pack = NOTHING) -> Change:
    done = read(name, content, before)
    assert isinstance(done, Change), done
    return done


def faults(name: str, content: str | bytes, before: Pack = NOTHING) -> list[str]:
    found = read(name, content, before)
    assert not isinstance(found, Change), found
    return list(map(str, found))


def form(**values: Any) -> list[str]:
    found = addition(NOTHING, {"prompt": "Who?", "answer": "Ada", **values})
    return [] if isinstance(found, Change) else list(map(str, found))


def test_what_is_left_out_gets_sensible_values() -> None:
    done = good("ours.toml", TOML)
    assert (done.new, done.changed, done.unchanged) == (2, 0, 0)
    first, second = done.pack.questions
    assert (first.id, first.difficulty, first.can_be_pressed) == (
        "who-founded-this-server",
        Difficulty.MEDIUM,
        True,
    )
    assert done.pack.facts[0].text == "She did, on a rainy day."
    assert (second.id, second.difficulty, second.aliases) == ("pets", Difficulty.HARD, ("King Rex",))
    assert (second.can_be_pressed, second.can_be_typed, done.pack.facts[1].text) == (False, True, "")


def test_a_second_import_changes_what_changed() -> None:
    before = good("ours.toml", TOML).pack
    again = good("ours.toml", TOML, before)
    assert (again.new, again.changed, again.unchanged, again.pack) == (0, 0, 2, before)
    more = TOML.replace("Rex", "Max") + '[[questions]]\nprompt = "And?"\nanswer = "yes"\n'
    changed = good("ours.toml", more, before)
    assert (changed.new, changed.changed, changed.unchanged) == (1, 1, 1)
    assert len(without(changed.pack, "pets").questions) == 2


def test_an_import_knows_which_of_its_questions_are_void() -> None:
    rows, _ = read_file("ours.toml", TOML.encode())
    done = change(NOTHING, rows, {"pets", "who-founded-this-server", "long-gone"})
    assert isinstance(done, Change)
    # What has no id gets one that is not void.
    assert [question.id for question in done.pack.questions] == ["who-founded-this-server-2", "pets"]
    assert (done.new, done.void) == (2, 1)


def test_all_faults_come_at_once_with_their_lines() -> None:
    content = """
[[questions]]
prompt = ""
colour = "red"

[[questions]]
# A comment with [[questions]] and an apostrophe's quotes: "
prompt = "Where is Rome?"
answer = "Rome"
distractors = [
  "Rome",
  "Bonn",
]

[[questions]]
prompt = '''
[[questions]]
answer = "no" '''
answer = "Bon\\u200bn"
difficulty = "gruesome"
"""
    assert faults("ours.toml", content) == [
        "Line 2: 'answer' is missing",
        "Line 3: 'prompt' is missing",
        "Line 4: 'colour' is unknown",
        "Line 6: answer 'Rome' is in the question",
        "Line 6: wrong answer 'Rome' is the same as the right one 'Rome'",
        "Line 19: 'answer' has an invisible zero width space in it (U+200B)",
        "Line 20: 'difficulty' must be one of easy, medium, hard",
    ]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        (
            {"answer": "\u202eevil"},
            "'answer' has an invisible right-to-left override in it (U+202E)",
        ),
        ({"answer": "\ud800"}, "'answer' has an invisible line break or control character in it (U+D800)"),
        ({"answer": "Z" + "\u0301" * 9}, "'answer' has a heap of accents on one letter"),
        ({"answer": "lII", "distractors": ["Ill"]}, "choices 'lII' and 'Ill' look alike"),
        ({"answer": "Max", "distractors": ["M\u0430x"]}, "choices 'Max' and 'M\u0430x' look alike"),
        (
            {"answer": "Max", "distractors": ["Max Well"]},
            "wrong answer 'Max Well' contains the right one 'Max'",
        ),
        ({"answers": "buttons"}, "'answers' is buttons, which takes exactly 3 wrong answers"),
        ({"prompt": "w" * 201}, "'prompt' is too long: 201 characters, at most 200"),
        ({"answer": "all of the above"}, "'all of the above' must not appear in a question or a choice"),
    ],
)
def test_what_nobody_could_play_fairly_is_refused(values: dict[str, Any], problem: str) -> None:
    assert form(**values) == [problem]


@pytest.mark.parametrize(
    "values",
    [
        {"prompt": "Name our first moderator", "answer": "Ada"},
        {"prompt": "Who did not come?", "answer": "Ben"},
        {"prompt": "🦁👑", "answer": "The Lion King"},
        {
            "prompt": "Which one?",
            "answer": "🍕",
            "distractors": ["🍔", "👩\u200d🚀", "🏴\U000e0067\U000e007f"],
        },
        {"prompt": "می\u200cخواهم؟", "answer": "نمی\u200cدانم"},
        {"prompt": "どれ？", "answer": "映画"},
        {"prompt": "Which suit?", "answer": "♥\ufe0e", "distractors": ["♣\ufe0e", "♠\ufe0e"]},
        {"prompt": "We have a dog", "answer": "True", "distractors": ["False"]},
        {"answer": "-5", "distractors": ["=1+1", "+3", "@4"]},
    ],
)
def test_what_people_ask_everywhere_is_taken(values: dict[str, Any]) -> None:
    assert form(**values) == []


def test_a_statement_is_one_however_it_is_written() -> None:
    done = addition(NOTHING, {"prompt": "Dogs bark", "answer": "TRUE", "distractors": ["False"]})
    assert isinstance(done, Change)
    [question] = done.pack.questions
    assert (question.answer, question.is_true_or_false, question.can_be_pressed) == ("true", True, True)


def test_a_form_does_not_replace_what_is_there() -> None:
    done = addition(NOTHING, {"prompt": "Who?", "answer": "Ada"})
    assert isinstance(done, Change)
    again = addition(done.pack, {"prompt": "WHO?", "answer": "Ben"})
    assert not isinstance(again, Change)
    assert [one.problem for one in again] == ["the same question is there already"]


def test_csv_of_spreadsheets_is_read() -> None:
    content = (
        "Question;Right answer;Wrong_1;wrong 2;WRONG 3;Also right\r\n"
        '"Who?\nReally";Ada;Ben;Cleo;Dev;"A\nAd"\r\n'
        ";;;;;\r\n"
    )
    for encoded in (
        content.encode(),
        content.encode("utf-8-sig"),
        codecs.BOM_UTF16_LE + content.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + content.encode("utf-16-be"),
    ):
        [question] = good("OURS.CSV", encoded).pack.questions
        assert (question.prompt, question.aliases) == ("Who? Really", ("A", "Ad"))
        assert question.distractors == ("Ben", "Cleo", "Dev")


def test_cells_that_a_spreadsheet_leaves_empty_at_the_end_are_none() -> None:
    done = good("ours.csv", "prompt,answer,,\nWho?,Ada,,\nWhen?,Now,, ,\n")
    assert [question.answer for question in done.pack.questions] == ["Ada", "Now"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("prompt,answer,colour\n", "Line 1: There is no column 'colour'. There are "),
        ("Who?,Ada\n", "Line 1: The first line must name the columns. There are id, prompt, "),
        ("prompt\nWho?\n", "Line 1: The header in the first line has no column 'answer'."),
        ("prompt,prompt,answer\n", "Line 1: The column 'prompt' is there twice."),
        ("prompt,answer\nWho?,Ada,more\n", "Line 2: This row has 3 cells, and the header has 2."),
        ('prompt,answer\nWho?,"Ada\n', "Line 2: This is not CSV: "),
        ('prompt,answer\n\n"Who\nis it?",Ada\nWho,\n', "Line 5: 'answer' is missing"),
        ("", "There is no question in it."),
    ],
)
def test_a_faulty_csv_is_told_what_is_wrong(content: str, problem: str) -> None:
    [found] = faults("ours.csv", content)
    assert found.startswith(problem)


def test_nothing_runs_in_a_spreadsheet() -> None:
    texts = ["=1+1", "+3", "-5", "@SUM(A1)", "'=quoted", "''+twice", "'plain", "\uff1dwide"]
    rows = [Row({"prompt": f"Which, {number}?", "answer": text}) for number, text in enumerate(texts)]
    done = change(NOTHING, rows)
    assert isinstance(done, Change)
    content = write_csv(done.pack)
    for row in csv.reader(io.StringIO(content, newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\uff1d")) for cell in row)
    assert good("x.csv", content).pack == done.pack


BOMBS = {
    "dots": b"a" + b".a" * 131_000 + b"=1",
    "quoted dots": b'"a"' + b'."a"' * 60_000 + b"=1",
    "brackets": b"a = " + b"[" * 200_000,
    "tables": b"a = " + b"{a=" * 80_000,
    "escapes": b'"""' + b'\\"""' * 65_000,
    "quotes": b'"' * MOST_BYTES,
    "apostrophes": b"'" * MOST_BYTES,
    "keys": b"[[questions]]\n" + b"".join(b"k%d=1\n" % number for number in range(28_000)),
    "heads": b"[[questions]]\n" * 18_000,
    "empty tables": b"questions=[" + b"{}," * 80_000 + b"]",
    "digits": b"[[questions]]\nprompt=" + b"1" * 200_000,
    "month": b"[[questions]]\nprompt=2026-13-45",
    "nul": b"\0" * 1_000,
    "utf-16 cut off": b"\xff\xfea",
    "latin-1": "prompt = 'é'".encode("latin-1"),
    "too large": b"#" * (MOST_BYTES + 1),
}


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("name", ["x.toml", "x.csv", "x.exe", "toml"])
def test_bombs_get_a_sentence(name: str, bomb: str) -> None:
    begun = time.process_time()
    assert faults(name, BOMBS[bomb])
    assert time.process_time() - begun < MOST_SECONDS


def test_there_is_a_most_of_everything() -> None:
    rows = [Row({"prompt": f"Who is {number}?", "answer": "Ada"}) for number in range(MOST_QUESTIONS)]
    full = change(NOTHING, rows)
    assert isinstance(full, Change)
    assert change(full.pack, [Row({"prompt": "One more?", "answer": "Ada"})]) == (
        Fault(0, "There would be 501 questions, and a server can have 500."),
    )
    long = [Row({**row.values, "afterwards": "é" * 600}) for row in rows]
    assert change(NOTHING, long) == (
        Fault(0, "All questions together would be too long. Leave some out, or tell less afterwards."),
    )


def test_no_question_is_kept_apart_from_more_than_a_round_has() -> None:
    rows = [Row({"prompt": f"Who lives in house {number}?", "answer": f"A{number}z"}) for number in range(60)]
    telling = " ".join(str(row.values["answer"]) for row in rows)
    rows.append(Row({"prompt": "Who lives here?", "answer": "Everybody", "afterwards": telling}))
    done = change(NOTHING, rows)
    assert isinstance(done, Change)
    assert max(len(question.never_with) for question in done.pack.questions) == 25


WORDS = st.lists(
    st.sampled_from([*PIECES, "Ada", "Ben", "Rex", "5", "=1", "-2", '"', "'", "\n", ",", ";"]), max_size=4
)
TEXT = st.one_of(WORDS.map("".join), st.text(max_size=30))
VALUES = st.one_of(TEXT, st.lists(TEXT, max_size=4), st.none(), st.integers(), st.booleans())
TABLES = st.dictionaries(st.sampled_from([*KEYS, "colour"]), VALUES) | st.fixed_dictionaries(
    {"prompt": TEXT, "answer": TEXT},
    optional={
        "distractors": st.lists(TEXT, max_size=3),
        "aliases": st.lists(TEXT, max_size=2),
        "afterwards": TEXT,
        "difficulty": st.sampled_from(list(map(str, Difficulty))),
    },
)


@given(st.lists(TABLES, max_size=6), st.lists(TABLES, max_size=3))
@settings(max_examples=examples(1_000), deadline=None)
def test_what_was_taken_comes_back_equal(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> None:
    pack = NOTHING
    for tables in (first, second):
        for rows in [list(map(Row, tables)), *[[Row(table)] for table in tables]]:
            done = change(pack, rows)
            if isinstance(done, Change):
                pack = done.pack
            else:
                assert done
                assert all(fault.problem for fault in done)
    if pack.questions:
        for name, content in (("x.toml", write_toml(pack)), ("x.csv", write_csv(pack))):
            assert len(content.encode()) <= len(write_toml(pack).encode()) + LONGEST_HEADER
            assert good(name, content).pack == pack
            again = good(name, content, pack)
            assert (again.pack, again.unchanged) == (pack, len(pack.questions))


@given(
    st.binary(max_size=300) | TEXT.map(lambda text: text.encode(errors="replace")),
    st.sampled_from(["x.toml", "x.csv"]),
)
@settings(max_examples=examples(2_000), deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    done = read(name, content)
    assert isinstance(done, Change) or done


LINES = st.lists(
    st.sampled_from(
        [
            "[[questions]]",
            'prompt = "Who?"',
            "answer = 'Ada'",
            '"""',
            "'''",
            "[a.b.c]",
            "distractors = [",
            "]",
            "# [[",
            '"',
            "prompt,answer",
            "Who,Ada",
            '"Who',
            "",
            "id = 'x'",
        ]
    ),
    max_size=12,
).map("\n".join)


@given(LINES, st.sampled_from(["x.toml", "x.csv"]))
@settings(max_examples=examples(3_000), deadline=None)
def test_any_lines_are_read_or_refused(content: str, name: str) -> None:
    done = read(name, content)
    if isinstance(done, Change):
        assert done.pack.questions
    else:
        assert all(fault.line <= content.count("\n") + 1 for fault in done)


def test_a_question_written_anew_does_not_get_an_id_that_is_out_of_play() -> None:
    values = {"prompt": "Who is it?", "answer": "Ada"}
    for done in (
        addition(NOTHING, values, {"who-is-it"}),
        change(NOTHING, [Row(values)], {"who-is-it"}),
    ):
        assert isinstance(done, Change)
        assert [one.id for one in done.pack.questions] == ["who-is-it-2"]
