"""Cards on what is stored about a person."""

from discord import ui

from bot.ui.colours import RED
from bot.ui.parts import DANGER, box, button, card, row
from bot.ui.router import control_id
from bot.ui.text import count

FILE_NAME = "my-data.json"


def export_card(file_name: str) -> ui.LayoutView:
    """Return the card that the file with a person's data hangs on."""
    return card(
        "This is everything that I have stored about you. Only you can see it.",
        ui.File(f"attachment://{file_name}"),
    )


def confirm_card(user_id: int) -> ui.LayoutView:
    """Return the question before everything of a person is deleted."""
    return card(
        box(
            RED,
            "### Delete your data?\n"
            "Your answers, your points on every server's board, what you were shown privately and what "
            "you reported all go, and nobody can bring them back. Rounds that you started stay without "
            "your name. "
            "Only a block that moderators placed on you stays, until they lift it.",
        ),
        row(
            button("Delete my data", control_id("privacy", 1, "delete", user_id), DANGER),
            button("Keep it", control_id("privacy", 1, "keep", user_id)),
        ),
    )


def deleted_card(rows: int) -> ui.LayoutView:
    """Return what a person reads after the deletion."""
    what = f"Done: {count(rows, 'record')} about you deleted." if rows else "There was nothing to delete."
    return card(what)


def kept_card() -> ui.LayoutView:
    """Return what a person reads who kept their data."""
    return card("Nothing was deleted.")
