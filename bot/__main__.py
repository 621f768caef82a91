"""`python -m bot`: the command line, in which Ctrl+C leaves no trace even while it is being imported."""

import sys

try:
    from bot.cli import main

    if __name__ == "__main__":
        sys.exit(main())
except KeyboardInterrupt:
    sys.exit(130)
