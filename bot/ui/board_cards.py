"""The leaderboard and a player's statistics."""

from collections.abc import Mapping
from datetime import date

import discord
from discord import ui

from bot.core.periods import Period
from bot.storage.boards import BoardPage, Place
from bot.storage.catalogue import Catalogue
from bot.storage.player_stats import Accuracy, PlayerStats, TopicAccuracy
from bot.ui.colours import GOLD
from bot.ui.drawing import Drawn
from bot.ui.quiz_texts import place_text, points_text, seconds_text
from bot.ui.reply import card
from bot.ui.router import control_id
from bot.ui.text import count, plain

PERIOD_NAMES: Mapping[Period, str] = {
    Period.DAY: "Today",
    Period.WEEK: "This week",
    Period.MONTH: "This month",
    Period.ALL: "All time",
}
EMPTY = {
    Period.DAY: "Nobody has points from today yet.",
    Period.WEEK: "Nobody has points from this week yet.",
    Period.MONTH: "Nobody has points from this month yet.",
    Period.ALL: "Nobody has points yet. Start a round with `/quiz start`.",
}
BLOCKED = (
    "You take no part in this server's rounds at the moment, so you have no place here. Its moderators "
    "decided that, and they can let you play again. Nobody but you sees this."
)
TOP, MINE = "top", "mine"
MOST_TOPICS = 26

Items = list[ui.Item[ui.LayoutView]]
Buttons = list[ui.Button[ui.LayoutView]]


def board_card(
    board: BoardPage, reader_id: int, picture: Drawn | None = None, *, is_blocked: bool = False
) -> ui.LayoutView:
    """Return a page of a board; `reader_id` is whose presses turn it.

    `is_blocked` says that moderators have taken the reader out of the rounds: then nobody else should see it.
    """
    container: ui.Container[ui.LayoutView] = ui.Container(ui.TextDisplay(_heading(board)), accent_colour=GOLD)
    if picture:
        container.add_item(picture.gallery())
    lines = [_line(place) for place in board.places] or [EMPTY[board.period]]
    container.add_item(ui.TextDisplay("\n".join(lines)))
    if board.players or is_blocked:
        container.add_item(ui.Separator())
        container.add_item(ui.TextDisplay(BLOCKED if is_blocked else _own_line(board, reader_id)))
    items: Items = [container, _period_row(board, reader_id)]
    if board.pages > 1:
        items.append(_page_row(board, reader_id))
    return card(*items)


def stats_card(
    user_id: int,
    stats: PlayerStats,
    board: BoardPage,
    catalogue: Catalogue,
    picture: Drawn | None = None,
    *,
    is_blocked: bool = False,
) -> ui.LayoutView:
    """Return a player's statistics; `board` is that of all time with the player as its reader.

    Everybody may see them, so they do not say of a blocked player why they have no place.
    """
    container: ui.Container[ui.LayoutView] = ui.Container(
        ui.TextDisplay(f"### Statistics\n<@{user_id}>"), accent_colour=GOLD
    )
    if picture:
        container.add_item(picture.gallery())
    container.add_item(ui.TextDisplay("\n".join((_place(board, is_blocked=is_blocked), *_figures(stats)))))
    topics = [
        f"{plain(topic_name(catalogue, topic))}: {_share(topic.accuracy)}"
        for topic in stats.topics[:MOST_TOPICS]
    ]
    if topics:
        container.add_item(ui.Separator())
        container.add_item(ui.TextDisplay("\n".join(["**By topic**", *topics])))
    return card(container)


def topic_name(catalogue: Catalogue, topic: TopicAccuracy) -> str:
    """Return what a topic is called, its id if its pack no longer has it."""
    pack = catalogue.get(topic.pack)
    known = pack.topics_by_id.get(topic.topic) if pack.id == topic.pack else None
    return known.name if known else topic.topic


def _heading(board: BoardPage) -> str:
    since = ""
    if board.period in (Period.WEEK, Period.MONTH):
        first = date.fromisoformat(board.first_day)
        since = f" · since {first:%A}, {first.day} {first:%B %Y}"
    elif board.period is Period.DAY:
        today = date.fromisoformat(board.first_day)
        since = f" · {today:%A}, {today.day} {today:%B %Y}"
    return f"### Leaderboard: {PERIOD_NAMES[board.period]}\n-# {count(board.players, 'player')}{since}"


def _line(place: Place) -> str:
    rank = place_text(place.rank, place.points, f"**{place.rank:,}.**")
    return f"{rank} <@{place.user_id}> · {points_text(place.points)} · {place.correct:,} right"


def _own_line(board: BoardPage, reader_id: int) -> str:
    if board.own is None:
        return f"<@{reader_id}> is not on this board yet. Play in a round with others to get there."
    own = board.own
    return f"<@{reader_id}> has place **{own.rank:,}** of {board.players:,} with {points_text(own.points)}."


def _period_row(board: BoardPage, reader_id: int) -> ui.ActionRow[ui.LayoutView]:
    return ui.ActionRow(
        *(
            _button(
                name,
                control_id("board", 1, reader_id, period.value, TOP),
                style=discord.ButtonStyle.primary
                if period is board.period
                else discord.ButtonStyle.secondary,
            )
            for period, name in PERIOD_NAMES.items()
        )
    )


def _page_row(board: BoardPage, reader_id: int) -> ui.ActionRow[ui.LayoutView]:
    last = board.pages - 1
    before, after = max(board.page - 1, 0), min(board.page + 1, last)
    here = (reader_id, board.period.value)
    buttons: Buttons = [
        _button("Previous", control_id("board", 1, *here, before), disabled=board.page == 0),
        _button("Next", control_id("board", 1, *here, after), disabled=board.page == last),
    ]
    if board.own:
        buttons.append(_button("My place", control_id("board", 1, *here, MINE)))
    buttons.append(
        _button(
            f"Page {board.page + 1:,} of {board.pages:,}",
            control_id("board", 1, *here, "here"),
            disabled=True,
        )
    )
    return ui.ActionRow(*buttons)


def _button(
    label: str,
    custom_id: str,
    *,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    disabled: bool = False,
) -> ui.Button[ui.LayoutView]:
    return ui.Button(label=label, custom_id=custom_id, style=style, disabled=disabled)


def _place(board: BoardPage, *, is_blocked: bool) -> str:
    own = board.own
    if is_blocked:
        return "Not on the board"
    if own is None:
        return "Not on the board yet: that takes a round with others"
    return f"Place **{own.rank:,}** of {board.players:,} with {points_text(own.points)}"


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
