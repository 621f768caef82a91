"""Packs whose files are no files, or far too large: refused at once, and the other packs go on."""

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from bot.core.nesting import MOST_LEVELS
from bot.storage.database import Database
from bot.storage.pack_files import LARGEST, SIZE
from bot.storage.packs import load_packs, read_pack
from tests.storage.packs_on_disk import FactOnDisk, PackOnDisk

pytestmark = [
    pytest.mark.timeout(30),
    pytest.mark.skipif(sys.platform == "win32", reason="there are neither pipes nor devices among the files"),
]

NO_FILE = "cannot be read: it is not a regular file"
TOO_LARGE = f"cannot be read: it is larger than {SIZE}"
FACT = FactOnDisk("piano", "Randy Kerber recorded every piano part.")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


def gibibyte_of_nuls(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 30)


def one_byte_too_many(path: Path) -> None:
    path.write_bytes(b"#" * (LARGEST + 1))


def dotted_keys(path: Path) -> None:
    path.write_text("a" + ".a" * 50_000 + " = 1")


HOSTILE: dict[Callable[[Path], None], str] = {
    pipe: NO_FILE,
    endless: NO_FILE,
    folder: NO_FILE,
    gibibyte_of_nuls: TOO_LARGE,
    one_byte_too_many: TOO_LARGE,
    dotted_keys: f"is nested too deeply: at most {MOST_LEVELS} levels",
}


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    for name in ("film", "stranger"):
        PackOnDisk(tmp_path / "packs" / name).write([FACT])
    return tmp_path / "packs"


@pytest.mark.parametrize("file", ["pack.toml", "facts.toml", "questions.toml"])
@pytest.mark.parametrize(("spoil", "problem"), HOSTILE.items())
async def test_a_hostile_file_is_a_fault_and_the_other_packs_go_on(
    database: Database,
    packs: Path,
    caplog: pytest.LogCaptureFixture,
    spoil: Callable[[Path], None],
    problem: str,
    file: str,
) -> None:
    path = packs / "stranger" / file
    path.unlink(missing_ok=True)
    spoil(path)
    _, faults = read_pack(packs / "stranger")
    assert f"{file}: {problem}" in map(str, faults)
    with caplog.at_level(logging.INFO):
        catalogue = await load_packs(database, packs)
    assert [pack.id for pack in catalogue.packs] == ["film"]
    assert f"  {file}: {problem}" in caplog.text


def test_check_says_the_same(
    packs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (packs / "stranger" / "facts.toml").unlink()
    pipe(packs / "stranger" / "facts.toml")
    monkeypatch.setenv("PACKS_PATH", str(packs))
    monkeypatch.setattr("bot.cli.set_up_logging", lambda *_: None)
    assert main(["check"]) == 1
    assert capsys.readouterr().out == f"stranger/facts.toml: {NO_FILE}\n"


def test_the_largest_file_that_is_taken(packs: Path) -> None:
    path = packs / "film" / "facts.toml"
    content = path.read_bytes()
    path.write_bytes(content + b"#" * (LARGEST - len(content)))
    pack, faults = read_pack(packs / "film")
    assert faults == ()
    assert pack is not None
