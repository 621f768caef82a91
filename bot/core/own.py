"""A server's own questions: a pack of that server alone, and how adding and changing questions alters it.

They follow the rules of packs, but a server may leave more out. There are no topics. Each question has a fact
of its own with the same id, whose text is shown afterwards and may be empty. Matters of taste (how a prompt
ends, negations, the balance of a whole pack) are up to the server.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from bot.core.content import TRUE_OR_FALSE, Difficulty, Fact, Pack, Question
from bot.core.giveaways import kept_apart
from bot.core.pack_check import BUTTONS, QUESTIONS, question_of
from bot.core.question_rules import unfairness
from bot.core.reading import read_question
from bot.core.tables import Key, Table, key_problems, text_of
from bot.core.words import phrase, words_of

TITLE = "this server's own questions"
MOST_QUESTIONS = 500
MOST_BYTES = 256 * 1024
"""Of any file to read, and of a server's questions as TOML, so that an export can be imported again."""
MOST_APART = 25
"""A round has no more questions, so no more of those that give a question away need to be known."""
LONGEST_SHOWN = 60

PREFIX = "server:"
"""No folder has such a name: a pack's id on disk is a slug."""
_LONGEST_ID = 40


def pack_id(guild_id: int) -> str:
    """Return the id of a server's own pack."""
    return f"{PREFIX}{guild_id}"


def is_own(pack: str) -> bool:
    """Return whether this is the id of a server's own pack."""
    return pack.startswith(PREFIX)


KEYS: Mapping[str, Key] = {
    "id": replace(QUESTIONS.keys["id"], required=False),
    **{name: QUESTIONS.keys[name] for name in ("prompt", "answer", "distractors", "aliases")},
    "afterwards": Key(text_of(600), required=False),
    "difficulty": replace(QUESTIONS.keys["difficulty"], required=False),
    "answers": QUESTIONS.keys["answers"],
}
"""What a question can have: a pack's keys but for those that tie it to other files, and `afterwards`."""
LISTS = ("distractors", "aliases")


@dataclass(frozen=True, slots=True)
class Row:
    """A question as it was written: its values, the line it begins at (0: a form) and those of its keys."""

    values: Table
    line: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong: the line of the file (0 for a form, or for the whole file) and a sentence."""

    line: int
    problem: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.problem}" if self.line else self.problem


@dataclass(frozen=True, slots=True)
class Change:
    """A server's pack after a change, and how many of the given questions are new, changed or neither.

    `void` of them have ids that are out of play, and so are not asked.
    """

    pack: Pack
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    void: int = 0


Outcome = Change | tuple[Fault, ...]
"""What came of it, or all that is wrong, with nothing changed."""
Part = tuple[Question, Fact]
"""A question with its fact."""


def change(
    before: Pack, rows: Sequence[Row], out: AbstractSet[str] = frozenset(), found: Sequence[Fault] = ()
) -> Outcome:
    """Return a server's pack with these questions added or replaced, or all faults.

    Among these are those that were `found` when the questions were read. A question without an id is the one
    that has its prompt, else a new one, whose id is none of those that are `out` of play.
    """
    if not rows:
        return tuple(found) or (Fault(0, "There is no question in it."),)
    if len(rows) > MOST_QUESTIONS:
        return (Fault(0, f"It has {len(rows):,} questions, and a server can have {MOST_QUESTIONS}."),)
    faults = list(found)
    known = _parts(before)
    after, lines = dict(known), dict[str, int]()
    by_prompt = {question.prompt.casefold(): id_ for id_, (question, _) in known.items()}
    taken = {*known, *out, *(id_ for row in rows if isinstance(id_ := row.values.get("id"), str))}
    for row in rows:
        values = _tidied(row.values)
        if problems := key_problems(values, KEYS):
            faults += [
                Fault(row.lines.get(key, row.line), f"'{shown(key)}' {problem}")
                for key, problem in problems.items()
            ]
            continue
        prompt = values["prompt"]
        id_ = values.get("id") or by_prompt.get(prompt.casefold()) or new_id(prompt, taken)
        taken.add(id_)
        if id_ in lines:
            faults.append(_again(row.line, lines[id_]))
            continue
        lines[id_] = row.line
        after[id_] = _built(id_, values)
        faults += [Fault(row.line, problem) for problem in _problems(after[id_][0])]
    faults += _duplicates(after, lines)
    if len(after) > MOST_QUESTIONS:
        faults.append(
            Fault(0, f"There would be {len(after)} questions, and a server can have {MOST_QUESTIONS}.")
        )
    if faults:
        return tuple(sorted(faults))
    pack = _pack(before.id, after)
    if len(write_toml(pack).encode()) > MOST_BYTES:
        return (
            Fault(0, "All questions together would be too long. Leave some out, or tell less afterwards."),
        )
    counts = Counter(
        "new" if id_ not in known else "unchanged" if known[id_] == after[id_] else "changed" for id_ in lines
    )
    return Change(pack, **counts, void=len(out & lines.keys()))


def addition(before: Pack, values: Table, out: AbstractSet[str] = frozenset()) -> Outcome:
    """Return a server's pack with one new question, or all faults; ids `out` of play are not used again."""
    id_ = new_id(str(values.get("prompt")), {*out, *(question.id for question in before.questions)})
    return change(before, [Row({**values, "id": id_})])


