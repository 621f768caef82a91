"""Each server's settings: the rows are the truth, a copy in memory answers."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Any, Literal, Self

from bot.core.content import Origin, Spoiler
from bot.core.shards import Shards
from bot.core.zones import known_zone
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.moments import to_ms
from bot.storage.on_shards import on_shards
from bot.storage.rows import from_row, named_rows, select_first, stored, telling_damage, upsert


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """What a server has chosen; these are the defaults.

    `pack` is None for the default pack, `time_zone` an IANA name, `round_seconds` the time for a question, 0
    for no limit, `source` whose questions its rounds ask. With `early_answers` a question ends once everybody
    who plays has answered; with `challenge` there is a daily challenge. `removed_ms` is when the bot was
    removed from the server, in unix milliseconds.
    """

    pack: str | None = None
    time_zone: str = "UTC"
    spoilers: Spoiler = Spoiler.NONE
    scoring: Literal["speed", "plain"] = "speed"
    board_minimum_players: int = 2
    round_questions: int = 10
    round_seconds: int = 20
    early_answers: bool = True
    challenge: bool = True
    source: Origin = Origin.FILM
    removed_ms: int | None = None

    @property
    def zone(self) -> tzinfo:
        """Its time zone, UTC where this machine no longer knows it."""
        return known_zone(self.time_zone) or UTC


DEFAULTS = GuildSettings()


class Settings:
    """The settings of all servers that a process looks after, in memory; `change` writes through."""

    def __init__(self, database: Database, known: dict[int, GuildSettings]) -> None:
        self._database = database
        self._known = known

    @classmethod
    async def load(cls, database: Database, shards: Shards) -> Self:
        """Read the settings of the servers on these shards."""
        return cls(database, await database.read(_all, shards))

    def get(self, guild_id: int | None) -> GuildSettings:
        """Return the server's settings, the defaults for one that changed nothing and for direct messages."""
        return self._known.get(guild_id or 0, DEFAULTS)

    def guild_ids(self) -> frozenset[int]:
        """Return every server that has a row."""
        return frozenset(self._known)

    async def change(self, guild_id: int, **changes: Any) -> GuildSettings:  # noqa: ANN401 (of GuildSettings)
        """Store the changed fields and return the settings after it."""

        def work(connection: Connection) -> GuildSettings:
            after = replace(settings_of(connection, guild_id), **changes)
            upsert(connection, "guilds", {"guild_id": guild_id}, stored(after))
            return after

        self._known[guild_id] = await self._database.write(work)
        return self._known[guild_id]

    async def mark_removed(self, guild_id: int, moment: datetime | None) -> None:
        """Note when the bot was removed from the server, or with None that it is back."""
        removed_ms = None if moment is None else to_ms(moment)
        if self.get(guild_id).removed_ms != removed_ms:
            await self.change(guild_id, removed_ms=removed_ms)

    def forget(self, guild_id: int) -> None:
        """Drop the copy in memory of a server whose rows were deleted."""
        self._known.pop(guild_id, None)


def settings_of(connection: Connection, guild_id: int) -> GuildSettings:
    """Return a server's settings as they are stored."""
    query = "SELECT * FROM guilds WHERE guild_id = ?"
    return select_first(connection, GuildSettings, query, (guild_id,)) or DEFAULTS


@telling_damage()
def _all(connection: Connection, shards: Shards) -> dict[int, GuildSettings]:
    mine, values = on_shards(shards)
    rows = named_rows(connection.execute(f"SELECT * FROM guilds WHERE {mine}", values))
    return {row["guild_id"]: from_row(GuildSettings, row) for row in rows}
