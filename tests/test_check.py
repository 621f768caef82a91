import shutil
from pathlib import Path

import pytest

from bot.cli import main

GOOD = {
    "pack.toml": """
        id = "{id}"
        title = "A Film"
        topics = [{{ id = "music", name = "Music", emoji = "🎹", about = "Who played." }}]
    """,
    "facts.toml": """
        [[facts]]
        id = "piano"
        text = "Randy Kerber recorded every piano part before the shoot."
        topics = ["music"]
        spoiler = "none"
    """,
}


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PACKS_PATH", str(tmp_path))
    # The command's own log would go on writing to what a test captures, also after that test.
    monkeypatch.setattr("bot.cli.set_up_logging", lambda *_: None)
    for name in ("film", "other"):
        (tmp_path / name).mkdir()
        for file, text in GOOD.items():
            (tmp_path / name / file).write_text(text.format(id=name), "utf-8")
    return tmp_path


def test_sound_packs_are_counted(packs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "2 packs, 2 facts, 0 questions: no faults\n"


@pytest.mark.parametrize("by_folder", [False, True])
def test_one_pack_by_its_name_or_folder(
    packs: Path, capsys: pytest.CaptureFixture[str], *, by_folder: bool
) -> None:
    (packs / "other" / "facts.toml").unlink()
    assert main(["check", str(packs / "film") if by_folder else "film"]) == 0
    assert capsys.readouterr().out == "1 pack, 1 fact, 0 questions: no faults\n"


def test_all_faults_of_all_packs_are_listed(packs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = (packs / "film" / "facts.toml").read_text("utf-8")
    (packs / "film" / "facts.toml").write_text(facts.replace("none", "some").replace('"music"', "1"), "utf-8")
    (packs / "other" / "facts.toml").write_bytes(b"\xff\xfe")
    assert main(["check"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "film/facts.toml: piano: 'spoiler' must be one of none, plot, ending",
        "film/facts.toml: piano: 'topics' has an entry that must be text, between quotes",
        "other/facts.toml: is not UTF-8 text; save it as UTF-8",
    ]


def test_an_unknown_pack_is_a_sentence(packs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "casablanca"]) == 1
    assert capsys.readouterr().out == f"There is no pack called 'casablanca' in {packs}.\n"


def test_no_pack_at_all_is_a_sentence(packs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in packs.iterdir():
        shutil.rmtree(folder)
    assert main(["check"]) == 1
    assert capsys.readouterr().out == f"There is no pack in {packs}.\n"


def test_a_folder_without_its_head_is_no_sound_pack(packs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (packs / "other" / "pack.toml").unlink()
    assert main(["check"]) == 1
    assert capsys.readouterr().out == "other/pack.toml: is missing\n"


def test_what_is_not_toml_says_how_texts_are_written(packs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = (packs / "film" / "facts.toml").read_text("utf-8")
    (packs / "film" / "facts.toml").write_text(facts.replace('"none"', "“none”"), "utf-8")
    assert main(["check", "film"]) == 1
    assert capsys.readouterr().out == (
        "film/facts.toml: is not TOML: Invalid value (at line 6, column 19). Each text is on one line and "
        'between straight quotes; a quote in it is written as \\"\n'
    )
