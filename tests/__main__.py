"""`python -m tests`: every check, in the order in which they fail fastest. Further arguments go to pytest."""

import subprocess
import sys
from collections.abc import Sequence

CHECKS: tuple[Sequence[str], ...] = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("bot", "check"),
    ("pytest", "-n", "5", "--dist", "loadfile", "--no-loadscope-reorder"),
)


def main(arguments: Sequence[str]) -> int:
    """Run each check to its end and return 1 if one of them found something."""
    failed: list[str] = []
    for check in CHECKS:
        command = [sys.executable, "-m", *check, *(arguments if check[0] == "pytest" else ())]
        print(f"== {' '.join(command[2:])}", flush=True)
        if subprocess.run(command, check=False).returncode:
            failed.append(check[0])
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
