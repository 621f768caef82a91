"""How often somebody may do something."""


class Pace:
    """At most `times` in `seconds` for each user; the seconds run from the first of those times.

    Each call costs the same, however many users there are.
    """

    def __init__(self, times: int, seconds: float) -> None:
        self._times = times
        self._seconds = seconds
        self._since: dict[int, tuple[float, int]] = {}  # the first time and how many since, oldest first

    def wait(self, user_id: int, now: float) -> float:
        """Count one more time at `now` and return 0, or count nothing and return how many seconds to wait."""
        self._forget(now)
        first, times = self._since.get(user_id, (now, 0))
        left = first + self._seconds - now
        if left <= 0:
            # Only where times came out of order: it stands behind one that is not over.
            first, times = now, 0
        if times >= self._times:
            return left
        self._since[user_id] = first, times + 1
        return 0.0

    def _forget(self, now: float) -> None:
        while self._since:
            user_id, (first, _) = next(iter(self._since.items()))
            if first + self._seconds > now:
                return
            del self._since[user_id]
