from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.periods import month_of
from bot.storage.connection import Connection
from bot.storage.hall_of_fame import MONTHS_PER_PAGE, MOST_WINNERS, HallPage, hall_page
from tests.examples import examples
from tests.storage.played import Asked, Given, choose_zone, database_file, play

GUILD, ELSEWHERE = 5_000, 6_000
NOW = datetime(2026, 8, 5, 12, tzinfo=UTC)
WRONG = Given(0, correct=False)


@pytest.fixture(scope="module")
def shared_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    with database_file(tmp_path_factory.mktemp("hall") / "trivia.db") as connection:
        yield connection


def whole_hall(connection: Connection) -> list[HallPage]:
    """Read the hall of fame from its newest page to its oldest."""
    pages = [hall_page(connection, GUILD, NOW)]
    while (older := pages[-1].older) is not None:
        pages.append(hall_page(connection, GUILD, NOW, older))
    return pages


rounds = st.lists(
    st.tuples(
        st.integers(0, 400 * 24).map(lambda hours: NOW - timedelta(hours=hours)),
        st.dictionaries(st.integers(1, 6), st.sampled_from((0, 1, 50, 100)), min_size=2),
    ),
    max_size=25,
)


@settings(max_examples=examples(100), deadline=None)
@given(rounds, st.sampled_from(("UTC", "Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago")))
def test_each_past_month_names_those_who_won_it(
    shared_file: Connection, played: list[tuple[datetime, dict[int, int]]], zone: str
) -> None:
    sums: defaultdict[date, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
    for ended, points in played:
        for user_id, value in points.items():
            sums[ended.astimezone(ZoneInfo(zone)).date().replace(day=1)][user_id] += value
    this_month = NOW.astimezone(ZoneInfo(zone)).date().replace(day=1)
    expected = []
    for month in sorted((month for month in sums if month < this_month), reverse=True):
        order = sorted(sums[month].items(), key=lambda pair: (-pair[1], pair[0]))
        ranked = [(1 + sum(other > value for _, other in order), user, value) for user, value in order]
        winners = [line for line in ranked if line[0] <= 3 and line[2] > 0][:MOST_WINNERS]
        if winners:
            expected.append((month, winners))
    shared_file.execute("BEGIN")
    try:
        choose_zone(shared_file, GUILD, zone)
        for ended, points in played:
            answers = {user: Given(value) if value else WRONG for user, value in points.items()}
            play(shared_file, GUILD, ended, [Asked("ramp", answers)])
        pages = whole_hall(shared_file)
        shown = [
            (month.days.first, [(place.rank, place.user_id, place.points) for place in month.winners])
            for page in pages
            for month in page.months
        ]
        assert shown == expected
        for number, page in enumerate(pages[1:]):
            assert page.newer == pages[number].months[0].days.first
            assert hall_page(shared_file, GUILD, NOW, page.newer) == pages[number]
        assert pages[0].newer is None
    finally:
        shared_file.execute("ROLLBACK")


def test_pages_hold_a_few_months_and_months_without_a_round_are_left_out(
    connection: Connection,
) -> None:
    for months_ago in range(9):
        play(
            connection, GUILD, NOW - timedelta(days=61 * months_ago), [Asked("ramp", {1: Given(), 2: WRONG})]
        )
    play(connection, ELSEWHERE, NOW - timedelta(days=31), [Asked("ramp", {1: Given(), 2: Given()})])
    first, second = whole_hall(connection)
    assert (len(first.months), len(second.months)) == (MONTHS_PER_PAGE, 2)
    assert [month.days for month in first.months][:2] == [
        month_of(date(2026, 6, 1)),
        month_of(date(2026, 4, 1)),
    ]
    assert hall_page(connection, GUILD, NOW, date(2030, 1, 1)) == first
    oldest = hall_page(connection, GUILD, NOW, date(2020, 1, 1))
    assert oldest.months == (*first.months[2:], *second.months)
    assert (oldest.newer, oldest.older) == (first.months[0].days.first, None)


def test_a_hall_without_a_past_month_is_empty(connection: Connection) -> None:
    play(connection, GUILD, NOW, [Asked("ramp", {1: Given(), 2: Given()})])
    play(connection, GUILD, NOW - timedelta(days=40), [Asked("ramp", {1: WRONG, 2: WRONG})])
    assert hall_page(connection, GUILD, NOW) == HallPage((), None, None)
