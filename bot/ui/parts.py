"""The parts that cards and forms are made of."""

from collections.abc import Callable, Iterable
from math import ceil

import discord
from discord import ui

MAIN, DANGER = discord.ButtonStyle.primary, discord.ButtonStyle.danger
"""The styles of a button that stands out: the one to press next, and one that cannot be undone."""
QUIET = discord.ButtonStyle.secondary
MOST_OPTIONS = 25
"""That a select can have, as Discord has it."""

Item = ui.Item[ui.LayoutView]
Button = ui.Button[ui.LayoutView]
Row = ui.ActionRow[ui.LayoutView]
Field = ui.Label[ui.Modal]
Part = Item | str | None
"""An item, a text in markdown, or nothing: None or an empty text."""


def card(*parts: Part) -> ui.LayoutView:
    """Return a Components V2 message of these parts.

    It is stopped: discord.py would otherwise keep it and listen to its buttons, which the router does.
    """
    view = ui.LayoutView(timeout=None)
    for item in _items(parts):
        view.add_item(item)
    view.stop()
    return view


def box(colour: int, *parts: Part) -> Item:
    """Return a box of these parts with an edge of this colour."""
    return ui.Container(*_items(parts), accent_colour=colour)


def row(*items: Item | None) -> Row:
    """Return at most five buttons beside each other, or a select; None is no button."""
    return ui.ActionRow(*(item for item in items if item is not None))


def button(
    label: str,
    custom_id: str,
    style: discord.ButtonStyle = QUIET,
    *,
    disabled: bool = False,
) -> Button:
    """Return a button; its custom_id tells the router which handler it has."""
    return ui.Button(label=label, custom_id=custom_id, style=style, disabled=disabled)


def select(custom_id: str, placeholder: str, options: Iterable[discord.SelectOption]) -> Row:
    """Return a select that takes one of these options."""
    return row(ui.Select(custom_id=custom_id, placeholder=placeholder, options=list(options)))


def nearest_page(page: int, total: int, a_page: int) -> int:
    """Return the nearest page (from 0) that there is, with `a_page` of all items on each."""
    return min(page, max(0, ceil(total / a_page) - 1))


def page_row(page: int, total: int, a_page: int, custom_id: Callable[[object], str]) -> Row | None:
    """Return the buttons that turn pages (from 0) of so many items each, or None for a single page.

    `custom_id` is called with each page, and with "here" for the button that only shows the current page.
    """
    pages = ceil(total / a_page)
    if pages < 2:
        return None
    return row(
        button("Previous", custom_id(max(page - 1, 0)), disabled=page == 0),
        button("Next", custom_id(min(page + 1, pages - 1)), disabled=page == pages - 1),
        button(f"Page {page + 1} of {pages}", custom_id("here"), disabled=True),
    )


def form(title: str, custom_id: str, *parts: Field | str) -> ui.Modal:
    """Return a form of up to five fields and texts in markdown."""
    modal = ui.Modal(title=title, custom_id=custom_id)
    for part in parts:
        modal.add_item(ui.TextDisplay(part) if isinstance(part, str) else part)
    modal.stop()
    return modal


def field(
    label: str,
    custom_id: str,
    longest: int,
    description: str | None = None,
    filled: str = "",
    *,
    tall: bool = False,
    required: bool = True,
) -> Field:
    """Return a labelled text field with what is `filled` in already; a `tall` one takes several lines."""
    style = discord.TextStyle.paragraph if tall else discord.TextStyle.short
    text: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id=custom_id, style=style, default=filled or None, max_length=longest, required=required
    )
    return ui.Label(text=label, description=description, component=text)


def custom_ids_of(message: discord.Message) -> set[str]:
    """Return the custom_ids of a message's buttons, by which it can be found again."""
    view = ui.LayoutView.from_message(message, timeout=None)
    return {item.custom_id for item in view.walk_children() if isinstance(item, ui.Button) and item.custom_id}


def _items(parts: tuple[Part, ...]) -> list[Item]:
    there = [part for part in parts if part is not None and part != ""]
    return [ui.TextDisplay(part) if isinstance(part, str) else part for part in there]
