"""The bot's chance can be fixed from outside, as the README's pictures need it."""

from pathlib import Path

from bot.playground_child import SEED_VARIABLE
from tests.browser.real_bot import real_bot


async def dealt(folder: Path, seed: str) -> list[str]:
    """Return the texts of the first three facts of a new bot with this seed."""
    folder.mkdir()
    async with real_bot(folder, {SEED_VARIABLE: seed}) as bot:
        ada = bot.driver.member("Ada")
        return [(await ada.run("fact")).text for _ in range(3)]


async def test_one_seed_deals_the_same_and_another_does_not(tmp_path: Path) -> None:
    first = await dealt(tmp_path / "first", "a")
    assert await dealt(tmp_path / "again", "a") == first
    assert await dealt(tmp_path / "other", "b") != first
