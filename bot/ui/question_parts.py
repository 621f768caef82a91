"""What all questions share: colours, options, the fact behind them, the report button."""

from collections.abc import Callable, Iterable, Sequence

from bot.core.content import Difficulty, Spoiler
from bot.core.own import is_own
from bot.ui.colours import GOLD, GREEN, ORANGE
from bot.ui.parts import Button, Row, button, row
from bot.ui.quiz_texts import LETTERS
from bot.ui.router import control_id
from bot.ui.text import cover, plain

COLOURS = {Difficulty.EASY: GREEN, Difficulty.MEDIUM: GOLD, Difficulty.HARD: ORANGE}
GONE = "That one is no longer in my collection."
"""Said where a button leads to a fact or a question that no pack has any more."""
LONGEST_IN_BUTTON = 34
"""Longer answers are in the text, where a phone shows them in full; the buttons then have letters only."""


def option_lines(options: Sequence[str]) -> list[str]:
    """Return the options as lines of markdown, or none if all of them fit into their buttons."""
    if _fit_buttons(options):
        return []
    return [f"**{letter}**  {plain(text)}" for letter, text in zip(LETTERS, options, strict=False)]


def option_row(options: Sequence[str], custom_id: Callable[[int], str]) -> Row:
    """Return a button for each option; `custom_id` is called with its index."""
    fit = _fit_buttons(options)
    return row(
        *(
            button(f"{letter}  {option}" if fit else letter, custom_id(choice))
            for choice, (letter, option) in enumerate(zip(LETTERS, options, strict=False))
        )
    )


def fact_behind(text: str, spoiler: Spoiler, pack: str) -> str:
    """Return the fact that proves an answer as markdown, covered if it gives something away.

    For a server's own question it is whatever the server wants to add.
    """
    if is_own(pack):
        return plain(text)
    return f"**The fact behind it**\n{cover(plain(text), spoiler)}"


def verdict_line(chosen: str, right: str) -> str:
    """Tell a person how they answered; both options are as they were shown."""
    if chosen == right:
        return f"✅ **{plain(right)}** is right."
    return f"❌ You said {plain(chosen)}. The answer is **{plain(right)}**."


def from_here(pack: str) -> str:
    """Return what the heading of a server's own question adds, nothing for the film's."""
    return " · from this server" if is_own(pack) else ""


def report_button(number: int) -> Button:
    """Return the button that reports the question with this number."""
    return button("Report", control_id("report", 1, "question", number))


def _fit_buttons(options: Iterable[str]) -> bool:
    return all(len(option) <= LONGEST_IN_BUTTON for option in options)
