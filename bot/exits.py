"""How a process of ours ends: with a sentence where it cannot work, never with a stack trace."""

import sys
from collections.abc import Callable

from bot.config import CannotStart
from bot.storage.database import DatabaseUnusable


def exit_code_of(work: Callable[[], int]) -> int:
    """Run `work` and return its exit code, or the code for what stopped it after saying what to do."""
    try:
        return work()
    except CannotStart as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except DatabaseUnusable as error:
        print(error, file=sys.stderr)
        return CannotStart.exit_code
    except KeyboardInterrupt:
        return 0
