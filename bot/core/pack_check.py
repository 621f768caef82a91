"""Reading a pack's files: all faults at once, each with its place, or a valid pack."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.content import TRUE_OR_FALSE, Difficulty, Fact, Pack, Question, Spoiler, Topic
from bot.core.question_rules import question_faults

Check = Callable[[object], str | None]

PACK_FILE, FACTS_FILE, QUESTIONS_FILE = "pack.toml", "facts.toml", "questions.toml"
PACK_FILES = (PACK_FILE, FACTS_FILE, QUESTIONS_FILE)
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong in a pack: the file, the item's id (empty for the file itself) and a sentence."""

    file: str
    item: str
    problem: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.item}" if self.item else self.file
        return f"{place}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a table: returns a sentence on what is wrong with a value, or None."""

    check: Check
    required: bool = True


def check_pack(folder: str, texts: Mapping[str, str]) -> tuple[Pack | None, tuple[Fault, ...]]:
    """Return the pack and no faults, or None and every fault found.

    `folder` is the pack's folder name, which must be its id. `texts` maps file names to their contents;
    `questions.toml` may be missing, since a pack can begin with facts alone.
    """
    faults: list[Fault] = []
    documents: dict[str, dict[str, Any]] = {}
    for name in PACK_FILES:
        if name not in texts:
            if name != QUESTIONS_FILE:
                faults.append(Fault(name, "", "is missing"))
            continue
        try:
            documents[name] = tomllib.loads(texts[name])
        except tomllib.TOMLDecodeError as error:
            faults.append(Fault(name, "", f"is not TOML: {error}"))

    head = documents.get(PACK_FILE, {})
    faults += _head_faults(folder, head) if PACK_FILE in documents else []
    faults += [fault for name in documents for fault in _unknown_tables(name, documents[name])]

    topics = _items(PACK_FILE, "topics", head, TOPIC, faults)
    fact_tables = _items(FACTS_FILE, "facts", documents.get(FACTS_FILE, {}), FACT, faults)
    question_tables = _items(QUESTIONS_FILE, "questions", documents.get(QUESTIONS_FILE, {}), QUESTION, faults)

    known_topics = {topic.get("id") for topic in topics}
    faults += [
        Fault(FACTS_FILE, _name(fact), f"topic '{topic}' is not in {PACK_FILE}")
        for fact in fact_tables
        for topic in _list(fact.get("topics"))
        if PACK_FILE in documents and topic not in known_topics
    ]
    faults += [fault for table in question_tables for fault in _choice_faults(table)]
    if faults:
        return None, tuple(sorted(faults))

    pack = Pack(
        id=head["id"],
        title=head["title"],
        topics=tuple(Topic(**topic) for topic in topics),
        facts=tuple(_fact(table) for table in fact_tables),
        questions=tuple(_question(table) for table in question_tables),
    )
    faults += [Fault(QUESTIONS_FILE, item, problem) for item, problem in question_faults(pack)]
    return (None, tuple(sorted(faults))) if faults else (pack, ())


def _text(longest: int, shortest: int = 1) -> Check:
    def check(value: object) -> str | None:
        if not isinstance(value, str):
            return "must be text"
        length = len(value.strip())
        if not length:
            return "is empty"
        if length < shortest:
            return f"is too short: {length} characters, at least {shortest}"
        if len(value) > longest:
            return f"is too long: {len(value)} characters, at most {longest}"
        return None

    return check


def _slug(value: object) -> str | None:
    if problem := _text(48)(value):
        return problem
    return None if SLUG.fullmatch(value) else "must be a slug of a-z, 0-9 and single hyphens"


def _one_of(options: Iterable[str]) -> Check:
    names = list(options)

    def check(value: object) -> str | None:
        return None if value in names else f"must be one of {', '.join(names)}"

    return check


def _list_of(each: Check, most: int, fewest: int = 0) -> Check:
    def check(value: object) -> str | None:
        if not isinstance(value, list):
            return "must be a list"
        if not fewest <= len(value) <= most:
            return f"must have {fewest} to {most} entries, and has {len(value)}"
        problems = [problem for entry in value if (problem := each(entry))]
        if problems:
            return f"has an entry that {problems[0]}"
        return None if len({str(entry).casefold() for entry in value}) == len(value) else "has an entry twice"

    return check


def _whole(least: int, most: int) -> Check:
    def check(value: object) -> str | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return "must be a whole number"
        return None if least <= value <= most else f"must be from {least} to {most}"

    return check


