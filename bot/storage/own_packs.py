"""Servers' own questions: packs of one server each, read when they are used, written whole or not at all."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable

from bot.core.content import Pack
from bot.core.own import TITLE, pack_id
from bot.core.refusal import Refusal
from bot.storage.catalogue import LoadedPack
from bot.storage.connection import Connection
from bot.storage.database import Database, Work
from bot.storage.packs import STORE_FACT, STORE_QUESTION, read_loaded, stored_rows
from bot.storage.rows import telling_damage

MOST_HELD = 8_000
"""How many questions are kept in memory, of all servers together; each is about two kilobytes."""
Read = Callable[[Work[[int], LoadedPack], int], Awaitable[LoadedPack]]
CHANGED = "Somebody changed the questions in the meantime, so nothing was done. Please try again."


class OwnPacks:
    """Every server's own pack; those that were used last are kept in memory while there is room."""

    def __init__(self, database: Database, most: int = MOST_HELD) -> None:
        self._database = database
        self._most = most
        self._held: OrderedDict[int, LoadedPack] = OrderedDict()
        self._changes = 0

    async def get(self, guild_id: int, read: Read | None = None) -> LoadedPack:
        """Return a server's own pack, an empty one if it has no questions.

        `read` takes the place of the database's own, for whoever waits out its failures.
        """
        held = self._held.get(guild_id)
        if held is not None:
            self._held.move_to_end(guild_id)
            return held
        changes = self._changes
        loaded = await (read or self._database.read)(own_pack, guild_id)
        if changes == self._changes and guild_id not in self._held:
            self._keep(guild_id, loaded)
        return loaded

    async def replace(self, guild_id: int, before: Pack, after: Pack) -> None:
        """Store a server's changed pack, whole or not at all. Raises Refusal if it was changed since."""
        try:
            await self._database.write(store_own, guild_id, before, after)
        finally:
            self.forget(guild_id)

    def forget(self, guild_id: int) -> None:
        """Drop the copy in memory of a pack that was changed or deleted, even one still being read."""
        self._changes += 1
        self._held.pop(guild_id, None)

    def _keep(self, guild_id: int, loaded: LoadedPack) -> None:
        self._held[guild_id] = loaded
        size = sum(map(_size, self._held.values()))
        while size > self._most and len(self._held) > 1:
            _, oldest = self._held.popitem(last=False)
            size -= _size(oldest)


@telling_damage()
def own_pack(connection: Connection, guild_id: int) -> LoadedPack:
    """Return a server's own pack, an empty one if it has no questions."""
    return read_loaded(connection, pack_id(guild_id), TITLE)


def as_written(loaded: LoadedPack) -> Pack:
    """Return a server's pack in the form that its rules check."""
    facts = {fact.id: fact for fact in loaded.facts.values()}
    questions = tuple(loaded.questions.values())
    return Pack(loaded.id, loaded.title, (), tuple(facts[one.fact] for one in questions), questions)


def store_own(connection: Connection, guild_id: int, before: Pack, after: Pack) -> None:
    """Store a server's changed pack; what stays keeps its number.

    Raises Refusal if the stored pack is not `before`.
    """
    if as_written(own_pack(connection, guild_id)) != before:
        raise Refusal(CHANGED)
    if not after.questions:
        remove_own(connection, guild_id)
        return
    connection.execute(
        "INSERT INTO packs (id, title, hash, topics, guild_id) VALUES (?, ?, '', '[]', ?)"
        " ON CONFLICT DO NOTHING",
        (after.id, after.title, guild_id),
    )
    gone = {one.id for one in before.questions} - {one.id for one in after.questions}
    for table in ("questions", "facts"):
        connection.executemany(
            f"DELETE FROM {table} WHERE pack = ? AND id = ?", [(after.id, id_) for id_ in gone]
        )
    known_items = {*before.facts, *before.questions}
    facts = [fact for fact in after.facts if fact not in known_items]
    questions = [question for question in after.questions if question not in known_items]
    connection.executemany(STORE_FACT, stored_rows(after.id, facts))
    connection.executemany(STORE_QUESTION, stored_rows(after.id, questions))


def remove_own(connection: Connection, guild_id: int) -> None:
    """Delete a server's own pack."""
    for table, column in (("questions", "pack"), ("facts", "pack"), ("packs", "id")):
        connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (pack_id(guild_id),))


def _size(loaded: LoadedPack) -> int:
    return max(1, len(loaded.questions))
