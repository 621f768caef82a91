"""Checking packs from the command line: every fault at once, or one line that says all is well."""

from pathlib import Path

from bot.storage.packs import pack_folders, read_pack
from bot.ui.text import count


def check(packs_path: Path, wanted: str | None = None) -> int:
    """Check one pack, by its name in `packs_path` or by its folder, or all of them; return the exit code.

    Each fault is a line with its file and id, and makes the code 1.
    """
    if wanted is None:
        folders = pack_folders(packs_path)
    else:
        folders = [folder for folder in (packs_path / wanted, Path(wanted)) if folder.is_dir()][:1]
    if not folders:
        print(f"There is no pack{f' called {wanted!r}' if wanted else ''} in {packs_path}.")
        return 1
    packs, faulty = [], False
    for folder in folders:
        pack, faults = read_pack(folder.resolve())
        faulty = faulty or bool(faults)
        for fault in faults:
            print(f"{folder.name}/{fault}")
        packs += [pack] if pack else []
    if not faulty:
        facts = sum(len(pack.facts) for pack in packs)
        questions = sum(len(pack.questions) for pack in packs)
        counts = (count(len(packs), "pack"), count(facts, "fact"), count(questions, "question"))
        print(f"{', '.join(counts)}: no faults")
    return int(faulty)
