from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from fsrs import State
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.missed import AFTER_A_SLIP, ENOUGH, Given, Memory, due_at, missed, practised, recall
from tests.examples import examples

NOW = datetime(2026, 8, 5, 12, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def test_what_was_missed_in_a_game_can_be_practised_at_once() -> None:
    memory = missed(None, NOW)
    assert (memory.times_right, memory.reviewed, memory.due) == (0, NOW, NOW)
    assert not memory.is_learned


def test_right_twice_with_days_between_is_enough() -> None:
    once = practised(missed(None, NOW), NOW + MINUTE, right=True)
    assert once is not None
    assert once.times_right == 1
    assert once.due >= NOW + DAY
    twice = practised(once, once.due, right=True)
    assert twice is not None
    assert twice.is_learned
    assert twice.due - twice.reviewed > once.due - once.reviewed


def test_right_too_early_does_not_count() -> None:
    once = practised(missed(None, NOW), NOW, right=True)
    assert once is not None
    assert practised(once, once.due - MINUTE, right=True) is once


def test_wrong_begins_anew_and_comes_again_in_ten_minutes() -> None:
    once = practised(missed(None, NOW), NOW, right=True)
    assert once is not None
    again = practised(once, NOW + MINUTE, right=False)
    assert again is not None
    assert (again.times_right, again.due) == (0, NOW + MINUTE + AFTER_A_SLIP)
    assert (again.reviewed, again.state) == (NOW + MINUTE, State.Relearning)
    first = practised(None, NOW, right=False)
    assert first is not None
    assert first.due == NOW + AFTER_A_SLIP


def test_the_longer_ago_it_was_the_more_an_answer_says() -> None:
    once = practised(missed(None, NOW), NOW, right=True)
    assert once is not None
    soon, late = once.due, once.due + 200 * DAY
    assert missed(once, soon).stability != missed(once, late).stability
    told = [practised(once, moment, right=True) for moment in (soon, late)]
    assert told[0] is not None
    assert told[1] is not None
    assert told[0].stability < told[1].stability


def test_no_clock_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clockless(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Clockless":
            raise AssertionError(f"the clock was asked, {tz}")

    monkeypatch.setattr("fsrs.card.datetime", Clockless)
    once = practised(missed(None, NOW), NOW, right=True)
    assert once is not None
    missed(once, once.due)


def test_right_answers_to_what_was_never_missed_leave_nothing() -> None:
    assert practised(None, NOW, right=True) is None
    assert recall([Given("ramp", True, NOW)], {}) == {}


def test_games_count_after_what_was_practised() -> None:
    once = practised(missed(None, NOW), NOW + MINUTE, right=True)
    assert once is not None
    games = [Given("ramp", False, NOW), Given("ramp", False, NOW + MINUTE), Given("pier", False, NOW)]
    assert recall(games, {"ramp": once}) == {"ramp": once, "pier": missed(None, NOW)}
    later = once.due + MINUTE
    assert recall([Given("ramp", True, later)], {"ramp": once})["ramp"].is_learned
    slipped = recall([Given("ramp", False, later)], {"ramp": once})["ramp"]
    assert (slipped.times_right, slipped.due, slipped.state) == (0, later, State.Relearning)


def test_what_has_waited_longest_comes_first() -> None:
    learned = Memory(ENOUGH, State.Review, 2.0, 5.0, NOW - DAY, NOW - DAY)
    known = {
        "later": missed(None, NOW + MINUTE),
        "b": missed(None, NOW - MINUTE),
        "c": missed(None, NOW - DAY),
        "a": missed(None, NOW - MINUTE),
        "learned": learned,
    }
    assert due_at(known, NOW) == ["c", "a", "b"]
    assert due_at(known, NOW + MINUTE) == ["c", "a", "b", "later"]


ANSWERS = st.lists(
    st.tuples(st.booleans(), st.sampled_from((timedelta(), MINUTE, timedelta(hours=1), DAY, 9 * DAY))),
    max_size=12,
)


@settings(max_examples=examples(200))
@given(ANSWERS)
def test_two_right_in_a_row_when_due_are_needed_and_enough(answers: list[tuple[bool, timedelta]]) -> None:
    moment, memory, in_a_row = NOW, missed(None, NOW), 0
    for right, later in answers:
        moment += later
        was_due = moment >= memory.due
        after = practised(memory, moment, right=right)
        assert after is not None
        memory = after
        in_a_row = in_a_row + was_due if right else 0
        assert memory.times_right == in_a_row
        assert memory.is_learned == (in_a_row >= ENOUGH)
        assert memory.due > moment
        assert memory.stability > 0
        assert 1 <= memory.difficulty <= 10


@pytest.mark.parametrize("early", [timedelta(), MINUTE, 400 * DAY])
def test_a_clock_that_goes_back_breaks_nothing(early: timedelta) -> None:
    once = practised(missed(None, NOW), NOW, right=True)
    again = practised(once, NOW - early, right=False)
    assert again is not None
    assert again.due == NOW - early + AFTER_A_SLIP
