"""What moderators see: reported questions, blocked players, the reset of the board."""

from collections.abc import Sequence
from functools import partial

from discord import ui

from bot.storage.moderation import Blocked, Case
from bot.ui.colours import VIOLET
from bot.ui.confirmation import confirmation
from bot.ui.parts import DANGER, MAIN, Button, Item, Row, box, button, card, page_row, row
from bot.ui.router import control_id
from bot.ui.text import count, cover, plain, shorten, stamp

CASES_PER_PAGE = 4
BLOCKED_PER_PAGE = 8
REASONS_PER_PAGE = 2
"""On a report's own page: two of the longest, with the longest question and fact, fill a message."""
LONGEST_ITEM = 150
LONGEST_REASON = 60


def reports_card(cases: Sequence[Case], total: int, page: int) -> ui.LayoutView:
    """Return a page (from 0) of a server's reports, with a button to void each question or undo that."""
    head = f"### Reports\n-# {count(total, 'item')} · void questions are not asked here and give no points"
    if not total:
        head = "### Reports\nNo reports are waiting. There is a button for them under facts and answers."
    listed = [item for case in cases for item in (ui.Separator[ui.LayoutView](), *_case(case, page))]
    return card(box(VIOLET, head, *listed), _page_row(page, total, CASES_PER_PAGE, "reports"))


def report_card(case: Case, page: int, part: int) -> ui.LayoutView:
    """Return a report in full, with a part (from 0) of its reasons; `page` is that of the list."""
    words = [f"**{plain(case.text)}**"]
    words += [f"Answer: {plain(case.answer)}"] if case.answer is not None else []
    words += [f"-# The fact behind it\n{plain(case.proof)}"] if case.proof else []
    reasons = "\n".join(f"> {plain(' '.join(reason.split()))}" for reason in case.reasons)
    settle = button("Settled", control_id("mod", 1, "settle", case.report, page), MAIN)
    return card(
        box(VIOLET, f"### Reports\n{_about(case)}", cover("\n".join(words), case.spoiler), reasons),
        row(settle, _void_button(case, page), button("Back", control_id("mod", 1, "reports", page))),
        _page_row(part, case.reports, REASONS_PER_PAGE, "report", case.report, page),
    )


def blocked_card(blocked: Sequence[Blocked], total: int, page: int) -> ui.LayoutView:
    """Return a page (from 0) of a server's blocked players, with a select to block another."""
    head = (
        f"### Blocked players\n-# {count(total, 'player')} · they cannot answer here and are not on the board"
    )
    if not total:
        head = "### Blocked players\nNobody is blocked. If you block players, they cannot answer here."
    listed = [
        ui.Section[ui.LayoutView](
            f"<@{one.user_id}>\n-# since {stamp(one.since, 'D')}",
            accessory=button("Unblock", control_id("mod", 1, "unblock", one.user_id, page)),
        )
        for one in blocked
    ]
    choice: ui.UserSelect[ui.LayoutView] = ui.UserSelect(
        custom_id=control_id("mod", 1, "block"), placeholder="Block a player…"
    )
    return card(box(VIOLET, head, *listed), row(choice), _page_row(page, total, BLOCKED_PER_PAGE, "blocked"))


def confirm_reset_card(asked_ms: int) -> ui.LayoutView:
    """Ask whether to reset the board; the moment of asking is in unix milliseconds."""
    text = (
        "### Reset the board?\nEverybody loses their points in rounds and challenges, in every period. This "
        "cannot be undone. What people see in `/stats` stays."
    )
    reset = button("Reset the board", control_id("mod", 1, "confirm", asked_ms), DANGER)
    return confirmation(text, reset, "Keep it")


def _case(case: Case, page: int) -> list[Item]:
    read = button("Read", control_id("mod", 1, "report", case.report, page, 0)) if case.reports else None
    buttons = [one for one in (read, _void_button(case, page)) if one]
    return [ui.TextDisplay("\n".join(_case_lines(case))), *([row(*buttons)] if buttons else [])]


def _void_button(case: Case, page: int) -> Button | None:
    """Return the button that voids a question or undoes that, if there is a question to void."""
    if case.kind == "fact" or case.number is None:
        return None
    label, action = ("Undo void", "undo") if case.voided else ("Void", "void")
    return button(label, control_id("mod", 1, action, case.number, page))


def _case_lines(case: Case) -> list[str]:
    words = f"**{plain(shorten(case.text, LONGEST_ITEM))}**"
    if case.answer is not None:
        words = f"{words}\nAnswer: {plain(case.answer)}"
    reasons = [shorten(" ".join(reason.split()), LONGEST_REASON) for reason in case.reasons]
    return [cover(words, case.spoiler), _about(case), *(f"-# “{plain(reason)}”" for reason in reasons)]


def _about(case: Case) -> str:
    void = f" · void since {stamp(case.voided, 'D')}" if case.voided else ""
    return f"-# {case.kind.title()} · {count(case.reports, 'report')}{void}"


def _page_row(page: int, total: int, a_page: int, *what: object) -> Row | None:
    return page_row(page, total, a_page, partial(control_id, "mod", 1, *what))
