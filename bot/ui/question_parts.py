"""What a round's questions and those of practice look like alike: colours, options, the fact, the report."""

from collections.abc import Callable, Iterable, Sequence

from bot.core.content import Difficulty, Spoiler
from bot.core.own import is_own
from bot.ui.colours import GOLD, GREEN, ORANGE
from bot.ui.parts import Button, Row, button, row
from bot.ui.quiz_texts import LETTERS
from bot.ui.router import control_id
from bot.ui.text import cover, plain

COLOURS = {Difficulty.EASY: GREEN, Difficulty.MEDIUM: GOLD, Difficulty.HARD: ORANGE}
LONGEST_IN_BUTTON = 34
"""Longer answers stand in the text, where a phone shows them whole, and their buttons have the letters."""


def option_lines(options: Sequence[str]) -> list[str]:
    """Return the options as lines of markdown; none where all of them fit into their buttons."""
    if _fit_buttons(options):
        return []
    return [f"**{letter}**  {plain(text)}" for letter, text in zip(LETTERS, options, strict=False)]


def option_row(options: Sequence[str], custom_id: Callable[[int], str]) -> Row:
    """Return a button for each option; `custom_id` is asked with its index."""
    fit = _fit_buttons(options)
    return row(
        *(
            button(f"{letter}  {option}" if fit else letter, custom_id(choice))
            for choice, (letter, option) in enumerate(zip(LETTERS, options, strict=False))
        )
    )


def fact_behind(text: str, spoiler: Spoiler, pack: str) -> str:
    """Return the fact that proves an answer as markdown, behind a cover if it gives something away.

    Of a server's own question it is what the server wants told, if anything.
    """
    if is_own(pack):
        return plain(text)
    return f"**The fact behind it**\n{cover(plain(text), spoiler)}"


def verdict_line(chosen: str, right: str) -> str:
    """Return what a person is told about their own answer: the two options as they were shown."""
    if chosen == right:
        return f"✅ **{plain(right)}** is right."
    return f"❌ You said {plain(chosen)}. The answer is **{plain(right)}**."


def from_here(pack: str) -> str:
    """Return what the heading of a question says of where it is from, nothing for the film's."""
    return " · from this server" if is_own(pack) else ""


def report_button(number: int) -> Button:
    """Return the button that reports the question with this number."""
    return button("Report", control_id("report", 1, "question", number))


def _fit_buttons(options: Iterable[str]) -> bool:
    return all(len(option) <= LONGEST_IN_BUTTON for option in options)
