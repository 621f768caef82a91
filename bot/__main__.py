"""`python -m bot`: the command line. Ctrl+C ends it without a traceback, even during the imports."""

import sys

try:
    from bot.cli import main

    if __name__ == "__main__":
        sys.exit(main())
except KeyboardInterrupt:
    sys.exit(130)
