"""The leaderboard and a player's statistics."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from discord import ui

from bot.core.challenge import Days
from bot.core.periods import Period, Stretch
from bot.storage.boards import MINE, TOP, BoardPage, Cursor, Place, Way
from bot.storage.catalogue import Catalogue
from bot.storage.hall_of_fame import HallPage, Month
from bot.storage.player_stats import Accuracy, PlayerStats, TopicAccuracy
from bot.storage.scores import Board
from bot.ui.challenge_cards import days_lines
from bot.ui.colours import GOLD
from bot.ui.drawing import Drawn
from bot.ui.parts import MAIN, QUIET, Part, Row, box, button, card, row
from bot.ui.quiz_texts import place_text, seconds_text
from bot.ui.router import control_id
from bot.ui.text import count, day_text, plain

HALL: Literal["hall"] = "hall"
View = Period | Literal["hall"]
VIEW_NAMES: Mapping[View, str] = {
    Period.DAY: "Today",
    Period.WEEK: "This week",
    Period.MONTH: "This month",
    Period.ALL: "All time",
    Period.LAST_WEEK: "Last week",
    Period.LAST_MONTH: "Last month",
    HALL: "Hall of fame",
}
"""What a board can show, in the order of its buttons."""
BOARD_NAMES: Mapping[Board, str] = {Board.ROUNDS: "Rounds", Board.CHALLENGE: "Daily challenge"}
HEADINGS = {Board.ROUNDS: "Leaderboard", Board.CHALLENGE: "Daily challenge"}
NEWEST: Literal["newest"] = "newest"
HOW_TO_BEGIN = {
    Board.ROUNDS: " Start a round with `/quiz start`.",
    Board.CHALLENGE: " Begin with `/challenge`.",
}
HOW_TO_GET_THERE = {
    Board.ROUNDS: "Play in a round with others to get there.",
    Board.CHALLENGE: "Play today's `/challenge` to get there.",
}
EMPTY_HALL = "Nobody is here yet. When a month ends, its three best players join, if they have points."
BLOCKED = (
    "Moderators have blocked you from this server's games, so you are not on its board. They can let you "
    "play again. Only you can see this."
)
NO_DAYS = Days()
MOST_TOPICS = 25
FIRST_ROW = 4
"""How many views are in the first row of buttons; Discord allows five."""


def board_card(
    board: BoardPage, reader_id: int, picture: Drawn | None = None, *, is_blocked: bool = False
) -> ui.LayoutView:
    """Return a page of a board as `reader_id` reads it. If they are blocked, nobody else should see it."""
    lines = [_line(board.board, place) for place in board.places] or [_nobody(board)]
    own: list[Part] = [ui.Separator(), BLOCKED if is_blocked else _own_line(board, reader_id)]
    return card(
        box(
            GOLD,
            _heading(board),
            picture.gallery() if picture else None,
            "\n".join(lines),
            *(own if board.players or is_blocked else []),
        ),
        *_view_rows(board.board, board.period),
        _page_row(board) if board.has_previous or board.has_next else None,
    )


def hall_card(hall: HallPage) -> ui.LayoutView:
    """Return a page of the hall of fame."""
    whose = "" if hall.board is Board.ROUNDS else f"{HEADINGS[hall.board]}: "
    head = f"### {whose}{VIEW_NAMES[HALL]}\n-# The three best of each past month"
    months = [_month_text(hall.board, month) for month in hall.months] or [EMPTY_HALL]
    ways = [
        button(label, hall_control(hall.board, month or label.lower()), disabled=month is None)
        for label, month in (("Newer", hall.newer), ("Older", hall.older))
    ]
    return card(
        box(GOLD, head, *months),
        *_view_rows(hall.board, HALL),
        row(*ways) if hall.newer or hall.older else None,
    )


def stats_card(
    user_id: int,
    stats: PlayerStats,
    board: BoardPage,
    catalogue: Catalogue,
    picture: Drawn | None = None,
    *,
    days: Days = NO_DAYS,
    is_blocked: bool = False,
) -> ui.LayoutView:
    """Return a player's statistics; `board` is the all-time board of rounds with the player as its reader.

    `days` are the dates on which they played the daily challenge. Everybody may see the card, so it does not
    say that a player is blocked.
    """
    topics = [
        f"{plain(topic_name(catalogue, topic))}: {_share(topic.accuracy)}"
        for topic in stats.topics[:MOST_TOPICS]
    ]
    by_topic: list[Part] = [ui.Separator(), "\n".join(["**By topic**", *topics])]
    return card(
        box(
            GOLD,
            f"### Statistics\n<@{user_id}>",
            picture.gallery() if picture else None,
            "\n".join((_place(board, is_blocked=is_blocked), *_figures(stats))) if stats.rounds else None,
            "\n".join(("**Daily challenge**", *days_lines(days))) if days.played else None,
            *(by_topic if topics else []),
        )
    )


def topic_name(catalogue: Catalogue, topic: TopicAccuracy) -> str:
    """Return a topic's name, or its id if its pack no longer has it."""
    pack = catalogue.find(topic.pack)
    known = pack.topics_by_id.get(topic.topic) if pack else None
    return known.name if known else topic.topic


