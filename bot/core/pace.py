"""How often somebody may do something."""


class Pace:
    """At most `times` in `seconds` for each user; the seconds run from the first of those times.

    Each call costs the same, however many users there are.
    """

    def __init__(self, times: int, seconds: float) -> None:
        self._times = times
        self._seconds = seconds
        self._taken: dict[int, list[float]] = {}  # each user's times that count, roughly the oldest first

    def wait(self, user_id: int, now: float) -> float:
        """Count one more time at `now`, in seconds, and return 0; or else return how many seconds to wait."""
        self._forget(now)
        taken = self._taken.setdefault(user_id, [])
        if taken and taken[0] + self._seconds <= now:
            # Not forgotten yet, as this user is behind somebody whose time is not over.
            taken.clear()
        if len(taken) >= self._times:
            return taken[0] + self._seconds - now
        taken.append(now)
        return 0.0

    def give_back(self, user_id: int, moment: float) -> None:
        """Take back the time that was counted at `moment`, as nothing came of it."""
        taken = self._taken.get(user_id, [])
        if moment in taken:
            taken.remove(moment)
        if not taken:
            self._taken.pop(user_id, None)

    def _forget(self, now: float) -> None:
        while self._taken:
            user_id, taken = next(iter(self._taken.items()))
            if taken[0] + self._seconds > now:
                return
            del self._taken[user_id]
