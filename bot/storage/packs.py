"""Packs on their way from files into the database, and from the database into memory."""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from bot.core.content import Fact, Pack, Question, Topic
from bot.core.pack_check import PACK_FILES, Fault, check_pack
from bot.storage.catalogue import Catalogue, LoadedPack
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.pack_files import read_file
from bot.storage.rows import columns, from_row, insert_into, named_rows, stored, telling_damage, upsert

log = logging.getLogger(__name__)

Item = TypeVar("Item", Fact, Question)

EDITION = 1
"""Raised when the same files would make other rows: what their words give away is stored with them."""
UNLESS_REWRITTEN = (
    "CASE WHEN questions.prompt = excluded.prompt AND questions.answer = excluded.answer"
    " AND questions.distractors = excluded.distractors THEN questions.{} ELSE 0 END"
)
"""Answers to an earlier wording say nothing about this one."""
FAULTS_LOGGED = 50
"""A file that is rubbish can have as many faults as lines."""


def _store(table: str, kind: type[Fact | Question], **also: str) -> str:
    """Return the statement that stores one of `stored_rows`, or updates it."""
    names = columns(kind)
    changes = {name: f"excluded.{name}" for name in names} | also | {"retired": "0"}
    return (
        f"{insert_into(table, ['pack', *names])} ON CONFLICT (pack, id)"
        f" DO UPDATE SET {', '.join(f'{name} = {value}' for name, value in changes.items())}"
    )


STORE_FACT = _store("facts", Fact)
STORE_QUESTION = _store(
    "questions",
    Question,
    answered=UNLESS_REWRITTEN.format("answered"),
    correct=UNLESS_REWRITTEN.format("correct"),
)


def pack_folders(packs_path: Path) -> list[Path]:
    """Return the folders of `packs_path` that hold a pack or a part of one, by name."""
    return sorted({file.parent for name in PACK_FILES for file in packs_path.glob(f"*/{name}")})


def read_pack(folder: Path) -> tuple[Pack | None, tuple[Fault, ...]]:
    """Return the pack in `folder` and no faults, or None and all of its faults."""
    return check_pack(folder.name, _contents(folder))


def _contents(folder: Path) -> dict[str, bytes | OSError]:
    """Return what is in each of the pack's files that are there, or why it cannot be read."""
    contents: dict[str, bytes | OSError] = {}
    for name in PACK_FILES:
        try:
            contents[name] = read_file(folder / name)
        except FileNotFoundError:
            continue
        except OSError as error:
            contents[name] = error
    return contents


async def load_packs(database: Database, packs_path: Path) -> Catalogue:
    """Bring each pack whose files changed into the database, and return all that the database holds.

    A faulty pack is left as it was at its last good load, and the log names its faults; so is one whose
    folder is gone. An unchanged one is neither parsed nor written.
    """
    hashes = await database.read(_stored_hashes)
    folders = pack_folders(packs_path)
    for folder in folders:
        await _load(database, folder, hashes.get(folder.name))
    for gone in sorted(hashes.keys() - {folder.name for folder in folders}):
        log.info("Pack %s is not in %s; its last good load stays in service", gone, packs_path)
    return await database.read(catalogue)


async def _load(database: Database, folder: Path, known: str | None) -> None:
    """Bring a pack into the database, unless its files still have the digest `known` from its last load."""
    contents = _contents(folder)
    digest = _digest(contents)
    if digest == known:
        return
    pack, faults = check_pack(folder.name, contents)
    if pack is None:
        served = "its last good load stays in service" if known else "it is left out"
        log.error("Pack %s is faulty, so %s:", folder.name, served)
        for fault in faults[:FAULTS_LOGGED]:
            log.error("  %s", fault)
        if len(faults) > FAULTS_LOGGED:
            log.error("  and %d more, which `python -m bot check` names", len(faults) - FAULTS_LOGGED)
        return
    log.info("Loading pack %s: %d facts, %d questions", pack.id, len(pack.facts), len(pack.questions))
    await database.write(store_pack, pack, digest)
    log.info("Loaded pack %s", pack.id)


def _stored_hashes(connection: Connection) -> dict[str, str]:
    return dict(connection.execute("SELECT id, hash FROM packs WHERE guild_id IS NULL").fetchall())


def store_pack(connection: Connection, pack: Pack, digest: str) -> None:
    """Write the whole pack: what changed is updated, what is gone is retired, and every number stays."""
    connection.lock(0)
    topics = json.dumps([asdict(topic) for topic in pack.topics], ensure_ascii=False)
    upsert(connection, "packs", {"id": pack.id}, {"title": pack.title, "hash": digest, "topics": topics})
    connection.execute("UPDATE facts SET retired = 1 WHERE pack = ?", (pack.id,))
    connection.execute("UPDATE questions SET retired = 1 WHERE pack = ?", (pack.id,))
    connection.executemany(STORE_FACT, stored_rows(pack.id, pack.facts))
    connection.executemany(STORE_QUESTION, stored_rows(pack.id, pack.questions))


def stored_rows(pack: str, items: Iterable[Fact | Question]) -> Iterator[Mapping[str, object]]:
    """Yield what is stored of each of a pack's facts or questions."""
    return ({"pack": pack, **stored(item)} for item in items)


@telling_damage()
def catalogue(connection: Connection) -> Catalogue:
    """Return all packs of folders that the database holds."""
    heads = connection.execute(
        "SELECT id, title, topics FROM packs WHERE guild_id IS NULL ORDER BY id"
    ).fetchall()
    return Catalogue(tuple(read_loaded(connection, *head) for head in heads))


def read_loaded(connection: Connection, pack: str, title: str, topics: str = "[]") -> LoadedPack:
    """Return a pack of the database; `topics` as they are stored."""
    return LoadedPack(
        id=pack,
        title=title,
        topics=tuple(Topic(**topic) for topic in json.loads(topics)),
        facts=_by_number(connection, Fact, "facts", pack),
        questions=_by_number(connection, Question, "questions", pack),
    )


def _by_number(connection: Connection, kind: type[Item], table: str, pack: str) -> dict[int, Item]:
    rows = connection.execute(
        f"SELECT * FROM {table} WHERE pack = ? AND retired = 0 ORDER BY number", (pack,)
    )
    return {row["number"]: from_row(kind, row) for row in named_rows(rows)}


def _digest(contents: dict[str, bytes | OSError]) -> str:
    parts = (str(EDITION), *(f"{name}:{content!r}" for name, content in sorted(contents.items())))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
