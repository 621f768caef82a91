"""A copy of the database while somebody writes."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import main
from bot.storage.backup import back_up
from bot.storage.database import DatabaseUnusable


def make_database(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE pairs (a INTEGER, b INTEGER)")
        connection.execute("INSERT INTO pairs VALUES (0, 0)")
    connection.close()


def test_the_copy_is_of_one_moment_while_the_bot_writes(tmp_path: Path) -> None:
    source = tmp_path / "trivia.db"
    make_database(source)
    stop = threading.Event()
    committed = [0]

    def write() -> None:
        connection = sqlite3.connect(source, timeout=10)
        number = 0
        while not stop.is_set():
            number += 1
            with connection:
                connection.execute("UPDATE pairs SET a = ?", (number,))
                connection.execute("INSERT INTO pairs VALUES (?, ?)", (number, number))
                connection.execute("UPDATE pairs SET b = ?", (number,))
            committed[0] = number
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(15):
            target, before = tmp_path / f"copy{number}.db", committed[0]
            assert back_up(source, target) == target.stat().st_size
            connection = sqlite3.connect(target)
            rows = connection.execute("SELECT a, b FROM pairs").fetchall()
            connection.close()
            newest = {value for row in rows for value in row}
            assert newest == {len(rows) - 1}, "every commit adds a row and sets all numbers to its own"
            assert len(rows) - 1 >= before, "what was committed before the copy is in it"
    finally:
        stop.set()
        writer.join()
    assert not list(tmp_path.glob("*.unfinished*"))


def test_what_is_there_is_never_written_over(tmp_path: Path) -> None:
    source, target = tmp_path / "trivia.db", tmp_path / "kept.txt"
    make_database(source)
    target.write_text("mine")
    with pytest.raises(DatabaseUnusable, match="exists already"):
        back_up(source, target)
    assert target.read_text() == "mine"


def test_of_two_backups_to_one_name_one_is_made_and_the_other_says_so(tmp_path: Path) -> None:
    source = tmp_path / "trivia.db"
    make_database(source)
    for number in range(10):
        target = tmp_path / f"copy{number}.db"
        sentences: list[str] = []
        begin = threading.Barrier(2)

        def copy(target: Path, sentences: list[str], begin: threading.Barrier) -> None:
            begin.wait()
            try:
                sentences.append(f"{back_up(source, target)} bytes")
            except DatabaseUnusable as error:
                sentences.append(str(error))

        threads = [threading.Thread(target=copy, args=(target, sentences, begin)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(sentences) == [
            f"{target.stat().st_size} bytes",
            f"The file {target} exists already; name another one, or move it away first.",
        ]
        with closing(sqlite3.connect(target)) as made:
            assert made.execute("SELECT a, b FROM pairs").fetchall() == [(0, 0)]
    assert not list(tmp_path.glob("*.unfinished*"))


def test_what_cannot_work_leaves_no_file(tmp_path: Path) -> None:
    source = tmp_path / "trivia.db"
    with pytest.raises(DatabaseUnusable, match="no database"):
        back_up(source, tmp_path / "copy.db")
    make_database(source)
    with pytest.raises(DatabaseUnusable, match="no folder"):
        back_up(source, tmp_path / "nowhere" / "copy.db")
    source.write_bytes(b"not a database at all, but text" * 100)
    with pytest.raises(DatabaseUnusable, match="was not written"):
        back_up(source, tmp_path / "copy.db")
    assert sorted(file.name for file in tmp_path.iterdir() if "copy" in file.name) == []


def test_the_command_copies_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "trivia.db", tmp_path / "copy.db"
    make_database(source)
    monkeypatch.setenv("DATABASE_PATH", str(source))
    # The command's own log would go on writing to what this test captures, also after it.
    monkeypatch.setattr("bot.cli.set_up_logging", lambda *_: None)
    assert main(["backup", str(target)]) == 0
    assert f"to {target} (" in capsys.readouterr().out
    assert main(["backup", str(target)]) == 2
    assert "exists already" in capsys.readouterr().err


def test_on_postgresql_the_command_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:secret@host/trivia")
    monkeypatch.setattr("bot.cli.set_up_logging", lambda *_: None)
    assert main(["backup", "trivia.dump"]) == 2
    said = capsys.readouterr().err
    assert 'pg_dump --format=custom --file=trivia.dump "$DATABASE_URL"' in said
    assert "secret" not in said
