"""`python -m tests.pictures [FOLDER]`: take the README's pictures anew, with Chromium."""

import argparse
import asyncio
import logging
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from importlib import import_module
from pathlib import Path

from bot.config import PROJECT
from bot.playground_child import SEED_VARIABLE
from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.real_bot import real_bot
from tests.pictures.camera import Camera
from tests.pictures.scenes import NOON, Scenes

PICTURES = PROJECT / "docs" / "pictures"
SEED = "23"
BEFORE = timedelta(minutes=10)


async def take_pictures(folder: Path) -> None:
    """Play every scene with a bot of its own on the project's packs, and write the pictures to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    start = (NOON - BEFORE).timestamp()
    environment = {SEED_VARIABLE: SEED, "PACKS_PATH": str(PROJECT / "data")}
    async with import_module("playwright.async_api").async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        with tempfile.TemporaryDirectory() as home:
            async with real_bot(Path(home), environment, ahead=start - time.time()) as bot:
                scenes = Scenes(bot, Camera(bot.driver, browser, folder))
                await scenes.fact()
                await scenes.round()
                await scenes.daily()
                await scenes.challenge()
        await browser.close()


def lacks_emoji() -> bool:
    """Return whether emoji would be drawn as boxes here, as far as fontconfig can tell."""
    if shutil.which("fc-list") is None:
        return False
    found = subprocess.run(["fc-list", ":lang=und-zsye"], capture_output=True, check=False)
    return not found.stdout


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.pictures", description="Take the README's pictures anew."
    )
    parser.add_argument("folder", nargs="?", type=Path, default=PICTURES, help="where to; docs/pictures")
    folder = parser.parse_args().folder
    if lacks_emoji():
        sys.exit("There is no font for emoji here. Install one: apt-get install fonts-noto-color-emoji")
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(take_pictures(folder))
    for path in sorted(folder.iterdir()):
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