def _heading(board: BoardPage) -> str:
    players = count(board.players, "player")
    when = f" · {_when(board.period, board.stretch)}" if board.stretch else ""
    return f"### {HEADINGS[board.board]}: {VIEW_NAMES[board.period]}\n-# {players}{when}"


def _nobody(board: BoardPage) -> str:
    if board.period is Period.ALL:
        return f"Nobody has points yet.{HOW_TO_BEGIN[board.board]}"
    yet = "" if board.period in (Period.LAST_WEEK, Period.LAST_MONTH) else " yet"
    return f"Nobody has points from {VIEW_NAMES[board.period].lower()}{yet}."


def _when(period: Period, stretch: Stretch) -> str:
    match period:
        case Period.DAY:
            return _day(stretch.first)
        case Period.LAST_WEEK:
            return f"{_day(stretch.first)} to {_day(stretch.last)}"
        case Period.LAST_MONTH:
            return f"{stretch.first:%B %Y}"
        case _:
            return f"since {_day(stretch.first)}"


def _day(day: date) -> str:
    return f"{day_text(day)} {day.year}"


def _month_text(board: Board, month: Month) -> str:
    winners = "\n".join(
        f"{place_text(place.rank, place.points, '')} <@{place.user_id}> · {_won(board, place)}"
        for place in month.winners
    )
    return f"**{month.days.first:%B %Y}**\n{winners}"


def _line(board: Board, place: Place) -> str:
    rank = place_text(place.rank, place.points, f"**{place.rank:,}.**")
    right = f" · {place.correct:,} right" if board is Board.ROUNDS else ""
    return f"{rank} <@{place.user_id}> · {_won(board, place)}{right}"


def _won(board: Board, place: Place) -> str:
    """Return what somebody has won; in a challenge each right answer is a point."""
    return count(place.points, "point") if board is Board.ROUNDS else f"{place.points:,} right"


def _own_line(board: BoardPage, reader_id: int) -> str:
    if board.own is None:
        return f"<@{reader_id}> is not on this board yet. {HOW_TO_GET_THERE[board.board]}"
    own = board.own
    won = _won(board.board, own)
    return f"<@{reader_id}> is in place **{own.rank:,}** of {board.players:,} with {won}."


def _view_rows(board: Board, shown: View) -> list[Row]:
    """Return the buttons for every view of the board, and for the other board."""
    buttons = [
        button(name, _view_control(board, view), MAIN if view == shown else QUIET)
        for view, name in VIEW_NAMES.items()
    ]
    [other] = set(Board) - {board}
    buttons.append(button(BOARD_NAMES[other], _view_control(other, shown)))
    return [row(*buttons[:FIRST_ROW]), row(*buttons[FIRST_ROW:])]


def _view_control(board: Board, view: View) -> str:
    return hall_control(board, NEWEST) if view == HALL else board_control(board, view)


def _page_row(board: BoardPage) -> Row:
    first, last = board.places[0], board.places[-1]
    before = Cursor(Way.BEFORE, first.points, first.user_id)
    after = Cursor(Way.AFTER, last.points, last.user_id)
    here = (board.board, board.period)
    return row(
        button("Previous", board_control(*here, before), disabled=not board.has_previous),
        button("Next", board_control(*here, after), disabled=not board.has_next),
        button("My place", board_control(*here, MINE)) if board.own else None,
    )


def board_control(board: Board, period: Period, cursor: Cursor = TOP) -> str:
    """Return the custom_id that shows a page of a board."""
    return control_id("board", 1, board, period, cursor)


def hall_control(board: Board, latest: date | str) -> str:
    """Return the custom_id that shows a board's hall of fame from this month back."""
    return control_id(HALL, 1, board, latest)


def _place(board: BoardPage, *, is_blocked: bool) -> str:
    own = board.own
    if is_blocked:
        return "Not on the board"
    if own is None:
        return "Not on the board yet: play a round with others"
    return f"Place **{own.rank:,}** of {board.players:,} with {count(own.points, 'point')}"


def _figures(stats: PlayerStats) -> list[str]:
    lines = [
        f"{count(stats.rounds, 'round')} · {_share(stats.overall)}",
        f"Best streak: {stats.best_streak:,} in a row",
    ]
    if stats.average_ms is not None:
        lines.append(f"A right answer takes {seconds_text(stats.average_ms)} on average")
    if len(stats.form) > 1:
        lines.append(f"Latest rounds: {', '.join(f'{accuracy.percent}%' for accuracy in stats.form)}")
    return lines


def _share(accuracy: Accuracy) -> str:
    return f"{accuracy.correct:,} of {accuracy.answered:,} right ({accuracy.percent}%)"
