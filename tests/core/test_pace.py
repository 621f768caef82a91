"""How often somebody may do something, against a model that remembers every time."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.pace import Pace

TIMES = 3
SECONDS = 20.0

calls = st.lists(st.tuples(st.integers(1, 4), st.integers(-2, 15), st.booleans()), max_size=60)


@given(calls)
def test_so_many_times_from_the_first_on_and_then_again(steps: list[tuple[int, int, bool]]) -> None:
    pace, now = Pace(TIMES, SECONDS), 1_000.0
    taken: dict[int, list[float]] = {}
    for user_id, step, is_fruitless in steps:
        now += step
        window = taken.setdefault(user_id, [])
        if window and now - window[0] >= SECONDS:
            window.clear()
        wait = pace.wait(user_id, now)
        if len(window) >= TIMES:
            assert wait == window[0] + SECONDS - now
            continue
        assert wait == 0
        if is_fruitless:
            pace.give_back(user_id, now)
        else:
            window.append(now)


def test_a_refused_time_does_not_count() -> None:
    pace = Pace(1, SECONDS)
    assert pace.wait(1, 0) == 0
    assert [pace.wait(1, moment) for moment in (5, 10, 19)] == [15, 10, 1]
    assert pace.wait(1, 20) == 0


def test_a_time_that_is_given_back_moves_the_first_one_too() -> None:
    pace = Pace(2, SECONDS)
    assert [pace.wait(1, moment) for moment in (0, 5)] == [0, 0]
    pace.give_back(1, 0)
    assert pace.wait(1, 6) == 0
    assert pace.wait(1, 7) == 18, "the seconds run from the time at 5"


def test_a_time_that_is_over_cannot_be_given_back() -> None:
    pace = Pace(1, SECONDS)
    pace.wait(1, 0)
    assert pace.wait(1, 30) == 0
    pace.give_back(1, 0)
    pace.give_back(2, 0)
    assert pace.wait(1, 31) == 19


def test_users_do_not_wait_for_each_other_and_are_forgotten() -> None:
    pace = Pace(1, SECONDS)
    assert all(pace.wait(user_id, 0) == 0 for user_id in range(1_000))
    assert pace.wait(0, 30) == 0
    pace.give_back(0, 30)
    assert not pace._taken
