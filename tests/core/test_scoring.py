from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.content import Difficulty
from bot.core.scoring import BASE_POINTS, ranks, speed_points

bases = st.sampled_from(sorted(BASE_POINTS.values()))
limits = st.integers(10, 120).map(lambda seconds: seconds * 1_000)


def test_bases_grow_with_difficulty() -> None:
    assert [BASE_POINTS[level] for level in Difficulty] == [100, 150, 200]


@pytest.mark.parametrize(
    ("base", "took", "limit", "streak", "points"),
    [
        (100, 0, 20_000, 0, 100),
        (100, 499, 20_000, 0, 100),
        (100, 500, 20_000, 0, 99),  # 98.75
        (100, 20_000, 20_000, 0, 50),
        (100, 10_000, 20_000, 0, 75),
        (150, 7_777, 20_000, 0, 121),  # 120.83
        (200, 100, 20_000, 1, 220),
        (200, 100, 20_000, 5, 300),
        (200, 100, 20_000, 9, 300),
        (150, 20_000, 20_000, 2, 105),
        (100, 600, 20_000, 0, 99),  # 98.5, half up
        (100, 99_999, 20_000, 0, 50),  # never less than half
    ],
)
def test_points_by_the_formula(base: int, took: int, limit: int, streak: int, points: int) -> None:
    assert speed_points(base, took, limit, streak, reopened=False) == points


@pytest.mark.parametrize(
    ("base", "streak", "points"), [(100, 0, 50), (150, 0, 75), (150, 1, 83), (200, 5, 150)]
)
def test_a_reopened_question_is_worth_half_at_any_speed(base: int, streak: int, points: int) -> None:
    assert {speed_points(base, took, 20_000, streak, reopened=True) for took in (0, 499, 9_000, 20_000)} == {
        points
    }


@pytest.mark.parametrize("took", [0, 500, 60_000, 10**7])
def test_an_untimed_question_has_its_whole_base(took: int) -> None:
    assert speed_points(150, took, None, 2, reopened=False) == 180


@given(bases, limits, st.data())
def test_after_the_hint_an_answer_is_worth_half_of_what_it_would_be(
    base: int, limit: int, data: st.DataObject
) -> None:
    took = data.draw(st.integers(limit // 2, limit))
    streak = data.draw(st.integers(0, 30))
    exact = Decimal(base) * (1 - Decimal(took) / (2 * limit)) + Decimal(base) * min(streak, 5) / 10
    hinted = speed_points(base, took, limit, streak, reopened=False, hinted=True)
    assert hinted == int((exact / 2).to_integral_value(ROUND_HALF_UP))


@given(bases, limits, st.integers(0, 120_000), st.integers(0, 30))
def test_a_reopened_question_is_not_halved_twice(base: int, limit: int, took: int, streak: int) -> None:
    points = {
        speed_points(base, took, limit, streak, reopened=True, hinted=hinted) for hinted in (True, False)
    }
    assert len(points) == 1


@given(bases, limits, st.data())
def test_points_agree_with_exact_decimals(base: int, limit: int, data: st.DataObject) -> None:
    took = data.draw(st.integers(500, limit))
    streak = data.draw(st.integers(0, 30))
    exact = Decimal(base) * (1 - Decimal(took) / (2 * limit)) + Decimal(base) * min(streak, 5) / 10
    assert speed_points(base, took, limit, streak, reopened=False) == int(
        exact.to_integral_value(ROUND_HALF_UP)
    )


@given(bases, limits, st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 30))
def test_faster_is_never_worth_less(base: int, limit: int, one: int, other: int, streak: int) -> None:
    faster, slower = sorted((one, other))
    assert speed_points(base, faster, limit, streak, reopened=False) >= speed_points(
        base, slower, limit, streak, reopened=False
    )


def test_ties_share_a_rank() -> None:
    assert ranks([300, 200, 200, 100, 0, 0]) == [1, 2, 2, 4, 5, 5]
    assert ranks([]) == []


@given(st.lists(st.integers(0, 50)))
def test_a_rank_is_one_more_than_how_many_are_ahead(points: list[int]) -> None:
    fallen = sorted(points, reverse=True)
    assert ranks(fallen) == [1 + sum(other > value for other in fallen) for value in fallen]
