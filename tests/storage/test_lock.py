"""One bot a database, by whichever name it is called."""

from pathlib import Path

import pytest

from bot.storage.database import DatabaseUnusable
from bot.storage.lock import hold_lock


def test_a_database_is_locked_under_every_name_that_leads_to_it(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "way").symlink_to(tmp_path / "folder", target_is_directory=True)
    (tmp_path / "folder" / "link.db").symlink_to(path)
    monkeypatch.chdir(tmp_path)
    with hold_lock(path):
        for name in (path, Path("trivia.db"), Path("folder/../trivia.db"), Path("way/link.db")):
            with pytest.raises(DatabaseUnusable, match="Another bot is running"), hold_lock(name):
                pass
        path.write_bytes(b"")
        (tmp_path / "hard.db").hardlink_to(path)
        with pytest.raises(DatabaseUnusable, match="hard links"), hold_lock(tmp_path / "hard.db"):
            pass
    (tmp_path / "hard.db").unlink()
    with hold_lock(Path("way/link.db")):
        pass
