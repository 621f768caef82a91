"""The playground is for any bot: it knows nothing of this one, and this one serves Discord without it."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("trivia", "quiz", "daily", "la la land", "leaderboard", "city of stars")


def test_no_file_of_the_playground_speaks_of_our_bot() -> None:
    texts = {
        str(file.relative_to(ROOT)): file.read_text("utf-8").lower()
        for file in (ROOT / "playground").rglob("*")
        if file.suffix in (".py", ".js", ".html", ".css", ".md")
    }
    assert len(texts) > 80
    speaking = {name: word for name, text in texts.items() for word in OURS if word in text}
    assert speaking == {}


def test_serving_discord_imports_nothing_of_the_playground(tmp_path: Path) -> None:
    # Everything is imported by the time the token is asked for; without one it ends there.
    code = (
        "import sys; from bot.cli import main; code = main(['run'])\n"
        "print(code, *sorted(name for name in sys.modules if name.split('.')[0] == 'playground'))\n"
        "print('bot.app' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.stdout.split() == ["2", "True"], result.stdout + result.stderr
