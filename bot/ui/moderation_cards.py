"""What moderators see: reported questions, blocked players, the reset of the board."""

from collections.abc import Sequence
from datetime import datetime
from math import ceil

from discord import ui

from bot.storage.moderation import Blocked, Case
from bot.ui.colours import VIOLET
from bot.ui.parts import DANGER, Item, Row, box, button, card, row
from bot.ui.router import control_id
from bot.ui.text import count, cover, plain, shorten

CASES_A_PAGE = 4
BLOCKED_A_PAGE = 8
LONGEST_ITEM = 150
LONGEST_REASON = 60


def reports_card(cases: Sequence[Case], total: int, page: int) -> ui.LayoutView:
    """Return a page (from 0) of what was reported in a server, each question with its Void or its undo."""
    head = (
        f"### Reports\n-# {count(total, 'item')} · a void question is not asked here and has no points here"
    )
    if not total:
        head = "### Reports\nNobody has reported anything here. Facts and answers have a button for it."
    listed = [item for case in cases for item in (ui.Separator[ui.LayoutView](), _case(case, page))]
    return card(box(VIOLET, head, *listed), _page_row("reports", page, total, CASES_A_PAGE))


def blocked_card(blocked: Sequence[Blocked], total: int, page: int) -> ui.LayoutView:
    """Return a page (from 0) of a server's blocked players, with a choice of whom to block."""
    head = (
        f"### Blocked players\n-# {count(total, 'player')} · they cannot answer here and are not on the board"
    )
    if not total:
        head = (
            "### Blocked players\nNobody is blocked. Whoever is cannot answer here and is not on the board."
        )
    listed = [
        ui.Section[ui.LayoutView](
            f"<@{one.user_id}>\n-# since {_day(one.since)}",
            accessory=button("Unblock", control_id("mod", 1, "unblock", one.user_id, page)),
        )
        for one in blocked
    ]
    choice: ui.UserSelect[ui.LayoutView] = ui.UserSelect(
        custom_id=control_id("mod", 1, "block"), placeholder="Block a player…"
    )
    return card(box(VIOLET, head, *listed), row(choice), _page_row("blocked", page, total, BLOCKED_A_PAGE))


def confirm_reset_card(asked_ms: int) -> ui.LayoutView:
    """Return the question whether to reset the board, asked at a moment in unix milliseconds."""
    text = (
        "### Reset the board?\nEverybody's points in rounds and challenges go, in every period, and this "
        "cannot be undone. What people see in /stats stays."
    )
    return card(
        box(VIOLET, text),
        row(
            button("Reset the board", control_id("mod", 1, "confirm", asked_ms), DANGER),
            button("Keep it", control_id("mod", 1, "keep")),
        ),
    )


def done_card(sentence: str) -> ui.LayoutView:
    """Return a sentence in the place of a question that was answered."""
    return card(sentence)


def _case(case: Case, page: int) -> Item:
    text = "\n".join(_case_lines(case))
    if case.kind == "fact" or case.number is None:
        return ui.TextDisplay(text)
    label, action = ("Undo void", "undo") if case.voided else ("Void", "void")
    return ui.Section(text, accessory=button(label, control_id("mod", 1, action, case.number, page)))


def _case_lines(case: Case) -> list[str]:
    words = f"**{plain(shorten(case.text, LONGEST_ITEM))}**"
    if case.answer is not None:
        words = f"{words}\nAnswer: {plain(case.answer)}"
    lines = [cover(words, case.spoiler), f"-# {case.kind.title()} · {count(case.reports, 'report')}"]
    if case.voided:
        lines[1] = f"{lines[1]} · void since {_day(case.voided)}"
    lines += [f"-# “{plain(shorten(' '.join(reason.split()), LONGEST_REASON))}”" for reason in case.reasons]
    return lines


def _page_row(what: str, page: int, total: int, a_page: int) -> Row | None:
    pages = ceil(total / a_page)
    if pages < 2:
        return None
    return row(
        button("Previous", control_id("mod", 1, what, max(page - 1, 0)), disabled=page == 0),
        button("Next", control_id("mod", 1, what, min(page + 1, pages - 1)), disabled=page == pages - 1),
        button(f"Page {page + 1} of {pages}", control_id("mod", 1, what, "here"), disabled=True),
    )


def _day(moment: datetime) -> str:
    return f"<t:{int(moment.timestamp())}:D>"
