"""Which servers a process looks after, where several share them."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter


@dataclass(frozen=True, slots=True)
class Shards:
    """The shards `ids`, in order, of a bot whose servers are divided among `count`.

    Which shard a server is on is Discord's rule, and direct messages are shard 0's:
    https://docs.discord.com/developers/events/gateway#sharding
    """

    count: int
    ids: tuple[int, ...]

    def has(self, guild_id: int) -> bool:
        """Return whether a server is this process's to look after; 0 stands for direct messages."""
        return (guild_id >> 22) % self.count in self.ids

    def __str__(self) -> str:
        """Return the shards as settings have them, and how many there are: `0-3,8 of 16`."""
        runs: list[list[int]] = []
        for shard in self.ids:
            if runs and runs[-1][-1] == shard - 1:
                runs[-1].append(shard)
            else:
                runs.append([shard])
        written = (f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
        return f"{','.join(written)} of {self.count}"

    @property
    def share(self) -> float:
        """What part of all shards these are, above 0 and up to 1."""
        return len(self.ids) / self.count


EVERY = Shards(1, (0,))
"""All servers, with as many connections as Discord asks for."""


def conflict(wanted: Shards, held: list[Shards], database: str) -> str | None:
    """Return why no process can begin on `wanted` while others run on `held`: a sentence on what to do."""
    for others in held:
        if others.count != wanted.count:
            number = f"SHARD_COUNT={others.count}" if others.count > 1 else "no SHARD_COUNT"
            return (
                f"A bot with {number} is running on {database}. Stop every bot on it first, or set "
                "the same here."
            )
        if both := sorted(set(others.ids) & set(wanted.ids)):
            if wanted == EVERY:
                return f"Another bot is running on {database}. Stop it first, or use another."
            return (
                f"Another bot is running on shard {both[0]} of {database}. Stop it first, or set other "
                "SHARD_IDS."
            )
    return None


def by_count(taken: Iterable[tuple[int, int]]) -> list[Shards]:
    """Group pairs of how many shards there are and one of them, by the former."""
    groups = groupby(sorted(taken), key=itemgetter(0))
    return [Shards(count, tuple(shard for _, shard in pairs)) for count, pairs in groups]
