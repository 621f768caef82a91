"""The daily challenge: one player's five questions of a date, and the dates on which they played."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.asked import AskedQuestion

FIVE = 5
LOST_TO_A_ZONE = 2
"""A change of zone may cut one date short and skip the next, which nobody can have played."""


@dataclass(frozen=True, slots=True)
class Item:
    """One of a player's five; `choice` is an index into its options, None until it is answered.

    If `is_void`, moderators have taken it out of play, and it counts for nobody.
    """

    position: int
    asked: AskedQuestion
    is_void: bool = False
    choice: int | None = None
    took_ms: int = 0

    @property
    def is_right(self) -> bool:
        """Whether it was answered correctly."""
        return self.choice == self.asked.answer


@dataclass(frozen=True, slots=True)
class Play:
    """How far a player has got on a date.

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
        """The first other question that is unanswered, or None; one may be back in play that they passed."""
        left = (item for item in self.items if item.choice is None and not item.is_void)
        return next((item for item in left if item.position != self.seen), None)

    @property
    def is_open(self) -> bool:
        """Whether the question that they saw last is unanswered."""
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
        """How many of them were answered correctly."""
        return sum(item.is_right for item in self.counted)

    @property
    def took_ms(self) -> int:
        """How long they took over those that they answered."""
        return sum(item.took_ms for item in self.counted)


@dataclass(frozen=True, slots=True)
class Day:
    """A date on which somebody played the whole challenge, and the zone that it was counted in.

    If `is_perfect`, every answer was right.
    """

    date: date
    zone: str
    is_perfect: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """Somebody's dates in figures: the current streak, the longest one, all dates, all perfect ones."""

    streak: int = 0
    longest: int = 0
    played: int = 0
    perfect: int = 0


def add_up(days: Sequence[Day], today: date, zone: str) -> Days:
    """Add up a player's dates, which are in order; `today` is the date now in `zone`.

    A streak lasts while its next date can still be played. No change of zone breaks it.
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
