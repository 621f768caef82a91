"""The commands that do one thing and end, and how each ends."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import INTERRUPTED, main, parser
from bot.config import PROJECT
from bot.storage.packs import read_pack, store_pack
from bot.storage.reports import Report, add_report, settle
from tests.quiz_pack import write_pack
from tests.storage.played import Asked, Given, database_file, play, totals

NOW = datetime(2026, 8, 5, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command is run, without settings."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_PATH", "DISCORD_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    # The command's own log would go on writing to what a test captures, also after that test.
    monkeypatch.setattr("bot.cli.set_up_logging", lambda *_: None)
    return tmp_path


def report_in(path: Path, reason: str) -> None:
    with database_file(path) as connection:
        add_report(connection, Report("la-la-land", "fact", "prius", reason, 7, None, NOW))


def test_a_wrong_command_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["runn"])
    assert ended.value.code == 2
    assert "argument COMMAND: invalid choice: 'runn' (choose from" in capsys.readouterr().err


def test_rebuild_scores_mends_the_boards(capsys: pytest.CaptureFixture[str]) -> None:
    path = Path("trivia.db")
    with database_file(path) as connection:
        play(connection, 1, NOW, [Asked("ramp", {7: Given(80), 8: Given(20)})])
        right = totals(connection, 1)
        connection.execute("UPDATE totals SET points = 0 WHERE user_id = 7")
        connection.execute("DELETE FROM totals WHERE user_id = 8")
    assert main(["rebuild-scores"]) == 0
    assert capsys.readouterr().out == "Rebuilt the board of 1 server in trivia.db.\n"
    with database_file(path) as connection:
        assert totals(connection, 1) == right


@pytest.mark.parametrize("command", ["rebuild-scores", "reports", "questions"])
def test_without_a_database_it_says_what_to_do(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command]) == 2
    assert "There is no database trivia.db" in capsys.readouterr().err
    assert main([command, "--database", "other.db"]) == 2
    assert "There is no database other.db" in capsys.readouterr().err
    assert not list(Path().iterdir())


def test_reports_say_where_they_are_and_are_the_playgrounds_where_there_are_no_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    report_in(Path("playground.db"), "It was a Honda.")
    assert main(["reports"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1 report in playground.db",
        "2026-08-05 09:30  la-la-land/fact prius: 'It was a Honda.' (user 7, server none)",
    ]
    with database_file(Path("trivia.db")):
        pass
    assert main(["reports"]) == 0
    assert capsys.readouterr().out == "0 reports in trivia.db\n"
    assert main(["reports", "--database", "playground.db"]) == 0
    assert "It was a Honda." in capsys.readouterr().out


def test_reports_say_what_is_settled(capsys: pytest.CaptureFixture[str]) -> None:
    with database_file(Path("trivia.db")) as connection:
        add_report(connection, Report("la-la-land", "fact", "prius", "It was a Honda.", 7, 5, NOW))
        settle(connection, 5, 1, NOW)
    assert main(["reports"]) == 0
    assert capsys.readouterr().out.endswith("'It was a Honda.' (user 7, server 5, settled)\n")


def test_a_database_that_was_named_is_not_exchanged_for_the_playgrounds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    report_in(Path("playground.db"), "It was a Honda.")
    assert main(["rebuild-scores"]) == 2
    monkeypatch.setenv("DATABASE_PATH", "nowhere.db")
    assert main(["reports"]) == 2
    assert "nowhere.db" in capsys.readouterr().err


@pytest.mark.parametrize("module", ["bot.cli", "discord", "aiosqlite"])
def test_ctrl_c_while_it_is_imported_leaves_no_trace(module: str, folder: Path) -> None:
    code = f"""
import builtins, os, runpy, signal
# A shell has what it runs in the background ignore it, and so the tests there.
signal.signal(signal.SIGINT, signal.default_int_handler)
load = builtins.__import__
def interrupted(name, *rest, **named):
    if name == {module!r}:
        os.kill(os.getpid(), signal.SIGINT)
    return load(name, *rest, **named)
builtins.__import__ = interrupted
runpy.run_module("bot", run_name="__main__", alter_sys=True)
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=folder,
        env={"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, "", "")


def test_questions_lists_how_each_was_answered(capsys: pytest.CaptureFixture[str]) -> None:
    with database_file(Path("trivia.db")) as connection:
        pack, _ = read_pack(write_pack(Path("packs/orchestra")))
        assert pack is not None
        store_pack(connection, pack, "")
        connection.execute(
            "INSERT INTO reports (user_id, pack, kind, item, reason, reported_ms)"
            " VALUES (1, 'orchestra', 'question', 'question-7', 'Hm', 1)"
        )
    assert main(["questions"]) == 0
    title, head, *lines = capsys.readouterr().out.splitlines()
    assert title == "The Test Orchestra in trivia.db"
    assert head == "question     label   asked  answers  right  typed  right  median  tells  reports"
    assert len(lines) == 60
    [line] = [line for line in lines if line.startswith("question-7 ")]
    assert line.split() == ["question-7", "medium", "0", "0", "1"]
    assert main(["questions", "orchestra"]) == 0
    assert main(["questions", "opera"]) == 2
    assert capsys.readouterr().err == "There is no pack opera in trivia.db. It has orchestra.\n"


def test_questions_without_a_pack_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with database_file(Path("trivia.db")):
        pass
    assert main(["questions"]) == 2
    assert capsys.readouterr().err == "There is no pack in trivia.db yet. Start the bot once.\n"


@pytest.mark.parametrize(
    ("arguments", "browser"),
    [
        ([], True),
        (["playground"], True),
        (["--no-browser"], False),
        (["playground", "--no-browser"], False),
        (["--no-browser", "playground"], False),
    ],
)
def test_the_page_is_left_closed_on_demand(arguments: list[str], browser: bool) -> None:
    assert parser().parse_args(arguments).browser is browser


def test_a_reader_who_has_seen_enough_is_no_fault() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "bot", "check"],
        stdout=writing,
        stderr=subprocess.PIPE,
        cwd=PROJECT,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, ""), "as with: python -m bot questions | head"


@pytest.fixture
def folder_of_another_user(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a database which this process may not look into, even where the tests run as root.

    It may look into the one above, where the command is run and another database is, and not write there.
    """
    if not hasattr(os, "setresuid"):
        pytest.skip("a process cannot become another user's and its own again")
    nobody, before = 65_534, os.getuid()
    with tempfile.TemporaryDirectory() as name:
        above = Path(name)
        monkeypatch.chdir(above)
        folder = above / "dark"
        folder.mkdir()
        (folder / "trivia.db").touch()
        (above / "trivia.db").touch()
        folder.chmod(0)
        above.chmod(0o555)
        if before == 0:
            os.setresuid(nobody, nobody, before)
        yield folder
        os.setresuid(before, before, before)
        above.chmod(0o700)
        folder.chmod(0o700)


@pytest.mark.parametrize("arguments", [["reports"], ["doctor"], ["backup", "copy.db"], ["rebuild-scores"]])
def test_another_users_database_is_a_sentence(
    arguments: list[str],
    folder_of_another_user: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_PATH", str(folder_of_another_user / "trivia.db"))
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert "trivia.db'. Run this as the user that the bot runs as." in told.err
    if arguments == ["doctor"]:
        assert f"NOT WELL  disk: {folder_of_another_user} may not be written to" in told.out


def test_a_folder_that_may_not_be_written_to_is_told_from_a_database(
    folder_of_another_user: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", "copy.db"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("The copy could not be made ([Errno 13] Permission denied: ")
    assert told.endswith("; copy.db was not written.\n")
