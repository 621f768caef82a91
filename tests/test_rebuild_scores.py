from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.storage.played import Asked, Given, database_file, play, totals

NOW = datetime(2026, 8, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def log_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command's own log would go on writing to what a test captures, also after that test."""
    monkeypatch.setattr("bot.__main__.set_up_logging", lambda *_: None)


def test_rebuild_scores_mends_the_boards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "trivia.db"
    monkeypatch.setenv("DATABASE_PATH", str(path))
    with database_file(path) as connection:
        play(connection, 1, NOW, [Asked("ramp", {7: Given(80), 8: Given(20)})])
        right = totals(connection, 1)
        connection.execute("UPDATE totals SET points = 0 WHERE user_id = 7")
        connection.execute("DELETE FROM totals WHERE user_id = 8")
    assert main(["rebuild-scores"]) == 0
    assert capsys.readouterr().out == "Rebuilt the board of 1 server.\n"
    with database_file(path) as connection:
        assert totals(connection, 1) == right


def test_without_a_database_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_PATH", str(tmp_path / "nowhere.db"))
    assert main(["rebuild-scores"]) == 2
    assert "There is no database" in capsys.readouterr().err
    assert not (tmp_path / "nowhere.db").exists()