SPOILER_NAMES = {level.name.lower(): level for level in Spoiler}

TOPIC = {"id": Field(_slug), "name": Field(_text(30)), "emoji": Field(_text(8)), "about": Field(_text(90))}
FACT = {
    "id": Field(_slug),
    "text": Field(_text(600, 40)),
    "topics": Field(_list_of(_slug, most=3, fewest=1)),
    "people": Field(_list_of(_text(60), most=12), required=False),
    "films": Field(_list_of(_text(80), most=12), required=False),
    "spoiler": Field(_one_of(SPOILER_NAMES)),
    "paragraphs": Field(_list_of(_whole(1, 100_000), most=12), required=False),
    "as_of": Field(_whole(1880, 2200), required=False),
}
QUESTION = {
    "id": Field(_slug),
    "fact": Field(_slug),
    "prompt": Field(_text(200)),
    "answer": Field(_text(60)),
    "distractors": Field(_list_of(_text(60), most=3), required=False),
    "aliases": Field(_list_of(_text(60), most=12), required=False),
    "difficulty": Field(_one_of(Difficulty)),
}
TABLES = {PACK_FILE: {"id", "title", "topics"}, FACTS_FILE: {"facts"}, QUESTIONS_FILE: {"questions"}}


def _head_faults(folder: str, head: Mapping[str, Any]) -> list[Fault]:
    faults = [
        Fault(PACK_FILE, "", f"'{key}' {problem}")
        for key, check in (("id", _slug), ("title", _text(60)))
        if (problem := check(head[key]) if key in head else "is missing")
    ]
    if not faults and head["id"] != folder:
        faults.append(Fault(PACK_FILE, "", f"'id' is {head['id']}, but its folder is called {folder}"))
    return faults


def _unknown_tables(file: str, document: Mapping[str, Any]) -> list[Fault]:
    return [Fault(file, "", f"unknown key '{key}'") for key in document.keys() - TABLES[file]]


def _items(
    file: str, table: str, document: Mapping[str, Any], fields: Mapping[str, Field], faults: list[Fault]
) -> list[dict[str, Any]]:
    """Return the tables of `document[table]`, adding what is wrong with them to `faults`."""
    items = document.get(table, [])
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        faults.append(Fault(file, "", f"'{table}' must be written as [[{table}]]"))
        return []
    if document and not items:
        faults.append(Fault(file, "", f"has no [[{table}]]"))
    for number, item in enumerate(items, 1):
        name = _name(item) or f"number {number}"
        faults += [Fault(file, name, f"unknown key '{key}'") for key in item.keys() - fields.keys()]
        for key, field in fields.items():
            if key not in item:
                if field.required:
                    faults.append(Fault(file, name, f"'{key}' is missing"))
            elif problem := field.check(item[key]):
                faults.append(Fault(file, name, f"'{key}' {problem}"))
    counts = Counter(_name(item) for item in items)
    faults += [
        Fault(file, name, f"id stands {times} times") for name, times in counts.items() if name and times > 1
    ]
    return items


def _choice_faults(table: Mapping[str, Any]) -> list[Fault]:
    """True/false questions have no distractors, all others exactly three."""
    distractors = _list(table.get("distractors"))
    if distractors:
        wrong = (
            None if len(distractors) == 3 else f"'distractors' must be exactly 3, and are {len(distractors)}"
        )
    else:
        wrong = (
            None
            if table.get("answer") in TRUE_OR_FALSE
            else "without distractors 'answer' must be true or false"
        )
    return [Fault(QUESTIONS_FILE, _name(table), wrong)] if wrong else []


def _name(item: Mapping[str, Any]) -> str:
    value = item.get("id")
    return value if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _fact(table: Mapping[str, Any]) -> Fact:
    return Fact(
        id=table["id"],
        text=table["text"].strip(),
        topics=tuple(table["topics"]),
        people=tuple(table.get("people", ())),
        films=tuple(table.get("films", ())),
        spoiler=SPOILER_NAMES[table["spoiler"]],
        paragraphs=tuple(table.get("paragraphs", ())),
        as_of=table.get("as_of"),
    )


def _question(table: Mapping[str, Any]) -> Question:
    return Question(
        id=table["id"],
        fact=table["fact"],
        prompt=table["prompt"].strip(),
        answer=table["answer"].strip(),
        distractors=tuple(table.get("distractors", ())),
        difficulty=Difficulty(table["difficulty"]),
        aliases=tuple(table.get("aliases", ())),
    )