def without(before: Pack, question_id: str) -> Pack:
    """Return a server's pack without one of its questions."""
    return _pack(before.id, {id_: part for id_, part in _parts(before).items() if id_ != question_id})


def written(question: Question, fact: Fact) -> Table:
    """Return a question's values as they are written down, in the order of `KEYS` and without empty ones."""
    values = {
        "id": question.id,
        "prompt": question.prompt,
        "answer": question.answer,
        "distractors": list(question.distractors),
        "aliases": list(question.aliases),
        "afterwards": fact.text,
        "difficulty": str(question.difficulty),
        "answers": BUTTONS if question.buttons_only else "",
    }
    return {key: value for key, value in values.items() if value}


def all_written(pack: Pack) -> Iterator[Table]:
    """Yield the values of all questions of a server."""
    return (written(question, fact) for question, fact in zip(pack.questions, pack.facts, strict=True))


def write_toml(pack: Pack) -> str:
    """Return a server's questions as TOML, which reads back as the same."""
    # JSON's texts and lists of texts are TOML's; what only TOML forbids in them is in no question.
    return "\n".join(
        "[[questions]]\n"
        + "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
        for values in all_written(pack)
    )


def new_id(prompt: str, taken: AbstractSet[str]) -> str:
    """Return an id for a new question, made of its prompt's words, that is not among those `taken`."""
    words = re.findall(r"[a-z0-9]+", " ".join(words_of(prompt)))
    base = "-".join(words)[:_LONGEST_ID].strip("-") or "question"
    number = 1
    while (id_ := f"{base}-{number}" if number > 1 else base) in taken:
        number += 1
    return id_


def shown(text: str) -> str:
    """Return a stranger's text so that a sentence about its fault can quote it."""
    seen = "".join(letter if letter.isprintable() else "\ufffd" for letter in text[: LONGEST_SHOWN + 1])
    return seen if len(seen) <= LONGEST_SHOWN else f"{seen[:LONGEST_SHOWN]}…"


def _tidied(values: Table) -> Table:
    """Return the values with single spaces for spaces and line breaks, and without empty ones."""
    tidied = {key: _tidy(value) for key, value in values.items()}
    return {key: value for key, value in tidied.items() if value not in ("", [])}


def _tidy(value: object) -> object:
    match value:
        case str():
            return " ".join(value.split())
        case list():
            return [_tidy(entry) for entry in value]
        case _:
            return value


def _built(id_: str, values: Table) -> Part:
    """Return a question of sound values, with equivalents in their usual form."""
    choices = {choice.casefold() for choice in (values["answer"], *values.get("distractors", ()))}
    if choices <= set(TRUE_OR_FALSE):
        values = {**values, "answer": values["answer"].casefold(), "distractors": ()}
    question = question_of({"difficulty": Difficulty.MEDIUM, **values, "id": id_, "fact": id_})
    return question, Fact(id_, values.get("afterwards", ""), ())


def _problems(question: Question) -> Iterator[str]:
    if question.buttons_only and not question.can_be_pressed:
        yield "'answers' is buttons, which takes exactly 3 wrong answers"
    yield from unfairness(read_question(question, ""))


def _duplicates(after: Mapping[str, Part], lines: Mapping[str, int]) -> Iterator[Fault]:
    """Yield a fault for each prompt that comes twice, unless both were there before."""
    first: dict[str, str] = {}
    for id_ in sorted(after, key=lambda id_: lines.get(id_, -1)):
        other = first.setdefault(after[id_][0].prompt.casefold(), id_)
        if other != id_:
            yield _again(lines.get(id_, 0), lines.get(other))


def _again(line: int, earlier: int | None) -> Fault:
    """Return the fault of a question that is there already; `earlier` is its line, if it has one."""
    return Fault(line, f"the same question is there already{f', in line {earlier}' if earlier else ''}")


def _parts(pack: Pack) -> dict[str, Part]:
    """Return a server's questions by their ids."""
    return {
        question.id: (replace(question, never_with=()), fact)
        for question, fact in zip(pack.questions, pack.facts, strict=True)
    }


def _pack(id_: str, parts: Mapping[str, Part]) -> Pack:
    facts = tuple(fact for _, fact in parts.values())
    readings = []
    for number, (question, fact) in enumerate(parts.values()):
        one = read_question(question, "")
        # With its number, as two that say the same are still two facts.
        told = f"{one.prompt}{one.answer}{phrase(words_of(fact.text))}{number} "
        readings.append(replace(one, fact=told))
    return Pack(id_, TITLE, (), facts, kept_apart(readings, [one.fact for one in readings], MOST_APART))
