"""The daily challenge: a date's five questions as one player has them, and the dates that somebody played."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.asked import AskedQuestion

FIVE = 5
LOST_TO_A_ZONE = 2
"""A new zone may cut one date short and leave out the next, which nobody can have played."""


@dataclass(frozen=True, slots=True)
class Item:
    """One of the five as a player has it; `choice` is None until it is answered, an index into its options.

    `is_void`: moderators have taken it out of play, so it counts for nobody.
    """

    position: int
    asked: AskedQuestion
    is_void: bool = False
    choice: int | None = None
    took_ms: int = 0

    @property
    def is_right(self) -> bool:
        """Whether it was answered, and rightly."""
        return self.choice == self.asked.answer


@dataclass(frozen=True, slots=True)
class Play:
    """How far a player has come on a date.

    `seen` is the position of the question that they saw last, `seen_ms` when they first did.
    """

    challenge_id: int
    day: date
    pack: str
    items: tuple[Item, ...]
    seen: int
    seen_ms: int

    @property
    def current(self) -> Item:
        """The question that they saw last."""
        return self.items[self.seen - 1]

    @property
    def following(self) -> Item | None:
        """The next question in play after it, None if it was the last."""
        return next((item for item in self.items[self.seen :] if not item.is_void), None)

    @property
    def is_open(self) -> bool:
        """Whether the question that they saw last waits for its answer."""
        return self.current.choice is None and not self.current.is_void

    @property
    def is_done(self) -> bool:
        """Whether all questions in play are answered."""
        return not self.is_open and self.following is None

    @property
    def counted(self) -> tuple[Item, ...]:
        """The questions in play."""
        return tuple(item for item in self.items if not item.is_void)

    @property
    def correct(self) -> int:
        """How many of them were answered rightly."""
        return sum(item.is_right for item in self.counted)

    @property
    def took_ms(self) -> int:
        """How long they thought about those that they answered."""
        return sum(item.took_ms for item in self.counted)


@dataclass(frozen=True, slots=True)
class Day:
    """A date on which somebody played the whole challenge, and the zone that it was this date in.

    `is_perfect`: every answer was right.
    """

    date: date
    zone: str
    is_perfect: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """What somebody's dates come to: those in a row up to now, the most ever in a row, all, all right."""

    streak: int = 0
    longest: int = 0
    played: int = 0
    perfect: int = 0


def add_up(days: Sequence[Day], today: date, zone: str) -> Days:
    """Add up a player's dates, which are in order; `today` and `zone` are the date and the zone of now.

    A streak goes on while its next date can still be played. No change of the zone breaks it.
    """
    streak = longest = 0
    last: Day | None = None
    for day in days:
        streak = streak + 1 if last and _goes_on(last, day.date, day.zone) else 1
        longest = max(longest, streak)
        last = day
    return Days(
        streak=streak if last and _goes_on(last, today, zone) else 0,
        longest=longest,
        played=len(days),
        perfect=sum(day.is_perfect for day in days),
    )


def _goes_on(last: Day, then: date, zone: str) -> bool:
    missed = (then - last.date).days - 1
    return missed <= (0 if zone == last.zone else LOST_TO_A_ZONE)
