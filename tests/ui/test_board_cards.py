from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.core.challenge import Days
from bot.core.content import Topic
from bot.core.periods import Period, Stretch, month_of
from bot.storage.boards import BoardPage, Place
from bot.storage.catalogue import Catalogue, LoadedPack
from bot.storage.hall_of_fame import MONTHS_PER_PAGE, MOST_WINNERS, HallPage, Month
from bot.storage.player_stats import Accuracy, PlayerStats, TopicAccuracy
from bot.storage.scores import Board
from bot.ui.board_cards import board_card, hall_card, stats_card
from bot.ui.drawing import Drawn
from bot.ui.pictures import Picture
from tests.ui.cards import THREE_BYTES, assert_sendable, texts

LARGEST = 2**63 - 1
PICTURE = Drawn(Picture(b"", THREE_BYTES * 1_024))
SEPTEMBER = month_of(date(2026, 9, 1))
LONGEST_PAGE = BoardPage(
    period=Period.MONTH,
    stretch=SEPTEMBER,
    players=99_999_999,
    places=tuple(
        Place(99_999_990 + number, LARGEST - number, LARGEST - number, 10**9) for number in range(10)
    ),
    own=Place(99_999_999, LARGEST, LARGEST, 10**9),
    has_previous=True,
    has_next=True,
)
PLACE = Place(1, 7, 1, 1)
TODAY = Stretch(date(2026, 8, 5), date(2026, 8, 5))
SMALL_PAGE = BoardPage(Period.DAY, TODAY, 1, (PLACE,), None, has_previous=False, has_next=False)


def shown(view: object) -> str:
    return "\n".join(texts(view))


@pytest.mark.parametrize("board", list(Board))
@pytest.mark.parametrize("period", list(Period))
@pytest.mark.parametrize("picture", [PICTURE, None])
def test_the_longest_board_can_be_sent(period: Period, picture: Drawn | None, board: Board) -> None:
    stretch = None if period is Period.ALL else SEPTEMBER
    longest = replace(LONGEST_PAGE, board=board, period=period, stretch=stretch)
    assert_sendable(board_card(longest, LARGEST, picture))


def test_the_longest_hall_of_fame_can_be_sent() -> None:
    winners = tuple(Place(1, LARGEST - number, LARGEST, 10**9) for number in range(MOST_WINNERS))
    hall = HallPage((Month(SEPTEMBER, winners),) * MONTHS_PER_PAGE, SEPTEMBER.first, SEPTEMBER.last)
    assert_sendable(hall_card(hall))


def test_the_hall_of_fame_gives_medals_by_month() -> None:
    winners = (Place(1, 7, 5, 1), Place(1, 8, 5, 1), Place(3, 9, 1, 1))
    hall = HallPage((Month(SEPTEMBER, winners), Month(month_of(TODAY.first), (PLACE,))), None, None)
    assert list(texts(assert_sendable(hall_card(hall)))) == [
        "### Hall of fame\n-# The three best of each past month",
        "**September 2026**\n🥇 <@7> · 5 points\n🥇 <@8> · 5 points\n🥉 <@9> · 1 point",
        "**August 2026**\n🥇 <@7> · 1 point",
    ]


def test_an_empty_hall_of_fame_says_how_to_get_in() -> None:
    assert "its three best players join" in shown(assert_sendable(hall_card(HallPage((), None, None))))


@pytest.mark.parametrize("filler", [THREE_BYTES, "**|`_~[<@>", "M"])
def test_the_longest_statistics_can_be_sent(filler: str) -> None:
    topics = tuple(Topic(f"{number:02d}-{'t' * 45}", (filler * 30)[:30], "🎹", ".") for number in range(25))
    catalogue = Catalogue((LoadedPack("film", "The Film", topics, {}, {}),))
    stats = PlayerStats(
        rounds=10**9,
        overall=Accuracy(10**9, 10**9),
        best_streak=10**9,
        average_ms=120_000,
        topics=tuple(
            TopicAccuracy(pack, topic.id, Accuracy(10**9, 10**9))
            for pack in ("film", "gone")
            for topic in topics
        ),
        form=(Accuracy(25, 25),) * 12,
    )
    days = Days(10**9, 10**9, 10**9, 10**9)
    assert_sendable(stats_card(LARGEST, stats, LONGEST_PAGE, catalogue, PICTURE, days=days))


