"""How far somebody has come with a date's five, and which dates they played in a row."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.asked import AskedQuestion
from bot.core.challenge import Day, Days, Item, Play, add_up
from bot.core.content import Difficulty, Spoiler
from bot.core.zones import zone_names

ASKED = AskedQuestion(
    "q", "f", ("t",), "Who?", ("Ann", "Bo", "Cy"), 1, (), (), "Bo.", Spoiler.NONE, Difficulty.EASY, 100
)
FIRST = date(2026, 1, 1)
HERE, THERE = "Pacific/Midway", "Pacific/Kiritimati"


def play(*choices: int | str | None, seen: int) -> Play:
    """Return a play; a choice of 'void' is a question out of play."""
    items = tuple(
        Item(number, ASKED, is_void=True)
        if choice == "void"
        else Item(number, ASKED, choice=choice if isinstance(choice, int) else None, took_ms=10 * number)
        for number, choice in enumerate(choices, 1)
    )
    return Play(1, FIRST, "pack", items, seen, 0)


@pytest.mark.parametrize(
    ("choices", "seen", "is_open", "following", "is_done"),
    [
        ((None, None, None), 1, True, 2, False),
        ((0, None, None), 1, False, 2, False),
        ((0, None, None), 2, True, 3, False),
        ((0, 1, None), 3, True, None, False),
        ((0, 1, 1), 3, False, None, True),
        ((0, "void", None), 1, False, 3, False),
        ((0, "void", None), 2, False, 3, False),
        ((0, 1, "void"), 2, False, None, True),
        ((0, 1, "void"), 3, False, None, True),
        (("void", "void", "void"), 1, False, None, True),
        ((0, None, 1), 3, False, 2, False),
        ((None, 1, None), 3, True, 1, False),
    ],
)
def test_where_somebody_is(
    choices: tuple[int | str | None, ...], seen: int, is_open: bool, following: int | None, is_done: bool
) -> None:
    there = play(*choices, seen=seen)
    assert there.current.position == seen
    assert there.is_open == is_open
    assert (there.following.position if there.following else None) == following
    assert there.is_done == is_done


def test_what_is_out_of_play_counts_for_nobody() -> None:
    whole = play(1, 0, 1, seen=3)
    assert (whole.correct, len(whole.counted), whole.took_ms) == (2, 3, 60)
    first, second, third = whole.items
    voided = replace(whole, items=(replace(first, is_void=True), second, third))
    assert (voided.correct, len(voided.counted), voided.took_ms) == (1, 2, 50)


def days(played: Sequence[bool], zone: str = "UTC") -> list[Day]:
    """Return the dates from the first on that were played."""
    return [Day(FIRST + timedelta(days=n), zone, n % 3 == 0) for n, yes in enumerate(played) if yes]


@given(st.lists(st.booleans(), min_size=1, max_size=400))
def test_streaks_are_what_a_plain_count_gives(played: list[bool]) -> None:
    *before, today = played
    runs = [len(list(run)) for yes, run in groupby(played) if yes]
    # Today may still be played, so a streak up to yesterday goes on.
    latest = played if today else before
    streak = 0
    while streak < len(latest) and latest[-1 - streak]:
        streak += 1
    found = days(played)
    assert add_up(found, FIRST + timedelta(days=len(before)), "UTC") == Days(
        streak, max(runs, default=0), sum(played), sum(day.is_perfect for day in found)
    )


MOMENT = datetime(2026, 1, 1, 12, tzinfo=UTC)


@given(
    st.lists(st.tuples(st.integers(1, 60), st.sampled_from(zone_names())), min_size=1, max_size=8),
    st.integers(0, 23),
)
def test_whoever_plays_whenever_they_can_keeps_their_streak_through_every_zone(
    stays: list[tuple[int, str]], hour: int
) -> None:
    """A server changes its zone at any moment; one who looks in every hour plays each new date."""
    played: list[Day] = []
    moment = MOMENT + timedelta(hours=hour)
    for hours, name in stays:
        zone = ZoneInfo(name)
        for _ in range(hours):
            today = moment.astimezone(zone).date()
            if today not in {day.date for day in played}:
                played = sorted([*played, Day(today, name)], key=lambda day: day.date)
            moment += timedelta(hours=1)
            assert add_up(played, today, name).streak == len(played)


def test_a_zone_forgives_what_it_may_have_taken_and_no_more() -> None:
    last = Day(FIRST, HERE)
    for missed, survives in ((0, True), (1, True), (2, True), (3, False)):
        then = FIRST + timedelta(days=1 + missed)
        assert add_up([last, Day(then, THERE)], then, THERE).streak == (2 if survives else 1)
        assert add_up([last], then, THERE).streak == int(survives)
        assert add_up([last], then, HERE).streak == int(not missed)


def test_a_date_that_comes_again_leaves_the_streak_as_it_is() -> None:
    played = [Day(FIRST, THERE), Day(FIRST + timedelta(days=1), THERE)]
    assert add_up(played, FIRST, HERE).streak == 2
    assert add_up([], FIRST, HERE) == Days()
