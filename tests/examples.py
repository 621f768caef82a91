"""How many examples a property test tries: a tenth while one works, all of them in CI or with `CI=true`."""

import os

FEWEST = 20


def examples(number: int) -> int:
    """Return how many of a test's `number` examples this run tries."""
    return number if os.environ.get("CI") else min(number, max(FEWEST, number // 10))
