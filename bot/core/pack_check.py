"""Reads a pack's files into a valid pack, or names all faults at once, each with its file and id."""

import re
import tomllib
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.content import Difficulty, Fact, Pack, Question, Source, Spoiler, Topic
from bot.core.giveaways import kept_apart
from bot.core.looks import ONE_EMOJI
from bot.core.nesting import MOST_LEVELS, is_too_deep
from bot.core.question_rules import balance_problems, duplicate_prompts, question_problems
from bot.core.reading import Reading, read_question
from bot.core.tables import Key, Table, key_problems, list_of, one_of, slug, table_of, text_of, whole_number
from bot.core.words import phrase, words_of

PACK_FILE, FACTS_FILE, QUESTIONS_FILE = "pack.toml", "facts.toml", "questions.toml"
PACK_FILES = (PACK_FILE, FACTS_FILE, QUESTIONS_FILE)

ADDRESS = re.compile(
    r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:[/?#][^\s<>()\[\]\"'`\\|]*)?", re.ASCII | re.IGNORECASE
)
"""What can be in a link as it is: brackets would end it."""
MOST_TOPICS = 25
"""As many as Discord lists in a select."""
MOST_ITEMS = 20_000
"""Facts or questions: twice as many as the largest pack that was measured."""
QUOTES = 'Each text is on one line and between straight quotes; a quote in it is written as \\"'
"""What whoever has never seen TOML gets wrong first."""
ANSWERS = (BOTH, BUTTONS) = ("both", "buttons")
SPOILERS = {level.name.lower(): level for level in Spoiler}


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
class Section:
    """The tables `[[name]]` of a file, the rules for their keys, the keys before them, the most allowed."""

    file: str
    name: str
    keys: Mapping[str, Key]
    head: Mapping[str, Key] = field(default_factory=dict)
    most: int = MOST_ITEMS


@dataclass(frozen=True, slots=True)
class Item:
    """One table as it was found: its id or number, the valid values, and whether all are valid."""

    name: str
    values: Table
    sound: bool


@dataclass(frozen=True, slots=True)
class Items:
    """A section as it was found. `ids` is None if one of them could not be read."""

    ids: frozenset[str] | None
    found: tuple[Item, ...]

    @property
    def sound(self) -> tuple[Table, ...]:
        """The tables without a fault."""
        return tuple(item.values for item in self.found if item.sound)


UNREADABLE = Items(None, ())


def check_pack(folder: str, contents: Mapping[str, bytes | OSError]) -> tuple[Pack | None, tuple[Fault, ...]]:
    """Return the pack and no faults, or None and every fault found.

    `folder` is the pack's folder name, which must be its id. `contents` maps file names to their contents, or
    to why they could not be read; `questions.toml` may be missing: a pack can begin with facts alone.

    No fault is reported only because of another one. So the rules for questions apply to those whose keys,
    and whose fact's keys, are valid, and the balance of the pack is checked only if all questions are.
    """
    faults: list[Fault] = []
    documents = _parse(contents, faults)
    head = documents.get(PACK_FILE, {})
    topics, facts, questions = (_items(section, documents, faults) for section in (TOPICS, FACTS, QUESTIONS))
    if not slug(head.get("id")) and head["id"] != folder:
        faults.append(Fault(PACK_FILE, "", f"'id' is {head['id']}, but its folder is called {folder}"))
    if topics.ids is not None:
        faults += [
            Fault(FACTS_FILE, fact.name, f"topic '{topic}' is not in {PACK_FILE}")
            for fact in facts.found
            for topic in fact.values.get("topics", ())
            if topic not in topics.ids
        ]
    if facts.ids is not None:
        faults += [
            Fault(QUESTIONS_FILE, question.name, f"fact '{fact}' is not in {FACTS_FILE}")
            for question in questions.found
            if (fact := question.values.get("fact")) and fact not in facts.ids
        ]
    if questions.ids is not None:
        faults += [
            Fault(QUESTIONS_FILE, question.name, problem)
            for question in questions.found
            for problem in _never_with_problems(question, questions.ids)
        ]
    built_facts = tuple(map(_fact, facts.sound))
    phrases = {fact.id: phrase(words_of(fact.text)) for fact in built_facts}
    readings = [
        read_question(question, phrases.get(question.fact, ""))
        for question in map(question_of, questions.sound)
    ]
    faults += _question_faults(readings, phrases, whole=len(readings) == len(questions.found))
    if faults:
        return None, tuple(sorted(faults))
    built_topics = tuple(
        Topic(**{key: value.strip() for key, value in topic.items()}) for topic in topics.sound
    )
    built_questions = kept_apart(readings, tuple(phrases.values()))
    return Pack(head["id"], head["title"].strip(), built_topics, built_facts, built_questions), ()


def _parse(contents: Mapping[str, bytes | OSError], faults: list[Fault]) -> dict[str, Table]:
    documents: dict[str, Table] = {}
    for file in PACK_FILES:
        try:
            match contents.get(file):
                case None if file == QUESTIONS_FILE:
                    continue
                case None:
                    problem = "is missing"
                case OSError() as error:
                    problem = f"cannot be read: {error.strerror}"
                case content:
                    text = content.decode("utf-8-sig")
                    if not is_too_deep(text):
                        documents[file] = tomllib.loads(text)
                        continue
                    problem = f"is nested too deeply: at most {MOST_LEVELS} levels"
        except UnicodeDecodeError:
            problem = "is not UTF-8 text; save it as UTF-8"
        except ValueError as error:
            # tomllib lets a number of 5,000 digits through to Python's own limit.
            problem = f"is not TOML: {error}. {QUOTES}"
        faults.append(Fault(file, "", problem))
    return documents


def _items(section: Section, documents: Mapping[str, Table], faults: list[Fault]) -> Items:
    """Return the section's tables, adding what is wrong with them to `faults`."""
    if section.file not in documents:
        return UNREADABLE
    document = documents[section.file]
    head = {key: value for key, value in document.items() if key != section.name}
    faults += [
        Fault(section.file, "", f"'{key}' {problem}")
        for key, problem in key_problems(head, section.head).items()
    ]
    tables = document.get(section.name, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        faults.append(Fault(section.file, "", f"'{section.name}' must be written as [[{section.name}]]"))
        return UNREADABLE
    if not tables:
        faults.append(Fault(section.file, "", f"has no [[{section.name}]]"))
    if len(tables) > section.most:
        # Not looked at one by one: a hostile file could have millions, with as many faults.
        faults.append(
            Fault(section.file, "", f"has {len(tables)} [[{section.name}]], at most {section.most}")
        )
        return UNREADABLE
    found = []
    for number, table in enumerate(tables, 1):
        problems = key_problems(table, section.keys)
        values = {key: table[key] for key in section.keys if key in table and key not in problems}
        found.append(Item(_name(table) or f"number {number}", values, sound=not problems))
        faults += [Fault(section.file, found[-1].name, f"'{k}' {problem}") for k, problem in problems.items()]
    counts = Counter(map(_name, tables))
    all_named = not counts.pop("", 0)
    faults += [
        Fault(section.file, name, f"id appears {times} times") for name, times in counts.items() if times > 1
    ]
    return Items(frozenset(counts) if all_named else None, tuple(found))


def _question_faults(readings: Sequence[Reading], facts: Container[str], *, whole: bool) -> list[Fault]:
    """Return the questions' faults; the balance of the pack is checked only if it is `whole`."""
    found = [
        (reading.question.id, problem)
        for reading in readings
        if reading.question.fact in facts
        for problem in question_problems(reading)
    ]
    found += duplicate_prompts(readings)
    if whole:
        found += [("", problem) for problem in balance_problems(readings)]
    return [Fault(QUESTIONS_FILE, item, problem) for item, problem in found]


def _never_with_problems(question: Item, ids: Container[str]) -> Iterator[str]:
    for other in question.values.get("never_with", ()):
        if other == question.name:
            yield "'never_with' names the question itself"
        elif other not in ids:
            yield f"question '{other}' in 'never_with' is not in {QUESTIONS_FILE}"


def _name(table: Table) -> str:
    value = table.get("id")
    return value if isinstance(value, str) else ""


def _emoji(value: object) -> str | None:
    if problem := text_of(8)(value):
        return problem
    return None if ONE_EMOJI.fullmatch(str(value)) else "must be one emoji"


def _address(value: object) -> str | None:
    if problem := text_of(300)(value):
        return problem
    return None if ADDRESS.fullmatch(str(value)) else "must be an https address without spaces and brackets"


SOURCE = {
    "title": Key(text_of(120)),
    "year": Key(whole_number(1880, 2200)),
    "url": Key(_address, required=False),
}
TOPICS = Section(
    PACK_FILE,
    "topics",
    {"id": Key(slug), "name": Key(text_of(30)), "emoji": Key(_emoji), "about": Key(text_of(90))},
    head={"id": Key(slug), "title": Key(text_of(60))},
    most=MOST_TOPICS,
)
FACTS = Section(
    FACTS_FILE,
    "facts",
    {
        "id": Key(slug),
        "text": Key(text_of(600, shortest=40)),
        "topics": Key(list_of(slug, most=3, fewest=1)),
        "people": Key(list_of(text_of(60), most=12), required=False),
        "films": Key(list_of(text_of(80), most=12), required=False),
        "spoiler": Key(one_of(SPOILERS)),
        "paragraphs": Key(list_of(whole_number(1, 100_000), most=12), required=False),
        "as_of": Key(whole_number(1880, 2200), required=False),
        "source": Key(table_of(SOURCE), required=False),
    },
)
QUESTIONS = Section(
    QUESTIONS_FILE,
    "questions",
    {
        "id": Key(slug),
        "fact": Key(slug),
        "prompt": Key(text_of(200)),
        "answer": Key(text_of(60)),
        "distractors": Key(list_of(text_of(60), most=3), required=False),
        "aliases": Key(list_of(text_of(60), most=20), required=False),
        "difficulty": Key(one_of(Difficulty)),
        "answers": Key(one_of(ANSWERS), required=False),
        "never_with": Key(list_of(slug, most=12), required=False),
    },
)


def _fact(table: Table) -> Fact:
    source = table.get("source")
    return Fact(
        id=table["id"],
        text=table["text"].strip(),
        topics=tuple(table["topics"]),
        people=tuple(name.strip() for name in table.get("people", ())),
        films=tuple(name.strip() for name in table.get("films", ())),
        spoiler=SPOILERS[table["spoiler"]],
        paragraphs=tuple(table.get("paragraphs", ())),
        as_of=table.get("as_of"),
        source=source and Source(source["title"].strip(), source["year"], source.get("url")),
    )


def question_of(table: Table) -> Question:
    """Return the question of a table without faults."""
    return Question(
        id=table["id"],
        fact=table["fact"],
        prompt=table["prompt"].strip(),
        answer=table["answer"].strip(),
        distractors=tuple(text.strip() for text in table.get("distractors", ())),
        difficulty=Difficulty(table["difficulty"]),
        aliases=tuple(text.strip() for text in table.get("aliases", ())),
        buttons_only=table.get("answers") == BUTTONS,
        never_with=tuple(table.get("never_with", ())),
    )
