"""Packs on their way from files into the database, and from the database into memory."""

import hashlib
import json
import logging
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, astuple
from pathlib import Path
from typing import TypeVar

from bot.core.content import Fact, Pack, Question, Topic
from bot.core.pack_check import PACK_FILE, PACK_FILES, Fault, check_pack
from bot.storage.catalogue import Catalogue, LoadedPack
from bot.storage.database import Database
from bot.storage.rows import from_row, named_rows, telling_damage

log = logging.getLogger(__name__)

Item = TypeVar("Item")

ENCODER = json.JSONEncoder(ensure_ascii=False)
"""Made once, as a large pack has a hundred thousand lists."""
EDITION = 1
"""Raised when the same files make other rows, as what their words give away is stored with them."""
UNLESS_REWRITTEN = (
    "CASE WHEN questions.prompt = excluded.prompt AND questions.answer = excluded.answer"
    " AND questions.distractors = excluded.distractors THEN questions.{} ELSE 0 END"
)
"""What people answered to other words says nothing of these."""
PROGRESS_STEP = 2_000
"""After how many facts the log says how far a load is; small packs load in silence."""


def pack_folders(packs_path: Path) -> list[Path]:
    """Return the folders of `packs_path` that hold a pack, by name."""
    return sorted(file.parent for file in packs_path.glob(f"*/{PACK_FILE}"))


def read_pack(folder: Path) -> tuple[Pack | None, tuple[Fault, ...]]:
    """Return the pack in `folder` and no faults, or None and all of its faults."""
    return check_pack(folder.name, _contents(folder))


def _contents(folder: Path) -> dict[str, bytes | OSError]:
    """Return what is in each of the pack's files that are there, or why it cannot be read."""
    contents: dict[str, bytes | OSError] = {}
    for name in PACK_FILES:
        try:
            contents[name] = (folder / name).read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            contents[name] = error
    return contents


async def load_packs(database: Database, packs_path: Path) -> Catalogue:
    """Bring each pack whose files changed into the database, and return all that the database holds.

    A faulty pack is left as it was at its last good load, and the log names its faults. An unchanged one is
    neither parsed nor written.
    """
    hashes = await database.read(_stored_hashes)
    for folder in pack_folders(packs_path):
        contents = _contents(folder)
        digest = _digest(contents)
        if hashes.get(folder.name) == digest:
            continue
        pack, faults = check_pack(folder.name, contents)
        if pack is None:
            served = "its last good load stays in service" if folder.name in hashes else "it is left out"
            log.error("Pack %s is faulty, so %s:", folder.name, served)
            for fault in faults:
                log.error("  %s", fault)
            continue
        log.info("Loading pack %s: %d facts, %d questions", pack.id, len(pack.facts), len(pack.questions))
        await database.write(store_pack, pack, digest)
        log.info("Loaded pack %s", pack.id)
    return await database.read(catalogue)


def _stored_hashes(connection: sqlite3.Connection) -> dict[str, str]:
    return dict(connection.execute("SELECT id, hash FROM packs").fetchall())


def store_pack(connection: sqlite3.Connection, pack: Pack, digest: str) -> None:
    """Write the whole pack: what changed is updated, what left is retired, and every number stays."""
    topics = json.dumps([asdict(topic) for topic in pack.topics], ensure_ascii=False)
    connection.execute(
        "INSERT INTO packs (id, title, hash, topics) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET title = excluded.title, hash = excluded.hash, topics = excluded.topics",
        (pack.id, pack.title, digest, topics),
    )
    connection.execute(
        "DELETE FROM fact_search WHERE rowid IN (SELECT number FROM facts WHERE pack = ?)", (pack.id,)
    )
    connection.execute("UPDATE facts SET retired = 1 WHERE pack = ?", (pack.id,))
    connection.execute("UPDATE questions SET retired = 1 WHERE pack = ?", (pack.id,))
    names = {topic.id: topic.name for topic in pack.topics}
    for position, fact in enumerate(pack.facts, 1):
        _store_fact(connection, pack.id, fact, names)
        if position % PROGRESS_STEP == 0:
            log.info("Loading pack %s: %d of %d facts", pack.id, position, len(pack.facts))
    for question in pack.questions:
        _store_question(connection, pack.id, question)


def _store_fact(connection: sqlite3.Connection, pack: str, fact: Fact, topic_names: dict[str, str]) -> None:
    number = connection.execute(
        "INSERT INTO facts (pack, id, text, topics, people, films, paragraphs, spoiler, as_of, source)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (pack, id) DO UPDATE SET text = excluded.text, topics = excluded.topics,"
        " people = excluded.people, films = excluded.films, paragraphs = excluded.paragraphs,"
        " spoiler = excluded.spoiler, as_of = excluded.as_of, source = excluded.source, retired = 0"
        " RETURNING number",
        (
            pack,
            fact.id,
            fact.text,
            _json(fact.topics),
            _json(fact.people),
            _json(fact.films),
            _json(fact.paragraphs),
            fact.spoiler,
            fact.as_of,
            _json(astuple(fact.source)) if fact.source else None,
        ),
    ).fetchone()[0]
    connection.execute(
        "INSERT INTO fact_search (rowid, text, people, films, topics) VALUES (?, ?, ?, ?, ?)",
        (
            number,
            fact.text,
            " ".join(fact.people),
            " ".join(fact.films),
            " ".join(topic_names[topic] for topic in fact.topics),
        ),
    )


def _store_question(connection: sqlite3.Connection, pack: str, question: Question) -> None:
    connection.execute(
        "INSERT INTO questions (pack, id, fact, prompt, answer, distractors, aliases, difficulty,"
        " buttons_only, never_with) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (pack, id) DO UPDATE SET fact = excluded.fact, prompt = excluded.prompt,"
        " answer = excluded.answer, distractors = excluded.distractors, aliases = excluded.aliases,"
        " difficulty = excluded.difficulty, buttons_only = excluded.buttons_only,"
        " never_with = excluded.never_with, retired = 0,"
        f" answered = {UNLESS_REWRITTEN.format('answered')}, correct = {UNLESS_REWRITTEN.format('correct')}",
        (
            pack,
            question.id,
            question.fact,
            question.prompt,
            question.answer,
            _json(question.distractors),
            _json(question.aliases),
            question.difficulty,
            question.buttons_only,
            _json(question.never_with),
        ),
    )


@telling_damage()
def catalogue(connection: sqlite3.Connection) -> Catalogue:
    """Return all packs that the database holds."""
    heads = connection.execute("SELECT id, title, topics FROM packs ORDER BY id").fetchall()
    return Catalogue(
        tuple(
            LoadedPack(
                id=pack,
                title=title,
                topics=tuple(Topic(**topic) for topic in json.loads(topics)),
                facts=_by_number(connection, Fact, "facts", pack),
                questions=_by_number(connection, Question, "questions", pack),
            )
            for pack, title, topics in heads
        )
    )


def _by_number(connection: sqlite3.Connection, kind: type[Item], table: str, pack: str) -> dict[int, Item]:
    rows = connection.execute(
        f"SELECT * FROM {table} WHERE pack = ? AND NOT retired ORDER BY number", (pack,)
    )
    return {row["number"]: from_row(kind, row) for row in named_rows(rows)}


def _json(values: Sequence[object]) -> str:
    return ENCODER.encode(values)


def _digest(contents: dict[str, bytes | OSError]) -> str:
    parts = (str(EDITION), *(f"{name}:{content!r}" for name, content in sorted(contents.items())))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
