import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.periods import Period
from bot.storage.boards import PAGE_SIZE, board_page
from tests.storage.played import Asked, Given, board_id, database_file, play

GUILD = 5_000
NOW = datetime(2026, 8, 5, 12, tzinfo=UTC)
STRANGER = 99_999


@pytest.fixture(scope="module")
def shared_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    with database_file(tmp_path_factory.mktemp("boards") / "trivia.db") as connection:
        yield connection


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with database_file(tmp_path / "trivia.db") as opened:
        yield opened


def fill(connection: sqlite3.Connection, points: list[int]) -> None:
    board = board_id(connection, GUILD)
    connection.executemany(
        "INSERT INTO totals (board_id, period, starts, user_id, points, correct, answered, rounds)"
        " VALUES (?, 'all', '', ?, ?, 1, 2, 1)",
        ((board, user_id, value) for user_id, value in enumerate(points, start=1)),
    )


numbers = st.integers(0, 12) | st.integers(90, 1_100) | st.integers(0, 10**12)


@settings(max_examples=300, deadline=None)
@given(st.lists(numbers, max_size=60), st.data())
def test_pages_are_slices_of_the_whole_and_ties_share_a_rank(
    shared_file: sqlite3.Connection, points: list[int], data: st.DataObject
) -> None:
    order = sorted(enumerate(points, start=1), key=lambda pair: (-pair[1], pair[0]))
    whole = [(1 + sum(other > value for other in points), user, value) for user, value in order]
    shared_file.execute("BEGIN")
    try:
        fill(shared_file, points)
        pages = max(1, -(-len(points) // PAGE_SIZE))
        for number in range(pages):
            page = board_page(shared_file, GUILD, Period.ALL, NOW, reader_id=STRANGER, page=number)
            assert [(place.rank, place.user_id, place.points) for place in page.places] == whole[
                number * PAGE_SIZE : (number + 1) * PAGE_SIZE
            ]
            assert (page.page, page.pages, page.players, page.own) == (number, pages, len(points), None)
        if whole:
            index = data.draw(st.integers(0, len(whole) - 1))
            rank, user_id, value = whole[index]
            mine = board_page(shared_file, GUILD, Period.ALL, NOW, reader_id=user_id, page=None)
            assert mine.page == index // PAGE_SIZE
            assert mine.own is not None
            assert (mine.own.rank, mine.own.user_id, mine.own.points) == (rank, user_id, value)
            assert mine.own in mine.places
    finally:
        shared_file.execute("ROLLBACK")


@pytest.mark.parametrize(("wanted", "given_page"), [(-3, 0), (0, 0), (2, 2), (3, 2), (10**9, 2)])
def test_a_page_out_of_range_gives_the_nearest(
    connection: sqlite3.Connection, wanted: int, given_page: int
) -> None:
    fill(connection, list(range(25)))
    page = board_page(connection, GUILD, Period.ALL, NOW, reader_id=1, page=wanted)
    assert page.page == given_page
    assert len(page.places) == (5 if given_page == 2 else 10)


def test_an_empty_board_has_one_empty_page(connection: sqlite3.Connection) -> None:
    page = board_page(connection, GUILD, Period.DAY, NOW, reader_id=1, page=None)
    assert (page.page, page.pages, page.players, page.places, page.own) == (0, 1, 0, (), None)


def test_each_period_shows_the_rounds_that_ended_in_it(connection: sqlite3.Connection) -> None:
    ended = {
        1: NOW - timedelta(hours=1),
        10: NOW - timedelta(days=2),  # Monday of this week
        100: NOW - timedelta(days=3),  # Sunday before it, this month
        1_000: NOW - timedelta(days=5),  # last month
    }
    for points, moment in ended.items():
        play(connection, GUILD, moment, [Asked("ramp", {1: Given(points), 2: Given(0, correct=False)})])
    leaders = {
        period: board_page(connection, GUILD, period, NOW, reader_id=1).places[0].points for period in Period
    }
    assert leaders == {Period.DAY: 1, Period.WEEK: 11, Period.MONTH: 111, Period.ALL: 1_111}
    tomorrow = board_page(connection, GUILD, Period.DAY, NOW + timedelta(days=1), reader_id=1)
    assert (tomorrow.first_day, tomorrow.players) == ("2026-08-06", 0)


def test_another_server_has_another_board(connection: sqlite3.Connection) -> None:
    fill(connection, [5, 6])
    assert board_page(connection, GUILD + 1, Period.ALL, NOW, reader_id=1).players == 0
