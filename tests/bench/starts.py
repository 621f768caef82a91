"""How long a start takes until the bot is connected: with a new pack, and with one that it knows."""

from collections.abc import AsyncIterator
from pathlib import Path

from playground import Driver
from tests.bench.subject import DATABASE, NULL, OURS, ROUNDS, started
from tests.bench.table import Row
from tests.local_discord import local_discord
from tests.storage.packs_on_disk import FactOnDisk, PackOnDisk

FACTS = 10_000


def write_pack(folder: Path) -> None:
    """Write a pack of ten thousand facts, each with words of its own."""
    texts = (
        f"Take number {number:,} of scene {number % 97} was kept, the crew says." for number in range(FACTS)
    )
    PackOnDisk(folder / "many").write(FactOnDisk(f"take-{number}", text) for number, text in enumerate(texts))


async def start(module: str, driver: Driver, folder: Path, packs: Path | None) -> float:
    """Start a bot, kill it as soon as it is connected, and return how many milliseconds that took."""
    environment = {"PACKS_PATH": str(packs)} if packs else {}
    async with started(module, driver, folder, [], **environment) as bot:
        return bot.connected_seconds * 1e3


async def rows(folder: Path) -> AsyncIterator[Row]:
    """Measure first and later starts, with our pack and with a large one."""
    write_pack(folder / "packs")
    for name, packs in (("180 facts", None), (f"{FACTS:,} facts", folder / "packs")):
        first: list[float] = []
        again: list[float] = []
        null: list[float] = []
        async with local_discord(folder) as driver, local_discord(folder) as other:
            for turn in range(ROUNDS + 1):
                figures = (
                    await start(OURS, driver, folder, packs),
                    await start(OURS, driver, folder, packs),
                    await start(NULL, other, folder, packs),
                )
                (folder / DATABASE).unlink()
                for suffix in ("-wal", "-shm"):
                    (folder / f"{DATABASE}{suffix}").unlink(missing_ok=True)
                if turn:
                    for kept, figure in zip((first, again, null), figures, strict=True):
                        kept.append(figure)
        yield Row(f"start to connected, unchanged pack of {name}", "ms", again, null)
        yield Row(f"start to connected, new pack of {name}", "ms", first, null)
