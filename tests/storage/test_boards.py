from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.periods import Period, Stretch
from bot.storage.boards import (
    ABOVE_OWN,
    MINE,
    PAGE_SIZE,
    TOP,
    BoardPage,
    Cursor,
    Way,
    board_page,
)
from bot.storage.connection import Connection
from bot.storage.moments import to_ms
from bot.storage.sqlite import SqliteConnection
from tests.examples import examples
from tests.storage.played import Asked, Given, choose_zone, database_file, play

GUILD = 5_000
NOW = datetime(2026, 8, 5, 12, tzinfo=UTC)
STRANGER = 99_999


@pytest.fixture(scope="module")
def shared_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    with database_file(tmp_path_factory.mktemp("boards") / "trivia.db") as connection:
        yield connection


def fill(connection: Connection, points: list[int]) -> None:
    """Have players with these points, as if one round of today had given them."""
    connection.executemany(
        "INSERT INTO totals (guild_id, board, user_id, points, correct, answered, games)"
        " VALUES (?, 'rounds', ?, ?, 1, 2, 1)",
        ((GUILD, user_id, value) for user_id, value in enumerate(points, start=1)),
    )
    connection.executemany(
        "INSERT INTO scores (guild_id, board, game, user_id, ended_ms, points, correct, answered)"
        " VALUES (?, 'rounds', 1, ?, ?, ?, 1, 2)",
        ((GUILD, user_id, to_ms(NOW), value) for user_id, value in enumerate(points, start=1)),
    )


def follow(page: BoardPage) -> Cursor:
    last = page.places[-1]
    return Cursor(Way.AFTER, last.points, last.user_id)


def precede(page: BoardPage) -> Cursor:
    first = page.places[0]
    return Cursor(Way.BEFORE, first.points, first.user_id)


