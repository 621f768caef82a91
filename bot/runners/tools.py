"""What everything works with, in one bag."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from bot.core.content import Origin
from bot.core.rounds import RoundPlan
from bot.core.shards import EVERY, Shards
from bot.runners.time import Time
from bot.storage.catalogue import Catalogue, LoadedPack
from bot.storage.database import Database
from bot.storage.moments import to_ms
from bot.storage.own_packs import OwnPacks, Read
from bot.storage.settings import Settings


@dataclass(slots=True)
class Tally:
    """How often something has happened since the start, for the operator's instruments.

    A late post is one that came a minute or more after it was due; a missed one never came.
    """

    answers: int = 0
    posts_sent: int = 0
    posts_late: int = 0
    posts_missed: int = 0
    posts_paused: int = 0


@dataclass(frozen=True, slots=True)
class Tools:
    """What every cog and runner is handed; the composition root opens it once and closes it.

    `database` keeps everything. In memory are the packs (`catalogue`), each server's choices (`settings`)
    and, once they were used, the servers' own packs (`own`). `to_tell` are the servers and users for whom a
    private word waits (`bot.storage.notices`), so that no command has to look for one. `shards` are the part
    of all servers that this process looks after. What only some need, like a messenger or the players' names,
    they are handed as well.
    """

    database: Database
    catalogue: Catalogue
    settings: Settings
    own: OwnPacks
    time: Time
    rng: Random
    to_tell: set[tuple[int, int]] = field(default_factory=set)
    shards: Shards = EVERY
    tally: Tally = field(default_factory=Tally)

    def film_of(self, guild_id: int | None) -> LoadedPack:
        """Return the pack that a server plays, the default one in direct messages. Raises Refusal."""
        return self.catalogue.get(self.settings.get(guild_id).pack)

    async def packs_of(self, plan: RoundPlan, read: Read | None = None) -> Sequence[LoadedPack]:
        """Return the packs that a round asks from, without a film that is gone; `read` as in `OwnPacks`."""
        film = self.catalogue.find(plan.pack) if plan.source is not Origin.OURS else None
        packs = [film] if film else []
        if plan.source is not Origin.FILM:
            packs.append(await self.own.get(plan.guild_id, read))
        return packs

    def now_ms(self) -> int:
        """Return the present moment by the wall clock, in unix milliseconds."""
        return to_ms(self.time.now())

    def steady_ms(self) -> int:
        """Return what the steady clock says, in unix milliseconds."""
        return to_ms(self.time.steady())

    def ahead_ms(self) -> int:
        """Return how far the wall clock was set forward since the steady one began."""
        return self.now_ms() - self.steady_ms()
