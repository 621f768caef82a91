"""Point discord.py at the local Discord, where the process has it, before the bot's own code begins.

Python imports this by itself at its start. It stands alone: the playground need not be importable there.
"""

import contextlib
import os
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).resolve().parent


def load(name: str, path: Path) -> ModuleType:
    """Return the module of a file, whatever the folders that modules are looked for in."""
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be imported.")
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if url := os.environ.get("PLAYGROUND_URL"):
    load("playground_child", HERE.with_name("child.py")).end_with_parent()
    with contextlib.suppress(ModuleNotFoundError):
        load("playground_redirect", HERE.with_name("redirect.py")).point_discord_at(url)

# This file shadows a sitecustomize that the Python installation may have.
elsewhere = [folder for folder in sys.path if Path(folder).resolve() != HERE]
own = PathFinder.find_spec("sitecustomize", elsewhere)
if own is not None and own.origin is not None:
    load("sitecustomize", Path(own.origin))