def test_the_challenge_has_a_board_of_right_answers_and_the_way_to_the_other() -> None:
    page = replace(SMALL_PAGE, board=Board.CHALLENGE, places=(replace(PLACE, points=5, correct=5),))
    text = shown(components := assert_sendable(board_card(page, 8)))
    assert "### Daily challenge: Today" in text
    assert "🥇 <@7> · 5 right\n" in f"{text}\n"
    assert "<@8> is not on this board yet. Play today's `/challenge` to get there." in text
    assert "board1:rounds:day:after:9223372036854775807:0" in str(components)
    empty = replace(page, period=Period.ALL, stretch=None, players=0, places=())
    assert "Nobody has points yet. Begin with `/challenge`." in shown(assert_sendable(board_card(empty, 8)))
    hall = HallPage((Month(SEPTEMBER, page.places),), None, None, Board.CHALLENGE)
    text = shown(components := assert_sendable(hall_card(hall)))
    assert "### Daily challenge: Hall of fame" in text
    assert "🥇 <@7> · 5 right" in text
    assert "hall1:rounds:newest" in str(components)


def test_who_played_the_challenge_alone_has_statistics_of_it() -> None:
    stats = PlayerStats(0, Accuracy(0, 0), 0, None, (), ())
    view = stats_card(8, stats, SMALL_PAGE, Catalogue(()), days=Days(3, 4, 12, 1))
    assert list(texts(assert_sendable(view))) == [
        "### Statistics\n<@8>",
        "**Daily challenge**\n12 days · 1 day with everything right\n3 in a row now, 4 at best",
    ]


def test_ties_have_one_medal_and_a_point_is_one_point() -> None:
    places = (
        PLACE,
        replace(PLACE, user_id=8),
        replace(PLACE, rank=3, user_id=9),
        replace(PLACE, rank=4),
    )
    text = shown(assert_sendable(board_card(replace(SMALL_PAGE, places=places, players=4), 7)))
    assert "🥇 <@7> · 1 point · 1 right\n🥇 <@8> · 1 point" in text
    assert "🥉 <@9> · 1 point" in text
    assert "**4.** <@7>" in text
    assert "<@7> is not on this board yet." in text


def test_no_points_are_no_medal() -> None:
    places = (replace(PLACE, points=0),)
    text = shown(assert_sendable(board_card(replace(SMALL_PAGE, places=places), 7)))
    assert "**1.** <@7> · 0 points" in text


@pytest.mark.parametrize("players", [0, 1])
def test_a_blocked_reader_is_told_so_and_not_to_play(players: int) -> None:
    page = replace(SMALL_PAGE, players=players, places=SMALL_PAGE.places[:players])
    text = shown(assert_sendable(board_card(page, 8, is_blocked=True)))
    assert "Moderators have blocked you from this server's games" in text
    assert "They can let you play again." in text
    assert "yet. Play in" not in text
    stats = PlayerStats(1, Accuracy(1, 1), 1, 900, (), (Accuracy(1, 1),))
    figures = shown(assert_sendable(stats_card(8, stats, page, Catalogue(()), is_blocked=True)))
    assert "Not on the board\n1 round" in figures


@pytest.mark.parametrize(
    ("period", "heading"),
    [
        (Period.DAY, "### Leaderboard: Today\n-# 1 player · Wednesday, 5 August 2026"),
        (Period.WEEK, "### Leaderboard: This week\n-# 1 player · since Monday, 3 August 2026"),
        (Period.MONTH, "### Leaderboard: This month\n-# 1 player · since Saturday, 1 August 2026"),
        (
            Period.LAST_WEEK,
            "### Leaderboard: Last week\n-# 1 player · Monday, 27 July 2026 to Sunday, 2 August 2026",
        ),
        (Period.LAST_MONTH, "### Leaderboard: Last month\n-# 1 player · July 2026"),
        (Period.ALL, "### Leaderboard: All time\n-# 1 player"),
    ],
)
def test_the_heading_says_what_it_is_of(period: Period, heading: str) -> None:
    stretch = period.stretch(datetime(2026, 8, 5, 12, tzinfo=UTC), UTC)
    page = replace(SMALL_PAGE, period=period, stretch=stretch)
    assert next(texts(assert_sendable(board_card(page, 7)))) == heading


def test_statistics_leave_out_what_there_is_not() -> None:
    stats = PlayerStats(1, Accuracy(0, 1), 0, None, (), (Accuracy(0, 1),))
    text = shown(assert_sendable(stats_card(8, stats, SMALL_PAGE, Catalogue(()))))
    assert "Not on the board yet" in text
    assert "on average" not in text
    assert "Latest rounds" not in text
    assert "By topic" not in text