numbers = st.integers(0, 12) | st.integers(90, 1_100) | st.integers(0, 10**12)


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(numbers, max_size=60), st.sampled_from((Period.ALL, Period.DAY)), st.data())
def test_pages_are_slices_of_the_whole_and_ties_share_a_rank(
    shared_file: Connection, points: list[int], period: Period, data: st.DataObject
) -> None:
    order = sorted(enumerate(points, start=1), key=lambda pair: (-pair[1], pair[0]))
    whole = [(1 + sum(other > value for other in points), user, value) for user, value in order]

    def show(reader_id: int, cursor: Cursor) -> BoardPage:
        return board_page(shared_file, GUILD, period, NOW, reader_id=reader_id, cursor=cursor)

    def slice_of(page: BoardPage) -> list[tuple[int, int, int]]:
        return [(place.rank, place.user_id, place.points) for place in page.places]

    shared_file.execute("BEGIN")
    try:
        fill(shared_file, points)
        page = show(STRANGER, TOP)
        seen = [page]
        while page.has_next:
            page = show(STRANGER, follow(page))
            seen.append(page)
        pages = max(1, -(-len(points) // PAGE_SIZE))
        assert [slice_of(page) for page in seen] == [
            whole[number * PAGE_SIZE : (number + 1) * PAGE_SIZE] for number in range(pages)
        ]
        assert {(page.players, page.own) for page in seen} == {(len(points), None)}
        assert [page.has_previous for page in seen] == [False] + [True] * (pages - 1)
        for earlier, later in pairwise(seen):
            assert show(STRANGER, precede(later)) == earlier
        if whole:
            index = data.draw(st.integers(0, len(whole) - 1))
            rank, user_id, value = whole[index]
            mine = show(user_id, MINE)
            start = max(0, min(index - ABOVE_OWN, len(whole) - PAGE_SIZE))
            assert slice_of(mine) == whole[start : start + PAGE_SIZE]
            assert (mine.has_previous, mine.has_next) == (start > 0, start + PAGE_SIZE < len(whole))
            assert mine.own is not None
            assert (mine.own.rank, mine.own.user_id, mine.own.points) == (rank, user_id, value)
            assert mine.own in mine.places
            assert slice_of(show(STRANGER, follow(mine))) == (
                whole[start + PAGE_SIZE : start + 2 * PAGE_SIZE] or whole[-PAGE_SIZE:]
            )
            before = max(0, start - PAGE_SIZE)
            assert slice_of(show(STRANGER, precede(mine))) == whole[before : before + PAGE_SIZE]
    finally:
        shared_file.execute("ROLLBACK")


@pytest.mark.parametrize("period", [Period.ALL, Period.DAY])
@pytest.mark.parametrize(
    ("cursor", "first"),
    [
        (Cursor(Way.AFTER, 0, 2**63 - 1), 10),  # nobody comes after: the last page
        (Cursor(Way.AFTER), 10),
        (Cursor(Way.BEFORE, 2**63 - 1, 2**63 - 1), 24),  # nobody comes before: the first
        (Cursor(Way.BEFORE, 20, 1), 24),  # fewer than ten do
        (Cursor(Way.AFTER, 20, 99), 19),  # nobody is in that place any more
        (MINE, 24),  # the reader is not on the board
    ],
)
def test_a_page_that_is_not_there_gives_the_nearest(
    connection: Connection, period: Period, cursor: Cursor, first: int
) -> None:
    fill(connection, list(range(1, 25)))
    page = board_page(connection, GUILD, period, NOW, reader_id=STRANGER, cursor=cursor)
    assert [place.points for place in page.places] == list(range(first, first - 10, -1))


def test_an_empty_board_has_one_empty_page(connection: Connection) -> None:
    for cursor in (TOP, MINE, Cursor(Way.BEFORE, 5, 5)):
        page = board_page(connection, GUILD, Period.DAY, NOW, reader_id=1, cursor=cursor)
        today = Stretch(NOW.date(), NOW.date())
        assert page == BoardPage(Period.DAY, today, 0, (), None, has_previous=False, has_next=False)


def test_each_period_shows_the_rounds_that_ended_in_it(connection: Connection) -> None:
    ended = {
        1: NOW - timedelta(hours=1),
        10: NOW - timedelta(days=2),  # Monday of this week
        100: NOW - timedelta(days=3),  # Sunday before it, this month
        1_000: NOW - timedelta(days=5),  # last month, in the week before this one
        10_000: NOW - timedelta(days=10),  # a week earlier
    }
    for points, moment in ended.items():
        play(connection, GUILD, moment, [Asked("ramp", {1: Given(points), 2: Given(0, correct=False)})])
    leaders = {
        period: board_page(connection, GUILD, period, NOW, reader_id=1).places[0].points for period in Period
    }
    assert leaders == {
        Period.DAY: 1,
        Period.WEEK: 11,
        Period.MONTH: 111,
        Period.ALL: 11_111,
        Period.LAST_WEEK: 1_100,
        Period.LAST_MONTH: 11_000,
    }
    tomorrow = board_page(connection, GUILD, Period.DAY, NOW + timedelta(days=1), reader_id=1)
    day = date(2026, 8, 6)
    assert (tomorrow.stretch, tomorrow.players) == (Stretch(day, day), 0)


def test_another_zone_costs_nothing_and_shows_its_own_days_at_once(
    sqlite_connection: SqliteConnection,
) -> None:
    evening = datetime(2026, 8, 2, 22, 30, tzinfo=UTC)  # a Sunday in UTC, Monday in Berlin
    play(sqlite_connection, GUILD, evening, [Asked("ramp", {1: Given(5), 2: Given(1)})])
    changes = sqlite_connection.total_changes
    for zone, players in (("UTC", 0), ("Europe/Berlin", 2), ("Pacific/Pago_Pago", 0)):
        choose_zone(sqlite_connection, GUILD, zone)
        assert board_page(sqlite_connection, GUILD, Period.WEEK, NOW, reader_id=1).players == players
    assert sqlite_connection.total_changes - changes == 3


def test_another_server_has_another_board(connection: Connection) -> None:
    fill(connection, [5, 6])
    assert board_page(connection, GUILD + 1, Period.ALL, NOW, reader_id=1).players == 0
